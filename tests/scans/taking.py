"""How a sheet of paper becomes a file: by scanners and telephones of every habit."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import numpy
import pillow_heif
from PIL import Image, ImageFilter

from adapters.papers.page_pictures import page_of_picture

Pages = Sequence[Any]
QUALITY = 78


def as_pdf(pages: Pages, dots: float, quality: int = QUALITY) -> bytes:
    """JPEGs in a PDF, as scanners make it."""
    held = io.BytesIO()
    first, *others = pages
    first.save(held, "PDF", save_all=True, append_images=others, resolution=dots * 72, quality=quality)
    return held.getvalue()


def scanned(pages: Pages, dots: float, random: Random, *, askew: float = 0) -> bytes:
    return as_pdf([_grain(_askew(page, random.uniform(-askew, askew)), random, 3) for page in pages], dots)


def grey(pages: Pages, dots: float, random: Random) -> bytes:
    return as_pdf([_grain(_askew(page, random.uniform(-1, 1)), random, 4).convert("L") for page in pages], dots)


def turned(pages: Pages, dots: float, random: Random) -> bytes:
    quarter = random.choice((Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270))
    return as_pdf([_grain(_askew(page, random.uniform(-2, 2)).transpose(quarter), random, 3) for page in pages], dots)


def pressed(pages: Pages, dots: float, random: Random) -> bytes:
    """A JPEG that was made small at any price."""
    return as_pdf([_grain(page, random, 3) for page in pages], dots, quality=random.choice((22, 30, 40)))


def photographed(pages: Pages, dots: float, random: Random) -> bytes:
    return as_pdf([_photo(page, random) for page in pages], dots)


def by_telephone(pages: Pages, dots: float, random: Random) -> bytes:
    """A HEIC for each page, made a page by our own door."""
    pillow_heif.register_heif_opener()
    (page,) = pages[:1]
    held = io.BytesIO()
    _photo(page, random).save(held, "HEIF", quality=70, enc_params={"preset": "ultrafast"})
    return page_of_picture(held.getvalue())


def _askew(page: Any, degrees: float) -> Any:
    return page.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(252, 252, 252)) if degrees else page


def _grain(page: Any, random: Random, much: float) -> Any:
    """Paper that is not quite white, and the noise of a sensor."""
    made = numpy.random.default_rng(random.randrange(2**32))
    light = numpy.asarray(page, dtype=numpy.float32) * random.uniform(0.93, 1)
    noise = made.normal(0, much, light.shape[:2]).astype(numpy.float32)
    return Image.fromarray((light + noise[..., None]).clip(0, 255).astype("uint8"))


def _photo(page: Any, random: Random) -> Any:
    """Seen from the side on a dark table, lit from one corner, a little out of focus."""
    width, height = page.size
    wide, high = round(width * 1.12), round(height * 1.1)
    left, top = (wide - width) / 2, (high - height) / 2
    reach = 0.045
    corners = [
        (
            left + x * width + random.uniform(-reach, reach) * width,
            top + y * height + random.uniform(-reach, reach) * height,
        )
        for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))
    ]
    numbers = _seen_from(corners, [(0, 0), (width, 0), (width, height), (0, height)])
    table = tuple(random.randrange(40, 110) for _ in range(3))
    seen = page.transform((wide, high), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC, fillcolor=table)
    across: Any = numpy.linspace(-1, 1, wide)[None, :]
    down: Any = numpy.linspace(-1, 1, high)[:, None]
    slope = random.uniform(-0.18, 0.18), random.uniform(-0.18, 0.18)
    light = (0.8 + slope[0] * across + slope[1] * down)[..., None] * numpy.array(
        [1, random.uniform(0.94, 1), random.uniform(0.86, 1)]
    )
    lit = Image.fromarray((numpy.asarray(seen) * light).clip(0, 255).astype("uint8"))
    return _grain(lit.filter(ImageFilter.GaussianBlur(random.uniform(0.3, 0.9) * width / 1240)), random, 5)


def _seen_from(there: Sequence[tuple[float, float]], here: Sequence[tuple[float, float]]) -> list[float]:
    rows, wanted = [], []
    for (x, y), (u, v) in zip(there, here, strict=True):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
        wanted += [u, v]
    return [float(one) for one in numpy.linalg.solve(numpy.array(rows), numpy.array(wanted))]


WAYS: dict[str, tuple[Callable[[Pages, float, Random], bytes], Sequence[int]]] = {
    "flat": (scanned, (150, 300)),
    "askew": (lambda pages, dots, random: scanned(pages, dots, random, askew=5), (150, 200)),
    "grey": (grey, (150, 200)),
    "turned": (turned, (150, 200)),
    "pressed": (pressed, (150, 200)),
    "photographed": (photographed, (150, 200)),
    "heic": (by_telephone, (150, 200)),
}
"""How it is taken, and with how many dots to the inch."""

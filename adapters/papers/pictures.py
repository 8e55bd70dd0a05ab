"""Checks a picture of a signature: whole, upright, of a size that forms take, and plain."""

from __future__ import annotations

import io
from typing import Any

from adapters.papers.jpeg_scans import has_an_end, lacks_scans, with_noise
from adapters.papers.png_pixels import holds_all_pixels
from workflow.files.plain import Unfit

LEAST_SIDE, MOST_SIDE = 40, 6000
"""Pixels: below it nobody can read a signature, above it no form takes it."""
MOST_PIXELS = 24_000_000
UPRIGHT = 1
ORIENTATION = 0x0112
"""The EXIF tag that says how the camera was held."""
INK = 24
"""Between paper and the faintest stroke lie this many of 255 steps from black to white; an empty scan has fewer."""
PNG, PNG_END = b"\x89PNG", b"IEND\xaeB`\x82"
HEIF = b"ftyp"
PLAIN = {"1", "L", "RGB", "RGBA"}


def upright(content: bytes) -> tuple[bytes, str]:
    """The picture as people see it, and its media type; one that is plain already stays as it is. Raises Unfit."""
    import pillow_heif
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the sides are held against our own bounds, before a pixel is decoded
    if not _ends(content):
        raise Unfit("cut_off")
    pillow_heif.register_heif_opener()
    with _opened(content) as picture:
        width, height = picture.size
        if min(width, height) < LEAST_SIDE or max(width, height) > MOST_SIDE:
            raise Unfit("sides", found=f"{width}×{height}", least=LEAST_SIDE, most=MOST_SIDE)
        if width * height > MOST_PIXELS:
            raise Unfit("pixels", found=f"{width}×{height}", most=MOST_PIXELS)
        frames = getattr(picture, "n_frames", 1)
        if picture.format == "PNG" and frames > 1:
            raise Unfit("moves", n=frames)
        turned = picture.getexif().get(ORIENTATION, UPRIGHT) != UPRIGHT
        picture.load()  # all of it is decoded: half a picture fails here
        if picture.format == "PNG" and not holds_all_pixels(content):
            raise Unfit("cut_off")
        if picture.format in ("JPEG", "MPO") and _lacks_some(picture, content):
            raise Unfit("cut_off")
        if _shows_nothing(picture):
            raise Unfit("blank")
        if picture.format in ("PNG", "JPEG") and picture.mode in PLAIN and not turned:
            return content, f"image/{picture.format.lower()}"
        return _png(ImageOps.exif_transpose(picture)), "image/png"


def _opened(content: bytes) -> Any:
    from PIL import Image, UnidentifiedImageError

    try:
        return Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "HEIF"))
    except UnidentifiedImageError:  # the head says what it is, and there is not more of it
        raise Unfit("cut_off") from None


def _ends(content: bytes) -> bool:
    """Whether the end mark is there; decoders fill up what is missing and say nothing."""
    if content[4:8] == HEIF:
        return True  # its decoder does not take half a picture
    return PNG_END in content if content.startswith(PNG) else has_an_end(content)


def _lacks_some(picture: Any, content: bytes) -> bool:
    """Whether a scan of a JPEG is missing or ends early; then the decoder reads bits that are put behind it."""
    from PIL import Image, ImageChops

    if lacks_scans(content):
        return True
    with Image.open(io.BytesIO(with_noise(content)), formats=("JPEG",)) as noisy:
        noisy.load()
        differs: tuple[int, int, int, int] | None = ImageChops.difference(picture, noisy).getbbox(alpha_only=False)
        return differs is not None


def _shows_nothing(picture: Any) -> bool:
    """Whether there is no stroke, on white paper, in any part of it."""
    from PIL import Image

    shown = _coloured(picture)
    if shown.mode == "RGBA":
        paper = Image.new("RGBA", shown.size, "white")
        paper.alpha_composite(shown)
        shown = paper
    darkest, lightest = shown.convert("L").getextrema()
    return bool(lightest - darkest < INK)


def _png(picture: Any) -> bytes:
    written = io.BytesIO()
    _coloured(picture).save(written, "PNG")
    return written.getvalue()


def _coloured(picture: Any) -> Any:
    """The picture in eight bits a colour. A plain conversion would make white of sixteen bits of grey."""
    if picture.mode in PLAIN:
        return picture
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    seen_through = picture.mode in ("LA", "PA", "La", "RGBa") or "transparency" in picture.info
    return picture.convert("RGBA" if seen_through else "RGB")

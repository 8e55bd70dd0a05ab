"""Finds how a scan lies on the form that it was made from: turned, askew, smaller, seen from the side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

DOTS = 100 / 72
"""Dots a point in which pages are compared."""
TILE = 56
"""Dots: a tile holds some letters."""
LEAST_INK = 60
"""Dots of ink by which a tile tells anything."""
COVERED = 12
"""Dots of other ink from which on a tile tells nothing."""
SAME = 0.55
"""Correlation from which on a tile shows the same."""
COARSE = 36 / 72
"""Dots a point in which it is found how a page without a code lies."""
ANGLES = [step * 0.5 for step in range(-14, 15)]
SIZES = (1.0, 0.97, 0.94, 1.03)
Point = tuple[float, float]


@dataclass(frozen=True)
class Tile:
    """A square of the form that holds ink: its middle in dots, how far it lay aside, and how much it is the same."""

    x: float
    y: float
    aside: Point
    same: float


def darkness(picture: Any) -> Any:
    """How dark each dot is against the paper around it, 0 to 1, by the colour in which it is darkest."""
    import numpy
    from PIL import Image, ImageFilter

    small = picture.resize((max(1, picture.width // 8), max(1, picture.height // 8)), Image.Resampling.BOX)
    paper = small.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.GaussianBlur(3))
    around = numpy.asarray(paper.resize(picture.size, Image.Resampling.BILINEAR), dtype=numpy.float32)
    shown = numpy.asarray(picture, dtype=numpy.float32)
    light = shown / numpy.maximum(around, 32)
    darkest = numpy.minimum(numpy.minimum(light[..., 0], light[..., 1]), light[..., 2])
    return 1 - numpy.minimum(darkest, 1)


def laid(scan: Any, to_scan: Any, size: tuple[int, int]) -> Any:
    """The scan as it lies on the form. to_scan: the matrix that leads from dots of the form to those of the scan."""
    from PIL import Image

    numbers = (to_scan / to_scan[2][2]).flatten()[:8]
    return scan.transform(
        size, Image.Transform.PERSPECTIVE, [float(one) for one in numbers], Image.Resampling.BILINEAR, fillcolor="white"
    )


def by_points(form: Sequence[Point], scan: Sequence[Point]) -> Any:
    """The matrix by points that are the same; the fewer there are, the stiffer."""
    import numpy

    if len(form) < 8:
        rows = [row for x, y in form for row in ((x, -y, 1, 0), (y, x, 0, 1))]
        a, b, c, d = numpy.linalg.lstsq(numpy.array(rows), numpy.array(scan).flatten(), rcond=None)[0]
        return numpy.array([[a, -b, c], [b, a, d], [0, 0, 1]])
    eight: list[tuple[float, ...]] = []
    wanted: list[float] = []
    for (x, y), (u, v) in zip(form, scan, strict=True):
        eight += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
        wanted += [u, v]
    numbers = numpy.linalg.lstsq(numpy.array(eight), numpy.array(wanted), rcond=None)[0]
    return numpy.append(numbers, 1).reshape(3, 3)


def compared(form: Any, scan: Any, reach: int, skip: Any = None) -> list[Tile]:
    """The tiles of the form as the scan shows them, laid on it; both are darkness. skip: ink of another hand."""
    tiles = []
    height, width = form.shape
    for top in range(0, height - TILE + 1, TILE // 2):
        for left in range(0, width - TILE + 1, TILE // 2):
            piece = form[top : top + TILE, left : left + TILE]
            if (piece > 0.3).sum() < LEAST_INK:
                continue
            if skip is not None and skip[top : top + TILE, left : left + TILE].sum() > COVERED:
                continue
            aside, same = _best(piece, scan, top, left, reach)
            tiles.append(Tile(left + TILE / 2, top + TILE / 2, aside, same))
    return tiles


def _best(piece: Any, scan: Any, top: int, left: int, reach: int) -> tuple[Point, float]:
    """Where around its place a tile is most the same, by normalised correlation."""
    import numpy

    low, first = max(0, top - reach), max(0, left - reach)
    around = scan[low : top + TILE + reach, first : left + TILE + reach]
    plain = piece - piece.mean()
    wanted = numpy.conj(numpy.fft.rfft2(plain, s=around.shape))
    together = numpy.fft.irfft2(numpy.fft.rfft2(around) * wanted, s=around.shape)
    together = together[: around.shape[0] - TILE + 1, : around.shape[1] - TILE + 1]
    sums = _sums(around), _sums(around * around)
    spread = numpy.sqrt(numpy.maximum(sums[1] - sums[0] ** 2 / piece.size, 1e-6) * (plain * plain).sum())
    same = together / numpy.maximum(spread, 0.3)
    at = numpy.unravel_index(int(same.argmax()), same.shape)
    return (float(at[1]) + first - left, float(at[0]) + low - top), float(same[at])


def _sums(values: Any) -> Any:
    """The sum of each window of a tile's size."""
    import numpy

    summed = numpy.zeros((values.shape[0] + 1, values.shape[1] + 1))
    summed[1:, 1:] = values.cumsum(0, dtype=float).cumsum(1)
    return summed[TILE:, TILE:] - summed[:-TILE, TILE:] - summed[TILE:, :-TILE] + summed[:-TILE, :-TILE]


def nearer(to_scan: Any, tiles: Sequence[Tile], *, stiff: bool) -> Any:
    """The matrix mended by where the tiles lay; those that lay elsewhere than the others are left out."""
    import numpy

    same, moved = [one for one in tiles if one.same >= SAME], numpy.eye(3)
    for _ in range(2):
        if len(same) < 4:
            break
        form = [(one.x, one.y) for one in same]
        there = [(one.x + one.aside[0], one.y + one.aside[1]) for one in same]
        moved = _affine(form, there) if stiff or len(same) < 12 else by_points(form, there)
        wrong = [_off(moved, one, other) for one, other in zip(form, there, strict=True)]
        bound = max(1.5, 2.5 * float(numpy.median(wrong)))
        same = [one for one, far in zip(same, wrong, strict=True) if far <= bound]
    return to_scan @ moved


def _affine(form: Sequence[Point], there: Sequence[Point]) -> Any:
    import numpy

    rows = numpy.array([(x, y, 1) for x, y in form])
    numbers = numpy.linalg.lstsq(rows, numpy.array(there), rcond=None)[0]
    return numpy.vstack([numbers.T, (0, 0, 1)])


def _off(matrix: Any, one: Point, other: Point) -> float:
    x, y, w = matrix @ (*one, 1)
    return float(((x / w - other[0]) ** 2 + (y / w - other[1]) ** 2) ** 0.5)


def without_code(form: Any, scan: Any) -> Any:
    """How a scan of a flat page lies, by its lines alone; the best guess where it is another page."""
    import numpy
    from PIL import Image

    size = tuple(round(side * COARSE / DOTS) for side in form.size)
    wanted = _spread(darkness(form.resize(size, Image.Resampling.BOX)))
    shrunk = size[1] / max(scan.size)
    small = darkness(scan.resize(tuple(max(8, round(side * shrunk)) for side in scan.size), Image.Resampling.BOX))
    small = Image.fromarray(small)
    best: tuple[float, Any] = (-1.0, None)
    askew = _askew(small)
    for quarter in (0, 90, 180, 270):
        for larger in SIZES:
            turned, matrix = _turned(small, size, quarter + askew, larger)
            same = _spread(numpy.asarray(turned))
            peak = numpy.fft.irfft2(numpy.fft.rfft2(same) * numpy.conj(numpy.fft.rfft2(wanted)), s=wanted.shape)
            row, column = numpy.unravel_index(int(peak.argmax()), peak.shape)
            down = int(row) - wanted.shape[0] * (row > wanted.shape[0] // 2)
            aside = int(column) - wanted.shape[1] * (column > wanted.shape[1] // 2)
            if peak.max() > best[0]:
                best = float(peak.max()), matrix @ numpy.array([[1, 0, aside], [0, 1, down], [0, 0, 1]])
    finer = numpy.diag([COARSE / DOTS, COARSE / DOTS, 1])
    return numpy.diag([1 / shrunk, 1 / shrunk, 1]) @ best[1] @ finer


def _spread(dark: Any) -> Any:
    import numpy

    plain = dark - dark.mean()
    return plain / max(float(numpy.sqrt((plain * plain).sum())), 1e-6)


def _turned(picture: Any, size: tuple[int, int], angle: float, larger: float) -> tuple[Any, Any]:
    """The darkness turned about its middle, and the matrix from the turned one to it."""
    import numpy
    from PIL import Image

    turn = numpy.radians(angle)
    cos, sin = float(numpy.cos(turn)) * larger, float(numpy.sin(turn)) * larger
    x, y = size[0] / 2, size[1] / 2
    matrix = numpy.array(
        [
            [cos, -sin, picture.width / 2 - cos * x + sin * y],
            [sin, cos, picture.height / 2 - sin * x - cos * y],
            [0, 0, 1],
        ]
    )
    numbers = [float(one) for one in matrix[:2].flatten()]
    return picture.transform(
        size, Image.Transform.AFFINE, numbers, Image.Resampling.BILINEAR, fillcolor="white"
    ), matrix


def _askew(picture: Any) -> float:
    """By how many degrees its lines are off the level, or off the plumb."""
    import numpy

    best = (-1.0, 0.0)
    for angle in ANGLES:
        dark = numpy.asarray(_turned(picture, picture.size, angle, 1.0)[0])
        across, down = numpy.diff(dark.sum(1)), numpy.diff(dark.sum(0))
        sharp = float(max((across * across).sum(), (down * down).sum()))
        best = max(best, (sharp, angle))
    return best[1]

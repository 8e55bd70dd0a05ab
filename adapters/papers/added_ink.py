"""Finds what somebody put on a form by hand: strokes and stamps, where the form has nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.papers.alignment import DOTS

FAINT = 0.22
"""From this darkness on a dot is ink; paper, its grain and shadows stay below."""
PALE = 0.1
"""From this darkness on a dot may be ink of a pad that was nearly dry, or a stain."""
PRINTED = 0.12
"""From this darkness on a dot of the form is printed."""
AROUND = 2
"""Dots around print in which its own edges lie, where a scan lies not quite on the form."""
EDGE = round(16 * DOTS)
"""Dots along the page's edges: shadows and the table under it."""
CELL = 5
"""Dots: what is nearer than two cells is one blob."""
LEAST = 3
"""Dots of a cell that are ink: fewer are dust."""


@dataclass(frozen=True)
class Blob:
    """What hangs together. left, top, right, bottom: in points from the page's upper left; area: points of ink."""

    left: float
    top: float
    right: float
    bottom: float
    area: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


def added(form: Any, scan: Any, least: float = FAINT) -> Any:
    """The dots that are at least so dark in the scan and not printed in the form; both are darkness."""
    from PIL import Image, ImageFilter

    printed = Image.fromarray(((form > PRINTED) * 255).astype("uint8"))
    around = printed.filter(ImageFilter.MaxFilter(2 * AROUND + 1))
    import numpy

    ink = (scan > least) & (numpy.asarray(around) == 0)
    ink[:EDGE], ink[-EDGE:], ink[:, :EDGE], ink[:, -EDGE:] = False, False, False, False
    return ink


def blobs(ink: Any) -> list[Blob]:
    """What hangs together of it, largest first."""
    rows, columns = ink.shape[0] // CELL, ink.shape[1] // CELL
    counts = ink[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL).sum((1, 3))
    left = {(int(row), int(column)) for row, column in zip(*(counts >= LEAST).nonzero(), strict=True)}
    found = []
    while left:
        first = left.pop()
        group, near = [first], [first]
        while near:
            row, column = near.pop()
            for there in [(row + a, column + b) for a in range(-2, 3) for b in range(-2, 3)]:
                if there in left:
                    left.remove(there)
                    group.append(there)
                    near.append(there)
        found.append(_blob(group, float(sum(counts[one] for one in group))))
    return sorted(found, key=lambda one: -one.area)


def _blob(cells: Sequence[tuple[int, int]], dots: float) -> Blob:
    rows, columns = [row for row, _ in cells], [column for _, column in cells]
    side = CELL / DOTS
    return Blob(
        min(columns) * side,
        min(rows) * side,
        (max(columns) + 1) * side,
        (max(rows) + 1) * side,
        dots / DOTS**2,
    )

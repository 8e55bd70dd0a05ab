"""What people put on a printed page: round seals as firms have them, signatures, in red, blue and black."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Any

from PIL import Image, ImageChops, ImageDraw

RED = ((196, 26, 32), (214, 60, 58), (170, 20, 40))
BLUE, BLACK = ((34, 60, 160),), ((30, 30, 34),)
PENS = ((20, 20, 26), (24, 34, 110), (40, 60, 150), (60, 60, 66), (180, 30, 40))


class Sheet:
    """A page with what is put on it. Lengths are points, from the upper left."""

    def __init__(self, page: Any, dots: float) -> None:
        """dots: to a point."""
        self.page, self.dots = page, dots

    def seal(
        self,
        x: float,
        y: float,
        random: Random,
        *,
        across: float = 0,
        inks: Sequence[Sequence[int]] = RED,
        firm: float = 0,
    ) -> None:
        """A round one with a star, a little turned. across: points; firm: how much ink, of 1; 0: as it falls."""
        radius = (across or random.uniform(104, 122)) / 2
        layer = Image.new("RGB", self.page.size, "white")
        pen, ink = ImageDraw.Draw(layer), _faded(random.choice(inks), firm or random.uniform(0.55, 1))
        width = max(2, round(random.uniform(2.2, 3.6) * self.dots))
        pen.ellipse(self._box(x, y, radius), outline=ink, width=width)
        pen.polygon(self._star(x, y, radius * 0.28, random.uniform(-0.3, 0.3)), fill=ink)
        for step in range(16):  # the firm's name along the ring, as blocks
            angle = math.pi * (0.8 + 1.4 * step / 15)
            letter = (x + radius * 0.78 * math.cos(angle), y + radius * 0.78 * math.sin(angle))
            pen.rectangle(self._box(*letter, radius * 0.055), outline=ink, width=max(1, round(self.dots * 0.9)))
        self._lay(layer)

    def signature(self, x: float, y: float, random: Random, *, long: float = 0, thick: float = 0) -> None:
        """A name in a flowing hand."""
        length, width = long or random.uniform(70, 150), thick or random.uniform(1.0, 2.2)
        layer = Image.new("RGB", self.page.size, "white")
        points, beats = [], [random.uniform(0.35, 0.9) for _ in range(3)]
        for step in range(160):
            along = step / 159
            wave = math.sin(step * beats[0] * 0.5) * 11 + math.sin(step * beats[1]) * 5 + math.cos(step * beats[2]) * 4
            points.append(((x + length * along) * self.dots, (y + wave) * self.dots))
        pen = ImageDraw.Draw(layer)
        pen.line(points, fill=random.choice(PENS), width=max(1, round(width * self.dots)), joint="curve")
        self._lay(layer)

    def covered(self) -> None:
        """Paper lies over the corners, where our codes stand."""
        side, (wide, high) = round(62 * self.dots), self.page.size
        pen = ImageDraw.Draw(self.page)
        for x, y in ((0, 0), (wide - side, 0), (wide - side, high - side), (0, high - side)):
            pen.rectangle((x, y, x + side, y + side), fill="white")

    def _lay(self, layer: Any) -> None:
        self.page = ImageChops.multiply(self.page, layer)

    def _box(self, x: float, y: float, radius: float) -> Sequence[float]:
        return [side * self.dots for side in (x - radius, y - radius, x + radius, y + radius)]

    def _star(self, x: float, y: float, radius: float, turn: float) -> list[tuple[float, float]]:
        points = []
        for step in range(10):
            far = radius if step % 2 == 0 else radius * 0.4
            angle = turn - math.pi / 2 + step * math.pi / 5
            points.append(((x + far * math.cos(angle)) * self.dots, (y + far * math.sin(angle)) * self.dots))
        return points


def _faded(colour: Sequence[int], strength: float) -> tuple[int, int, int]:
    red, green, blue = (round(255 - (255 - part) * strength) for part in colour)
    return red, green, blue

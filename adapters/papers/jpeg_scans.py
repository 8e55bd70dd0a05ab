"""Checks that a JPEG holds all of its picture: decoders fill up what is missing, and say nothing."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

SCAN, END, EVERY = 0xDA, 0xD9, 0xDD
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Marks that begin the head of a picture; three other marks of their range are tables."""
ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Marks without a length."""
NEXT = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
"""The next mark behind the bits of a scan: in them an FF has a 00 behind it, or is a place to begin anew."""
ANEW = re.compile(rb"\xff[\xd0-\xd7]")
"""Where the bits of a scan begin anew; after so many pieces as EVERY says. Cut off there, it reads no further bits."""
COEFFICIENTS, BLOCK = 64, 8
NOISE = bytes((91 * place + place * place // 7) % 255 for place in range(4096))
"""Bits that make no picture, without an FF."""


@dataclass(frozen=True)
class Mark:
    """kind, and from where to where its content stands; of a scan the bits behind it end at bits."""

    kind: int
    begin: int
    end: int
    bits: int = 0


@dataclass(frozen=True)
class Frame:
    """The head of a picture: its sides, and how finely each component is taken across and down."""

    width: int
    height: int
    finely: Mapping[int, tuple[int, int]]

    def units(self, components: Sequence[int]) -> int:
        """How many pieces of bits a scan of these components has."""
        most = [max(fine[side] for fine in self.finely.values()) for side in (0, 1)]
        sides = []
        for side, length in enumerate((self.width, self.height)):
            if len(components) == 1:
                of_its_own = -(-length * self.finely[components[0]][side] // most[side])
                sides.append(-(-of_its_own // BLOCK))
            else:
                sides.append(-(-length // (BLOCK * most[side])))
        return sides[0] * sides[1]


def has_an_end(content: bytes) -> bool:
    """Whether the picture's own end mark is there; a small picture inside it has another."""
    return any(mark.kind == END for mark in marks(content))


def lacks_scans(content: bytes) -> bool:
    """Whether a part of the picture has none, or only its coarse first bits, or one with fewer pieces than it has.

    Of a progressive one the first scans show all of it already, as through frosted glass.
    """
    frame, every = None, 0
    fine: dict[int, set[int]] = {}
    for mark in marks(content):
        said = content[mark.begin : mark.end]
        if mark.kind in FRAMES and frame is None:
            frame = _frame(said)
        elif mark.kind == EVERY and len(said) >= 2:
            every = int.from_bytes(said[:2], "big")
        elif mark.kind == SCAN and frame is not None:
            components, (first, last, bits) = said[1 : 1 + 2 * said[0] : 2], said[1 + 2 * said[0] :][:3]
            if bits & 0x0F == 0:
                for one in components:
                    fine.setdefault(one, set()).update(range(first, last + 1))
            begun = len(ANEW.findall(content, mark.end, mark.bits))
            if every and begun < -(-frame.units(components) // every) - 1:
                return True
    return frame is None or any(len(fine.get(one, ())) < COEFFICIENTS for one in frame.finely)


def _frame(said: bytes) -> Frame:
    height, width, count = struct.unpack(">HHB", said[1:6])
    rows = [said[6 + 3 * place : 9 + 3 * place] for place in range(count)]
    return Frame(width, height, {row[0]: (row[1] >> 4, row[1] & 0x0F) for row in rows})


def with_noise(content: bytes) -> bytes:
    """The same file with bits of no picture behind each scan.

    A decoder passes over them where a scan is whole, and takes them for the picture where its end is missing.
    """
    out, at = bytearray(), 0
    for mark in marks(content):
        if mark.kind == SCAN:
            out += content[at : mark.bits] + NOISE
            at = mark.bits
    return bytes(out + content[at:])


def marks(content: bytes) -> Iterator[Mark]:
    """The marks of the first picture, up to its end."""
    at = 2
    while (found := NEXT.search(content, at)) is not None:
        kind, at = found[1][0], found.end()
        if kind == END:
            yield Mark(END, at, at)
            return
        if kind in ALONE:
            continue
        if at + 2 > len(content):
            return
        end = at + struct.unpack(">H", content[at : at + 2])[0]
        bits = end
        if kind == SCAN:
            behind = NEXT.search(content, end)
            bits = len(content) if behind is None else behind.start()
        yield Mark(kind, at + 2, end, bits)
        at = bits

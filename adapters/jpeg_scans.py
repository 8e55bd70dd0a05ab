"""Whether a JPEG holds all of its picture: decoders fill up what lacks, say nothing, and the file looks whole."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

SCAN, END = 0xDA, 0xD9
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Marks that begin the head of a picture; the three others are tables."""
ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Marks without a length."""
NEXT = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
"""The next mark behind the bits of a scan: in them an FF has a 00 behind it, or is a place to begin anew."""
COEFFICIENTS = 64
NOISE = bytes((91 * place + place * place // 7) % 255 for place in range(4096))
"""Bits of no picture, without an FF."""


@dataclass(frozen=True)
class Mark:
    """kind, and from where to where its content stands; of a scan the bits behind it end at bits."""

    kind: int
    begin: int
    end: int
    bits: int = 0


def lacks_scans(content: bytes) -> bool:
    """Whether a part of the picture has none, or only its coarse first bits: of a progressive one the first scans show
    all of it already, as through frosted glass."""
    wanted: set[int] = set()
    fine: dict[int, set[int]] = {}
    for mark in marks(content):
        said = content[mark.begin : mark.end]
        if mark.kind in FRAMES and len(said) > 5:
            wanted |= set(said[6 : 6 + 3 * said[5] : 3])
        if mark.kind == SCAN and said and len(said) >= 4 + 2 * said[0]:
            first, last, bits = said[1 + 2 * said[0] :][:3]
            if bits & 0x0F == 0:
                for component in said[1 : 1 + 2 * said[0] : 2]:
                    fine.setdefault(component, set()).update(range(first, last + 1))
    return not wanted or any(len(fine.get(one, ())) < COEFFICIENTS for one in wanted)


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
    """Those of the first picture, up to its end."""
    at = 2
    while (found := NEXT.search(content, at)) is not None:
        kind, at = found[1][0], found.end()
        if kind == END:
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

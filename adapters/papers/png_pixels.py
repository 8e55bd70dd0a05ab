"""Whether a PNG holds all of its pixels: decoders show what is there, and leave the rest black."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Values a pixel by the colour type of its head."""
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Where each pass of an interlaced picture begins and how far it steps: across, down."""
PIECE = 1 << 20


def holds_all_pixels(content: bytes) -> bool:
    """Whether all pixels are there, by the length of the unpacked data; nothing of it is kept."""
    wanted, packed = 0, b""
    for kind, data in _pieces(content):
        if kind == b"IHDR":
            wanted = _size(data)
        elif kind == b"IDAT":
            packed += data
    opener, unpacked = zlib.decompressobj(), 0
    while packed and unpacked < wanted and not opener.eof:
        unpacked += len(opener.decompress(packed, PIECE))
        packed = opener.unconsumed_tail
    return 0 < wanted <= unpacked


def _size(head: bytes) -> int:
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    bits = depth * SAMPLES[colour]
    if not interlaced:
        return _rows(width, height, bits)
    return sum(
        _rows(-(-(width - x) // across), -(-(height - y) // down), bits)
        for x, y, across, down in PASSES
        if width > x and height > y
    )


def _rows(width: int, height: int, bits: int) -> int:
    """Each row has a byte for its filter."""
    return height * (1 + (width * bits + 7) // 8)


def _pieces(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        yield kind, content[at + 8 : at + 8 + length]
        at += length + 12

"""Characters that show nothing, or change what a reader sees: a title with one is not the title that it shows."""

from __future__ import annotations

import unicodedata

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories of controls, formats, halves, private use, nothing at all, and line ends."""
BLANK = frozenset(map(ord, "\u3164\uffa0\u115f\u1160\u2800\u034f\u17b4\u17b5\ufffd\U0001d159\U00016fe4"))
"""Letters and marks by their category that print as nothing, and the mark of what could not be read."""
SELECTORS = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
"""They choose another shape for the character before them."""


def hidden(text: str) -> tuple[int, str] | None:
    """The first such character: its place, counted from 1, and its code. A line feed is none."""
    for place, letter in enumerate(text, 1):
        if letter != "\n" and _unseen(letter):
            return place, f"{ord(letter):04X}"
    return None


def _unseen(letter: str) -> bool:
    code = ord(letter)
    return unicodedata.category(letter) in UNSEEN or code in BLANK or any(code in some for some in SELECTORS)

"""Finds characters that show nothing or change what a reader sees: a title with one is not what it shows."""

from __future__ import annotations

import unicodedata

from adapters.names import BLANK, LATER_HAN, LOST, SELECTORS

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories of controls, formats, halves, private use, nothing at all, and line ends."""


def hidden(text: str) -> tuple[int, str] | None:
    """The first such character: its place, counted from 1, and its code; None where there is none.

    A line feed does not count.
    """
    found = [
        (text.index(letter) + 1, f"{ord(letter):04X}") for letter in set(text) if letter != "\n" and _unseen(letter)
    ]
    return min(found, default=None)


def is_later(letter: str) -> bool:
    """Whether it is a Chinese character that this Python does not know yet."""
    return any(ord(letter) in some for some in LATER_HAN)


def _unseen(letter: str) -> bool:
    code, kind = ord(letter), unicodedata.category(letter)
    if kind in UNSEEN and not (kind == "Cn" and is_later(letter)):
        return True
    return letter == LOST or code in BLANK or any(code in some for some in SELECTORS)

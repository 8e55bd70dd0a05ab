"""Text as every database and terminal takes it: no half characters, which UTF-8 does not know, and no NUL."""

from __future__ import annotations

import re

UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
HALF = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair: JSON and Python take one, UTF-8 does not."""


def plain_text(text: str, most: int | None = None) -> str:
    """The text with what cannot be written as Python would escape it; most: so many characters of it."""
    whole = text if most is None or len(text) <= most else f"{text[: most - 1]}…"
    return UNWRITABLE.sub(lambda found: escaped(found[0]), whole)


def escaped(character: str) -> str:
    return f"\\u{ord(character):04x}"

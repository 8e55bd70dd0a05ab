"""Makes text that every database and terminal takes: no half surrogate pairs, which UTF-8 does not know, and no NUL."""

from __future__ import annotations

import re
from typing import Any

UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
HALF = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair: JSON and Python take it, UTF-8 does not."""


def plain_text(text: str, most: int | None = None) -> str:
    """The text, with what cannot be written as a Python escape. most: this many characters of it."""
    whole = text if most is None or len(text) <= most else f"{text[: most - 1]}…"
    return UNWRITABLE.sub(lambda found: escaped(found[0]), whole)


def plain(said: Any) -> Any:
    """A JSON document in which every text is plain. Raises ValueError where two of its keys become equal."""
    if isinstance(said, str):
        return plain_text(said)
    if isinstance(said, list):
        return [plain(part) for part in said]
    if not isinstance(said, dict):
        return said
    found = {plain_text(key): plain(part) for key, part in said.items()}
    if len(found) != len(said):
        raise ValueError("two of its keys differ in nothing that can be written")
    return found


def escaped(character: str) -> str:
    return f"\\u{ord(character):04x}"

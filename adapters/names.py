"""When two spellings of a title or a version mean the same software: remote systems trim, widen and drop a V."""

from __future__ import annotations

import re
import unicodedata


def same_title(one: str, other: str) -> bool:
    """Blanks, full-width forms and letter case apart."""
    return _plain(one) == _plain(other)


def same_version(one: str, other: str) -> bool:
    """As titles, and with or without the V in front."""
    return _plain(one).removeprefix("v") == _plain(other).removeprefix("v")


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()

"""Days as people and sites write them: 2026-12-01, 2026/12/1, 2026年12月1日, 20261201."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

DAY = re.compile(
    r"(?P<y>[0-9]{4})\s*(?:(?P<s>[-/.])\s*(?P<m>[0-9]{1,2})\s*(?P=s)\s*(?P<d>[0-9]{1,2})"
    r"|年\s*(?P<cm>[0-9]{1,2})\s*月\s*(?P<cd>[0-9]{1,2})\s*[日号]?|(?P<pm>[0-9]{2})(?P<pd>[0-9]{2}))"
    r"(?:[T\s]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
)
"""With the time of day behind it, where there is one."""


def day_of(text: str) -> date:
    """The day that a text is. Raises ValueError where it is none, or is more than a day."""
    found = DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise ValueError(text)
    parts = (found["y"], found["m"] or found["cm"] or found["pm"], found["d"] or found["cd"] or found["pd"])
    return date(*map(int, parts))

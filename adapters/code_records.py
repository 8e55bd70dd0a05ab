"""The code record system: where owners fill in the codes that the bureau sent to their phones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class FilledCode:
    """A code as somebody filled it in; the system knows the phone and no name, and not whether the code is right."""

    number: str
    phone: str = field(repr=False)
    code: str = field(repr=False)
    filled_at: datetime


class CodeRecords(Protocol):
    async def codes(self, title: str, version: str) -> tuple[FilledCode, ...]:
        """All codes filled in for a title and version, oldest first; of one phone the later one counts."""

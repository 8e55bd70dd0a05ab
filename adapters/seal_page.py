"""Signs the bureau's blank seal page with the owners' signature specimens, in the order of the owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol


@dataclass(frozen=True)
class SignatureLine:
    """An owner's line on the seal page: his specimen and the day on which he allowed its use for this filing."""

    name: str
    specimen: bytes = field(repr=False)
    """PNG."""
    authorised_on: date | None


class SealPages(Protocol):
    async def sign(self, blank: bytes, lines: Sequence[SignatureLine]) -> bytes:
        """The signed page (PDF); Refused when a line has no authorisation, for that would be a forgery."""

"""Reads a mobile of mainland China as people write it: with country, blanks, hyphens and brackets, or as a link."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOBILE = re.compile(r"(?:(?:\+|00)?86)?0?(1[3-9][0-9]{9})")
LINK = re.compile(r"^tel:", re.IGNORECASE)
OF_A_TABLE = re.compile(r"\+?[0-9]+\.0+|[^.]+\.0{1,2}")
"""What tables write for a number that they take for a sum, also behind its country or area. With more noughts and other
gaps it was written by people: 138.0040.0000, 138-0040.0000."""
NOUGHTS = re.compile(r"\.0+$")
BETWEEN = frozenset(" ()[].·−")
KINDS = frozenset({"Cc", "Cf", "Pd", "Zs", "Zl", "Zp"})
"""Unicode categories of controls, formats, dashes and blanks."""


@dataclass(frozen=True)
class Dialled:
    """A phone number as somebody wrote it; storing and comparing read it the same way."""

    text: str

    @property
    def mobile(self) -> str | None:
        """The eleven digits of a mobile; None where it is no such number, whatever else it is."""
        written = LINK.sub("", unicodedata.normalize("NFKC", self.text).strip())
        for text in (Dialled(written).untabled, NOUGHTS.sub("", written)):
            if found := MOBILE.fullmatch("".join(letter for letter in text if not _is_between(letter))):
                return found[1]
        return None

    @property
    def untabled(self) -> str:
        """The number without what a table program put behind it."""
        return NOUGHTS.sub("", self.text) if OF_A_TABLE.fullmatch(self.text) else self.text


def _is_between(letter: str) -> bool:
    return letter in BETWEEN or unicodedata.category(letter) in KINDS

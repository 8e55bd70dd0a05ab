"""How people write a mobile of mainland China: with its country, with blanks, hyphens and brackets, as a link."""

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
    """A number as somebody wrote it; whoever keeps one and whoever compares two reads it alike."""

    text: str

    @property
    def mobile(self) -> str | None:
        """The eleven digits; None where it is no such number, whatever else it is."""
        written = LINK.sub("", unicodedata.normalize("NFKC", self.text).strip())
        for text in (Dialled(written).untabled, NOUGHTS.sub("", written)):
            if found := MOBILE.fullmatch("".join(letter for letter in text if not _is_between(letter))):
                return found[1]
        return None

    @property
    def untabled(self) -> str:
        """Without what a table put behind it."""
        return NOUGHTS.sub("", self.text) if OF_A_TABLE.fullmatch(self.text) else self.text


def _is_between(letter: str) -> bool:
    return letter in BETWEEN or unicodedata.category(letter) in KINDS

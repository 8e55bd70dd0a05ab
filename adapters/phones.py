"""How people write a mobile of mainland China: with its country, with blanks, hyphens and brackets, as a link."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOBILE = re.compile(r"(?:(?:\+|00)?86)?0?(1[3-9][0-9]{9})")
LINK = re.compile(r"^tel:", re.IGNORECASE)
OF_A_TABLE = re.compile(r"\.0+$")
"""What tables put behind a number that they take for one of a sum."""
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
        plain = OF_A_TABLE.sub("", LINK.sub("", unicodedata.normalize("NFKC", self.text).strip()))
        found = MOBILE.fullmatch("".join(letter for letter in plain if not _is_between(letter)))
        return found[1] if found else None


def _is_between(letter: str) -> bool:
    return letter in BETWEEN or unicodedata.category(letter) in KINDS

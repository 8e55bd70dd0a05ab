"""When two spellings of a title or a version mean the same software: people and remote systems write as they like."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

VERSION_MARK = re.compile(r"^(?:version|ver\.?|v\.?|版本号?|版)?(?=[0-9])")
BLANK = frozenset(map(ord, "\u3164\uffa0\u115f\u1160\u2800\u034f\u17b4\u17b5\U0001d159\U00016fe4"))
"""Letters and marks by their category that print as nothing."""
LOST = "\ufffd"
"""Stands where a character could not be read: two names may differ in just that one, so that it is never left out."""
SELECTORS = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
"""They choose another shape for the character before them."""
LATER_HAN = (
    range(0x2B739, 0x2B740),
    range(0x2CEA2, 0x2CEAE),
    range(0x2EBF0, 0x2EE5E),
    range(0x31350, 0x3347A),
)
"""Chinese characters that Unicode has had since its versions 15 to 17 (of 15 for rare names); Python 3.11 knows 14."""
NOTHING = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Unicode categories of controls, formats and blanks."""


@dataclass(frozen=True)
class Spelling:
    """A software's title and version as somebody wrote them."""

    title: str
    version: str

    @property
    def identity(self) -> str:
        """Equal where they only differ in blanks, width, capitals or the V of the version: they are one filing.

        The door compares by it, and so does whoever looks for the software at a remote system.
        """
        return plain(self.title) + VERSION_MARK.sub("v", plain(self.version))


def same_title(one: str, other: str) -> bool:
    """Blanks, full-width forms and letter case apart."""
    return plain(one) == plain(other)


def same_version(one: str, other: str) -> bool:
    """As titles, and with or without the V or the word for it in front."""
    return Spelling("", one).identity == Spelling("", other).identity


def plain(text: str) -> str:
    """Without what prints as nothing. A BLANK may become another one by normalising, so it goes before and after."""
    return _shown(unicodedata.normalize("NFKC", _shown(text)).casefold())


def _shown(text: str) -> str:
    return "".join(letter for letter in text if not _unseen(letter))


def _unseen(letter: str) -> bool:
    code = ord(letter)
    return unicodedata.category(letter) in NOTHING or code in BLANK or any(code in some for some in SELECTORS)

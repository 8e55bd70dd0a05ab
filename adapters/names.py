"""Compares titles and versions: when two spellings mean the same software."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

VERSION_MARK = re.compile(r"^(?:version|ver\.?|v\.?|版本号?|版)?(?=[0-9])")
BLANK = frozenset(map(ord, "\u3164\uffa0\u115f\u1160\u2800\u034f\u17b4\u17b5\U0001d159\U00016fe4"))
"""Characters that print as nothing though Unicode calls them letters or marks."""
LOST = "\ufffd"
"""Stands for a character that could not be read. It is never left out: two names may differ in just that one."""
SELECTORS = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
"""Variation selectors: they choose another shape for the character before them."""
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
        """Equal for spellings that differ only in blanks, width, capitals or the V of the version: they are one filing.

        Intake compares by it, and so does whoever looks for the software at a remote.
        """
        return plain(self.title) + VERSION_MARK.sub("v", plain(self.version))


def same_title(one: str, other: str) -> bool:
    """Whether two titles are equal, apart from blanks, full-width forms and letter case."""
    return plain(one) == plain(other)


def same_version(one: str, other: str) -> bool:
    """Whether two versions are equal as titles are, with or without the V or the word for it."""
    return Spelling("", one).identity == Spelling("", other).identity


def plain(text: str) -> str:
    """The text without what prints as nothing, before and after normalising: a BLANK may become another one by it."""
    return _shown(unicodedata.normalize("NFKC", _shown(text)).casefold())


def trimmed(text: str) -> str:
    """The text without what prints as nothing at its edges; a selector belongs to the character before it."""
    shown = [place for place, letter in enumerate(text) if not _blank(letter)]
    return text[shown[0] : shown[-1] + 1] if shown else ""


def _shown(text: str) -> str:
    return "".join(letter for letter in text if not _unseen(letter))


def _unseen(letter: str) -> bool:
    return _blank(letter) or any(ord(letter) in some for some in SELECTORS)


def _blank(letter: str) -> bool:
    return unicodedata.category(letter) in NOTHING or ord(letter) in BLANK

"""What people call the states, guards, actions and facts of the flows, in both languages, from the catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from babel.messages.pofile import read_po

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")

LOCALES = Path(__file__).parents[1] / "locale"


class Words:
    """Called with kind and name. A name without a word stands for itself: among them are people's own names."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, kind: str, name: str) -> str:
        found = catalogue(self.language).get(f"{kind}.{name}")
        if found is None and kind == "notice":
            found = catalogue(self.language).get(f"notice.{name.split('/')[0]}")
        if found is None and kind == "who":
            found = catalogue(self.language).get(f"remote.{name}")
        if found is None and kind == "line":
            return self._line(name)
        return found or name

    def __contains__(self, key: str) -> bool:
        return bool(catalogue(self.language).get(key))

    def _line(self, key: str) -> str:
        """A line without a name of its own is called by what it does: stay:save_draft+...[guards]."""
        done = key.partition("[")[0].removeprefix("stay:").split("+")
        kinds = ("action", "learned", "notice", "state")
        return " · ".join(
            next((self(kind, name) for kind in kinds if f"{kind}.{name}" in self), name) for name in done if name
        )


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """The words by kind.name."""
    folder = language.replace("-", "_")
    with (LOCALES / folder / "LC_MESSAGES" / "caseward.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=folder) if message.id}

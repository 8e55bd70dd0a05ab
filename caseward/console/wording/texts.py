"""The command line's own sentences, in the language that its reader asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from babel.messages.pofile import read_po

from caseward.console.wording.words import LOCALES, Language
from workflow.sentence import Sentence

SPOKEN: Mapping[str, Language] = {"zh": "zh-CN", "en": "en", "c": "en", "posix": "en"}


def language_of(name: str) -> Language | None:
    """zh, zh_CN.UTF-8 and zh-Hans are zh-CN; en, en_GB, C and POSIX are en; None for what is not spoken here."""
    begin = name.split(".")[0].replace("_", "-").split("-")[0].lower()
    return SPOKEN.get(begin)


def language_in(environ: Mapping[str, str]) -> Language:
    """CASEWARD_LANG, else the locale as POSIX orders its variables, else English."""
    for variable in ("CASEWARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if name := environ.get(variable):
            return language_of(name) or "en"
    return "en"


@cache
def sentences(language: Language) -> Mapping[str, str]:
    """The command line's sentences by name."""
    folder = language.replace("-", "_")
    with (LOCALES / folder / "LC_MESSAGES" / "console.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=folder) if message.id}


class Texts:
    """Called with a sentence's name and its parts; asked with `in` whether there is one."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, name: str, /, **parts: object) -> str:
        text = sentences(self.language)[name]
        return text.format(**parts) if parts else text

    def __contains__(self, name: str) -> bool:
        return name in sentences(self.language)

    def told(self, said: object) -> str:
        """A sentence of the engine by its code and its parts; what has no code, or none that is known, as it stands."""
        if isinstance(said, Sentence) and f"said.{said.code}" in self:
            return self(f"said.{said.code}", **{name: self.told(part) for name, part in said.parts.items()})
        return str(said)

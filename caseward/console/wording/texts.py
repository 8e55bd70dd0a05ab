"""The command line's own sentences, in the language that its reader asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from babel.messages.pofile import read_po

from caseward.console.wording.words import LOCALES, Language, Words, catalogue
from workflow.sentence import InBoth, RemoteSaid, Said, Sentence, Sentences, read

if TYPE_CHECKING:
    from workflow.system import System

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


def filled(text: str, parts: Mapping[str, object]) -> str | None:
    """A text of a catalogue with its places filled in; None where it has other places than are given.

    A text that has nothing to fill in stays as it is, with its braces.
    """
    try:
        return text.format(**parts) if parts else text
    except (LookupError, ValueError, AttributeError, TypeError):  # {0}, {name, {name.part} and {name[part]}
        return None


class Texts:
    """Called with a sentence's name and its parts; asked with `in` whether there is one.

    systems: those that are on, once they are read. What their remotes say stands in their own catalogues.
    """

    def __init__(self, language: Language, systems: Sequence[System] = ()) -> None:
        self.language, self.systems = language, systems

    def __call__(self, name: str, /, **parts: object) -> str:
        """A part that is said with a code is told in this language."""
        text = sentences(self.language)[name]
        told = {part: self.told(said) if isinstance(said, Said) else said for part, said in parts.items()}
        return text.format(**told) if told else text

    def __contains__(self, name: str) -> bool:
        return name in sentences(self.language)

    def told(self, said: object) -> str:
        """A sentence of ours by its code and its parts; what has no code, or none that is known, as it stands."""
        if isinstance(said, InBoth):
            return str(said) if self.language == "en" else said.chinese
        if isinstance(said, Sentences):
            return self("mark.semicolon").join(map(self.told, said.each))
        if isinstance(said, Sentence):
            return self.by_code(said.code, said.parts) or str(said)
        if isinstance(said, RemoteSaid) and (name := f"error.remote.{said.kind}") in self:
            words = Words(self.language, systems=self.systems)
            step = self("mark.colon").join(words("step", part) for part in said.step.split(": "))
            return self(name, adapter=words("remote", said.adapter), step=step, why=said.why)
        return str(said)

    def recorded(self, said: object) -> str:
        """The same of what is on record; what has no code, or none that is known, as it stands there."""
        return self.told(read(said))

    def by_code(self, code: str, parts: Mapping[str, object]) -> str | None:
        """What a catalogue says under this code, of the engine or of a system; None where none can say it."""
        key = f"said.{code}"
        own = (catalogue(self.language, one.words, one.name) for one in self.systems if one.words is not None)
        text = sentences(self.language).get(key) or next((words[key] for words in own if words.get(key)), None)
        if text is None:
            return None
        return filled(text, {name: self.told(part) for name, part in parts.items()})

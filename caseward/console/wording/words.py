"""What people call the states, guards, actions and facts of the flows, in both languages, from the catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from babel.messages.pofile import PoFileError, read_po

if TYPE_CHECKING:
    from workflow.flow.definition import Flow
    from workflow.system import System

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")

CHINESE = re.compile(r"[\u3400-\u9fff]")
LOCALES = Path(__file__).parents[1] / "locale"


class Words:
    """Called with kind and name. A name without a word stands for itself: among them are people's own names.

    Each system has a catalogue of its own. In it the words of a flow stand under FLOW.KIND.NAME, and none serves
    another flow; words that its flows share stand under KIND.NAME. Words of the engine stand in the console's
    catalogue. What no catalogue has is said as the flow itself says it: by a state's label, or the first line of a
    function's docstring; in English by its name where that is Chinese.
    """

    def __init__(
        self, language: Language, flow: Flow | None = None, name: str = "", systems: Sequence[System] = ()
    ) -> None:
        """systems: those that are on. Of a flow only its own system has the words; without a flow, any of them."""
        self.language, self.systems = language, systems
        self._flow, self._name = flow, flow.name if flow is not None else name
        self._catalogues = [*_of_systems(language, self._name, systems), catalogue(language)]

    def of(self, flow: Flow | None, name: str) -> Words:
        """The same, with the words of this flow. flow: None where no system that is on has one of this name."""
        return Words(self.language, flow, name, self.systems)

    def __call__(self, kind: str, name: str) -> str:
        if kind == "seen" and "/" in name:  # "owner/2": of several, the one at this place
            what, _, place = name.partition("/")
            return f"{self(kind, what)} {place}"
        found = self._found(kind, name)
        if found is None and kind == "who":
            found = self._found("remote", name)
        if found is None and kind == "seen":  # a field of the data, by what its column is called
            found = self._found("field", name)
        if found is None and kind == "line":
            return self._line(name)
        return found or (self._own(kind, name) if self._flow is not None else None) or name

    def __contains__(self, key: str) -> bool:
        return self._found(*key.split(".", 1)) is not None

    def _found(self, kind: str, name: str) -> str | None:
        if kind == "notice":
            name = name.split("/")[0]
        keys = (f"{self._name}.{kind}.{name}", f"{kind}.{name}")
        return next((words[key] for words in self._catalogues for key in keys if words.get(key)), None)

    def _own(self, kind: str, name: str) -> str | None:
        """What the flow's own table says: a state's label, or the first line of a docstring."""
        from workflow.flow.functions import name_of  # imported late: words that the catalogue has need no engine

        assert self._flow is not None
        found = None
        if kind == "state":
            found = next((state.label for state in self._flow.states if str(state.name) == name), None)
        for said, function in _functions(self._flow):
            if (said, name_of(function)) == (kind, name.split("/")[0]) and function.__doc__:
                found = str(function.__doc__).strip().partition("\n")[0].removesuffix(".")
                break
        return None if found is not None and self.language == "en" and CHINESE.search(found) else found

    def _line(self, key: str) -> str:
        """A line without a name of its own is called by what it does: stay:save_draft+...[guards]."""
        done = key.partition("[")[0].removeprefix("stay:").split("+")
        kinds = ("action", "learned", "notice", "state")
        return " · ".join(
            next((word for kind in kinds if (word := self(kind, name)) != name), name) for name in done if name
        )


def _functions(flow: Flow) -> Iterator[tuple[str, object]]:
    """(kind, function) of all that a flow is made of."""
    yield from (("fact", asked) for asked in flow.facts)
    for _, line in flow.lines():
        yield from (("guard", guard) for guard in line.guards)
        yield from (("action", done) for done in line.actions)
        if line.tell is not None:
            yield "notice", line.tell


def _of_systems(language: Language, flow: str, systems: Sequence[System]) -> list[Mapping[str, str]]:
    """The catalogues of the flow's own system; of all where it is no flow's."""
    own = [system for system in systems if any(flow == one.name for one in system.flows)]
    return [catalogue(language, system.words, system.name) for system in own or systems if system.words is not None]


@cache
def catalogue(language: Language, folder: Path = LOCALES, name: str = "caseward") -> Mapping[str, str]:
    """The words of a catalogue by their keys; none where it is not there in this language.

    Raises DefinitionError where it cannot be read.
    """
    spoken = language.replace("-", "_")
    path = folder / spoken / "LC_MESSAGES" / f"{name}.po"
    if not path.is_file():
        return {}
    try:
        with path.open("rb") as file:
            found = read_po(file, locale=spoken, abort_invalid=True)
    except (PoFileError, UnicodeError) as error:
        from workflow.errors import DefinitionError

        raise DefinitionError(f"catalogue {path}", "catalogue_unread", error=error) from error
    return {str(message.id): str(message.string) for message in found if message.id}

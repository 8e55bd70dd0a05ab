"""What people call the states, guards, actions and facts of the flows, in both languages, from the catalogues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from workflow.flow.definition import Flow

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")

LOCALES = Path(__file__).parents[1] / "locale"


class Words:
    """Called with kind and name. A name without a word stands for itself: among them are people's own names.

    The words of a flow stand under FLOW.KIND.NAME, and none serves another flow; those of the engine and of the remotes
    under KIND.NAME. What the catalogue lacks is said as the flow itself says it: by a state's label, or the first line
    of a function's docstring.
    """

    def __init__(self, language: Language, flow: Flow | None = None, name: str = "") -> None:
        self.language = language
        self._flow, self._name = flow, flow.name if flow is not None else name

    def __call__(self, kind: str, name: str) -> str:
        if kind == "seen" and "/" in name:  # of one of several, by its place
            what, _, place = name.partition("/")
            return f"{self(kind, what)} {place}"
        found = self._found(kind, name)
        if found is None and kind == "who":
            found = self._found("remote", name)
        if found is None and kind == "line":
            return self._line(name)
        return found or (self._own(kind, name) if self._flow is not None else None) or name

    def __contains__(self, key: str) -> bool:
        return self._found(*key.split(".", 1)) is not None

    def _found(self, kind: str, name: str) -> str | None:
        words = catalogue(self.language)
        if kind == "notice":
            name = name.split("/")[0]
        return words.get(f"{self._name}.{kind}.{name}") or words.get(f"{kind}.{name}") or None

    def _own(self, kind: str, name: str) -> str | None:
        """What the flow's table says of it."""
        from workflow.flow.functions import name_of  # of what the catalogue has, nobody pays for the engine

        assert self._flow is not None
        if kind == "state":
            return next((state.label for state in self._flow.states if str(state.name) == name), None)
        for said, function in _functions(self._flow):
            if (said, name_of(function)) == (kind, name.split("/")[0]) and function.__doc__:
                return str(function.__doc__).strip().partition("\n")[0].removesuffix(".")
        return None

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


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """The words by FLOW.KIND.NAME and KIND.NAME."""
    folder = language.replace("-", "_")
    with (LOCALES / folder / "LC_MESSAGES" / "caseward.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=folder) if message.id}

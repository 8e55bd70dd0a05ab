"""What guards, facts and incidents saw, in words; where ours differs from a remote's, both."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from caseward.console.wording.moments import Moments
from caseward.console.wording.texts import Texts
from workflow.sentence import Said, Sentence, read

LONGEST = 200
NAMED = frozenset({"action", "give", "notice", "remote"})
"""Parts of sentences that are names of a flow."""
DOCUMENT = frozenset({"digest", "media_type", "name"})
"""What a document is recorded by."""
SHORT = 12
"""This much of a document's reference is shown; any beginning that only one document has names it."""


class Labels(Protocol):
    """What people call a thing of a flow: kind is state, guard, action, fact, who, remote, incident, seen, step."""

    def __call__(self, kind: str, name: str) -> str: ...

    def of(self, flow: str) -> Labels:
        """The same, with the words of this flow."""


@dataclass(frozen=True)
class Reader:
    """Who is told: the language, the words of the flows, and how instants read."""

    texts: Texts
    labels: Labels
    moments: Moments
    people: Mapping[str, str] = field(default_factory=dict)
    """What those are called who have ids in the case that is told of."""

    def person(self, id_: str) -> str:
        """What somebody is called; whom nobody knows by the id that stands."""
        return self.people.get(id_, id_)

    def said(self, why: Said) -> str:
        """What is said, with the words for what it names."""
        return self.texts.told(_labelled(why, self))

    def step(self, name: str) -> str:
        """A step of an adapter; behind a colon stands at which of its moments."""
        return self.texts("mark.colon").join(self.labels("step", part) for part in name.split(": "))

    def of(self, flow: str) -> Reader:
        """The same, with the words of this flow."""
        return replace(self, labels=self.labels.of(flow))


def sentences_of(body: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """What errors say by their codes, by the names under which their words stand; else a flow has that name too."""
    said = body.get("sentences")
    ours = isinstance(said, Mapping) and all(isinstance(one, Mapping) and "why" in one for one in said.values())
    return said if ours and isinstance(said, Mapping) else {}


def told_of(body: Mapping[str, Any], name: str, reader: Reader) -> str:
    """What an error that stands under this name says, in the reader's language where its sentence has a code."""
    said = sentences_of(body).get(name)
    if said is None:
        return str(body.get(name) or "")
    why, key = read(said.get("why")), f"error.remote.{said.get('kind')}"
    if key not in reader.texts:
        return reader.said(why)
    adapter, step = reader.labels("remote", str(said.get("adapter"))), reader.step(str(said.get("step")))
    return reader.texts(key, adapter=adapter, step=step, why=_labelled(why, reader))


def _labelled(said: Said, reader: Reader) -> Said:
    """What is said, with the words for an action, a notice or a remote that it names."""
    if not isinstance(said, Sentence) or not NAMED & said.parts.keys():
        return said
    told = copy(said)
    told.parts = {name: reader.labels(name, str(p)) if name in NAMED else p for name, p in said.parts.items()}
    return told


def _told(seen: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """What was seen, with its errors in the reader's language."""
    said = sentences_of(seen)
    named = {name: value for name, value in seen.items() if not (said and name == "sentences")}
    return {name: told_of(seen, name, reader) if name in said else value for name, value in named.items()}


def brief(seen: Mapping[str, Any], reader: Reader) -> str:
    """What a guard or a fact saw, in one line."""
    text = reader.texts("mark.comma").join(_part(name, value, reader) for name, value in _told(seen, reader).items())
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def whole(value: Any, reader: Reader) -> str:
    """A recorded value as people read it, uncut: of several parts each with its name."""
    if not isinstance(value, Mapping):
        return shown(value, reader)
    named = (f"{reader.labels('seen', str(name))} {shown(part, reader)}" for name, part in value.items())
    return reader.texts("mark.comma").join(named)


def parts(seen: Mapping[str, Any], reader: Reader) -> list[str]:
    """The same in one line, or a line for each part where something of ours differs from what a remote shows."""
    if not any(map(_is_difference, seen.values())):
        return [brief(seen, reader)]
    return [_part(name, value, reader) for name, value in _told(seen, reader).items()]


def _part(name: str, value: Any, reader: Reader) -> str:
    what = reader.labels("seen", name)
    if not _is_difference(value):
        return f"{what} {shown(value, reader)}"
    none = reader.texts("value.none")
    differs = "value.differs.covered" if value.get("covered") else "value.differs"
    return reader.texts(differs, what=what, ours=value["ours"] or none, theirs=value["theirs"] or none)


def _is_difference(value: Any) -> bool:
    return isinstance(value, dict) and {"ours", "theirs"} <= value.keys() <= {"ours", "theirs", "covered"}


def shown(value: Any, reader: Reader) -> str:
    """A recorded value as people read it."""
    if value is None or value in ("", [], {}):
        return reader.texts("value.none")
    match value:
        case bool():
            return reader.texts("value.yes" if value else "value.no")
        case str():
            at = instant(value)
            return reader.moments.short(at) if at else reader.labels("value", value)
        case list():
            return reader.texts("mark.enumeration").join(shown(item, reader) for item in value)
        case dict() if value.keys() >= DOCUMENT:
            return f"{value['name']} ({str(value['digest'])[:SHORT]})"
        case dict():
            parts = (f"{reader.labels('seen', str(name))} {shown(item, reader)}" for name, item in value.items())
            return f"{{{reader.texts('mark.comma').join(parts)}}}"
        case _:
            return str(value)


def instant(text: Any) -> datetime | None:
    """The instant that a recorded text is, or None where it is something else."""
    if not isinstance(text, str) or len(text) < 20 or text[4:5] != "-" or text[10:11] != "T":
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None

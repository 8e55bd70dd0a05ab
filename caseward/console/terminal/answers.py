"""The JSON that a command prints for programs, in stable shapes, whole or a few fields of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caseward.console.terminal.complaints import USAGE, Complaint, Stopped
from caseward.console.text.output import as_json, listed
from caseward.console.wording.texts import Texts


@dataclass(frozen=True)
class Json:
    """names: the fields that are wanted, in this order; none means all."""

    texts: Texts
    names: tuple[str, ...] = ()

    def one(self, value: Mapping[str, Any]) -> str:
        """One object. Raises Stopped where it lacks a field that is wanted."""
        return as_json(self._wanted(value, value))

    def many(self, data: Sequence[Mapping[str, Any]], next_cursor: str | None = None, **more: Any) -> str:
        """A list; the fields are those of its rows, null in a row of another kind."""
        # of an empty list nobody can tell which fields its rows would have
        known = dict.fromkeys(name for row in data for name in row) or dict.fromkeys(self.names)
        return listed([self._wanted(row, known) for row in data], next_cursor, **more)

    def _wanted(self, value: Mapping[str, Any], known: Collection[str]) -> Mapping[str, Any]:
        for name in self.names:
            if name not in known:
                raise not_one_of(self.texts, "field", name, known)
        return {name: value.get(name) for name in self.names} if self.names else value


def json_of(texts: Texts, json: bool, fields: str | None) -> Json | None:
    """What --json and --fields say; None is an answer for people. --fields alone is JSON too."""
    if fields is None:
        return Json(texts) if json else None
    names = tuple(name.strip() for name in fields.split(",") if name.strip())
    if not names:
        cause, cure = texts("usage.needs_value", what="--fields"), texts("cure.fields")
        raise Stopped(Complaint("usage", cause, cure, USAGE))
    return Json(texts, names)


def not_one_of(texts: Texts, kind: str, name: str, known: Collection[str]) -> Stopped:
    """The error for a mistyped name, with the names that exist."""
    cause = texts("error.not_found", kind=texts(f"kind.{kind}"), name=name)
    cure = texts("cure.one_of", names=", ".join(known)) if known else texts("cure.none_there")
    return Stopped(Complaint("usage", cause, cure, USAGE))

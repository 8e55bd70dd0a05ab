"""What people may say of a schedule, field by field: the option of each, what is written there, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from caseward.console.terminal.complaints import USAGE, Complaint, Stopped
from caseward.console.terminal.spans import not_a_value, span_of
from caseward.console.wording.texts import Texts

NOTHING = "none"
ALL = "all"
Read = Callable[[Texts, str, Any], Any]
"""The value of a field, from the texts of errors, its option and what was typed."""


def _as_typed(_: Texts, __: str, typed: Any) -> Any:
    return typed


def _or_none(read: Read = _as_typed) -> Read:
    return lambda texts, option, typed: None if typed == NOTHING else read(texts, option, typed)


def _interval(texts: Texts, option: str, typed: str) -> str:
    """Written in the largest unit that says it whole."""
    seconds = int(span_of(texts, option, typed) / timedelta(seconds=1))
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds and seconds % size == 0:
            return f"every {seconds // size} {unit}"
    return f"every {seconds} s"


def _batch(texts: Texts, option: str, typed: str) -> int:
    if typed != ALL and not (typed.isdecimal() and len(typed) < 10):
        raise not_a_value(texts, option, typed, "cure.batch")
    return -1 if typed == ALL else int(typed)


@dataclass(frozen=True)
class Field:
    """name: as in Definition. key: its option, its keyword, and its help (help.schedule.KEY). kind: what is typed."""

    name: str
    metavar: str | None = None
    read: Read = _as_typed
    key: str = ""
    kind: type = str

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", self.key or self.name)

    @property
    def option(self) -> str:
        return f"--{self.key}".replace("_", "-")


FIELDS = (
    Field("timing", "CRON", key="cron"),
    Field("timing", "SPAN", _interval, key="every"),
    Field("zone", "ZONE"),
    Field("target", "TARGET"),
    Field("group", "GROUP"),
    Field("calendar", "NAME|none", _or_none()),
    Field("after", "NAME|none", _or_none()),
    Field("recheck", "SPAN|none", _or_none(span_of)),
    Field("overlap", "skip|queue_one|allow"),
    Field("misfire", "run_once|run_all|skip"),
    Field("catch_up", "SPAN", span_of),
    Field("timeout", "SPAN", span_of),
    Field("batch", "N|all", _batch),
    Field("retries", "N", kind=int),
    Field("enabled", key="enable", kind=bool),
)
"""In the order of their options."""


def said_of(texts: Texts, given: Mapping[str, Any], command: str) -> dict[str, Any]:
    """The fields that the options of a command name. Raises Stopped where two of them say the same field."""
    found: dict[str, Any] = {}
    options: dict[str, str] = {}
    for field in FIELDS:
        if (typed := given[field.key]) is None:
            continue
        if field.name in found:
            cause = texts("error.either", one=options[field.name], other=field.option)
            raise Stopped(Complaint("usage", cause, texts("cure.usage", command=command), USAGE))
        found[field.name], options[field.name] = field.read(texts, field.option, typed), field.option
    return found

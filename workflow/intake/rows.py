"""The rules by which a row of a file becomes a new case: corrections, contradictions, and what is the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflow.flow.case import Case
from workflow.intake.edits import Changed, Edited
from workflow.intake.gives import Cost


@dataclass(frozen=True)
class Contradiction:
    """One rule that a row breaks: where, with which value, and the cure in both languages."""

    field: str
    value: object
    rule: str
    en: str
    zh: str


@dataclass(frozen=True)
class Key:
    """What makes two rows the same: the text that is compared, what people call it, and the field and rule to name."""

    compared: str
    named: str
    field: str
    rule: str


def _as_it_is(fields: Mapping[str, object]) -> dict[str, object]:
    return dict(fields)


def _nothing(*_: Any) -> Iterable[Contradiction]:
    return ()


def _no_key(fields: Mapping[str, object]) -> Key | None:
    return None


def _no_words(word: str) -> Collection[str]:
    return ()


def _no_account(data: Any) -> str | None:
    return None


def _no_former(data: Any) -> str | None:
    return None


def _no_customer(data: Any) -> str | None:
    return None


def _no_cost(data: Any, settings: Any) -> Cost | None:
    return None


@dataclass(frozen=True)
class Intake:
    """The rules of one flow's rows; the row itself is held against the model of the flow's data.

    gathered: fields that come while the case runs and are not handed in. put_right: the fields as they are surely
    meant. contradictions(data, today): what keeps a row out; doubts(data): what is taken and should be looked at.
    key: what no two rows of a file may share. keys_of: the keys of a closed vocabulary that a word of people means.
    patterns: by field, what its pattern asks for, in English and in Chinese. account: the login that a row names;
    by remote, where its flow works on the accounts of several. edited(case, data, changed): what follows from a change
    of the particulars of a case that is under way, which are then this data; it raises NotTaken where they may not be
    changed any more. Without it they may be changed in the first state alone. former: the number of the case that a row
    names as the one that ended badly and is begun anew, by the field former_field. follow(data, case): the data of a
    case that follows that one. carry(data, cases): the data with what its people and firms gave other cases for all of
    theirs; cases: those in which one of them stands, by number. begins(data): the state in which the case is opened;
    None: the first. stays: fields that a case under way keeps where a row about it says nothing of them.
    customer(data): for whom the office does it. cost(data, settings): what is spent of itself once the case is begun;
    None: nothing. settings: those of the flow.
    """

    flow: str
    gathered: frozenset[str] = frozenset()
    put_right: Callable[[Mapping[str, object]], dict[str, object]] = _as_it_is
    contradictions: Callable[[Any, date], Iterable[Contradiction]] = _nothing
    doubts: Callable[[Any], Iterable[Contradiction]] = _nothing
    key: Callable[[Mapping[str, object]], Key | None] = _no_key
    keys_of: Callable[[str], Collection[str]] = _no_words
    patterns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    account: Callable[[Any], str | Mapping[str, str | None] | None] = _no_account
    edited: Callable[[Any, Any, tuple[Changed, ...]], Edited] | None = None
    former: Callable[[Any], str | None] = _no_former
    former_field: str = ""
    follow: Callable[[Any, Case[Any]], Any] | None = None
    begins: Callable[[Any], str] | None = None
    carry: Callable[[Any, Sequence[Case[Any]]], Any] | None = None
    stays: frozenset[str] = frozenset()
    customer: Callable[[Any], str | None] = _no_customer
    cost: Callable[[Any, Any], Cost | None] = _no_cost

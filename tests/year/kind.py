"""A kind of fate: what is drawn, what the bureau does, who does what when, and which ends are right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.year.drawn import Draw, Matter, Row

if TYPE_CHECKING:
    from tests.year.office import YearOffice

Does = Callable[["YearOffice", Matter], Awaitable[object]]
Step = Mapping[str, Any]


@dataclass(frozen=True)
class Deed:
    """What somebody does in a matter, when its turn has come: the one before is done, and this is so.

    after: a state of the case, which must last for so many hours; or "taken in", since when so many hours must have
    gone by. round: of the case. needs: a field of its data that must be there.
    """

    after: str
    does: Does
    hours: float = 0
    round: int | None = None
    needs: str = ""


@dataclass(frozen=True)
class Kind:
    """said: what happens, for a reader. review: what the bureau answers, step by step. faults: of the outside, about
    this matter, from its beginning on. withholds: what people do not do as they should: code, seal, specimen,
    agreement. ends: the states in which it may rest at the end of the year, or "waits" for one where a named person
    must act.
    """

    name: str
    said: str
    draws: Callable[[Draw], Row]
    deeds: Sequence[Deed] = ()
    review: Sequence[Step] = ()
    faults: Callable[[Row], Sequence[Step]] = lambda row: ()
    withholds: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset({"granted"})
    account: str = ""
    """The login under which it goes, where its fate is the account's; else any."""
    minutes: int = 30
    """How long the generation of its materials takes."""
    comes: float = 0
    """So many hours after nine in the morning it is taken in."""
    asks_paper: bool = False
    """The bureau's notice asks for a paper: no answer without it is right."""
    before: Does | None = None
    """What somebody did of it before the office takes it in."""
    needs: str = ""
    """What the product lacks for it, where it lacks something; such a kind is told of and not played."""


GRANTED, REFUSED = frozenset({"granted"}), frozenset({"rejected"})
WAITS = frozenset({"waits"})


def under(hours: float = 20) -> Step:
    return {"after_hours": hours, "status": "审查中"}


def issued(hours: float = 24) -> Step:
    return {"after_hours": hours, "status": "已发放"}


def wants(notice: str, hours: float = 20) -> Step:
    return {"after_hours": hours, "status": "待补正", "notice": notice}


def refuses(remark: str, hours: float = 20) -> Step:
    return {"after_hours": hours, "status": "不予受理", "remark": remark}


SOON = (under(2), issued(3))

"""The rows of a flow's table: states, and the lines that lead out of them or stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Literal, TypeVar, cast

from workflow.flow.case import Verdict
from workflow.flow.functions import Action, name_of
from workflow.record.values import Message

Guard = Callable[..., Verdict]
Teller = Callable[..., Sequence[Message]]


T = TypeVar("T")


def _several(one_or_more: T | Sequence[T]) -> tuple[T, ...]:
    return tuple(one_or_more) if isinstance(one_or_more, list | tuple) else (cast(T, one_or_more),)


class Line:
    """One row of a table. Its key names it in the record and survives reordering."""

    dest: StrEnum | None = None
    new_round = False
    wakes: str | None = None
    incident: str | None = None

    def __init__(
        self,
        when: Guard | Sequence[Guard],
        do: Action | Sequence[Action],
        tell: Teller | None,
        learn: Mapping[str, str] | None,
        name: str | None,
        was: str | Sequence[str],
    ) -> None:
        self.was: tuple[str, ...] = _several(was)
        self.guards, self.actions = _several(when), _several(do)
        self.tell, self.learn, self.name = tell, dict(learn or {}), name

    @property
    def key(self) -> str:
        if self.name:
            return self.name
        told = (
            [name_of(done) for done in self.actions] or list(self.learn) or ([name_of(self.tell)] if self.tell else [])
        )
        what = str(self.dest) if self.dest else f"stay:{'+'.join(told)}"
        return f"{what}[{'+'.join(map(name_of, self.guards))}]"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.key}>"


class To(Line):
    """A transition: when every guard holds, do the actions, tell, learn, and move.

    was: the keys under which earlier versions of the table recorded it; decisions that are open go on by them.
    """

    def __init__(
        self,
        dest: StrEnum,
        *,
        when: Guard | Sequence[Guard] = (),
        do: Action | Sequence[Action] = (),
        tell: Teller | None = None,
        learn: Mapping[str, str] | None = None,
        new_round: bool = False,
        wakes: str | None = None,
        was: str | Sequence[str] = (),
    ) -> None:
        super().__init__(when, do, tell, learn, None, was)
        self.dest, self.new_round, self.wakes = dest, new_round, wakes


class Stay(Line):
    """An internal transition: act, learn or tell without moving; then the table is read again from the top.

    A named line is taken only by a sweep of that name, never by the state's own. incident: the kind of an incident
    that is opened when the line is taken; it tells a person, and keeps the case from nothing. was: as of a transition.
    """

    def __init__(
        self,
        *,
        when: Guard | Sequence[Guard] = (),
        do: Action | Sequence[Action] = (),
        tell: Teller | None = None,
        learn: Mapping[str, str] | None = None,
        name: str | None = None,
        incident: str | None = None,
        was: str | Sequence[str] = (),
    ) -> None:
        super().__init__(when, do, tell, learn, name, was)
        self.incident = incident


StateKind = Literal["ended_well", "ended_badly", "person", "works"]
"""How a state is shown: a case ended there, a person has to do something, or the case goes on."""


class State:
    """A place a case can be, with its lines in order of preference.

    recheck: after so long a case that waits here is looked at again, unless its guards say `until` when; that of the
    schedule which sweeps the state counts before it. Neither moves a look that is set already. waits_for: who can
    change it.
    incident: entering opens an incident, leaving closes it. told_after: it is opened once a case has been here so long.
    wakes: a case that is looked at and rests here is what others wait for; see To.
    ends_badly: a case that ends here did not come to what it was for; people are shown it in another colour.
    ends: the kinds of incident of lines that are over once a case comes here.
    """

    def __init__(
        self,
        name: StrEnum,
        label: str,
        *lines: Line,
        waits_for: str | None = None,
        recheck: timedelta | None = None,
        final: bool = False,
        incident: bool = False,
        told_after: timedelta | None = None,
        wakes: str | None = None,
        ends_badly: bool = False,
        ends: tuple[str, ...] = (),
    ) -> None:
        self.ends = ends
        self.name, self.label, self.lines = name, label, lines
        self.waits_for, self.recheck, self.final, self.incident = waits_for, recheck, final, incident
        self.told_after, self.wakes, self.ends_badly = told_after, wakes, ends_badly

    @property
    def kind(self) -> StateKind:
        if self.final:
            return "ended_badly" if self.ends_badly else "ended_well"
        is_persons = self.waits_for == "operator" or (self.incident and self.told_after is None)
        return "person" if is_persons else "works"

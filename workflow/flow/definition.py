"""A flow as a table: states and their lines, plain values, checked as they are made."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from workflow.errors import DefinitionError
from workflow.flow.functions import ACTION_GIVEN, GIVEN, Action, Fact, Function, Need, name_of, needs
from workflow.record.values import Message

ENGINE_FACTS = frozenset({"codes_on_file"})
"""Facts that the engine itself answers from its own tables."""

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
        when: Function | Sequence[Function],
        do: Action | Sequence[Action],
        tell: Teller | None,
        learn: Mapping[str, str] | None,
        name: str | None,
    ) -> None:
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
    """A transition: when every guard holds, do the actions, tell, learn, and move."""

    def __init__(
        self,
        dest: StrEnum,
        *,
        when: Function | Sequence[Function] = (),
        do: Action | Sequence[Action] = (),
        tell: Teller | None = None,
        learn: Mapping[str, str] | None = None,
        new_round: bool = False,
        wakes: str | None = None,
    ) -> None:
        super().__init__(when, do, tell, learn, None)
        self.dest, self.new_round, self.wakes = dest, new_round, wakes


class Stay(Line):
    """An internal transition: act, learn or tell without moving; then the table is read again from the top.

    A named line is taken only by a sweep of that name, never by the state's own. incident: the kind of an incident
    that is opened when the line is taken; it tells a person, and keeps the case from nothing.
    """

    def __init__(
        self,
        *,
        when: Function | Sequence[Function] = (),
        do: Action | Sequence[Action] = (),
        tell: Teller | None = None,
        learn: Mapping[str, str] | None = None,
        name: str | None = None,
        incident: str | None = None,
    ) -> None:
        super().__init__(when, do, tell, learn, name)
        self.incident = incident


class State:
    """A place a case can be, with its lines in order of preference.

    recheck: a case that waits here is looked at again no sooner. waits_for: who can change it.
    incident: entering opens an incident, leaving closes it. told_after: it is opened once a case has been here so long.
    wakes: a case that is looked at and rests here is what others wait for; see To.
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
    ) -> None:
        self.name, self.label, self.lines = name, label, lines
        self.waits_for, self.recheck, self.final, self.incident = waits_for, recheck, final, incident
        self.told_after, self.wakes = told_after, wakes


@dataclass(frozen=True)
class Flow:
    """A state machine by name. The first state is where cases begin.

    data: the pydantic model of a case's data. facts: the questions its functions may name.
    settings: a frozen value that functions may name. renamed: {old state: new state} of earlier versions.
    subject: what two live cases may not share, such as name and version.
    upcast: data as an earlier version of the flow wrote it, as today's model reads it; called with that version.
    """

    name: str
    version: int
    data: type[BaseModel]
    states: Sequence[State]
    facts: Sequence[Fact] = ()
    settings: object = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    subject: Callable[[Any], str] | None = None
    upcast: Callable[[int, dict[str, Any]], Mapping[str, Any]] | None = None
    prefix: str = "C"
    """What case numbers of this flow begin with."""

    def __post_init__(self) -> None:
        _check_states(self)
        _check_lines(self)
        _check_functions(self)

    def state(self, name: str) -> State:
        return next(state for state in self.states if state.name == name)

    @property
    def actions(self) -> dict[str, Action]:
        return {done.name: done for _, line in self.lines() for done in line.actions}

    @property
    def fact(self) -> dict[str, Fact]:
        return {asked.name: asked for asked in self.facts}

    def lines(self) -> Iterator[tuple[State, Line]]:
        return ((state, line) for state in self.states for line in state.lines)


def _check_states(flow: Flow) -> None:
    names = [str(state.name) for state in flow.states]
    if twice := {name for name in names if names.count(name) > 1}:
        raise DefinitionError(flow.name, f"{', '.join(sorted(twice))} stands twice", "keep one")
    reached = {names[0]}
    for state in flow.states:
        where = f"{flow.name}: {state.name}"
        if state.final and state.lines:
            raise DefinitionError(where, "is final but has a way out", "drop the lines or final=True")
        if not state.final and not any(line.dest for line in state.lines):
            raise DefinitionError(where, "has no way out", "say final=True if it is meant to end here")
        if not state.final and state.waits_for is None:
            raise DefinitionError(where, "says not who can change it", 'say waits_for="owner", say, or final=True')
        for line in state.lines:
            if line.dest is not None and line.dest not in names:
                raise DefinitionError(
                    where, f"leads to {line.dest}, which is no state of it", "add the state or mend the name"
                )
            if line.dest is not None and line.dest != state.name:
                reached.add(str(line.dest))
    if lost := [name for name in names if name not in reached]:
        raise DefinitionError(flow.name, f"nothing leads to {', '.join(lost)}", "add a line to it or drop it")
    for old, new in flow.renamed.items():
        if new not in names:
            raise DefinitionError(flow.name, f"renamed {old} to {new}, which is no state of it", "mend the name")
    _check_loops(flow)


def _check_loops(flow: Flow) -> None:
    """Lines without any guard that lead in a circle would move a case for ever."""
    onward = {
        str(state.name): str(line.dest)
        for state in flow.states
        for line in state.lines
        if line.dest is not None and not line.guards
    }
    for start in onward:
        seen, at = [start], onward[start]
        while at in onward and at not in seen:
            seen.append(at)
            at = onward[at]
        if at == start:
            raise DefinitionError(
                flow.name, f"{' -> '.join([*seen, start])} never waits", "give one of its lines a guard"
            )


def _check_lines(flow: Flow) -> None:
    for state in flow.states:
        keys: set[str] = set()
        blocked: str | None = None
        for line in state.lines:
            where = f"{flow.name}: {state.name}: {line.key}"
            if blocked:
                raise DefinitionError(
                    where, f"can never be taken, {blocked} above it always holds", "move it above or drop it"
                )
            if line.key in keys:
                raise DefinitionError(where, "stands twice in its state", "drop one, or tell their guards apart")
            keys.add(line.key)
            if line.dest is None and not (line.actions or line.learn or line.tell):
                raise DefinitionError(where, "stays and does nothing", "give it do=, learn= or tell=")
            if line.dest is not None and not line.guards and not line.name:
                blocked = line.key
            for done in line.actions:
                if not isinstance(done, Action):
                    raise DefinitionError(where, f"{name_of(done)} has no class", "decorate it with @action(...)")
            for target, source in line.learn.items():
                _check_learn(flow, where, target, source)


def _check_learn(flow: Flow, where: str, target: str, source: str) -> None:
    if target.removesuffix("+") not in flow.data.model_fields:
        raise DefinitionError(where, f"learns {target}, which is no field of {flow.data.__name__}", "mend the name")
    if source.split(".")[0] not in flow.fact:
        raise DefinitionError(where, f"learns from {source}, which is no fact of the flow", "add it to facts=")


def _check_functions(flow: Flow) -> None:
    known = GIVEN | ENGINE_FACTS | flow.fact.keys()
    for asked in flow.facts:
        where = f"{flow.name}: fact {asked.name}"
        if asked.name in ENGINE_FACTS | GIVEN | ACTION_GIVEN:
            raise DefinitionError(where, "has a name that the engine gives", "call it otherwise")
        _ = asked.answer
        _check_names(where, asked.needs, known, adapters=True)
    for state, line in flow.lines():
        where = f"{flow.name}: {state.name}: {line.key}"
        for guard in line.guards:
            if isinstance(guard, Fact | Action):
                raise DefinitionError(where, f"{guard.name} is no guard", "write a plain function that reads it")
            if inspect.iscoroutinefunction(guard):
                raise DefinitionError(where, f"guard {name_of(guard)} is asynchronous", "move the question into a fact")
            _check_names(f"{where}: guard {name_of(guard)}", needs(guard), known, adapters=False)
        if line.tell is not None:
            _check_names(f"{where}: {name_of(line.tell)}", needs(line.tell), known, adapters=False)
        for done in line.actions:
            _check_names(f"{where}: action {done.name}", done.needs, known | ACTION_GIVEN, adapters=True)
            _check_names(f"{where}: proof of {done.name}", done.proof_needs, known | ACTION_GIVEN, adapters=True)
            _check_names(f"{where}: items of {done.name}", done.each_needs, known, adapters=False)


def _check_names(where: str, wanted: tuple[Need, ...], known: frozenset[str] | set[str], *, adapters: bool) -> None:
    for need in wanted:
        if need.protocol is not None:
            if not adapters:
                raise DefinitionError(where, f"names the adapter {need.name}", "move the question into a fact")
        elif need.name not in known:
            raise DefinitionError(
                where, f"nothing provides {need.name}", "add it to facts=, or annotate it with an adapter's Protocol"
            )

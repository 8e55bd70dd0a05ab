"""A flow as a table: states and their lines, plain values, checked as they are made."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Generic

from pydantic import BaseModel
from typing_extensions import TypeVar

from workflow.errors import DefinitionError
from workflow.flow import called
from workflow.flow.functions import (
    ACTION_GIVEN,
    GIVEN,
    Action,
    Fact,
    Function,
    Need,
    check_named,
    name_of,
    needs,
)
from workflow.flow.lines import Line, State, Stay, To
from workflow.flow.patches import check_learn, check_patch, check_seen

__all__ = ["ENGINE_FACTS", "Flow", "Line", "State", "Stay", "To"]

ENGINE_FACTS = frozenset({"codes_on_file"})
"""Facts that the engine answers itself, from its own tables."""


D = TypeVar("D", bound=BaseModel, covariant=True, default=Any)


@dataclass(frozen=True)
class Flow(Generic[D]):
    """A state machine by name. Cases begin in its first state.

    data: the pydantic model of a case's data, frozen. facts: the questions that its functions may name. settings: a
    frozen value that its functions may name. renamed: {old state: new state} of earlier versions. subject: what two
    live cases may not share, such as name and version. upcast: called with an earlier version and data of it; returns
    the data for today's model.
    """

    name: str
    version: int
    data: type[D]
    states: Sequence[State]
    facts: Sequence[Fact] = ()
    settings: object = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    subject: Callable[[D], str] | None = None
    upcast: Callable[[int, dict[str, Any]], Mapping[str, Any]] | None = None
    prefix: str = "C"
    """What the numbers of its cases begin with: a letter, then at most eleven letters and digits."""

    def __post_init__(self) -> None:
        _check_data(self)
        _check_shape(self)
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


PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9]{0,11}")
"""People type numbers in a terminal."""


def _check_data(flow: Flow) -> None:
    data: object = flow.data
    if not (isinstance(data, type) and issubclass(data, BaseModel)):
        raise DefinitionError(flow.name, "data_no_model", data=repr(data))
    if not data.model_config.get("frozen"):
        raise DefinitionError(flow.name, "data_not_frozen", data=data.__name__)


def _check_shape(flow: Flow) -> None:
    """Raise where something in the table is of a wrong type; all further checks rely on the types."""
    version: object = flow.version
    if type(version) is not int or version < 1:
        raise DefinitionError(flow.name, "version_number", version=repr(version))
    if not PREFIX.fullmatch(str(flow.prefix)):
        raise DefinitionError(flow.name, "prefix_words", prefix=repr(flow.prefix))
    if not flow.states:
        raise DefinitionError(flow.name, "no_states")
    for state in flow.states:
        where = f"{flow.name}: {state.name}"
        if not isinstance(state.name, StrEnum):
            raise DefinitionError(where, "state_no_member", state=repr(state.name))
        if not isinstance(state.label, str):
            raise DefinitionError(where, "no_label")
        for name, wait in (("recheck", state.recheck), ("told_after", state.told_after)):
            given: object = wait
            if given is not None and not isinstance(given, timedelta):
                raise DefinitionError(where, "no_span", field=name, given=repr(given))
            if given is not None and given < timedelta():
                raise DefinitionError(where, "span_before_look", field=name, given=given)
        for line in state.lines:
            if not isinstance(line, Line):
                raise DefinitionError(where, "no_line", line=repr(line))
            dest: object = line.dest
            if dest is not None and not isinstance(dest, StrEnum):
                raise DefinitionError(where, "dest_no_member", dest=repr(dest))
            for guard in line.guards:
                _check_guard(f"{where}: {line.key}", guard)
            if line.tell is not None:
                check_named(f"{where}: {line.key}", called.notice, line.tell)


def _check_guard(where: str, guard: Function) -> None:
    if isinstance(guard, Fact | Action):
        raise DefinitionError(where, "no_guard", guard=guard.name)
    check_named(where, called.guard, guard)
    told = called.guard(name_of(guard))
    if inspect.iscoroutinefunction(guard):
        raise DefinitionError(where, "guard_async", told=told)
    if inspect.isgeneratorfunction(guard) or inspect.isasyncgenfunction(guard):
        raise DefinitionError(where, "guard_generator", told=told)
    if name_of(guard) == "<lambda>":
        raise DefinitionError(where, "guard_nameless", told=told)


def _check_states(flow: Flow) -> None:
    names = [str(state.name) for state in flow.states]
    if twice := {name for name in names if names.count(name) > 1}:
        raise DefinitionError(flow.name, "state_twice", twice=", ".join(sorted(twice)))
    onward: dict[str, set[str]] = {name: set() for name in names}
    for state in flow.states:
        where = f"{flow.name}: {state.name}"
        if state.final and state.lines:
            raise DefinitionError(where, "final_goes_on")
        if state.ends_badly and not state.final:
            raise DefinitionError(where, "bad_end_goes_on")
        if not state.final and not any(line.dest for line in state.lines):
            raise DefinitionError(where, "no_way_out")
        if not state.final and state.waits_for is None:
            raise DefinitionError(where, "no_waits_for")
        for line in state.lines:
            if line.dest is not None and line.dest not in names:
                raise DefinitionError(where, "dest_unknown", dest=line.dest)
            if line.dest is not None:
                onward[str(state.name)].add(str(line.dest))
    reached, left = {names[0]}, [names[0]]
    while left:
        left += (found := onward[left.pop()] - reached)
        reached |= found
    if lost := [name for name in names if name not in reached]:
        raise DefinitionError(flow.name, "state_unreached", lost=", ".join(lost))
    for old, new in flow.renamed.items():
        if new not in names:
            raise DefinitionError(flow.name, "renamed_to_none", old=old, new=new)
    _check_loops(flow)


def _check_loops(flow: Flow) -> None:
    """Raise where lines without guards lead in a circle: they would move a case for ever."""
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
            raise DefinitionError(flow.name, "never_waits", circle=" -> ".join([*seen, start]))


def _check_lines(flow: Flow) -> None:
    named: dict[str, tuple[State, Line]] = {}
    for state in flow.states:
        keys: set[str] = set()
        leaving: list[Line] = []
        for line in state.lines:
            where = f"{flow.name}: {state.name}: {line.key}"
            above = next((one for one in leaving if set(one.guards) <= set(line.guards)), None)
            if line.key in keys:
                raise DefinitionError(where, "line_twice")
            if above is not None and not line.name:
                code = "line_below_wider" if above.guards else "line_below_open"
                raise DefinitionError(where, code, above=above.key)
            keys.add(line.key)
            if line.dest is None and not (line.actions or line.learn or line.tell):
                raise DefinitionError(where, "stays_idle")
            if line.dest is not None and (line.dest != state.name or not line.guards):
                leaving.append(line)
            if line.name:
                other, twin = named.setdefault(line.name, (state, line))
                if (twin.actions, twin.learn, twin.tell) != (line.actions, line.learn, line.tell):
                    raise DefinitionError(where, "name_does_other", other=other.name)
            for done in line.actions:
                if not isinstance(done, Action):
                    raise DefinitionError(where, "action_bare", action=name_of(done))
            for target, source in line.learn.items():
                check_learn(where, flow.data, flow.fact, target, source)


def _check_functions(flow: Flow) -> None:
    known = GIVEN | ENGINE_FACTS | flow.fact.keys()
    for asked in flow.facts:
        its = called.within(flow.name, called.fact(asked.name))
        if asked.name in ENGINE_FACTS | GIVEN | ACTION_GIVEN:
            raise DefinitionError(its, "name_of_engine")
        if flow.fact[asked.name] is not asked:
            raise DefinitionError(its, "fact_twice")
        _check_names(flow, its, asked.needs, known, adapters=True)
        _ = asked.answer
    guards: dict[str, Function] = {}
    for state, line in flow.lines():
        where = f"{flow.name}: {state.name}: {line.key}"
        for guard in line.guards:
            if guards.setdefault(name_of(guard), guard) != guard:
                raise DefinitionError(where, "guard_named_twice", guard=name_of(guard))
            _check_names(flow, called.within(where, called.guard(name_of(guard))), needs(guard), known, adapters=False)
        if line.tell is not None:
            _check_names(flow, f"{where}: {name_of(line.tell)}", needs(line.tell), known, adapters=False)
        for done in line.actions:
            if flow.actions[done.name] is not done:
                raise DefinitionError(where, "action_named_twice", action=done.name)
            its, proof = (called.within(where, one(done.name)) for one in (called.action, called.proof))
            _check_names(flow, its, done.needs, known | ACTION_GIVEN, adapters=True)
            _check_names(flow, proof, done.proof_needs, known | ACTION_GIVEN, adapters=True)
            _check_names(flow, called.within(where, called.items(done.name)), done.each_needs, known, adapters=False)
            check_patch(its, flow.data, done)


def _check_names(
    flow: Flow, where: str, wanted: tuple[Need, ...], known: frozenset[str] | set[str], *, adapters: bool
) -> None:
    for need in wanted:
        if need.protocol is not None:
            if not adapters:
                raise DefinitionError(where, "adapter_named", adapter=need.name)
        elif need.name not in known:
            if near := get_close_matches(need.name, sorted(known), 1):
                raise DefinitionError(where, "need_near", name=need.name, near=near[0])
            raise DefinitionError(where, "need_unknown", name=need.name)
        else:
            check_seen(where, need, flow.data, flow.settings, flow.fact)

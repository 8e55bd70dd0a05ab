"""A Flow compiled to one shared transitions.Machine, and decide(), which chooses the line from what is known; pure."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from transitions import EventData, Machine

from workflow.flow import called, misdeeds
from workflow.flow.case import Case, No, Verdict, Yes
from workflow.flow.definition import ENGINE_FACTS, Flow, Line, State
from workflow.flow.functions import Action, Function, Need, arguments, name_of, needs
from workflow.flow.mistakes import FunctionFailed, is_told
from workflow.record.columns import instant_text


class Missing(Exception):
    """A guard needs a fact that nobody has asked for yet."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class GuardFailed(FunctionFailed):
    """A guard, or a function that gives the items of an action, raised or returned a value of a wrong type."""

    def __init__(self, guard: str, why: str, function: Function | None = None) -> None:
        super().__init__(called.guard(guard), why, function)
        self.guard = guard


@dataclass
class Evaluation:
    """One reading of the table for one case; the shared machine moves it.

    given: the parameters that functions may name: case, now, settings, and the facts asked so far. only: the named line
    of this sweep; without it named lines are skipped. spent: lines that this tick has taken.
    """

    state: str
    given: dict[str, Any]
    only: str | None = None
    spent: set[str] = field(default_factory=set)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    trail: dict[str, list[str]] = field(default_factory=dict)
    """By line that was tried, the guards that were asked; the last of them is the one that said no."""
    took: Line | None = None

    def forget(self) -> None:
        """Forget the conclusions from facts that no longer hold."""
        self.verdicts.clear()
        self.trail.clear()


class Plan:
    """A flow that is ready to run: the machine, and what its lines and functions need."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.states: Mapping[str, State] = {str(state.name): state for state in flow.states}
        self._lines = {
            (str(state.name), key): line
            for earlier in (True, False)  # a key of today is never taken for one of before
            for state, line in flow.lines()
            for key in (line.was if earlier else [line.key])
        }
        transitions = [
            {
                "trigger": "tick",
                "source": str(state.name),
                "dest": str(line.dest) if line.dest is not None else None,
                "conditions": _compiled(line),
            }
            for state, line in flow.lines()
        ]
        self.machine = Machine(
            model=None,
            states=list(self.states),
            initial=next(iter(self.states)),
            transitions=transitions,
            auto_transitions=False,
            send_event=True,
            ignore_invalid_triggers=True,
        )
        self._trigger = self.machine.events["tick"].trigger

    def line(self, state: str, key: str) -> Line | None:
        """The line of this key, or of this key in an earlier version of the flow."""
        return self._lines.get((str(self.state(state).name), key))

    def state(self, name: str) -> State:
        """The state of this name, or of this name in an earlier version of the flow."""
        return self.states[name] if name in self.states else self.states[self.flow.renamed[name]]

    def knows(self, state: str, version: int) -> bool:
        """Whether this table can work on a case: it has the case's state, and the case is of no newer version."""
        if state not in self.states and state not in self.flow.renamed:
            return False
        return version <= self.flow.version or self.state(state).final

    def called(self, state: str) -> tuple[str, ...]:
        """A state's name and its earlier names. A case takes the new name at its next look, not before."""
        return (state, *(old for old, new in self.flow.renamed.items() if new == state and old not in self.states))

    @cached_property
    def fact_names(self) -> frozenset[str]:
        return frozenset(self.flow.fact) | ENGINE_FACTS

    @cached_property
    def named_lines(self) -> Mapping[str, tuple[str, ...]]:
        """Each named line, with the states that hold it."""
        found: dict[str, list[str]] = {}
        for state, line in self.flow.lines():
            if line.name:
                found.setdefault(line.name, []).append(str(state.name))
        return {name: tuple(states) for name, states in found.items()}

    def decide(self, evaluation: Evaluation) -> Line | None:
        """The line to take, or None to wait. Raises Missing where a fact has to be asked first."""
        state, evaluation.took = evaluation.state, None
        try:
            self._trigger(evaluation)
        finally:
            evaluation.state = state
        return evaluation.took


def items(done: Action, given: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The (id, item) pairs for which an action is still to be done; ("", None) without `each`. Raises Missing."""
    case: Case[Any] = given["case"]
    wanted: list[tuple[str, Any]] = [("", None)]
    if done.each is not None:
        found = _call(done.each, done.each_needs, given)
        try:
            wanted = [(item.id, item) for item in found]
        except BaseException as error:
            if is_told(error):
                raise
            what = called.items_named(name_of(done.each), done.name)
            raise FunctionFailed(what, misdeeds.no_items(found), done.each) from error
    return wanted if done.once is None else [pair for pair in wanted if (done.name, pair[0]) not in case.done]


def _compiled(line: Line) -> Callable[[EventData], bool]:
    plan = [(name_of(guard), guard, needs(guard)) for guard in line.guards]

    def holds(event: EventData) -> bool:
        evaluation = cast(Evaluation, event.model)
        if line.name != evaluation.only or line.key in evaluation.spent:
            return False
        asked = evaluation.trail[line.key] = []
        for name, guard, wanted in plan:
            verdict = evaluation.verdicts.get(name)
            if verdict is None:
                verdict = evaluation.verdicts[name] = _verdict(name, guard, _call(guard, wanted, evaluation.given))
            asked.append(name)
            if not verdict:
                return False
        if line.dest is None and line.actions and not any(items(done, evaluation.given) for done in line.actions):
            return False
        evaluation.took = line
        return True

    return holds


def _call(function: Function, wanted: tuple[Need, ...], given: Mapping[str, Any]) -> Any:
    try:
        named = arguments(wanted, given)
    except KeyError as missing:
        raise Missing(missing.args[0]) from None
    try:
        return function(**named)
    except BaseException as error:
        if is_told(error):
            raise
        raise GuardFailed(name_of(function), misdeeds.raised(error), function) from error


def _verdict(name: str, guard: Function, answer: object) -> Verdict:
    if isinstance(answer, No) and answer.until is not None:
        try:
            instant_text(answer.until)
        except BaseException as error:
            if is_told(error):
                raise
            raise GuardFailed(name, misdeeds.no_instant(answer.until), guard) from None
    if isinstance(answer, bool | Yes | No):
        return answer
    if inspect.iscoroutine(answer):
        answer.close()
    raise GuardFailed(name, misdeeds.no_verdict(answer), guard)

"""Which settings the lines of a state need and lack: for their notices, and for named lines."""

from __future__ import annotations

from typing import Any

from workflow.engine.context import TickContext
from workflow.engine.unavailable import Unset
from workflow.flow.compiled import Evaluation, GuardFailed, Missing
from workflow.flow.definition import Line
from workflow.flow.functions import name_of
from workflow.flow.remotes import wanted_by


def wordless(context: TickContext, line: Line) -> tuple[str, ...]:
    """The missing settings that the notice of a line needs."""
    said = context.dependencies.unsaid.get(context.plan.flow.name, {})
    return tuple(said.get(name_of(line.tell), ())) if line.tell is not None else ()


def open_words(context: TickContext, line: Line) -> None:
    """Raise Unset where the notice of a line cannot be written now."""
    if lacking := wordless(context, line):
        raise Unset(lacking)


def of_named_lines(context: TickContext) -> dict[str, Any]:
    """The settings that named lines of the state lack, for the wait that the state's own sweep writes.

    The sweep of a named line says nothing of what the case waits for. A line that its guards refuse by what is known
    lacks nothing.
    """
    dependencies, found = context.dependencies, dict[str, None]()
    said = [settings for tellers in dependencies.unsaid.values() for settings in tellers.values()]
    if context.claim.only or not any((*said, *(remote.lacks for remote in dependencies.remotes.all()))):
        return {}
    for line in context.plan.states[context.claim.state].lines:
        if line.name and (lacking := _lacking(context, line)) and _may_hold(context, line.name):
            found |= dict.fromkeys(lacking)
    return {"settings": list(found)} if found else {}


def _lacking(context: TickContext, line: Line) -> list[str]:
    remotes = context.dependencies.remotes.behind(wanted_by(context.plan, line))
    return [*(name for remote in remotes for name in remote.lacks), *wordless(context, line)]


def _may_hold(context: TickContext, name: str) -> bool:
    try:
        return context.plan.decide(Evaluation(context.claim.state, context.given, only=name)) is not None
    except (Missing, GuardFailed):  # the line's own sweep asks, and tells what fails
        return True

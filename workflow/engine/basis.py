"""What a decision, a move or a wait rests on, as the record holds it: facts, verdicts, settings and calendars."""

from __future__ import annotations

from typing import Any

from pydantic_core import to_jsonable_python

from workflow.engine.context import TickContext
from workflow.flow import called, misdeeds
from workflow.flow.case import No, Verdict, Yes
from workflow.flow.compiled import Evaluation
from workflow.flow.mistakes import FunctionFailed, is_told
from workflow.record.columns import recordable


def basis(context: TickContext, evaluation: Evaluation) -> dict[str, Any]:
    """What a decision or move rests on: the business time, the case's seq, settings, calendars, facts and verdicts."""
    calendars = {
        remote.name: {"hours": remote.calendar.describe(), "version": remote.calendar.version}
        for remote in context.dependencies.remotes.all()
        if remote.calendar
    }
    return {
        "now": context.now.isoformat(),
        "seen_seq": context.claim.seq,
        "settings": to_jsonable_python(context.plan.flow.settings),
        "calendars": calendars,
        "facts": to_jsonable_python(context.recorded),
        "verdicts": trail(evaluation),
    }


def trail(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Each line that was tried, in order, with the verdicts of its guards."""
    return [
        {
            "line": key,
            "guards": [spoken(name, evaluation.verdicts[name]) for name in names if name in evaluation.verdicts],
        }
        for key, names in evaluation.trail.items()
    ]


def spoken(guard: str, verdict: Verdict) -> dict[str, Any]:
    said: dict[str, Any] = {"guard": guard, "ok": bool(verdict)}
    if isinstance(verdict, Yes | No) and verdict.seen:
        said["seen"] = verdict.seen
    if isinstance(verdict, No):
        if verdict.waits_for:
            said["waits_for"] = verdict.waits_for
        if verdict.until:
            said["until"] = verdict.until.isoformat()
    try:
        recorded: dict[str, Any] = recordable(said)
    except BaseException as error:
        if is_told(error):
            raise
        raise FunctionFailed(called.guard(guard), misdeeds.unrecordable(error)) from error
    return recorded

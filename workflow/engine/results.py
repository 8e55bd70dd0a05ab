"""What an action or its proof returned: a patch of the case's data, or a value that does not fit and is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workflow.engine.context import TickContext, patched
from workflow.flow import called
from workflow.flow.functions import Action
from workflow.flow.mistakes import FunctionFailed, is_told, mistake_of, report, shown, words
from workflow.record.columns import recordable
from workflow.record.values import Effect, EffectStatus, Json, NewIncident
from workflow.sentence import Sentence, told_beside

UNFIT = "unfit_result"
"""The kind of the incident about a result that does not fit."""
PART = "in_part"
"""Marks a result that could not be kept whole; no later flow takes it."""


def settled_with(
    context: TickContext, done: Action, effect: Effect, data: Json, patch: object
) -> tuple[Effect, NewIncident | None]:
    """The effect as done, with its result. A result that does not fit is kept as it came, with an incident.

    The remote has done it, whatever the function returned, so the action is never called again for that.
    """
    if patch is None:
        return replace(effect, status=EffectStatus.done, result={}), None
    try:
        if not isinstance(patch, Mapping):
            raise TypeError(
                f"{type(patch).__name__} is no patch: give a mapping of fields to their new values, or None"
            )
        _, result = patched(context.plan, data, patch)
    except BaseException as error:
        if context.is_told(error):
            raise
        failed = FunctionFailed(called.action(done.name), words(error), done.function)
        mistake = mistake_of(failed)
        assert mistake is not None
        kept = {**mistake.seen(), **_kept(patch)}
        claim = context.claim
        report(mistake, error, case=claim.number, flow=claim.flow, state=claim.state)
        seen = {"action": done.name, "item": effect.item_id, **kept}
        trouble = NewIncident(
            UNFIT, f"{claim.flow}:{claim.state}:{done.name}: {mistake.error}", seen, effect=effect.key
        )
        return replace(effect, status=EffectStatus.done, result={}, first_error=kept), trouble
    return replace(effect, status=EffectStatus.done, result=result), None


def _kept(patch: object) -> dict[str, Any]:
    """The result, whole where it can be written; otherwise what can be shown of it, marked as a part."""
    try:
        return {"returned": recordable(patch)}
    except BaseException as error:
        if is_told(error):
            raise
        return {"returned": shown(patch), PART: True}


def unfit_body(effect: Effect) -> dict[str, Any]:
    """What the history says of a result that does not fit."""
    why = told_beside(why=Sentence("done_unfit", "it was done, and its result does not fit"))
    return {
        "effect": effect.key, "action": effect.action, "item": effect.item_id, "status": str(effect.status),
        "result": effect.result, **why, "first_error": effect.first_error,
    }  # fmt: skip

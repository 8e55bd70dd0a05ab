"""Tells the operator of a wait that only he can end, and says when that wait is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow.backoff import PERSON_AFTER
from workflow.engine.basis import spoken
from workflow.engine.context import TickContext
from workflow.engine.progress import WANTED, got_on, kinds_told
from workflow.flow.case import No
from workflow.flow.compiled import Evaluation
from workflow.record.values import NewIncident

PERSON = "operator"
"""A guard that names this in waits_for waits for the operator of this installation."""


@dataclass(frozen=True)
class Escalation:
    """What a wait for the operator adds to the case's wait: its body, its incident, and when to look again."""

    body: dict[str, Any]
    new_incidents: tuple[NewIncident, ...]
    close: tuple[str, ...]
    """The kinds of incident that this look closes."""
    due: tuple[datetime, ...] = ()
    """When the operator is told; empty once he was."""


def escalation(context: TickContext, evaluation: Evaluation) -> Escalation:
    """The escalation of a look whose refusing guard waits for the operator; empty where none does.

    After half an hour an incident that bars nothing tells him: what changes by itself before that is not for people. A
    named line has no wait of its own, and tells nothing here. A state that opens an incident tells by that.
    """
    guards, goes_on = _refusing(context, evaluation), tuple(kind for kind in got_on(context) if kind != WANTED)
    if not guards or context.claim.only or context.plan.states[context.claim.state].incident:
        return Escalation({}, (), () if context.claim.only else got_on(context))
    before = context.claim.check
    was = before.body.get("wanted", {}) if before and before.body.get("state") == context.claim.state else {}
    since = min(datetime.fromisoformat(was["since"]), context.now) if was.get("guards") == guards else context.now
    wanted = {"guards": guards, "since": since.isoformat()}
    if context.now - since < PERSON_AFTER and WANTED not in kinds_told(before):
        return Escalation({"wanted": wanted}, (), goes_on, (since + PERSON_AFTER,))
    seen = {"guard": guards[0], **spoken(guards[0], evaluation.verdicts[guards[0]]).get("seen", {})}
    cause = f"{context.plan.flow.name}:{context.claim.state}:{', '.join(guards)}"
    return Escalation({"wanted": wanted, "told": [WANTED]}, (NewIncident(WANTED, cause, seen, bars=False),), goes_on)


def _refusing(context: TickContext, evaluation: Evaluation) -> list[str]:
    """The guards that refuse a line and wait for the operator alone, in order; without those that say until when."""
    last = dict.fromkeys(asked[-1] for asked in evaluation.trail.values() if asked)
    verdicts = {name: evaluation.verdicts.get(name) for name in last}
    return [
        name
        for name, said in verdicts.items()
        if isinstance(said, No) and said.waits_for == PERSON and (said.until is None or said.until <= context.now)
    ]

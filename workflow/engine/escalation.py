"""A wait that only a person here can end: when he is told of it, and that it is over."""

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
"""Who is meant by a guard that says so: whoever looks after the cases here."""


@dataclass(frozen=True)
class Escalation:
    """What a wait for a person adds to it: what it carries from look to look, the incident, when to look again."""

    body: dict[str, Any]
    new_incidents: tuple[NewIncident, ...]
    close: tuple[str, ...]
    """The kinds of incident that are over with this look."""
    due: tuple[datetime, ...] = ()
    """When he is told, where he was not yet."""


def escalation(context: TickContext, evaluation: Evaluation) -> Escalation:
    """What a refusing guard that waits for a person comes to; nothing where there is none.

    Half an hour of it is told by an incident that bars nothing: what is about to change by itself is not for people.
    A named line has no wait of its own, and is not told of here; a state that opens an incident tells by that.
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
    """The guards that refuse a line and say that a person alone can change it, in order: not those that say until."""
    last = dict.fromkeys(asked[-1] for asked in evaluation.trail.values() if asked)
    verdicts = {name: evaluation.verdicts.get(name) for name in last}
    return [
        name
        for name, said in verdicts.items()
        if isinstance(said, No) and said.waits_for == PERSON and (said.until is None or said.until <= context.now)
    ]

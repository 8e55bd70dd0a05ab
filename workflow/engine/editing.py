"""Changes the particulars of a case by a person's word: judged by the system's rule, with what it makes stale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from workflow.engine.commands import Commands
from workflow.engine.reasons import reason_given
from workflow.engine.upgrades import read_case
from workflow.errors import NotAllowed
from workflow.flow.compiled import Plan
from workflow.intake.edits import Changed, Edited, changes
from workflow.intake.rows import Intake
from workflow.record.values import Claim
from workflow.sentence import Sentence


@dataclass(frozen=True)
class Edit:
    """What is to be written: the fields that change, the whole patch of the data, and what becomes stale."""

    changed: tuple[Changed, ...]
    patch: Mapping[str, object]
    stale: tuple[str, ...] = ()


def edit_of(plan: Plan, claim: Claim, intake: Intake, data: BaseModel) -> Edit:
    """What would change if the particulars of the case were these. Raises NotAllowed, and NotTaken by the rule."""
    case = read_case(plan, claim)
    before = case.data.model_dump(mode="json", exclude=set(intake.gathered))
    after = data.model_dump(mode="json", exclude=set(intake.gathered))
    changed = changes(before, after)
    if not changed:
        return Edit((), {})
    what = Sentence("to_edit", "to change its particulars")
    if plan.state(claim.state).final:
        raise NotAllowed(claim.number, what, Sentence("edit_ended", "it has ended"))
    if intake.edited is None:
        if claim.state != str(plan.flow.states[0].name):
            why = Sentence("edit_begun", "it has left its first state, and its system has no rule for later changes")
            raise NotAllowed(claim.number, what, why)
        follows = Edited()
    else:
        follows = intake.edited(case, data, changed)
    fields = dict.fromkeys(str(one.place[0]) for one in changed)
    return Edit(changed, {**{name: after[name] for name in fields}, **follows.patch}, follows.stale)


async def edit(people: Commands, plan: Plan, claim: Claim, intake: Intake, data: BaseModel, reason: str) -> Edit:
    """Write the change, if there is one. Raises Conflict where the case is not as it was seen any more."""
    said, meant = reason_given(reason), edit_of(plan, claim, intake, data)
    if meant.changed:
        await people.change(claim.case, meant.patch, said, claim.seq, told=told_of(meant))
    return meant


def told_of(meant: Edit) -> dict[str, Any]:
    """What the event of a change says beside the patch: each field before and after, and what became stale."""
    fields = [{"place": list(one.place), "before": one.before, "after": one.after} for one in meant.changed]
    return {"edited": fields, "stale": list(meant.stale)}

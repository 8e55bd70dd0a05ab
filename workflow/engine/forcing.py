"""What a force would do to a case, looked at before it is done: what is skipped as done, and whether it goes on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from workflow.engine import refusals
from workflow.engine.upgrades import read_case
from workflow.flow.compiled import Plan
from workflow.intake.forces import DeadEnd
from workflow.intake.gives import NotTaken
from workflow.record.values import OPEN, Claim, EffectStatus


@dataclass(frozen=True)
class ForcePlan:
    """skipped: the actions of the state that are done in that round, and are not done again. stuck: why the case would
    not go on from there, with the way that does; None where the system knows nothing against it."""

    state: str
    round: int
    final: bool
    skipped: tuple[str, ...]
    stuck: NotTaken | None


def force_plan(
    plan: Plan, claim: Claim, state: str, *, new_round: bool, not_happened: Collection[str], dead_end: DeadEnd | None
) -> ForcePlan:
    """not_happened: the actions in doubt of which the person says so; the others count as done here.

    Raises NotOneOf where there is no such state.
    """
    if state not in plan.states:
        raise refusals.not_one_of(claim, "state", state, plan.states)
    round_, dest = claim.round + new_round, plan.states[state]
    stated = tuple(
        replace(effect, status=EffectStatus.done)
        if effect.status in OPEN and not {effect.key, effect.action} & set(not_happened)
        else effect
        for effect in claim.effects
    )
    case = read_case(plan, replace(claim, round=round_, effects=stated))
    done = {name for name, _ in case.done}
    named = [action.name for line in dest.lines for action in line.actions if action.once is not None]
    return ForcePlan(
        state,
        round_,
        dest.final,
        tuple(name for name in dict.fromkeys(named) if name in done),
        None if dead_end is None else dead_end(case, state, claim.state, claim.round),
    )

"""One look at one case: decide, ask a missing fact, decide again, act; all remembered."""

from __future__ import annotations

from pydantic import ValidationError

from workflow.backoff import DEATHS
from workflow.engine import commits, postponements
from workflow.engine.basis import basis
from workflow.engine.context import FactFailed, OtherQueue, Shut, Turn
from workflow.engine.decisions import decide, plan_items, resume
from workflow.engine.dependencies import Equipment
from workflow.engine.outcomes import Fenced, Outcome
from workflow.engine.reconcile import settle
from workflow.errors import Closed, Drifted, LoginNeeded, NeedsPerson, NotSent
from workflow.errors import Fenced as LostRight
from workflow.flow.compiled import GuardFailed, Look, Missing, Plan
from workflow.flow.definition import Line
from workflow.record.values import OPEN, Claim, Stage


async def tick(equipment: Equipment, plan: Plan, claim: Claim) -> Outcome:
    """Look at a claimed case once. What the outcome still holds as a Commit is for the caller to write."""
    now = await equipment.clock.business()
    turn = Turn(equipment, plan, claim, now)
    stays: list[str] = []
    try:
        if claim.flow_version < plan.flow.version:
            await turn.write(commits.upgraded(turn))
        turn.forget()
    except ValidationError as error:
        return commits.parked(turn, "unreadable_data", "unreadable_data", {"error": str(error)})
    except LostRight as lost:
        return Fenced(claim, None, why=lost.why)
    except BaseException as error:
        if turn.is_told(error):
            raise
        return commits.failed(turn, error)
    look = Look(turn.claim.state, turn.given, only=claim.only)
    try:
        async with turn:
            while True:
                ended = await _step(turn, look, stays)
                if ended is not None:
                    return ended
    except LostRight as lost:
        return Fenced(turn.claim, None, why=lost.why)
    except Shut as closed:
        return postponements.shut(turn, look, closed)
    except OtherQueue as other:
        return commits.handed_over(turn, str(other))
    except FactFailed as failed:
        return _fact_failed(turn, look, failed)
    except NeedsPerson as needed:
        return commits.parked(turn, needed.kind, needed.kind, needed.seen)
    except LoginNeeded as needed:
        return postponements.login_needed(turn, needed)
    except BaseException as error:  # one bad case fails alone, by backoff, and then has an incident
        if turn.is_told(error):
            raise
        return commits.failed(turn, error)


async def _step(turn: Turn, look: Look, stays: list[str]) -> Outcome | None:
    """One reading of the table, or one step of what is open. None: read on."""
    claim = turn.claim
    if claim.suspicion > DEATHS:  # the first death may have been its batch's
        return commits.parked(turn, "deaths", "deaths", {"deaths": claim.suspicion})
    if claim.decision is not None:
        key, before = claim.decision.line, claim.state
        ended = await resume(turn)
        return ended if ended is not None else _stayed(turn, look, stays, key, before)
    for effect in claim.effects:
        if effect.status in OPEN and (effect.stage is not Stage.person or effect.testimony):
            return await settle(turn, effect)
    line = await _choose(turn, look)
    if line is None:
        return commits.waiting(turn, look, stays)
    await turn.ask_for(line)
    number = claim.decisions + 1
    if planned := plan_items(turn, line, number):
        ended = await decide(turn, look, line, number, planned)
        return ended if ended is not None else _stayed(turn, look, stays, line.key, claim.state)
    commit = commits.taken(turn, line, {}, basis(turn, look))
    if line.dest is not None:
        return commits.moved(turn, line, claim.state, commit)
    await turn.write(commit)
    return _learned(turn, look, stays, line)


async def _choose(turn: Turn, look: Look) -> Line | None:
    while True:
        try:
            return turn.plan.decide(look)
        except Missing as missing:
            await turn.ask(missing.name)
        except GuardFailed as failed:
            if isinstance(failed.__cause__, NeedsPerson):
                raise failed.__cause__ from failed
            raise


def _stayed(turn: Turn, look: Look, stays: list[str], key: str, state: str) -> Outcome | None:
    """A Stay acted on the world: it is spent, and everything is asked anew."""
    if turn.claim.decision is not None or turn.claim.state != state:
        return None
    stays.append(key)
    turn.forget()
    look.spent.add(key)
    look.forget()
    return None


def _learned(turn: Turn, look: Look, stays: list[str], line: Line) -> Outcome | None:
    """A Stay that only learns keeps the facts; what was concluded from the data is concluded anew."""
    stays.append(line.key)
    turn.see_case()
    look.spent.add(line.key)
    look.forget()
    return None


def _fact_failed(turn: Turn, look: Look, failed: FactFailed) -> Outcome:
    """The cause's class says what is certain; a remote that cannot be reached is no case's own trouble."""
    match failed.cause:
        case LoginNeeded():
            return postponements.login_needed(turn, failed.cause)
        case Closed(until=until):
            at = postponements.opens_at(turn, until)
            return postponements.shut(turn, look, Shut(failed.cause.adapter, str(failed.cause), at))
        case Drifted():
            return postponements.misread(turn, failed, failed.cause)
        case NeedsPerson():
            return commits.parked(turn, failed.cause.kind, failed.cause.kind, failed.cause.seen)
        case LostRight():
            raise failed.cause
        case NotSent():
            return commits.failed(turn, failed, person_after=None)
    return commits.failed(turn, failed)

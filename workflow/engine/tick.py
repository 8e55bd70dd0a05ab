"""One look at one case: read the table, ask a missing fact, read it again, act."""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError

from workflow.backoff import DEATHS
from workflow.engine import commits, deferrals, progress
from workflow.engine.basis import basis
from workflow.engine.context import FactFailed, TickContext
from workflow.engine.decisions import decide, plan_items, resume
from workflow.engine.dependencies import Dependencies
from workflow.engine.missing_settings import open_words
from workflow.engine.outcomes import Lost, Outcome
from workflow.engine.reconcile import settle
from workflow.engine.unavailable import Shut, Unavailable
from workflow.engine.upgrades import is_older
from workflow.errors import Closed, Drifted, Fenced, LoginNeeded, NeedsPerson, NotSent, RemoteError
from workflow.flow.compiled import Evaluation, GuardFailed, Missing, Plan
from workflow.flow.definition import Line
from workflow.record.values import OPEN, Claim, Stage
from workflow.sentence import told_beside
from workflow.unfit import misfits


async def tick(dependencies: Dependencies, plan: Plan, claim: Claim, now: datetime) -> Outcome:
    """Look at a claimed case once. Where the outcome still holds a Commit, the caller writes it."""
    context = TickContext(dependencies, plan, claim, now)
    return deferrals.past_settings(context, await _look(context))


async def _look(context: TickContext) -> Outcome:
    stays: list[str] = []
    claim = context.claim
    try:
        if is_older(context.plan, claim):
            await context.write(commits.upgraded(context))
        context.forget()
    except ValidationError as error:
        return commits.parked(context, "unreadable_data", "unreadable_data", told_beside(error=misfits(error)))
    except Fenced as lost:
        return Lost(claim, None, why=lost.why)
    except BaseException as error:
        if context.is_told(error):
            raise
        return commits.failed(context, error)
    evaluation = Evaluation(context.claim.state, context.given, only=claim.only)
    try:
        async with context:
            while True:
                ended = await _step(context, evaluation, stays)
                if ended is not None:
                    return ended
    except Fenced as lost:
        return Lost(context.claim, None, why=lost.why)
    except Unavailable as away:
        return deferrals.unavailable(context, evaluation, away)
    except FactFailed as failed:
        return _fact_failed(context, evaluation, failed)
    except NeedsPerson as needed:
        return commits.parked(context, needed.kind, needed.kind, needed.seen)
    except LoginNeeded as needed:
        return deferrals.login_needed(context, needed)
    except BaseException as error:  # one bad case fails alone, with backoff, and then gets an incident
        if context.is_told(error):
            raise
        return commits.failed(context, error)


async def _step(context: TickContext, evaluation: Evaluation, stays: list[str]) -> Outcome | None:
    """Read the table once, or take one step of what is open. Returns None where reading goes on."""
    claim = context.claim
    if claim.crash_count > DEATHS:  # the first death may have been caused by another case of its batch
        return commits.parked(context, "deaths", "deaths", {"deaths": claim.crash_count})
    if claim.decision is not None:
        key, before = claim.decision.line, claim.state
        ended = await resume(context)
        return ended if ended is not None else _stayed(context, evaluation, stays, key, before)
    for effect in claim.effects:
        if effect.status in OPEN and (effect.stage is not Stage.person or effect.testimony):
            return await settle(context, effect)
    line = await _choose(context, evaluation)
    if line is None:
        return commits.waiting(context, evaluation, stays)
    open_words(context, line)
    await context.ask_for(line)
    number = claim.decisions + 1
    if planned := plan_items(context, line, number):
        ended = await decide(context, evaluation, line, number, planned)
        return ended if ended is not None else _stayed(context, evaluation, stays, line.key, claim.state)
    commit = commits.taken(context, line, {}, basis(context, evaluation))
    if line.dest is not None:
        return commits.moved(context, line, claim.state, commit)
    await context.write(commit)
    return _learned(context, evaluation, stays, line)


async def _choose(context: TickContext, evaluation: Evaluation) -> Line | None:
    while True:
        try:
            return context.plan.decide(evaluation)
        except Missing as missing:
            await context.ask(missing.name)
        except GuardFailed as failed:
            if isinstance(failed.__cause__, NeedsPerson):
                raise failed.__cause__ from failed
            raise


def _stayed(context: TickContext, evaluation: Evaluation, stays: list[str], key: str, state: str) -> Outcome | None:
    """After a Stay that acted: it counts as taken, and all facts and guards are asked anew."""
    if context.claim.decision is not None or context.claim.state != state:
        return None
    stays.append(key)
    context.forget()
    evaluation.spent.add(key)
    evaluation.forget()
    return None


def _learned(context: TickContext, evaluation: Evaluation, stays: list[str], line: Line) -> Outcome | None:
    """After a Stay that only learned: facts stay known, and what was concluded from the data is concluded anew."""
    stays.append(line.key)
    context.see_case()
    evaluation.spent.add(line.key)
    evaluation.forget()
    return None


def _fact_failed(context: TickContext, evaluation: Evaluation, failed: FactFailed) -> Outcome:
    """The outcome of a fact that failed; the class of its cause says what is certain.

    A remote that cannot be reached is not the case's own trouble.
    """
    match failed.cause:
        case LoginNeeded():
            return deferrals.login_needed(context, failed.cause)
        case RemoteError() if progress.is_aside(context) and not isinstance(failed.cause, Closed):
            return deferrals.passed_by(context, failed, failed.cause)
        case Closed(until=until):
            at = deferrals.opens_at(context, until)
            return deferrals.shut(context, evaluation, Shut(failed.cause.adapter, str(failed.cause), at))
        case Drifted():
            return deferrals.misread(context, failed, failed.cause)
        case NeedsPerson():
            return commits.parked(context, failed.cause.kind, failed.cause.kind, failed.cause.seen)
        case Fenced():
            raise failed.cause
        case NotSent():
            return commits.failed(context, failed, person_after=None)
    return commits.failed(context, failed)

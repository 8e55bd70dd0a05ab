"""How a look is put off by what lies outside the case: a remote that is not to be had, a login that is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from workflow.backoff import backoff
from workflow.engine import commits
from workflow.engine.basis import trail
from workflow.engine.context import FactFailed, TickContext
from workflow.engine.outcomes import Deferred, Failed, Outcome, Parked
from workflow.engine.progress import kept, kinds_told, lasting, login_loop, no_progress
from workflow.engine.unavailable import OtherQueue, Shut, Unavailable, Unset
from workflow.errors import Drifted, LoginNeeded
from workflow.flow.compiled import Evaluation
from workflow.flow.mistakes import shown, words
from workflow.record.values import OPEN, Commit, Effect, NewIncident


def unavailable(context: TickContext, evaluation: Evaluation, away: Unavailable) -> Deferred:
    """What comes next cannot be begun here and now; no later line is tried."""
    match away:
        case Shut():
            return shut(context, evaluation, away)
        case Unset():
            return unset(context, away)
        case OtherQueue():
            return handed_over(context, away.queue)
    raise away


def shut(context: TickContext, evaluation: Evaluation, closed: Shut) -> Deferred:
    """The next question or step needs a remote that is closed."""
    body = {**_said(context, closed), "until": closed.until.isoformat(), "lines": trail(evaluation)}
    new_incidents = _closed_too_long(context, closed)
    commit = Commit(
        guard="epoch",
        due_at=commits.due(context, closed.until),
        check=commits.check(context, kept(context, body, new_incidents)),
        new_incidents=new_incidents,
        crash_count=0,
        release=True,
    )
    return Deferred(context.claim, commit, why="closed")


def still_shut(context: TickContext, ended: Outcome, closed: Shut) -> Outcome:
    """The same wait where what is put off is the question what became of an effect."""
    assert ended.commit is not None
    new_incidents = _closed_too_long(context, closed)
    waits = commits.run_of(context, kept(context, _said(context, closed), new_incidents))
    return replace(ended, commit=replace(ended.commit, check=waits, new_incidents=new_incidents))


def _said(context: TickContext, closed: Shut) -> dict[str, Any]:
    """hours_zh: the hours in Chinese, where that differs."""
    said = {"why": "closed", "state": context.claim.state, "remote": closed.remote, "hours": closed.hours}
    if closed.calendar is not None:
        chinese = closed.calendar.describe("zh-CN", on=closed.calendar.day_of(context.now))
        said |= {"hours_zh": chinese} if chinese != closed.hours else {}
    return said


def _closed_too_long(context: TickContext, closed: Shut) -> tuple[NewIncident, ...]:
    """Nobody is told of one closure that the calendar knows, however long its holidays are."""
    calendar, since = closed.calendar, lasting(context).since
    if calendar is not None:
        shut_at = calendar.closing(since) if calendar.is_open(since) else since
        if calendar.opening(shut_at) > context.now:
            return ()
    return no_progress(context, "closed", f"{closed.remote} is closed", {"remote": closed.remote})


def misread(context: TickContext, failed: FactFailed, drifted: Drifted) -> Failed | Parked:
    """A question was answered by what is not expected: a person is told at once, and it is asked again by backoff.

    Where something was decided or is in doubt, nothing goes on by itself. Of a named line neither: the state's own
    looks, which ask something else, would end its incident each time.
    """
    claim, seen, cause = context.claim, {"fact": failed.name}, f"{drifted.step}: {drifted.why}"
    if claim.only or claim.decision is not None or any(effect.status in OPEN for effect in claim.effects):
        return commits.parked(context, "drifted", cause, seen)
    told = (NewIncident("drifted", f"{context.plan.flow.name}:{claim.state}:{cause}", shown(seen), bars=False),)
    error = words(failed)
    commit = Commit(
        guard="epoch",
        due_at=context.now + backoff(claim.failures + 1, lasting(context).lasted),
        check=commits.run_of(context, kept(context, {"why": "failed", "state": claim.state, "error": error}, told)),
        failures=claim.failures + 1,
        new_incidents=told,
        crash_count=0,
        release=True,
    )
    return Failed(claim, commit, error=error)


def unset(context: TickContext, lacking: Unset) -> Deferred:
    """The next question, step or word needs a setting that this process lacks. Who lacks it is told by an outage."""
    due_at = commits.due(context, context.now + context.dependencies.limits.look_again)
    body = _lacks(context, lacking)
    commit = Commit(guard="epoch", due_at=due_at, check=commits.check(context, body), crash_count=0, release=True)
    return Deferred(context.claim, commit, why="unset")


def still_unset(context: TickContext, ended: Outcome, lacking: Unset) -> Outcome:
    """The same wait where what is put off is the question what became of an effect."""
    assert ended.commit is not None
    return replace(ended, commit=replace(ended.commit, check=commits.run_of(context, _lacks(context, lacking))))


def past_settings(context: TickContext, ended: Outcome) -> Outcome:
    """A look that got past a missing setting, and says of no other wait, takes back what the look before said of it."""
    before, commit = context.claim.check, ended.commit
    if commit is None or commit.check is not None or context.claim.only or not context.reached:
        return ended
    if before is None or before.body.get("why") != "unset" or before.body.get("state") != context.claim.state:
        return ended
    over = commits.run_of(context, {"why": "set", "state": context.claim.state, **_told(context)})
    return replace(ended, commit=replace(commit, check=over))


def _lacks(context: TickContext, lacking: Unset) -> dict[str, Any]:
    """Without the lines that were tried: what they saw may differ from look to look, and the wait is one and the same.

    It carries what a person was told of, which is over when the case gets on.
    """
    return {"why": "unset", "state": context.claim.state, "settings": list(lacking.settings), **_told(context)}


def _told(context: TickContext) -> dict[str, Any]:
    told = kinds_told(context.claim.check)
    return {"told": list(told)} if told else {}


def opens_at(context: TickContext, until: datetime | None) -> datetime:
    """When a remote that says it is closed is asked again: then, or more and more seldom where it does not say when."""
    so_far = lasting(context)
    wait = so_far.wait if until is not None else max(so_far.wait, context.dependencies.limits.look_again)
    return max(until or context.now, context.now + wait)


def login_needed(
    context: TickContext, error: LoginNeeded, effects: tuple[Effect, ...] = ()
) -> Deferred | Failed | Parked:
    """The account's own case logs in, and this one goes on when it has. A login that does not last is let alone.

    A case without an account has nobody who could log in for it: it is tried again like any other.
    """
    if context.claim.account is None:
        return commits.failed(context, error, person_after=None, effects=effects)
    so_far, said = lasting(context), str(error)
    again = context.claim.check is not None and context.claim.check.body.get("why") == "seat" and so_far.tries > 1
    new_incidents = login_loop(context, said)
    body = kept(
        context,
        {"why": "seat", "state": context.claim.state, "account": context.claim.account, "said": said},
        new_incidents,
    )
    commit = Commit(
        guard="epoch",
        due_at=context.now + backoff(so_far.tries - 1, so_far.lasted) if again else None,
        deferred=None if again else "seat",
        failures=context.claim.failures + 1 if again else None,
        nudge=True,
        check=commits.run_of(context, body),
        effects=effects,
        new_incidents=new_incidents,
        crash_count=0,
        release=True,
    )
    return Deferred(context.claim, commit, why="seat")


def handed_over(context: TickContext, queue: str) -> Deferred:
    """Another queue's workers go on from here; no event."""
    return Deferred(
        context.claim,
        Commit(guard="epoch", due_at=commits.due(context, context.now), queue=queue, release=True),
        why=queue,
    )


def held(context: TickContext) -> Deferred:
    """A person holds the case: the decision stands, and goes on when it is let go."""
    return Deferred(context.claim, Commit(guard="epoch", release=True), why="held")

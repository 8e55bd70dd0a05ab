"""Defers a look for a reason outside the case: a closed remote, a missing setting, a login that is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from workflow.backoff import backoff
from workflow.engine import commits
from workflow.engine.basis import trail
from workflow.engine.context import FactFailed, TickContext
from workflow.engine.outcomes import Deferred, Failed, Outcome, Parked
from workflow.engine.progress import ASIDE, kept, kinds_told, lasting, login_loop, no_progress
from workflow.engine.unavailable import OtherQueue, Shut, Unavailable, Unset
from workflow.errors import Drifted, LoginNeeded, NotSent, RemoteError
from workflow.flow.compiled import Evaluation
from workflow.flow.mistakes import remote_said, said_of, shown, words
from workflow.record.values import OPEN, Commit, Effect, NewIncident
from workflow.sentence import Sentence, told_beside


def unavailable(context: TickContext, evaluation: Evaluation, away: Unavailable) -> Deferred:
    """The next question or step cannot begin here and now; no later line is tried."""
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
    """The same wait, where the action is still in doubt and the question about it is deferred."""
    assert ended.commit is not None
    new_incidents = _closed_too_long(context, closed)
    waits = commits.run_of(context, kept(context, _said(context, closed), new_incidents))
    return replace(ended, commit=replace(ended.commit, check=waits, new_incidents=new_incidents))


def _said(context: TickContext, closed: Shut) -> dict[str, Any]:
    """The body of the wait. hours_zh: the hours in Chinese, where they read differently."""
    said = {"why": "closed", "state": context.claim.state, "remote": closed.remote, "hours": closed.hours}
    if closed.calendar is not None:
        chinese = closed.calendar.describe("zh-CN", on=closed.calendar.day_of(context.now))
        said |= {"hours_zh": chinese} if chinese != closed.hours else {}
    return said


def _closed_too_long(context: TickContext, closed: Shut) -> tuple[NewIncident, ...]:
    """The incident about a remote that is closed for too long; none for a closure that its calendar knows."""
    calendar, since = closed.calendar, lasting(context).since
    if calendar is not None:
        shut_at = calendar.closing(since) if calendar.is_open(since) else since
        if calendar.opening(shut_at) > context.now:
            return ()
    said = told_beside(cause=Sentence("remote_closed", "{remote} is closed", remote=closed.remote))
    seen = {"remote": closed.remote, "sentences": said["sentences"]}
    return no_progress(context, "closed", said["cause"], seen)


def misread(context: TickContext, failed: FactFailed, drifted: Drifted) -> Failed | Parked:
    """A question got an unexpected answer: a person is told at once, and the question is asked again with backoff.

    Where something was decided or is in doubt, or in a sweep of a named line, the case is parked instead: the state's
    own looks ask something else and would close the named line's incident each time.
    """
    claim, cause = context.claim, f"{drifted.step}: {drifted.why}"
    seen = {"fact": failed.name, **said_of(drifted, "cause")}
    if claim.only or claim.decision is not None or any(effect.status in OPEN for effect in claim.effects):
        return commits.parked(context, "drifted", cause, seen)
    told = (NewIncident("drifted", f"{context.plan.flow.name}:{claim.state}:{cause}", shown(seen), bars=False),)
    error = words(failed)
    commit = Commit(
        guard="epoch",
        due_at=context.now + backoff(claim.failures + 1, lasting(context).lasted),
        check=commits.run_of(
            context, kept(context, {"why": "failed", "state": claim.state, "error": error, **said_of(failed)}, told)
        ),
        failures=claim.failures + 1,
        new_incidents=told,
        crash_count=0,
        release=True,
    )
    return Failed(claim, commit, error=error)


def passed_by(context: TickContext, failed: FactFailed, error: RemoteError) -> Failed:
    """The question of a named line that only learns failed: the case stays as it is, and the line's next sweep asks.

    Where something answered, and not as it should, a person is told; it bars nothing, and the next answer ends it.
    """
    cause = f"{context.plan.flow.name}:{context.claim.only}:{error.step}: {error.why}"
    seen = shown({"fact": failed.name, **said_of(error, "cause")})
    told = () if isinstance(error, NotSent) else (NewIncident(ASIDE, cause, seen, bars=False),)
    commit = Commit(guard="epoch", new_incidents=told, crash_count=0, release=True)
    return Failed(context.claim, commit, error=words(failed))


def unset(context: TickContext, lacking: Unset) -> Deferred:
    """The next question, step or notice needs a setting that this process lacks.

    An outage tells which process lacks it.
    """
    due_at = commits.due(context, context.now + context.dependencies.limits.look_again)
    body = _lacks(context, lacking)
    commit = Commit(guard="epoch", due_at=due_at, check=commits.check(context, body), crash_count=0, release=True)
    return Deferred(context.claim, commit, why="unset")


def still_unset(context: TickContext, ended: Outcome, lacking: Unset) -> Outcome:
    """The same wait, where the action is still in doubt and its proof lacks a setting."""
    assert ended.commit is not None
    return replace(ended, commit=replace(ended.commit, check=commits.run_of(context, _lacks(context, lacking))))


def past_settings(context: TickContext, ended: Outcome) -> Outcome:
    """Take back what the look before said of a missing setting, where this look got past it and found no other wait."""
    before, commit = context.claim.check, ended.commit
    if commit is None or commit.check is not None or context.claim.only or not context.reached:
        return ended
    if before is None or before.body.get("why") != "unset" or before.body.get("state") != context.claim.state:
        return ended
    over = commits.run_of(context, {"why": "set", "state": context.claim.state, **_told(context)})
    return replace(ended, commit=replace(commit, check=over))


def _lacks(context: TickContext, lacking: Unset) -> dict[str, Any]:
    """The body of a wait for settings, without the lines that were tried, so that equal waits stay equal.

    It carries which incidents a person was told of; they close when the case gets on.
    """
    return {"why": "unset", "state": context.claim.state, "settings": list(lacking.settings), **_told(context)}


def _told(context: TickContext) -> dict[str, Any]:
    told = kinds_told(context.claim.check)
    return {"told": list(told)} if told else {}


def opens_at(context: TickContext, until: datetime | None) -> datetime:
    """When a remote that says it is closed is asked again: at the time it names, otherwise with growing distance."""
    so_far = lasting(context)
    wait = so_far.wait if until is not None else max(so_far.wait, context.dependencies.limits.look_again)
    return max(until or context.now, context.now + wait)


def login_needed(
    context: TickContext, error: LoginNeeded, effects: tuple[Effect, ...] = ()
) -> Deferred | Failed | Parked:
    """The case waits until its account's own case has logged in.

    A login that does not last is asked for with growing distance. A case without an account has nobody to log in for
    it, and is tried again like any other.
    """
    if context.claim.account is None:
        return commits.failed(context, error, person_after=None, effects=effects)
    so_far, said = lasting(context), told_beside(said=remote_said(error))
    again = context.claim.check is not None and context.claim.check.body.get("why") == "seat" and so_far.tries > 1
    new_incidents = login_loop(context, said)
    body = kept(
        context,
        {"why": "seat", "state": context.claim.state, "account": context.claim.account, **said},
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
    """The workers of another queue go on from here; no event is written."""
    seat = context.dependencies.remotes.seat_in(context.plan, context.claim.state)
    due_at = commits.due(context, context.now)
    return Deferred(
        context.claim, Commit(guard="epoch", due_at=due_at, queue=queue, seat=seat, release=True), why=queue
    )


def held(context: TickContext) -> Deferred:
    """A person holds the case: the decision stays open, and goes on when the hold ends."""
    return Deferred(context.claim, Commit(guard="epoch", release=True), why="held")

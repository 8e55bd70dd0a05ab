"""How a look is put off by what lies outside the case: a remote that is shut, a login that is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from workflow.backoff import backoff
from workflow.engine import commits
from workflow.engine.basis import trail
from workflow.engine.context import FactFailed, Shut, Turn
from workflow.engine.outcomes import Deferred, Failed, Outcome, Parked
from workflow.engine.progress import kept, lasting, login_loop, no_progress
from workflow.errors import Drifted, LoginNeeded
from workflow.flow.compiled import Look
from workflow.flow.mistakes import shown, words
from workflow.record.values import OPEN, Commit, Effect, Trouble


def shut(turn: Turn, look: Look, closed: Shut) -> Deferred:
    """The next question or step needs a remote that is closed; no later line is tried."""
    body = {
        "why": "closed",
        "state": turn.claim.state,
        "remote": closed.remote,
        "hours": closed.hours,
        "until": closed.until.isoformat(),
        "lines": trail(look),
    }
    troubles = no_progress(turn, "closed", f"{closed.remote} is closed", {"remote": closed.remote})
    commit = Commit(
        guard="epoch",
        due_at=commits.due(turn, closed.until),
        check=commits.check(turn, kept(turn, body, troubles)),
        troubles=troubles,
        suspicion=0,
        release=True,
    )
    return Deferred(turn.claim, commit, why="closed")


def still_shut(turn: Turn, ended: Outcome, remote: str, said: str) -> Outcome:
    """The same wait where what is put off is the question what became of an effect."""
    assert ended.commit is not None
    body = {"why": "closed", "state": turn.claim.state, "remote": remote, "hours": said}
    troubles = no_progress(turn, "closed", f"{remote} is closed", {"remote": remote})
    waits = commits.run_of(turn, kept(turn, body, troubles))
    return replace(ended, commit=replace(ended.commit, check=waits, troubles=troubles))


def misread(turn: Turn, failed: FactFailed, drifted: Drifted) -> Failed | Parked:
    """A question was answered by what is not expected: a person is told at once, and it is asked again by backoff.

    Where something was decided or is in doubt, nothing goes on by itself. Of a named line neither: the state's own
    looks, which ask something else, would end its incident each time.
    """
    claim, seen, cause = turn.claim, {"fact": failed.name}, f"{drifted.step}: {drifted.why}"
    if claim.only or claim.decision is not None or any(effect.status in OPEN for effect in claim.effects):
        return commits.parked(turn, "drifted", cause, seen)
    told = (Trouble("drifted", f"{turn.plan.flow.name}:{claim.state}:{cause}", shown(seen), bars=False),)
    error = words(failed)
    commit = Commit(
        guard="epoch",
        due_at=turn.now + backoff(claim.failures + 1, lasting(turn).lasted),
        check=commits.run_of(turn, kept(turn, {"why": "failed", "state": claim.state, "error": error}, told)),
        failures=claim.failures + 1,
        troubles=told,
        suspicion=0,
        release=True,
    )
    return Failed(claim, commit, error=error)


def opens_at(turn: Turn, until: datetime | None) -> datetime:
    """When a remote that says it is closed is asked again: then, or more and more seldom where it does not say when."""
    so_far = lasting(turn)
    wait = so_far.wait if until is not None else max(so_far.wait, turn.equipment.limits.look_again)
    return max(until or turn.now, turn.now + wait)


def login_needed(turn: Turn, error: LoginNeeded, effects: tuple[Effect, ...] = ()) -> Deferred | Failed | Parked:
    """The account's own case logs in, and this one goes on when it has. A login that does not last is let alone.

    A case without an account has nobody who could log in for it: it is tried again like any other.
    """
    if turn.claim.account is None:
        return commits.failed(turn, error, person_after=None, effects=effects)
    so_far, said = lasting(turn), str(error)
    again = turn.claim.check is not None and turn.claim.check.body.get("why") == "seat" and so_far.tries > 1
    troubles = login_loop(turn, said)
    body = kept(turn, {"why": "seat", "state": turn.claim.state, "account": turn.claim.account, "said": said}, troubles)
    commit = Commit(
        guard="epoch",
        due_at=turn.now + backoff(so_far.tries - 1, so_far.lasted) if again else None,
        deferred=None if again else "seat",
        failures=turn.claim.failures + 1 if again else None,
        nudge=True,
        check=commits.run_of(turn, body),
        effects=effects,
        troubles=troubles,
        suspicion=0,
        release=True,
    )
    return Deferred(turn.claim, commit, why="seat")

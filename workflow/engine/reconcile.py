"""Finds out what became of an action without an outcome: fence, wait, ask, ask again, decide; each step is a row."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from workflow.backoff import backoff
from workflow.engine import commits, deferrals
from workflow.engine.context import TickContext, case_of
from workflow.engine.dependencies import STOPPED
from workflow.engine.outcomes import Deferred, Doubted, Outcome, Parked
from workflow.engine.processes import gone, killed
from workflow.engine.results import settled_with
from workflow.engine.unavailable import OtherQueue, Shut, Unavailable, Unset
from workflow.errors import Closed, Drifted, LoginNeeded, RemoteError, WorkflowError
from workflow.flow import called, misdeeds
from workflow.flow.case import CannotTell, Done, NotDone, Partly
from workflow.flow.compiled import Missing
from workflow.flow.functions import Action, name_of
from workflow.flow.mistakes import FunctionFailed, said_of, words
from workflow.record.values import Commit, Effect, EffectStatus, Entry, Epoch, NewIncident, Stage
from workflow.sentence import Said, Sentence, read, said_or_quoted, told_beside

HAPPENED = Sentence("it_happened", "it happened")
MAY_RUN_AGAIN = Sentence("may_run_again", "it may be run again")
TAKEN_AS_SENT = Sentence("taken_as_sent", "nobody can tell; it is taken as sent")
NOBODY_CAN_TELL = Sentence("nobody_can_tell", "nobody can tell whether it happened")
NOT_DONE_TWICE = Sentence("not_done_twice", "it did not happen though it was tried again")
ASKED_TWICE = Sentence("not_done_asked_twice", "it did not happen, asked twice")
LATE_WORD = Sentence("late_word_of_worker", "a worker's late word")
UNHEARD = timedelta(seconds=5)
"""A tick that was cancelled may take this long to end."""


async def settle(context: TickContext, effect: Effect) -> Outcome | None:
    """Take one step. Returns None once the effect has an outcome and the tick goes on."""
    done = context.plan.flow.actions.get(effect.action)
    if done is None:
        return commits.parked(context, "action_gone", effect.action, {"action": effect.action}, effect=effect.key)
    if effect.testimony and (said := _believed(effect)):
        return await _settled(context, done, said, LATE_WORD)
    if effect.stage in (None, Stage.fence):
        try:
            fenced = await _fence(context, done, effect)
        except Unset as lacking:
            return _unasked(context, replace(effect, stage=Stage.fence), lacking, "no_fence")
        if not fenced:
            return _person(context, effect, "no_fence", _at_work(effect))
        effect = effect.doubted()
        if done.repeatable:
            return await _settled(context, done, replace(effect, status=EffectStatus.not_sent), MAY_RUN_AGAIN)
        wait = max((remote.settles for remote in context.dependencies.remotes.behind(done.needs)), default=None)
        effect = replace(
            effect,
            status=EffectStatus.unknown,
            stage=Stage.settle,
            check_at=context.now + wait if wait else context.now,
            deadline=effect.deadline or context.now + context.dependencies.limits.deadline,
        )
        if wait:
            return _again(context, effect)
    if effect.check_at is not None and effect.check_at > context.now:
        return _again(context, effect)
    if done.blind == "sent":
        said = replace(effect, status=EffectStatus.done, result={})
        return await _settled(context, done, said, TAKEN_AS_SENT)
    if done.blind is not None:
        return _person(context, effect, "cannot_tell", NOBODY_CAN_TELL)
    return await _ask(context, done, effect)


async def _ask(context: TickContext, done: Action, effect: Effect) -> Outcome | None:
    """Ask the proof. A yes is believed at once, a no only when it is given twice."""
    try:
        context.open_proof(done)
        answer: object = await _proof(context, done, effect)
    except (Closed, Shut) as closed:
        if isinstance(closed, Closed):
            closed = Shut(closed.adapter, str(closed), deferrals.opens_at(context, closed.until))
        later = replace(effect, check_at=closed.until, deadline=closed.until + context.dependencies.limits.deadline)
        return deferrals.still_shut(context, _again(context, later), closed)
    except Unset as lacking:
        return _unasked(context, effect, lacking, "cannot_tell")
    except LoginNeeded as needed:
        if _is_over(context, effect):
            return _person(context, effect, "cannot_tell", words(needed))
        return deferrals.login_needed(context, needed, effects=(effect,))
    except OtherQueue as other:
        return await _elsewhere(context, effect, other)
    except Drifted as drifted:
        return _drifted(context, effect, drifted)
    except (RemoteError, TimeoutError) as error:
        answer = CannotTell(words(error))
    match answer:
        case Done(patch):
            settled, trouble = settled_with(context, done, effect, context.claim.data, patch)
            return await _settled(context, done, settled, HAPPENED, trouble)
        case Partly(happened) if effect.item_id in happened:
            return await _settled(context, done, replace(effect, status=EffectStatus.done, result={}), HAPPENED)
        case NotDone() | Partly():
            if effect.stage is not Stage.ask_again:
                at = context.now + context.dependencies.limits.ask_again
                return _again(context, replace(effect, stage=Stage.ask_again, check_at=at))
            if effect.retried:
                return _person(context, effect, "not_done_twice", NOT_DONE_TWICE)
            said = replace(effect, status=EffectStatus.not_sent, retried=True)
            return await _settled(context, done, said, ASKED_TWICE)
        case CannotTell(said):
            why = said_or_quoted(said)
            if _is_over(context, effect):
                return _person(context, effect, "cannot_tell", why)
            wait = backoff(context.claim.failures + 1)
            return _again(
                context, replace(effect, check_at=context.now + wait, why=why), failures=context.claim.failures + 1
            )
    what = called.proof_named(name_of(done.proof), done.name)
    raise FunctionFailed(what, misdeeds.no_proof_answer(answer), done.proof)


def _is_over(context: TickContext, effect: Effect) -> bool:
    """Whether its deadline is over: a person is told."""
    return effect.deadline is not None and context.now >= effect.deadline


async def _elsewhere(context: TickContext, effect: Effect, other: OtherQueue) -> Outcome:
    """The proof is asked on a seat, and this look holds none of that remote. Raises other where a worker of it comes.

    Where the case works with an account of another remote by now, or is in a state that does, nobody comes: only the
    account under which the action was begun can tell. The deadline runs on, and after it a person is asked, as where
    nobody could sit down in time.
    """
    claim, limits = context.claim, context.dependencies.limits
    if other.remote is None:
        raise other
    account = await context.dependencies.store.account(claim.account) if claim.account is not None else None
    seated = context.dependencies.remotes.seat_in(context.plan, claim.state) == other.remote
    if seated and (account is None or account.adapter == other.remote):
        if claim.seat is not None or not _is_over(context, effect):
            raise other
        why = _nobody_enters(other.remote) if account is None else _not_entered(account.login)
        return _person(context, effect, "cannot_tell", why)
    deadline = effect.deadline or context.now + limits.deadline
    if context.now < deadline:
        at = min(context.now + limits.look_again, deadline)
        later = _again(context, replace(effect, check_at=at, deadline=deadline))
        return Deferred(claim, later.commit, why=other.queue)  # nothing is under way on the seat of this look
    now = account.adapter if account is not None and account.adapter != other.remote else None
    return _person(context, effect, "cannot_tell", _nobody_enters(other.remote, now))


def _unasked(context: TickContext, effect: Effect, lacking: Unset, kind: str) -> Outcome:
    """The proof cannot be asked, since a setting is missing. The deadline runs on; after it a person is asked."""
    limits = context.dependencies.limits
    deadline = effect.deadline or context.now + limits.deadline
    if context.now >= deadline:
        return _person(context, effect, kind, lacking.said)
    later = replace(effect, check_at=min(context.now + limits.look_again, deadline), deadline=deadline)
    return deferrals.still_unset(context, _again(context, later), lacking)


def _drifted(context: TickContext, effect: Effect, drifted: Drifted) -> Outcome:
    """The remote's page is not the one expected. A person is told where it is seen twice alike, or past the deadline.

    After that the proof is asked on.
    """
    why = words(drifted)
    if effect.why != why and not _is_over(context, effect):
        return _again(context, replace(effect, check_at=context.now + context.dependencies.limits.ask_again, why=why))
    told = f"{drifted.step}: {drifted.why}"
    seen = {"action": effect.action, "item": effect.item_id, "why": told, "evidence": context.evidence}
    seen |= said_of(drifted, "why")
    again = replace(effect, check_at=context.now, deadline=context.now + context.dependencies.limits.deadline)
    return commits.parked(context, "drifted", told, seen, effects=(again,), effect=effect.key)


async def _proof(context: TickContext, done: Action, effect: Effect) -> object:
    """Call the proof; the caller checks whether its answer is a ProofAnswer."""
    item = done.item.validate_python(effect.item) if done.each else None
    await context.ask_all(done.proof_needs)
    extra = {
        "case": case_of(context.plan, context.claim, context.claim.data, effect.round),
        "item": item,
        "key": effect.key,
    }
    async with asyncio.timeout(context.dependencies.limits.fact.total_seconds()):
        try:
            return await context.call(done.proof, done.proof_needs, extra)
        except (WorkflowError, TimeoutError, Unavailable, Missing):
            raise
        except BaseException as error:
            if context.is_told(error):
                raise
            what = called.proof_named(name_of(done.proof), done.name)
            raise FunctionFailed(what, misdeeds.raised(error), done.proof) from error


async def _fence(context: TickContext, done: Action, effect: Effect) -> bool:
    """Make a late call of the old worker impossible: it is dead, or killed, or its session was replaced."""
    if effect.process == context.dependencies.process:
        others = context.dependencies.active.get(context.claim.case, set()) - {asyncio.current_task()}
        for other in others:
            other.cancel(STOPPED)
        # a tick that ignores its cancellation may still act
        return not others or not (await asyncio.wait(others, timeout=UNHEARD.total_seconds()))[1]
    marks = context.dependencies.marks
    if gone(effect.process, marks) or await asyncio.to_thread(killed, effect.process, marks):
        return True
    for remote in context.dependencies.remotes.behind(done.needs):
        if remote.needs_seat and remote.lacks:
            raise Unset(remote.lacks)
        seat = context.claim.seat
        if remote.fence is not None and seat is not None and seat.adapter == remote.whole:
            return await remote.fence(seat)
    return False


def _believed(effect: Effect) -> Effect | None:
    """The testimony that counts: a yes always, a no only where it is of the same epoch."""
    told: Any = effect.testimony
    status = EffectStatus(told["status"])
    if status is EffectStatus.done:
        return replace(effect, status=status, result=told.get("result") or {})
    if told["attempt"] == effect.attempt and Epoch(*told["epoch"]) == effect.epoch:
        known = effect.answered() if status is EffectStatus.refused else effect
        return replace(known, status=status, why=None if told.get("why") is None else read(told["why"]))
    return None


async def _settled(
    context: TickContext, done: Action, effect: Effect, why: Said, trouble: NewIncident | None = None
) -> Outcome | None:
    body: dict[str, Any] = {
        "effect": effect.key, "action": effect.action, "item": effect.item_id,
        "status": str(effect.status), "result": effect.result, **told_beside(why=why),
    }  # fmt: skip
    if effect.first_error is not None:
        body["first_error"] = effect.first_error
    row = replace(effect, stage=None, check_at=None, testimony=None)
    names_codes = any(need.name == "codes" for need in done.needs)
    wipe = (row.key,) if names_codes and row.status is EffectStatus.done else ()
    entry = Entry("settled", body, context.dependencies.actor)
    commit = Commit(guard="epoch", entries=(entry,), effects=(row,), wipe=wipe)
    if trouble is not None:
        parked = replace(commit, new_incidents=(trouble,), due_at=context.now, failures=0, crash_count=0, release=True)
        await context.write(parked)
        return Parked(context.claim, None, kind=trouble.kind)
    await context.write(commit)
    context.see_case()
    return None


def _again(context: TickContext, effect: Effect, failures: int | None = None) -> Doubted:
    """The commit for the next step at its time."""
    commit = Commit(
        guard="epoch",
        effects=(effect,),
        due_at=effect.check_at or context.now,
        failures=failures,
        crash_count=0,
        release=True,
    )
    return Doubted(context.claim, commit, effect=effect.key)


def _person(context: TickContext, effect: Effect, kind: str, why: Said) -> Outcome:
    # an effect that nobody could fence may be under way still, and stays an intent
    status = effect.status if kind == "no_fence" else EffectStatus.unknown
    row = replace(effect, status=status, stage=Stage.person, why=why)
    first = {name: value for name, value in (effect.first_error or {}).items() if name != "at"}
    told = told_beside(why=why)
    said = {**first.get("sentences", {}), **told.get("sentences", {})}
    seen = {"action": effect.action, "item": effect.item_id, "round": effect.round, **first, **told}
    seen |= {"sentences": said} if said else {}
    return commits.parked(context, kind, f"{effect.action}: {kind}", seen, effects=(row,), effect=effect.key)


def _at_work(effect: Effect) -> Sentence:
    return Sentence("may_be_at_work", "{process} may still be at work", process=effect.process)


def _not_entered(login: str) -> Sentence:
    return Sentence("nobody_entered", "nobody could enter by account {login} to ask", login=login)


def _nobody_enters(remote: str, now: str | None = None) -> Sentence:
    """now: the remote on whose account the case works, where that is another one."""
    if now is None:
        return Sentence(
            "nobody_enters_in_state", "in this state nobody enters {remote} for the case to ask", remote=remote
        )
    return Sentence(
        "nobody_enters_for_case",
        "the case works with an account of {now} by now, and nobody enters {remote} for it to ask",
        now=now,
        remote=remote,
    )

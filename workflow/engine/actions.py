"""Calls an action for one item and returns what is certain afterwards: it is done, or why it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from workflow.backoff import FAILURES, REFUSALS, backoff
from workflow.engine import commits, deferrals
from workflow.engine.commits import MISTAKE
from workflow.engine.context import TickContext, case_of
from workflow.engine.outcomes import Doubted, Outcome
from workflow.engine.results import settled_with
from workflow.engine.unavailable import Shut
from workflow.errors import Closed, DiskUnusable, Drifted, Fenced, LoginNeeded, NeedsPerson, NotSent, Refused, Unknown
from workflow.flow import called
from workflow.flow.case import Case
from workflow.flow.compiled import Evaluation
from workflow.flow.functions import Action
from workflow.flow.mistakes import mistake_of, of_the_machine, report, said_of, words
from workflow.flow.sending import Sending, watching
from workflow.record.codes_on_file import CODE
from workflow.record.values import Claim, Commit, Decision, Effect, EffectStatus, Entry, NewIncident, Stage
from workflow.sentence import Sentence, recorded, told_beside

MARGIN = timedelta(seconds=5)
"""At the gate, at least this much of the lease must be left."""
DOUBTS = ("cannot_tell", "no_fence", "not_done_twice", "forgotten", "action_gone")
"""Incidents about an effect of which nobody knows whether it happened."""


@dataclass(frozen=True)
class ActionResult:
    """The action is done: its effect row with the result, and whether the action read codes for it."""

    effect: Effect
    codes_read: bool
    trouble: NewIncident | None = None
    """The incident about a result that does not fit; None where it fits."""


async def execute(context: TickContext, decision: Decision, done: Action, effect: Effect) -> ActionResult | Outcome:
    """Write the call to the journal, make the call, and return what came of it. The caller writes the outcome."""
    passed = False

    async def gate() -> None:
        nonlocal passed
        await _last_look(context, done)
        passed = True

    if not done.repeatable:
        try:
            await context.dependencies.journal.note(context.claim.case, effect)
        except DiskUnusable as error:  # an action that cannot be written to the journal does not begin
            unsent = replace(effect, status=EffectStatus.not_sent, why=words(error))
            return commits.failed(context, error, person_after=None, effects=(unsent,))
    codes = _Codes(context, effect.key)
    extra = {
        "case": _case_as_decided(context, decision),
        "item": done.item.validate_python(effect.item) if done.each else None,
        "key": effect.remote_key,
        "gate": gate,
        "codes": codes,
    }
    seen = len(context.evidence)
    gated = any(need.name == "gate" for need in done.needs)
    sending = Sending()
    with watching(sending):
        try:
            async with asyncio.timeout(
                max(context.dependencies.limits.action, done.takes or timedelta()).total_seconds()
            ):
                patch = await context.call(done.function, done.needs, extra)
        except BaseException as error:
            if context.is_told(error):
                raise
            evidence = tuple(context.evidence[seen:])
            left = passed or sending.left or (not gated and sending.touched)
            return await _not_done(context, decision, done, replace(effect, evidence=evidence), error, left)
    evidenced = replace(effect, evidence=tuple(context.evidence[seen:]))
    settled, trouble = settled_with(context, done, evidenced, decision.data, patch)
    return ActionResult(settled, codes.read, trouble)


async def _not_done(
    context: TickContext, decision: Decision, done: Action, effect: Effect, error: BaseException, left: bool
) -> Outcome:
    """Turn the error of an action into an outcome; the error's class says what is certain.

    left: a request may have left.
    """
    said = replace(effect, why=words(error))
    unsent = replace(said, status=EffectStatus.not_sent)
    match error:
        case Fenced():
            await testify(context, unsent)
            raise error
        case Refused():
            refused = replace(said.answered(), status=EffectStatus.refused, refusals=effect.refusals + 1)
            return _refused(context, decision, refused, error)
        case LoginNeeded():
            return deferrals.login_needed(context, error, effects=(unsent,))
        case Closed() | Shut():
            return _later(context, unsent, error)
        case Drifted():
            # bars nothing: the kind of the effect's own incident says that an earlier question was answered oddly
            why = f"{error.step}: {error.why}"
            return commits.parked(context, "drifted", why, _seen(unsent, error), effects=(unsent,), effect=effect.key)
        case NeedsPerson():
            return commits.parked(context, error.kind, error.kind, error.seen, effects=(unsent,))
        case NotSent():
            return commits.failed(context, error, person_after=None, effects=(unsent,))
    mistake = mistake_of(error, called.action(done.name))
    if mistake is not None and not effect.failures:
        report(mistake, error, case=context.claim.number, flow=context.claim.flow, state=context.claim.state)
    told = mistake.seen() if mistake else told_beside(error=words(error))
    first = {**told, "at": context.now.isoformat()}
    if isinstance(error, Unknown) or left:
        said = said.doubted(first)
        if not done.repeatable:
            return unknown(context, said)
    failures = effect.failures + 1
    failed = replace(said, status=EffectStatus.failed, failures=failures, first_error=said.first_error or first)
    if failures >= FAILURES and not of_the_machine(error):
        kind = MISTAKE if mistake else "failing"
        cause = f"{mistake.place or done.name}: {mistake.error}" if mistake else str(failed.why)
        return commits.parked(context, kind, cause, _seen(failed), effects=(failed,), effect=failed.key)
    return commits.failed(context, error, person_after=None, effects=(failed,), mistake=mistake)


def unknown(context: TickContext, effect: Effect) -> Doubted:
    """The action may have happened: reconcile asks the remote, and the action is not called again meanwhile."""
    limits = context.dependencies.limits
    row = replace(
        effect.doubted({"error": effect.why}),
        status=EffectStatus.unknown,
        stage=Stage.fence,
        check_at=context.now,
        deadline=context.now + limits.deadline,
    )
    commit = Commit(guard="epoch", effects=(row,), due_at=context.now, crash_count=0, release=True)
    return Doubted(context.claim, commit, effect=row.key)


def _refused(context: TickContext, decision: Decision, effect: Effect, error: Refused) -> Outcome:
    """The remote refused: the decision ends and guards are asked anew. After REFUSALS refusals a person is asked."""
    body = {"number": decision.number, "action": effect.action, "item": effect.item_id}
    body |= {**told_beside(why=str(effect.why)), **said_of(error, "why")}
    entry = Entry("abandoned", body, context.dependencies.actor, reason=effect.why)
    if effect.refusals >= REFUSALS:
        return commits.parked(
            context, "refused", f"{effect.action}: {effect.why}", _seen(effect, error),
            effects=(effect,), effect=effect.key, entries=(entry,), clear=True,
        )  # fmt: skip
    ended = commits.failed(context, error, person_after=None)
    assert ended.commit is not None
    commit = replace(ended.commit, guard="decision", entries=(entry,), decision="clear", effects=(effect,))
    due = context.now + backoff(effect.refusals)
    return replace(ended, commit=replace(commit, due_at=due, failures=0))


def _later(context: TickContext, effect: Effect, error: BaseException) -> Outcome:
    if not isinstance(error, Shut):
        name = error.adapter if isinstance(error, Closed) else "remote"
        error = Shut(name, str(error), deferrals.opens_at(context, getattr(error, "until", None)))
    ended = deferrals.shut(context, Evaluation(context.claim.state, {}), error)
    assert ended.commit is not None
    return replace(ended, commit=replace(ended.commit, effects=(effect,)))


async def _last_look(context: TickContext, done: Action) -> None:
    """Check both leases and the opening hours once more, directly before the step that nobody can take back."""
    clock = context.dependencies.clock
    real: datetime = await clock.real()
    until = await context.dependencies.store.gate(context.claim, real=real)
    if until - real < MARGIN:
        raise Fenced(
            context.claim.number,
            Sentence(
                "lease_ends_too_soon",
                "the lease ends at {until}, too soon for {action}",
                until=f"{until:%H:%M:%S}",
                action=done.name,
            ),
        )
    now = await clock.business()
    for remote in context.dependencies.remotes.behind(done.needs):
        if remote.calendar and not remote.calendar.is_open(now):
            raise Shut.by(remote.calendar, remote.name, now, remote.calendar.opening(now))


async def testify(context: TickContext, effect: Effect) -> None:
    """Store a definite answer that came too late to be an outcome; reconcile uses it. A yes ends a person's doubt."""
    testimony = {
        "status": str(effect.status), "result": effect.result,
        "why": None if effect.why is None else recorded(effect.why),
        "attempt": effect.attempt, "epoch": list(effect.epoch),
    }  # fmt: skip
    dependencies, case = context.dependencies, context.claim.case
    await dependencies.surely(dependencies.store.testify, context.claim, effect.key, testimony)
    if effect.status is not EffectStatus.done:
        return
    now, real = await dependencies.clock.business(), await dependencies.clock.real()

    def build(claim: Claim) -> Commit:
        asked = any(row.key == effect.key and row.stage is Stage.person for row in claim.effects)
        if not asked:
            return Commit(guard="version")
        late = Sentence("late_word", "late word: {action} was done", action=effect.action)
        body = {**told_beside(text=late), "effect": effect.key}
        entry = Entry("noted", body, dependencies.actor)
        return Commit(guard="version", entries=(entry,), close=DOUBTS, due_at=now)

    await dependencies.store.command(case, None, build, now=now, real=real)


def _case_as_decided(context: TickContext, decision: Decision) -> Case[BaseModel]:
    """The case with its data as the decision saw it, plus the results of the actions that the decision has done."""
    keys = {item.key for item in decision.planned}
    data: Mapping[str, Any] = decision.data
    for effect in context.claim.effects:
        if effect.key in keys and effect.status is EffectStatus.done and effect.result:
            data = {**data, **effect.result}
    return case_of(context.plan, context.claim, data)


def _seen(effect: Effect, error: BaseException | None = None) -> dict[str, Any]:
    """What a person is told of it. error: what it came to, where that is its why."""
    first = {name: value for name, value in (effect.first_error or {}).items() if name != "at"}
    told = {"action": effect.action, "item": effect.item_id, "attempt": effect.attempt}
    if first.get("error") == effect.why:
        return {**told, **first}
    said = {**(said_of(error, "why") if error is not None else {}).get("sentences", {}), **first.get("sentences", {})}
    return {**told, "why": effect.why, **first, **({"sentences": said} if said else {})}


class _Codes:
    """Gives an action the codes of this round, and marks those that it read, so that they are deleted."""

    def __init__(self, context: TickContext, key: str) -> None:
        self._context, self._key = context, key
        self.read = False

    async def values(self, kind: str = CODE) -> Mapping[str, str]:
        claim = self._context.claim
        found = await self._context.dependencies.store.read_codes(claim.case, claim.round, by=self._key, kind=kind)
        self.read = self.read or bool(found)
        return found

"""One call of one action item, and what its end says: done, or what is certain about why not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from workflow.backoff import FAILURES, REFUSALS, backoff
from workflow.engine import commits, postponements
from workflow.engine.commits import MISTAKE
from workflow.engine.context import Shut, Turn, case_of
from workflow.engine.outcomes import Outcome, Unknown
from workflow.engine.results import settled_with
from workflow.errors import Closed, DiskUnusable, Drifted, Fenced, LoginNeeded, NeedsPerson, NotSent, Refused
from workflow.errors import Unknown as UnknownReply
from workflow.flow.case import Case
from workflow.flow.compiled import Look
from workflow.flow.functions import Action
from workflow.flow.mistakes import mistake_of, of_the_machine, report, words
from workflow.flow.sending import Sending, watching
from workflow.record.values import Claim, Commit, Decision, Effect, EffectStatus, Entry, Stage, Trouble

MARGIN = timedelta(seconds=5)
"""So much of the lease must be left at the gate."""
DOUBTS = ("cannot_tell", "no_fence", "not_done_twice", "forgotten", "action_gone")
"""Incidents about an effect of which nobody knows whether it happened."""


@dataclass(frozen=True)
class Acted:
    """The action was done: its effect row with the result, and whether codes were read for it."""

    effect: Effect
    codes_read: bool
    trouble: Trouble | None = None
    """Its result does not fit."""


async def act(turn: Turn, decision: Decision, done: Action, effect: Effect) -> Acted | Outcome:
    """Journal, call, and what came of it; only the journal is written here."""
    passed = False

    async def gate() -> None:
        nonlocal passed
        await _last_look(turn, done)
        passed = True

    if not done.repeatable:
        try:
            await turn.equipment.journal.note(turn.claim.case, effect)
        except DiskUnusable as error:  # what is not noted is not begun
            unsent = replace(effect, status=EffectStatus.not_sent, why=words(error))
            return commits.failed(turn, error, person_after=None, effects=(unsent,))
    codes = _Codes(turn, effect.key)
    extra = {
        "case": _case_as_decided(turn, decision),
        "item": done.item.validate_python(effect.item) if done.each else None,
        "key": effect.remote_key,
        "gate": gate,
        "codes": codes,
    }
    seen = len(turn.evidence)
    gated = any(need.name == "gate" for need in done.needs)
    sending = Sending()
    with watching(sending):
        try:
            async with asyncio.timeout(max(turn.equipment.limits.action, done.takes or timedelta()).total_seconds()):
                patch = await turn.call(done.function, done.needs, extra)
        except BaseException as error:
            if turn.is_told(error):
                raise
            evidence = tuple(turn.evidence[seen:])
            left = passed or sending.left or (not gated and sending.touched)
            return await _not_done(turn, decision, done, replace(effect, evidence=evidence), error, left)
    evidenced = replace(effect, evidence=tuple(turn.evidence[seen:]))
    settled, trouble = settled_with(turn, done, evidenced, decision.data, patch)
    return Acted(settled, codes.read, trouble)


async def _not_done(
    turn: Turn, decision: Decision, done: Action, effect: Effect, error: BaseException, left: bool
) -> Outcome:
    """An action raised; the error's class says what is certain. left: something of it may have gone out."""
    said = replace(effect, why=words(error))
    unsent = replace(said, status=EffectStatus.not_sent)
    match error:
        case Fenced():
            await testify(turn, unsent)
            raise error
        case Refused():
            return _refused(
                turn, decision, replace(said.answered(), status=EffectStatus.refused, refusals=effect.refusals + 1)
            )
        case LoginNeeded():
            return postponements.login_needed(turn, error, effects=(unsent,))
        case Closed() | Shut():
            return _later(turn, unsent, error)
        case Drifted():
            # of its effect: that a question before it was answered oddly is another one, which bars nothing
            why = f"{error.step}: {error.why}"
            return commits.parked(turn, "drifted", why, _seen(unsent), effects=(unsent,), effect=effect.key)
        case NeedsPerson():
            return commits.parked(turn, error.kind, error.kind, error.seen, effects=(unsent,))
        case NotSent():
            return commits.failed(turn, error, person_after=None, effects=(unsent,))
    mistake = mistake_of(error, f"action {done.name}")
    if mistake is not None and not effect.failures:
        report(mistake, error, case=turn.claim.number, flow=turn.claim.flow, state=turn.claim.state)
    first = {**(mistake.seen() if mistake else {"error": words(error)}), "at": turn.now.isoformat()}
    if isinstance(error, UnknownReply) or left:
        said = said.doubted(first)
        if not done.repeatable:
            return unknown(turn, said)
    failures = effect.failures + 1
    failed = replace(said, status=EffectStatus.failed, failures=failures, first_error=said.first_error or first)
    if failures >= FAILURES and not of_the_machine(error):
        kind = MISTAKE if mistake else "failing"
        cause = f"{mistake.place or done.name}: {mistake.error}" if mistake else str(failed.why)
        return commits.parked(turn, kind, cause, _seen(failed), effects=(failed,), effect=failed.key)
    return commits.failed(turn, error, person_after=None, effects=(failed,), mistake=mistake)


def unknown(turn: Turn, effect: Effect) -> Unknown:
    """It may have happened: reconcile asks from here on; nothing is called again by the normal path."""
    limits = turn.equipment.limits
    row = replace(
        effect.doubted({"error": effect.why}),
        status=EffectStatus.unknown,
        stage=Stage.fence,
        check_at=turn.now,
        deadline=turn.now + limits.deadline,
    )
    commit = Commit(guard="epoch", effects=(row,), due_at=turn.now, suspicion=0, release=True)
    return Unknown(turn.claim, commit, effect=row.key)


def _refused(turn: Turn, decision: Decision, effect: Effect) -> Outcome:
    """A definite no ends the decision; guards are asked anew, and after some refusals a person is."""
    body = {"number": decision.number, "action": effect.action, "item": effect.item_id, "why": effect.why}
    entry = Entry("abandoned", body, turn.equipment.actor, reason=effect.why)
    if effect.refusals >= REFUSALS:
        return commits.parked(
            turn, "refused", f"{effect.action}: {effect.why}", _seen(effect),
            effects=(effect,), effect=effect.key, entries=(entry,), clear=True,
        )  # fmt: skip
    ended = commits.failed(turn, Refused(effect.action, effect.item_id, str(effect.why)), person_after=None)
    assert ended.commit is not None
    commit = replace(ended.commit, guard="decision", entries=(entry,), decision="clear", effects=(effect,))
    due = turn.now + backoff(effect.refusals)
    return replace(ended, commit=replace(commit, due_at=due, failures=0))


def _later(turn: Turn, effect: Effect, error: BaseException) -> Outcome:
    at = error.until if isinstance(error, Shut) else postponements.opens_at(turn, getattr(error, "until", None))
    name = error.remote if isinstance(error, Shut) else error.adapter if isinstance(error, Closed) else "remote"
    ended = postponements.shut(turn, Look(turn.claim.state, {}), Shut(name, str(error), at))
    assert ended.commit is not None
    return replace(ended, commit=replace(ended.commit, effects=(effect,)))


async def _last_look(turn: Turn, done: Action) -> None:
    """Read both leases and the hours again, last before the step that nobody can take back."""
    clock = turn.equipment.clock
    real: datetime = await clock.real()
    until = await turn.equipment.store.gate(turn.claim, real=real)
    if until - real < MARGIN:
        raise Fenced(turn.claim.number, f"the lease ends at {until:%H:%M:%S}, too soon for {done.name}")
    now = await clock.business()
    for remote in turn.equipment.remotes.behind(done.needs):
        if remote.calendar and not remote.calendar.is_open(now):
            raise Shut(remote.name, remote.calendar.describe(), remote.calendar.opening(now))


async def testify(turn: Turn, effect: Effect) -> None:
    """A definite answer that comes too late for an outcome is kept for reconcile; a yes ends a person's doubt."""
    testimony = {
        "status": str(effect.status), "result": effect.result, "why": effect.why,
        "attempt": effect.attempt, "epoch": list(effect.epoch),
    }  # fmt: skip
    equipment, case = turn.equipment, turn.claim.case
    await equipment.store.testify(turn.claim, effect.key, testimony)
    if effect.status is not EffectStatus.done:
        return
    now, real = await equipment.clock.business(), await equipment.clock.real()

    def build(claim: Claim) -> Commit:
        asked = any(row.key == effect.key and row.stage is Stage.person for row in claim.effects)
        if not asked:
            return Commit(guard="version")
        body = {"text": f"late word: {effect.action} was done", "effect": effect.key}
        entry = Entry("noted", body, equipment.actor)
        return Commit(guard="version", entries=(entry,), close=DOUBTS, due_at=now)

    await equipment.store.command(case, None, build, now=now, real=real)


def _case_as_decided(turn: Turn, decision: Decision) -> Case[BaseModel]:
    """Actions see the data as the decision saw it, with the results of its own done effects, and nothing later."""
    keys = {item.key for item in decision.planned}
    data: Mapping[str, Any] = decision.data
    for effect in turn.claim.effects:
        if effect.key in keys and effect.status is EffectStatus.done and effect.result:
            data = {**data, **effect.result}
    return case_of(turn.plan, turn.claim, data)


def _seen(effect: Effect) -> dict[str, Any]:
    first = {name: value for name, value in (effect.first_error or {}).items() if name != "at"}
    told = {"action": effect.action, "item": effect.item_id, "attempt": effect.attempt}
    return {**told, **(first if first.get("error") == effect.why else {"why": effect.why, **first})}


class _Codes:
    """What an action reads the codes of this round through; those that were read are marked, so that they are wiped."""

    def __init__(self, turn: Turn, key: str) -> None:
        self._turn, self._key = turn, key
        self.read = False

    async def values(self) -> Mapping[str, str]:
        claim = self._turn.claim
        found = await self._turn.equipment.store.read_codes(claim.case, claim.round, by=self._key)
        self.read = bool(found)
        return found

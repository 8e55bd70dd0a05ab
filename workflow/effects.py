"""The journal of actions: an open decision is carried out item by item, each intent on record before its call."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from workflow import endings
from workflow.backoff import FAILURES, REFUSALS, backoff
from workflow.case import Case
from workflow.claims import OPEN, Claim, Commit, Decision, Effect, EffectStatus, Entry, Planned, Stage
from workflow.definition import Line
from workflow.errors import (
    Closed,
    Drifted,
    Fenced,
    LoginNeeded,
    NeedsPerson,
    NotSent,
    Refused,
    RemoteError,
    WorkflowError,
)
from workflow.errors import Unknown as UnknownReply
from workflow.functions import Action
from workflow.machine import Look, items
from workflow.outcomes import Outcome, Unknown
from workflow.reconcile import settle
from workflow.turn import Shut, Turn, case_of, patched

MARGIN = timedelta(seconds=5)
"""So much of the lease must be left at the gate."""


def effect_key(claim: Claim, done: Action, item_id: str, decision: int) -> str:
    """The same for every try of one thing, so that a remote that takes it can tell a second try from a second order."""
    scope = {"round": f"r{claim.round}", "case": "case", None: f"d{decision}"}[done.once]
    return hashlib.sha256(f"{claim.case}|{scope}|{done.name}|{item_id}".encode()).hexdigest()[:32]


def plan_items(turn: Turn, line: Line, number: int) -> tuple[Planned, ...]:
    """What the line's actions are to be done for; what is done already is left out."""
    return tuple(
        Planned(
            done.name, item_id, done.item.dump_python(item, mode="json") if done.each else None,
            effect_key(turn.claim, done, item_id, number),
        )
        for done in line.actions
        for item_id, item in items(done, turn.given)
    )  # fmt: skip


async def decide(turn: Turn, look: Look, line: Line, number: int, planned: tuple[Planned, ...]) -> Outcome | None:
    """Commit the choice of the line with its first intent; then carry it out."""
    claim = turn.claim
    for name in {item.action for item in planned}:
        turn.open_for(turn.plan.flow.actions[name])
    decision = Decision(
        number, claim.seq, claim.state, line.key, planned, dict(turn.recorded), turn.now, dict(claim.data)
    )
    first = intent(turn, decision, planned[0])
    body = {
        "number": number,
        "line": line.key,
        "state": claim.state,
        "items": [{"action": item.action, "item": item.item_id, "key": item.key} for item in planned],
        **endings.basis(turn, look),
    }
    entry = Entry("decided", body, turn.equipment.actor)
    await turn.write(Commit(guard="version", entries=(entry,), decision=decision, effects=(first,)))
    return await resume(turn, begun=first)


def intent(turn: Turn, decision: Decision, item: Planned) -> Effect:
    """The effect row of the next try; the row of an earlier try keeps its counts."""
    known = next((effect for effect in turn.claim.effects if effect.key == item.key), None)
    fresh = Effect(
        key=item.key,
        action=item.action,
        item_id=item.item_id,
        item=item.item,
        round=turn.claim.round,
        decision=decision.number,
        attempt=known.attempt + 1 if known else 1,
        status=EffectStatus.intended,
        epoch=turn.claim.epoch,
        process=turn.equipment.process,
        intended_at=turn.now,
    )
    if known is None:
        return fresh
    return replace(fresh, retried=known.retried, refusals=known.refusals, failures=known.failures)


async def resume(turn: Turn, begun: Effect | None = None) -> Outcome | None:
    """Carry out the open decision. None: it is complete and the table is to be read again."""
    decision = turn.claim.decision
    if decision is None:
        raise WorkflowError(f"case {turn.claim.number}: there is no decision to resume")
    line = turn.plan.line(decision.state, decision.line)
    if line is None:
        return endings.parked(turn, "line_gone", decision.line, {"line": decision.line, "state": decision.state})
    turn.recall(decision.facts)
    for item in decision.planned:
        done = turn.plan.flow.actions[item.action]
        known = next((effect for effect in turn.claim.effects if effect.key == item.key), None)
        mine = begun is not None and known is not None and known.key == begun.key
        if known is not None and known.status is EffectStatus.done:
            continue
        if known is not None and known.status in OPEN and not mine:
            ended = await settle(turn, known)
            if ended is not None:
                return ended
            known = next(effect for effect in turn.claim.effects if effect.key == item.key)
            if known.status is EffectStatus.done:
                continue
        if not mine:
            turn.open_for(done)
            begun = intent(turn, decision, item)
            await turn.write(Commit(guard="decision", effects=(begun,)))
        assert begun is not None
        last = item is decision.planned[-1]
        ended = await _act(turn, decision, line, done, begun, last)
        begun = None
        if ended is not None or turn.claim.decision is None:
            return ended
    return await _complete(turn, decision, line)


async def _act(turn: Turn, decision: Decision, line: Line, done: Action, effect: Effect, last: bool) -> Outcome | None:
    passed = False

    async def gate() -> None:
        nonlocal passed
        await _last_look(turn, done)
        passed = True

    if not done.repeatable:
        await turn.equipment.journal.note(turn.claim.case, effect)
    codes = _Codes(turn)
    extra = {
        "case": _case_as_decided(turn, decision),
        "item": done.item.validate_python(effect.item) if done.each else None,
        "key": _remote_key(effect),
        "gate": gate,
        "codes": codes,
    }
    seen = len(turn.evidence)
    gated = any(need.name == "gate" for need in done.needs)
    try:
        async with asyncio.timeout(max(turn.equipment.limits.action, done.takes or timedelta()).total_seconds()):
            patch = await turn.call(done.function, done.needs, extra)
        _, result = patched(turn.plan, decision.data, patch or {})
    except Exception as error:
        evidence = tuple(turn.evidence[seen:])
        may_have_happened = not done.repeatable and (passed or not gated)
        return await _not_done(turn, decision, done, replace(effect, evidence=evidence), error, may_have_happened)
    settled = replace(effect, status=EffectStatus.done, result=result, evidence=tuple(turn.evidence[seen:]))
    if last:
        return await _complete(turn, decision, line, settled, codes.read)
    try:
        await turn.write(Commit(guard="decision", effects=(settled,), wipe=codes.read, failures=0, suspicion=0))
    except Fenced:
        await _testify(turn, settled)
        raise
    return None


async def _complete(
    turn: Turn, decision: Decision, line: Line, last: Effect | None = None, wipe: tuple[str, ...] = ()
) -> Outcome | None:
    """All items are done: the outcome of the decision, in one transaction with the last effect."""
    rows = {effect.key: effect for effect in turn.claim.effects} | ({last.key: last} if last else {})
    effects = [rows[item.key] for item in decision.planned]
    patch = {name: value for effect in effects for name, value in (effect.result or {}).items()}
    body = {
        "decision": decision.number,
        "effects": [
            {
                "action": effect.action, "item": effect.item_id, "key": effect.key, "attempt": effect.attempt,
                "result": effect.result, "evidence": list(effect.evidence),
            }
            for effect in effects
        ],
    }  # fmt: skip
    commit = endings.taken(turn, line, patch, body, effects=(last,) if last else ())
    try:
        await turn.write(replace(commit, wipe=wipe))
    except Fenced:
        if last is not None:
            await _testify(turn, last)
        raise
    if line.dest is not None:
        return endings.moved(turn, line, commit=None)
    return None


async def _not_done(
    turn: Turn, decision: Decision, done: Action, effect: Effect, error: Exception, may_have_happened: bool
) -> Outcome:
    """An action raised; the error's class says what is certain."""
    said = replace(effect, why=f"{type(error).__name__}: {error}")
    unsent = replace(said, status=EffectStatus.not_sent)
    match error:
        case Fenced():
            await _testify(turn, unsent)
            raise error
        case Refused():
            return _refused(turn, decision, replace(said, status=EffectStatus.refused, refusals=effect.refusals + 1))
        case LoginNeeded():
            return endings.login_needed(turn, str(error), effects=(unsent,))
        case Closed() | Shut():
            return _later(turn, unsent, error)
        case Drifted():
            return endings.parked(turn, "drifted", f"{error.step}: {error.why}", _seen(unsent), effects=(unsent,))
        case NeedsPerson():
            return endings.parked(turn, error.kind, error.kind, error.seen, effects=(unsent,))
        case NotSent():
            return endings.failed(turn, error, person_after=None, effects=(unsent,))
        case UnknownReply() if not done.repeatable:
            return unknown(turn, said)
        case _ if may_have_happened and not isinstance(error, RemoteError):
            return unknown(turn, said)
    failed = replace(said, status=EffectStatus.failed, failures=effect.failures + 1)
    if failed.failures >= FAILURES:
        return endings.parked(turn, "failing", str(failed.why), _seen(failed), effects=(failed,), effect=failed.key)
    return endings.failed(turn, error, person_after=None, effects=(failed,))


def unknown(turn: Turn, effect: Effect) -> Unknown:
    """It may have happened: reconcile asks from here on; nothing is called again by the normal path."""
    limits = turn.equipment.limits
    row = replace(
        effect,
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
        return endings.parked(
            turn, "refused", f"{effect.action}: {effect.why}", _seen(effect),
            effects=(effect,), effect=effect.key, entries=(entry,), clear=True,
        )  # fmt: skip
    ended = endings.failed(turn, Refused(effect.action, effect.item_id, str(effect.why)), person_after=None)
    assert ended.commit is not None
    commit = replace(ended.commit, guard="decision", entries=(entry,), decision="clear", effects=(effect,))
    due = turn.now + backoff(effect.refusals)
    return replace(ended, commit=replace(commit, due_at=due, failures=0))


def _later(turn: Turn, effect: Effect, error: Exception) -> Outcome:
    until = error.until if isinstance(error, Closed | Shut) else None
    at = until or turn.now + turn.equipment.limits.look_again
    name = error.remote if isinstance(error, Shut) else error.adapter if isinstance(error, Closed) else "remote"
    ended = endings.shut(turn, Look(turn.claim.state, {}), Shut(name, str(error), at))
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


async def _testify(turn: Turn, effect: Effect) -> None:
    """A definite answer that comes too late for an outcome is kept for reconcile."""
    testimony = {
        "status": str(effect.status), "result": effect.result, "why": effect.why,
        "attempt": effect.attempt, "epoch": list(effect.epoch),
    }  # fmt: skip
    await turn.equipment.store.testify(turn.claim, effect.key, testimony)


def _case_as_decided(turn: Turn, decision: Decision) -> Case[BaseModel]:
    """Actions see the data as the decision saw it, with the results of its own done effects, and nothing later."""
    keys = {item.key for item in decision.planned}
    data: Mapping[str, Any] = decision.data
    for effect in turn.claim.effects:
        if effect.key in keys and effect.status is EffectStatus.done and effect.result:
            data = {**data, **effect.result}
    return case_of(turn.plan, turn.claim, data)


def _remote_key(effect: Effect) -> str:
    """After a definite no or a call that never left, a new try has a new key; after Unknown the key stays."""
    renewed = effect.attempt - 1 - int(effect.retried)
    return effect.key if renewed <= 0 else f"{effect.key}-{renewed}"


def _seen(effect: Effect) -> dict[str, Any]:
    return {"action": effect.action, "item": effect.item_id, "attempt": effect.attempt, "why": effect.why}


class _Codes:
    """What an action reads the codes of this round through; remembers whose were read, so that they are wiped."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self.read: tuple[str, ...] = ()

    async def values(self) -> Mapping[str, str]:
        found = await self._turn.equipment.store.codes(self._turn.claim.case, self._turn.claim.round)
        self.read = tuple(found)
        return found

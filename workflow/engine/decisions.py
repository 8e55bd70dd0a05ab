"""Carries out an open decision item by item; each call is written down as an intent before it is made."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import structlog

from workflow.engine import commits, deferrals
from workflow.engine.actions import ActionResult, execute, testify
from workflow.engine.basis import basis
from workflow.engine.context import TickContext, patched
from workflow.engine.missing_settings import open_words, wordless
from workflow.engine.outcomes import Outcome, Parked
from workflow.engine.reconcile import settle
from workflow.engine.results import PART, unfit_body
from workflow.errors import Fenced, WorkflowError
from workflow.flow.compiled import Evaluation, items
from workflow.flow.definition import Line
from workflow.flow.functions import Action
from workflow.flow.mistakes import words
from workflow.record.values import OPEN, Claim, Commit, Decision, Effect, EffectStatus, Entry, NewIncident, Planned

log = structlog.get_logger()


def effect_key(claim: Claim, done: Action, item_id: str, decision: int) -> str:
    """A key that is the same for every try of an action and item, so that a remote can recognise a second try."""
    scope = {"round": f"r{claim.round}", "case": "case", None: f"d{decision}"}[done.once]
    return hashlib.sha256(f"{claim.case}|{scope}|{done.name}|{item_id}".encode()).hexdigest()[:32]


def doubted_key(claim: Claim, done: Action, item_id: str) -> str | None:
    """The key of a try in this round that may have happened. The next try keeps it, whatever decision makes it."""
    for effect in claim.effects:
        same = (effect.action, effect.item_id, effect.round) == (done.name, item_id, claim.round)
        if same and effect.key_stays and effect.status is not EffectStatus.done:
            return effect.key
    return None


def plan_items(context: TickContext, line: Line, number: int) -> tuple[Planned, ...]:
    """The items for which the line's actions are to be done, without those that are done already."""
    return tuple(
        Planned(
            done.name, item_id, done.item.dump_python(item, mode="json") if done.each else None,
            doubted_key(context.claim, done, item_id) or effect_key(context.claim, done, item_id, number),
        )
        for done in line.actions
        for item_id, item in items(done, context.given)
    )  # fmt: skip


async def decide(
    context: TickContext, evaluation: Evaluation, line: Line, number: int, planned: tuple[Planned, ...]
) -> Outcome | None:
    """Write the decision for a line together with its first intent, then carry it out."""
    claim = context.claim
    for name in dict.fromkeys(item.action for item in planned):
        context.open_for(context.plan.flow.actions[name])
    decision = Decision(
        number, claim.seq, claim.state, line.key, planned, dict(context.recorded), context.now, dict(claim.data)
    )
    first = intent(context, decision, planned[0])
    body = {
        "number": number,
        "line": line.key,
        "state": claim.state,
        "items": [{"action": item.action, "item": item.item_id, "key": item.key} for item in planned],
        **basis(context, evaluation),
    }
    entry = Entry("decided", body, context.dependencies.actor)
    await context.write(Commit(guard="version", entries=(entry,), decision=decision, effects=(first,)))
    return await resume(context, begun=first)


def intent(context: TickContext, decision: Decision, item: Planned) -> Effect:
    """The effect row of the next try. It keeps the counts of an earlier try."""
    known = next((effect for effect in context.claim.effects if effect.key == item.key), None)
    fresh = Effect(
        key=item.key,
        action=item.action,
        item_id=item.item_id,
        item=item.item,
        round=context.claim.round,
        decision=decision.number,
        attempt=known.attempt + 1 if known else 1,
        status=EffectStatus.intended,
        epoch=context.claim.epoch,
        process=context.dependencies.process,
        intended_at=context.now,
    )
    before = known or _latest(context.claim, fresh)
    if before is None:
        return fresh
    counts = replace(fresh, refusals=before.refusals, failures=before.failures, first_error=before.first_error)
    if known is None:
        return counts
    return replace(counts, retried=known.retried, renewed=known.renewed, key_stays=known.key_stays)


def _latest(claim: Claim, fresh: Effect) -> Effect | None:
    """The newest try of an action that has a new key in each decision; its counts continue until the action is done."""
    same = [
        effect
        for effect in claim.effects
        if (effect.action, effect.item_id, effect.round) == (fresh.action, fresh.item_id, fresh.round)
    ]
    latest = max(same, key=lambda effect: effect.decision, default=None)
    return None if latest is None or latest.status is EffectStatus.done else latest


async def resume(context: TickContext, begun: Effect | None = None) -> Outcome | None:
    """Carry out the open decision. Returns None when it is complete and the table is to be read again."""
    decision = context.claim.decision
    if decision is None:
        raise WorkflowError(f"case {context.claim.number}: there is no decision to resume")
    line = context.plan.line(decision.state, decision.line)
    if line is None:
        return commits.parked(context, "line_gone", decision.line, {"line": decision.line, "state": decision.state})
    context.recall(decision.facts)
    for item in decision.planned:
        if item.action not in context.plan.flow.actions:
            return commits.parked(context, "action_gone", item.action, {"action": item.action, "line": decision.line})
        done = context.plan.flow.actions[item.action]
        known = next((effect for effect in context.claim.effects if effect.key == item.key), None)
        mine = begun is not None and known is not None and known.key == begun.key
        if known is not None and known.status is EffectStatus.done:
            await _refit(context, known)
            continue
        if known is not None and known.status in OPEN and not mine:
            ended = await settle(context, known)
            if ended is not None:
                return ended
            known = next(effect for effect in context.claim.effects if effect.key == item.key)
            if known.status is EffectStatus.done:
                continue
        if not mine:
            context.open_for(done)
            begun = intent(context, decision, item)
            await context.write(Commit(guard="decision", effects=(begun,)))
        assert begun is not None
        acted = await execute(context, decision, done, begun)
        begun = None
        if not isinstance(acted, ActionResult):
            return acted
        if acted.trouble is not None:
            return await _unfit(context, acted, acted.trouble)
        if item is decision.planned[-1] and not wordless(context, line):
            return await _complete(context, decision, line, acted)
        await _record(context, acted, Commit(guard="decision", effects=(acted.effect,), failures=0, crash_count=0))
        if context.claim.held is not None:
            return deferrals.held(context)
    open_words(context, line)
    return await _complete(context, decision, line, None)


async def _complete(context: TickContext, decision: Decision, line: Line, last: ActionResult | None) -> Outcome | None:
    """The outcome of a decision whose items are all done, in one transaction with the last effect."""
    rows = {effect.key: effect for effect in context.claim.effects} | ({last.effect.key: last.effect} if last else {})
    effects = [rows[item.key] for item in decision.planned]
    patch = {name: value for effect in effects for name, value in (effect.result or {}).items()}
    body = {"decision": decision.number, "effects": [_told(effect) for effect in effects]}
    commit = commits.taken(context, line, patch, body, effects=(last.effect,) if last else ())
    await _record(context, last, commit)
    return commits.moved(context, line, decision.state, commit=None) if line.dest is not None else None


async def _record(context: TickContext, acted: ActionResult | None, commit: Commit) -> None:
    """Write an outcome. A definite answer that comes too late for one is stored as testimony."""
    try:
        await context.write(replace(commit, wipe=(acted.effect.key,)) if acted and acted.codes_read else commit)
    except Fenced:
        if acted is not None:
            await testify(context, acted.effect)
        raise


async def _unfit(context: TickContext, acted: ActionResult, trouble: NewIncident) -> Outcome:
    """The action is done, and its result does not fit: the effect is written as done before anything else."""
    entry = Entry("settled", unfit_body(acted.effect), context.dependencies.actor)
    commit = Commit(
        guard="decision", entries=(entry,), effects=(acted.effect,), new_incidents=(trouble,), due_at=context.now,
        failures=0, crash_count=0, release=True,
    )  # fmt: skip
    await _record(context, acted, commit)
    return Parked(context.claim, None, kind=trouble.kind)


async def _refit(context: TickContext, effect: Effect) -> None:
    """Try a result that did not fit against today's flow.

    Where it still does not fit, a person has let the case go on.
    """
    if effect.first_error is None or "returned" not in effect.first_error or PART in effect.first_error:
        return
    try:
        _, result = patched(context.plan, context.claim.data, effect.first_error["returned"] or {})
    except Exception as error:  # noqa: BLE001 - it was an incident already; the case goes on without it
        log.warning("case.result_left_out", case=context.claim.number, action=effect.action, why=words(error))
        return
    told = {name: value for name, value in effect.first_error.items() if name != "returned"}
    fits = replace(effect, result=result, first_error=told)
    await context.write(Commit(guard="decision", effects=(fits,)))


def _told(effect: Effect) -> dict[str, object]:
    return {
        "action": effect.action,
        "item": effect.item_id,
        "key": effect.key,
        "attempt": effect.attempt,
        "result": effect.result,
        "evidence": list(effect.evidence),
    }

"""Checks before the first claim: cases that this process does not know, and calls that the database forgot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from workflow.clock import Clock
from workflow.engine.upgrades import is_older, raised
from workflow.errors import DefinitionError, NotFound
from workflow.flow import called
from workflow.flow.compiled import Plan
from workflow.flow.mistakes import words
from workflow.flow.remotes import Remotes
from workflow.record.journal import Journal
from workflow.record.values import NewIncident
from workflow.sentence import Said
from workflow.store import Store

log = structlog.get_logger()


@dataclass(frozen=True)
class LeftAlone:
    """Live cases that this process leaves to others, because it lacks their flow, their version or their state."""

    what: str
    """FLOW, FLOW.STATE, or FLOW version N."""
    cases: int
    cure: str


async def left_alone(store: Store, plans: Mapping[str, Plan], now: datetime) -> list[LeftAlone]:
    """The live cases that this process leaves alone; a claim names flow, state and version, so nothing here takes them.

    Cases of a newer version count once they are due: where a newer process works, none is due for long.
    """
    versions, newer = {flow: plan.flow.version for flow, plan in plans.items()}, Counter[str]()
    for (flow, state, version), count in sorted((await store.due_in_newer(versions, now=now)).items(), key=str):
        if plans[flow].knows(state, versions[flow]):  # a case in another state is counted by that state
            newer[f"{flow} version {version}"] += count
    cure = "run a process of that version again"
    return [*await _unknown(store, plans), *(LeftAlone(what, count, cure) for what, count in newer.items())]


async def _unknown(store: Store, plans: Mapping[str, Plan]) -> list[LeftAlone]:
    unknown, found = Counter[str](), list[LeftAlone]()
    for (flow, state), count in sorted((await store.live_states()).items(), key=str):  # a row may hold bytes
        if (plan := plans.get(flow)) is None:
            unknown[flow] += count
        elif not plan.knows(state, plan.flow.version):
            found.append(LeftAlone(f"{flow}.{state}", count, f'say renamed={{"{state}": ...}}, or bring it back'))
    return [*(LeftAlone(flow, count, "bring the flow back") for flow, count in unknown.items()), *found]


@dataclass(frozen=True)
class Unfit:
    """Live cases whose data the flow's model does not take, so that the first look at each opens an incident."""

    flow: str
    version: int
    """That of the cases."""
    number: str
    """The case that was tried."""
    why: Said


async def unfit(store: Store, plans: Mapping[str, Plan]) -> list[Unfit]:
    """By flow and version, whether the first and the last live case can be read as a look reads them."""
    found: dict[tuple[str, int], Unfit] = {}
    for claim in await store.outermost(list(plans)):
        plan = plans[claim.flow]
        if claim.flow_version > plan.flow.version:
            continue  # of a newer table, whose processes can read it
        try:
            data = raised(plan, claim)[0].data if is_older(plan, claim) else claim.data
            plan.flow.data.model_validate(data)
        except Exception as error:  # noqa: BLE001 - an upcast is the flow's own, and may raise anything
            one = Unfit(claim.flow, claim.flow_version, claim.number, words(error))
            found.setdefault((one.flow, one.version), one)
    return list(found.values())


async def note_left_alone(store: Store, plans: Mapping[str, Plan], clock: Clock) -> None:
    """Log once which cases this process leaves alone."""
    for one in await left_alone(store, plans, await clock.business()):
        log.warning("cases.left_alone", unknown=one.what, cases=one.cases, cure=one.cure)


async def take_back(
    store: Store,
    remotes: Remotes,
    plans: Mapping[str, Plan],
    named: Sequence[str],
    queues_of: Callable[[str], Sequence[str]],
) -> None:
    """A remote's or a job's queue got another name, or a state works on another remote's accounts than before.

    What waits in the old queue, or for the old remote's account, is put where a worker looks. named: every queue.
    queues_of: where each target of a run begins; none where this process does not know the target, which may be
    another's.
    """
    of_flow = {flow: remotes.queues(plan) for flow, plan in plans.items()}
    cases, runs = await store.take_back(of_flow, remotes.seats(plans.values())), 0
    for run in await store.runs(status="pending", limit=1000):
        if run.queue not in named and (queues := queues_of(run.target)):
            runs += await store.move_run(run, queues[run.part])
    if cases or runs:
        log.warning("queues.taken_back", cases=cases, runs=runs, why="nobody works on them there any more")


async def check_live(store: Store, plans: Mapping[str, Plan]) -> None:
    """Raise where a table lost what live cases need, or cannot read their data; for people who change a table."""
    for one in await _unknown(store, plans):
        flow, _, state = one.what.partition(".")
        if state:
            raise DefinitionError(f"{flow}: {state}", "state_gone", cases=one.cases, state=state)
    for flow, action in sorted(await store.live_decisions()):
        if flow in plans and action not in plans[flow].flow.actions:
            raise DefinitionError(called.within(flow, called.action(action)), "action_gone")
    for unread in await unfit(store, plans):
        flow_ = plans[unread.flow].flow
        parts = {"data": flow_.data.__name__, "number": unread.number, "version": unread.version, "why": unread.why}
        code = "data_unfit" if unread.version == flow_.version else "data_not_raised"
        raise DefinitionError(unread.flow, code, **parts, next=flow_.version + 1)


async def recall_calls(store: Store, journal: Journal, clock: Clock) -> int:
    """After a restore: adopt the calls that the journal knows and the database does not, as unknown, with an incident.

    A new timeline begins before the first of them, so that no worker from before the restore is believed.
    """
    now, real = await clock.business(), await clock.real()
    journal.forget(now)
    forgotten = []
    for noted in journal.read():
        known = await store.tries(noted.case, noted.effect.key)
        if known is None or known < noted.effect.attempt:
            forgotten.append(noted)
    if not forgotten:
        return 0
    timeline = await store.begin_timeline()
    for noted in forgotten:
        seen = {"action": noted.effect.action, "item": noted.effect.item_id, "attempt": noted.effect.attempt}
        trouble = NewIncident(
            "forgotten", f"{noted.effect.action}: forgotten by a restore", seen, effect=noted.effect.key
        )
        try:
            await store.adopt(noted.case, noted.effect, trouble, now=now, real=real)
        except NotFound:
            log.error("restore.case_lost", case=noted.case, **seen)
    log.warning("restore.found", timeline=timeline, forgotten=len(forgotten))
    return len(forgotten)

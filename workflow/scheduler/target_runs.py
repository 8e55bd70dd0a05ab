"""Does what a run is for: sweeps its states or its line with the schedule's own limits, or does its job."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

import structlog

from workflow.clock import Clock
from workflow.engine.dependencies import Equipment
from workflow.engine.outcomes import Moved
from workflow.engine.seats import SeatWork
from workflow.engine.sweep import Engine, Swept
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Queue, Remote
from workflow.scheduler.claim_limits import Door, Stop
from workflow.scheduler.worker import Came
from workflow.schedules.run import Dispatch
from workflow.schedules.targets import Job, NamedLine, Sweep, Targets
from workflow.store import Store
from workflow.store.patience import Patient

log = structlog.get_logger()

MARGIN = timedelta(seconds=5)
"""A case that waits is due so long before its schedule's next instant, so that a slow look does not miss it."""


@dataclass
class Performing:
    """What a worker does with a run. tell: hears of each transition."""

    store: Store
    clock: Clock
    targets: Targets
    equipment: Mapping[Queue, Equipment]
    portal: Remote
    do_job: Callable[[Job], Awaitable[Mapping[str, int]]]
    tell: Callable[[Moved], None] | None = None
    seats_at_once: int = 2
    _browsing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1), repr=False)

    async def __call__(self, dispatch: Dispatch, stop: Stop) -> Came:
        target = self.targets.read(dispatch.target)
        if isinstance(target, Job):
            return Came(await self.do_job(target))
        door, now = Door(self.store, stop, dispatch.batch), await self.clock.business()
        equipment = self._equipment(dispatch, target, door, stop, now)
        engine = Engine(equipment, cast(Any, door))
        if dispatch.queue == "browser":
            swept = await self._browser(engine, equipment, door, target)
            told = dict(self._told(swept))
            if not swept.total and not stop.asked and (left := await self._left(target)):
                log.warning("run.unserved", target=str(target), states=left)
                told["unserved"] = left
            return Came(told)
        if isinstance(target, NamedLine):
            return await self._line(engine, equipment, target)
        swept, due = Swept(), await self._due(target, now)
        for state in target.states:
            if (state, "http") in due:
                swept += await engine.sweep(target.flow, state)
                due = await self._due(target, await self.clock.business())
        return Came(self._told(swept), onward="browser" if any(queue == "browser" for _, queue in due) else None)

    async def _line(self, engine: Engine, equipment: Equipment, target: NamedLine) -> Came:
        """The states that hold the line; what only a browser can do of it goes on there."""
        plan, swept, onward = self.targets.plans[target.flow], Swept(), False
        for state in plan.named_lines[target.line]:
            line = plan.line(state, target.line)
            if line is not None and "browser" in equipment.remotes.queues_of(plan, line):
                onward = True
            else:
                swept += await engine.sweep(target.flow, state, only=target.line)
        return Came(self._told(swept), onward="browser" if onward else None)

    async def _left(self, target: Sweep | NamedLine) -> int:
        """In how many states of the target cases are due that nobody here could work on: no account, no browser."""
        now, plan = await self.clock.business(), self.targets.plans[target.flow]
        if isinstance(target, Sweep):
            return len({state for state, queue in await self._due(target, now) if queue == "browser"})
        if await self.store.accounts(self.portal.name):
            return 0  # its cases may well have nothing to do; who looks at them is known
        live = await self.store.live_states()
        return len([state for state in plan.named_lines[target.line] if (target.flow, state) in live])

    async def _browser(self, engine: Engine, equipment: Equipment, door: Door, target: Sweep | NamedLine) -> Swept:
        seats = SeatWork(engine, equipment, cast(Any, door), self.portal, self.seats_at_once)
        async with self._browsing:
            if isinstance(target, NamedLine):
                states = self.targets.plans[target.flow].named_lines[target.line]
                return await seats.sweep([(target.flow, state) for state in states], only=target.line)
            return await seats.sweep([(target.flow, state) for state in target.states])

    async def _due(self, target: Sweep, now: datetime) -> set[tuple[str, str]]:
        """Where something could be claimed now: the target's states, by today's names, with the queues of their work.

        One question for all of them; most sweeps find nothing, and an empty claim is a transaction of its own.
        """
        plan = self.targets.plans[target.flow]
        today = {name: state for state in target.states for name in plan.called(state)}
        due = await self.store.due(cutoff=now, real=await self.clock.real())
        return {(today[state], queue) for flow, state, queue in due if flow == target.flow and state in today}

    def _equipment(
        self, dispatch: Dispatch, target: Sweep | NamedLine, door: Door, stop: Stop, now: datetime
    ) -> Equipment:
        """The process's own, but for what the schedule says: when to look again, and how often at most."""
        given = self.equipment[cast(Queue, dispatch.queue)]
        limits, onward = given.limits, dispatch.next_run_at
        if onward is not None and onward > now:
            again = max(min(limits.look_again, onward - now - MARGIN), timedelta(seconds=1))
            limits = replace(limits, look_again=again)
        plans = given.plans
        if dispatch.recheck is not None and isinstance(target, Sweep):
            plans = {**plans, target.flow: with_recheck(plans[target.flow], target.states, dispatch.recheck)}
        waits = {"clock": given.clock, "documents": given.documents}
        patient: dict[str, Any] = {name: Patient(one, lambda: stop.asked) for name, one in waits.items()}
        return replace(given, store=cast(Any, door), limits=limits, plans=plans, **patient)

    def _told(self, swept: Swept) -> Mapping[str, int]:
        if self.tell is not None:
            for move in swept.moved:
                self.tell(move)
        return dict(swept.counts)


def with_recheck(plan: Plan, states: tuple[str, ...], recheck: timedelta) -> Plan:
    """The same plan, its machine included, with another recheck in these states."""
    changed = copy.copy(plan)
    found = {name: copy.copy(plan.states[name]) for name in states}
    for state in found.values():
        state.recheck = recheck
    changed.states = {**plan.states, **found}
    return changed

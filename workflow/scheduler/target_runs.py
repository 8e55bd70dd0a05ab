"""Does what a run's target says: sweeps states or a named line within the schedule's limits, or does a job."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

import structlog

from workflow.clock import Clock
from workflow.engine.allowance import Allowance, Stop
from workflow.engine.dependencies import Dependencies
from workflow.engine.seats import SeatWork
from workflow.engine.sweep import BATCH, Engine, SweepResult
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Queue, Remote
from workflow.scheduler.run_shares import RunResult
from workflow.schedules.run import Run
from workflow.schedules.targets import Job, NamedLine, Sweep, Targets
from workflow.store import Store
from workflow.store.patience import Patient

log = structlog.get_logger()

MARGIN = timedelta(seconds=5)
"""A waiting case is due this long before its schedule's next instant, so that a slow look does not miss it."""


@dataclass
class TargetRunner:
    """What a worker does with a run."""

    store: Store
    clock: Clock
    targets: Targets
    dependencies: Mapping[Queue, Dependencies]
    do_job: Callable[[Job], Awaitable[Mapping[str, int]]]
    seats_at_once: int = 2
    browsing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1), repr=False)

    async def __call__(self, run: Run, allowance: Allowance) -> RunResult:
        target = self.targets.read(run.target)[run.part]
        if isinstance(target, Job):
            return RunResult(await self.do_job(target))
        now = await self.clock.business()
        dependencies = self._dependencies(run, target, allowance.stop, now)
        engine = Engine(dependencies, allowance)
        # what is looked at is due again while a long sweep goes on: who helps takes what was due when the sweep began
        cutoff = now - (await self.clock.real() - run.helps_since) if run.helps_since is not None else None
        if run.queue == "browser":
            swept = await self._browser(engine, dependencies, target, cutoff)
            told, is_own = dict(swept.counts), run.helps_since is None
            if is_own and not swept.total and not allowance.stop.asked and (left := await self._left(target)):
                log.warning("run.unserved", target=str(target), states=left)
                told["unserved"] = left
            return RunResult(told)
        if isinstance(target, NamedLine):
            return await self._line(engine, dependencies, target)
        await engine.free_overdue(target.flow, target.states)
        swept, due = SweepResult(), await self._due(target, now)
        for state in target.states:
            if (state, "http") in due:
                swept += await engine.sweep(target.flow, state, cutoff=cutoff)
                due = await self._due(target, await self.clock.business())
        return RunResult(dict(swept.counts), onward="browser" if any(queue == "browser" for _, queue in due) else None)

    async def wants_help(self, run: Run) -> bool:
        """Whether another worker may take a share of a run without a limit: more is due than who is at it takes next.

        A named line's sweep walks from the first case to the last; two of them would look at each case twice.
        """
        target = self.targets.read(run.target)[run.part]
        if not isinstance(target, Sweep):
            return False
        plan, now, real = self.targets.plans[target.flow], await self.clock.business(), await self.clock.real()
        names = [name for state in target.states for name in plan.called(state)]
        than = self.seats_at_once if run.queue == "browser" else BATCH
        return await self.store.is_more_due(target.flow, names, run.queue, cutoff=now, real=real, than=than)

    async def _line(self, engine: Engine, dependencies: Dependencies, target: NamedLine) -> RunResult:
        """The states that hold the line; what only a browser can do of it goes on there."""
        plan, swept, onward = self.targets.plans[target.flow], SweepResult(), False
        for state in plan.named_lines[target.line]:
            line = plan.line(state, target.line)
            if line is not None and "browser" in dependencies.remotes.queues_of(plan, line):
                onward = True
            else:
                swept += await engine.sweep(target.flow, state, only=target.line)
        return RunResult(dict(swept.counts), onward="browser" if onward else None)

    async def _left(self, target: Sweep | NamedLine) -> int:
        """In how many states of the target cases are due that nobody here could work on: no account, no browser."""
        now, plan = await self.clock.business(), self.targets.plans[target.flow]
        if isinstance(target, Sweep):
            return len({state for state, queue in await self._due(target, now) if queue == "browser"})
        remotes, held = self.dependencies["browser"].remotes, {one.adapter for one in await self.store.accounts()}
        entered = {state: remotes.entered_in(plan, state) for state in plan.named_lines[target.line]}
        # where there is an account its cases may well have nothing to do; who looks at them is known
        alone = [state for state, remote in entered.items() if remote is None or remote.name not in held]
        live = await self.store.live_states() if alone else {}
        return len([state for state in alone if (target.flow, state) in live])

    async def _browser(
        self, engine: Engine, dependencies: Dependencies, target: Sweep | NamedLine, cutoff: datetime | None
    ) -> SweepResult:
        """The seats of each remote on whose accounts the target's states work, one remote after another."""
        plan, only = self.targets.plans[target.flow], target.line if isinstance(target, NamedLine) else None
        found: dict[str, tuple[Remote, list[tuple[str, str]]]] = {}
        for state in target.states if isinstance(target, Sweep) else plan.named_lines[target.line]:
            if (remote := dependencies.remotes.entered_in(plan, state)) is not None:
                found.setdefault(remote.name, (remote, []))[1].append((target.flow, state))
        swept = SweepResult()
        for remote, wanted in found.values():
            seats = SeatWork(engine, dependencies, remote, self.seats_at_once)
            async with self.browsing:
                swept += await seats.sweep(wanted, only=only, cutoff=None if only else cutoff)
        return swept

    async def _due(self, target: Sweep, now: datetime) -> set[tuple[str, str]]:
        """Where something could be claimed now: the target's states, by today's names, with the queues of their work.

        One question for all of them; most sweeps find nothing, and an empty claim is a transaction of its own.
        """
        plan = self.targets.plans[target.flow]
        today = {name: state for state in target.states for name in plan.called(state)}
        due = await self.store.due(target.flow, list(today), cutoff=now, real=await self.clock.real())
        return {(today[state], queue) for state, queue in due}

    def _dependencies(self, run: Run, target: Sweep | NamedLine, stop: Stop, now: datetime) -> Dependencies:
        """The process's own, but for what the schedule says: when to look again, and how often at most."""
        given = self.dependencies[cast(Queue, run.queue)]
        limits, onward = given.limits, run.next_run_at
        if onward is not None and onward > now:
            again = max(min(limits.look_again, onward - now - MARGIN), timedelta(seconds=1))
            limits = replace(limits, look_again=again)
        plans = given.plans
        if run.recheck is not None and isinstance(target, Sweep):
            plans = {**plans, target.flow: with_recheck(plans[target.flow], target.states, run.recheck)}
        waits = {"clock": given.clock, "documents": given.documents}
        patient: dict[str, Any] = {name: Patient(one, lambda: stop.asked) for name, one in waits.items()}
        return replace(given, stop=stop, limits=limits, plans=plans, **patient)


def with_recheck(plan: Plan, states: tuple[str, ...], recheck: timedelta) -> Plan:
    """The same plan and machine, with another recheck in these states."""
    changed = copy.copy(plan)
    found = {name: copy.copy(plan.states[name]) for name in states}
    for state in found.values():
        state.recheck = recheck
    changed.states = {**plan.states, **found}
    return changed

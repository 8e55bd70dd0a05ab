"""Does what a run's target says: sweeps states or a named line within the schedule's limits, or does a job."""

from __future__ import annotations

import asyncio
import copy
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from workflow.clock import Clock
from workflow.engine.allowance import Allowance, Stop
from workflow.engine.dependencies import Dependencies
from workflow.engine.seats import SeatWork
from workflow.engine.sweep import BATCH, Engine, SweepResult
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Remote, Remotes
from workflow.queues import DEFAULT_QUEUE
from workflow.scheduler.run_shares import RunResult
from workflow.schedules.run import Run
from workflow.schedules.targets import Job, NamedLine, Sweep, Targets
from workflow.store import Store
from workflow.store.patience import Patient

log = structlog.get_logger()

MARGIN = timedelta(seconds=5)
"""A waiting case is due this long before its schedule's next instant, so that a slow look does not miss it."""


def one_turn_a_queue() -> dict[str, asyncio.Semaphore]:
    """By queue, held by each run of a process that works on seats there: one after another."""
    return defaultdict(lambda: asyncio.Semaphore(1))


@dataclass
class TargetRunner:
    """What a worker does with a run. dependencies: by queue. seats_at_once: for remotes that say no number of seats."""

    store: Store
    clock: Clock
    targets: Targets
    dependencies: Mapping[str, Dependencies]
    do_job: Callable[[Job], Awaitable[Mapping[str, int]]]
    seats_at_once: int = 2
    turns: Mapping[str, asyncio.Semaphore] = field(default_factory=one_turn_a_queue, repr=False)

    async def __call__(self, run: Run, allowance: Allowance) -> RunResult:
        target = self.targets.read(run.target)[run.part]
        if isinstance(target, Job):
            return RunResult(await self.do_job(target))
        now = await self.clock.business()
        dependencies = self._dependencies(run, target, allowance.stop, now)
        engine, queue = Engine(dependencies, allowance), dependencies.queue
        # what is looked at is due again while a long sweep goes on: who helps takes what was due when the sweep began
        cutoff = now - (await self.clock.real() - run.helps_since) if run.helps_since is not None else None
        if queue == DEFAULT_QUEUE and isinstance(target, Sweep):
            await engine.free_overdue(target.flow, target.states)
        seated = self._seated(target, queue)
        with_seat = {state for _, states in seated for state in states}
        swept = await self._plain(engine, target, queue, with_seat, cutoff)
        idle = list[tuple[Remote, list[str]]]()
        for remote, states in seated:
            done = await self._seats(engine, dependencies, remote, target, states, cutoff)
            swept += done
            if not done.total:
                idle.append((remote, states))
        told = dict(swept.counts)
        is_judged = idle and run.helps_since is None and not allowance.is_used_up
        if is_judged and (left := await self._left(target, queue, idle)):
            log.warning("run.unserved", target=str(target), states=left)
            told["unserved"] = left
        return RunResult(told, onward=await self._onward(target, queue))

    async def wants_help(self, run: Run) -> bool:
        """Whether another worker may take a share of a run without a limit: more is due than who is at it takes next.

        A named line's sweep walks from the first case to the last; two of them would look at each case twice.
        """
        target = self.targets.read(run.target)[run.part]
        if not isinstance(target, Sweep):
            return False
        plan, now, real = self.targets.plans[target.flow], await self.clock.business(), await self.clock.real()
        names = [name for state in target.states for name in plan.called(state)]
        sitting = [self.seats_of(remote) for remote, _ in self._seated(target, run.queue)]
        than = max(sitting, default=BATCH)
        return await self.store.is_more_due(target.flow, names, run.queue, cutoff=now, real=real, than=than)

    @property
    def _remotes(self) -> Remotes:
        return self.dependencies[DEFAULT_QUEUE].remotes

    def seats_of(self, remote: Remote) -> int:
        """How many seats of a remote this process works on side by side."""
        return remote.at_once or self.seats_at_once

    def _states(self, target: Sweep | NamedLine, queue: str) -> Sequence[str]:
        """The states that a leg of the run in this queue looks at."""
        return target.states if isinstance(target, Sweep) else self._holding(target, queue)

    def _holding(self, target: NamedLine, queue: str) -> list[str]:
        """The states that hold a named line which is for the workers of this queue."""
        plan = self.targets.plans[target.flow]
        lines = {state: plan.line(state, target.line) for state in plan.named_lines[target.line]}
        return [state for state, line in lines.items() if line and self._remotes.queue_of(plan, [line]) == queue]

    def _seated(self, target: Sweep | NamedLine, queue: str) -> list[tuple[Remote, list[str]]]:
        """The remotes on whose accounts workers of this queue work, each with the target's states where they do."""
        found: dict[str, tuple[Remote, list[str]]] = {}
        for state in self._states(target, queue):
            if remote := self._remotes.seat_work(self.targets.plans[target.flow], state, queue):
                found.setdefault(remote.name, (remote, []))[1].append(state)
        return list(found.values())

    async def _plain(
        self, engine: Engine, target: Sweep | NamedLine, queue: str, seated: Collection[str], cutoff: datetime | None
    ) -> SweepResult:
        """The states that need no seat here; of a sweep, those in which something is due.

        What a case does in one state may make it due in another.
        """
        swept, due = SweepResult(), set[tuple[str, str]]()
        states = [state for state in self._states(target, queue) if state not in seated]
        if states and isinstance(target, Sweep):
            due = await self._due(target, await self.clock.business(), [queue])
        for state in states:
            if isinstance(target, NamedLine):
                swept += await engine.sweep(target.flow, state, only=target.line)
            elif (state, queue) in due:
                swept += await engine.sweep(target.flow, state, cutoff=cutoff)
                due = await self._due(target, await self.clock.business(), [queue])
        return swept

    async def _onward(self, target: Sweep | NamedLine, queue: str) -> str | None:
        """The first queue after this one in which something of the target is left to do."""
        queues = self._remotes.queues(self.targets.plans[target.flow])
        later = queues[queues.index(queue) + 1 :] if queue in queues else ()
        if isinstance(target, NamedLine):
            return next((one for one in later if self._holding(target, one)), None)
        due = {of for _, of in await self._due(target, await self.clock.business(), later)} if later else set()
        return next((one for one in later if one in due), None)

    async def _left(self, target: Sweep | NamedLine, queue: str, idle: Sequence[tuple[Remote, list[str]]]) -> int:
        """In how many states of the target cases are due that nobody here could work on: no account, no browser.

        idle: the remotes on whose seats nothing was done, with their states. Those of which a seat is leased are left
        out: somebody else is at work there.
        """
        real, seats = await self.clock.real(), await self.store.accounts()
        leased = {one.adapter for one in seats if one.lease_until is not None and one.lease_until > real}
        idle = [(remote, states) for remote, states in idle if remote.name not in leased]
        if isinstance(target, Sweep):
            of = {state for _, states in idle for state in states}
            due = await self._due(target, await self.clock.business(), [queue]) if of else set()
            return len({state for state, _ in due} & of)
        held = {one.adapter for one in seats}
        # where there is an account its cases may well have nothing to do; who looks at them is known
        alone = [state for remote, states in idle if remote.name not in held for state in states]
        live = await self.store.live_states() if alone else {}
        return len([state for state in alone if (target.flow, state) in live])

    async def _seats(
        self,
        engine: Engine,
        dependencies: Dependencies,
        remote: Remote,
        target: Sweep | NamedLine,
        states: Sequence[str],
        cutoff: datetime | None,
    ) -> SweepResult:
        """The seats of a remote, in these states; the runs of a process do so one after another."""
        seats = SeatWork(engine, dependencies, remote, self.seats_of(remote))
        wanted = [(target.flow, state) for state in states]
        async with self.turns[remote.queue]:
            if isinstance(target, NamedLine):
                return await seats.sweep(wanted, only=target.line)
            return await seats.sweep(wanted, cutoff=cutoff)

    async def _due(self, target: Sweep, now: datetime, queues: Sequence[str]) -> set[tuple[str, str]]:
        """Where something could be claimed now: the target's states, by today's names, with the queues of their work.

        One question for all of them; most sweeps find nothing, and an empty claim is a transaction of its own.
        """
        plan = self.targets.plans[target.flow]
        today = {name: state for state in target.states for name in plan.called(state)}
        real = await self.clock.real()
        due = await self.store.due(target.flow, list(today), queues=queues, cutoff=now, real=real)
        return {(today[state], queue) for state, queue in due}

    def _dependencies(self, run: Run, target: Sweep | NamedLine, stop: Stop, now: datetime) -> Dependencies:
        """The process's own, but for what the schedule says: when to look again, and how often at most."""
        given = self.dependencies.get(run.queue) or self.dependencies[DEFAULT_QUEUE]
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

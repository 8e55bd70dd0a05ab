"""The runs of a process: begins pending runs, helps with those of others, and stops when asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from workflow.clock import Clock
from workflow.engine.allowance import Stop
from workflow.errors import SchemaIsNewer
from workflow.jumps import Watch
from workflow.queues import DEFAULT_QUEUE
from workflow.scheduler.beat import SEEN
from workflow.scheduler.run_shares import Perform, RunShare
from workflow.scheduler.silences import Silence
from workflow.scheduler.upgrades import Measure
from workflow.schedules.run import Run
from workflow.store import Store

log = structlog.get_logger()

SPARE = 50
"""This many runs more than fit are read: some may be another worker's."""
LEFT_FOR_OTHERS = timedelta(minutes=10)
"""A run waits this long for a worker that knows its target; then one that does not logs that and ends it."""
SETTLED = timedelta(milliseconds=300)
"""A tick that was ended from outside has this long to write that its outcome is unknown."""
CANCELLED = timedelta(milliseconds=500)
"""A tick that was cancelled is awaited this long; then its lease is given back, and the process ends."""
LAST_WORD = 5.0
"""Seconds that a process which ends waits for a database that does not answer."""


async def _never(_: Run) -> bool:
    return False


@dataclass
class Worker:
    """What one process does of the queue of runs.

    poll: how often it looks by itself; leave: ends the process when it is outgrown. queues_of: where each target of a
    run begins; empty where this process cannot read it. wants_help: whether a run of another process has work for one
    more. lacks: the settings without which some of its cases wait. refresh: called before each look; takes what was
    changed at run time.
    """

    store: Store
    clock: Clock
    perform: Perform
    process: str
    queues: Sequence[str]
    at_once: int = 4
    poll: timedelta = timedelta(seconds=5)
    lease: timedelta = timedelta(seconds=60)
    kind: str = "worker"
    queues_of: Callable[[str], Sequence[str]] = lambda _: (DEFAULT_QUEUE,)
    wants_help: Callable[[Run], Awaitable[bool]] = _never
    lacks: Sequence[str] = ()
    stop: Stop = field(default_factory=Stop)
    leave: Callable[[], None] = lambda: None
    refresh: Callable[[], Awaitable[None]] | None = None
    outgrown: SchemaIsNewer | None = None
    cut_off: int = 0
    """Runs that had not come to their next step when their grace was over; the next look asks about what is unknown."""
    _left: set[str] = field(default_factory=set, repr=False)
    _ended: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _helped: set[tuple[str, int]] = field(default_factory=set, repr=False)
    _woken: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _under_way: dict[str, asyncio.Task[None]] = field(default_factory=dict, repr=False)
    _seen_at: datetime | None = field(default=None, repr=False)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    def __post_init__(self) -> None:
        self._watch = Watch(self.store, self.clock, self.process)
        self._measure = Measure(self.store, self.clock)
        self._database = Silence("worker.database", "what is under way waits for it")

    def wake(self) -> None:
        """Look now; called from the event loop's own thread."""
        self._woken.set()

    async def serve(self) -> None:
        """Begin what is pending until stop is asked for; between two looks say that this process lives."""
        while not self.stop.asked:
            self._woken.clear()
            await self._live(looks=True)
            left = self.poll
            while left > timedelta(0) and not self._woken.is_set() and not self.stop.asked:
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(left, SEEN).total_seconds()):
                        await self._woken.wait()
                left -= SEEN
                if left > timedelta(0):
                    await self._live(looks=False)

    async def _live(self, *, looks: bool) -> None:
        """Say that this process lives, again where the database does not answer.

        Ends where the record has outgrown it.
        """
        try:
            async with self._looking:
                await self._measure.take()
                if looks:
                    await self.look()
                await self._say_alive()
            self._database.is_well(self.clock.elapsed())
        except Exception as error:  # noqa: BLE001 - whatever a database answers, it is asked again
            self._failed(error)

    async def look(self) -> int:
        """Begin as many pending runs as fit, or help with one of another process; returns how many."""
        await self._watch.jump()
        if self.refresh is not None:
            await self.refresh()
        real = await self.clock.real()
        await self.store.lose_dead(real)
        room, begun = self.at_once - len(self._under_way), 0
        if room <= 0:
            return 0
        for run in await self._known(room, real):
            if self.stop.asked:
                break
            mine = await self.store.begin(run, owner=self.process, real=real, lease=self.lease)
            if mine is not None:
                self._begin(mine)
                begun += 1
        if not self._under_way and not self.stop.asked:
            return await self._help(real)
        return begun

    async def _help(self, real: datetime) -> int:
        """Where this process has no run of its own, take a share of a long one of others, once in each try."""
        found = [run for run in await self.store.under_way(self.queues, real=real) if self.queues_of(run.target)]
        self._helped &= {(run.id, run.tries) for run in found}
        for run in found:
            if (run.id, run.tries) in self._helped or not await self.wants_help(run):
                continue
            mine = await self.store.join(run, owner=self.process, real=real, lease=self.lease)
            if mine is not None:
                self._helped.add((run.id, run.tries))
                self._begin(mine)
                return 1
        return 0

    async def _known(self, room: int, real: datetime) -> list[Run]:
        """The runs that this process may begin. One with an unknown target is left for a newer process, for a while."""
        waiting = await self.store.pending(self.queues, room + SPARE, now=await self.clock.business())
        mine = []
        for run in waiting:
            if self.queues_of(run.target) or abs(real - run.made_at) > LEFT_FOR_OTHERS:
                mine.append(run)
            elif run.id not in self._left:
                self._left.add(run.id)
                log.warning("run.unknown_target", schedule=run.name, target=run.target, left_for="others")
        return mine[:room]

    async def idle(self) -> None:
        """Wait until nothing that was begun is under way."""
        while self._under_way:
            await asyncio.wait(set(self._under_way.values()))

    async def end(self, grace: timedelta, cut: Callable[[], Awaitable[None]] | None = None) -> None:
        """Claim nothing more; what is under way has this long to come to its next step; then give everything back.

        cut: ends from outside what ignores a cancellation; done before what is late is cancelled.
        """
        self.stop.ask()
        self._woken.set()
        async with self._looking:  # a look that began earlier begins its last run, and says its last word, first
            running = set(self._under_way.values())
        if late := await _within(grace, running):
            self.cut_off = len(late)
            log.warning("worker.cut_off", runs=len(late))
            if cut is not None:
                await cut()
                late = await _within(SETTLED, late)
            for task in late:
                task.cancel()
            await _within(CANCELLED, late)
        try:
            async with asyncio.timeout(LAST_WORD):
                freed = await self.store.give_back(self.process)
                await self.store.forget_heartbeats(await self.clock.real(), process=self.process)
        except Exception as error:  # noqa: BLE001 - the leases run out by themselves
            self._failed(error)
            freed = 0
        log.info("worker.stopped", freed=freed)

    def _begin(self, run: Run) -> None:
        queues = self.queues_of(run.target)
        share = RunShare(run, queues, self.store, self.clock, self.perform, self.lease, self.stop, self._failed)
        self._under_way[run.id] = asyncio.create_task(self._do(share))

    async def _do(self, share: RunShare) -> None:
        try:
            await share.done()
        finally:
            self._under_way.pop(share.run.id, None)
            self._woken.set()

    def outgrow(self, error: SchemaIsNewer) -> None:
        """The record is newer than this process: begin nothing more, log it, and end the process."""
        if self.outgrown is not None:
            return
        self.outgrown = error
        if not self.stop.asked:
            log.error("worker.outgrown", why=error.what, cure=error.cure)
            self.stop.ask()
            self.leave()
        self._ended.set()

    async def until_outgrown(self) -> SchemaIsNewer:
        """For what works beside the runs: waits until the process is outgrown, and raises that."""
        await self._ended.wait()
        assert self.outgrown is not None
        return self.outgrown

    def _failed(self, error: Exception) -> None:
        if isinstance(error, SchemaIsNewer):
            self.outgrow(error)
        else:
            self._database.failed(error, self.clock.elapsed())

    async def _say_alive(self) -> None:
        real = await self.clock.real()
        if self._seen_at is not None and abs(real - self._seen_at) < SEEN:
            return
        self._seen_at = real
        at_work = {"runs": len(self._under_way), **({"lacks": list(self.lacks)} if self.lacks else {})}
        await self.store.heartbeat(self.process, self.kind, queues=self.queues, doing=at_work, real=real)


async def _within(span: timedelta, tasks: Iterable[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
    """Those that are not over within this time."""
    waited = set(tasks)
    return (await asyncio.wait(waited, timeout=span.total_seconds()))[1] if waited else set()

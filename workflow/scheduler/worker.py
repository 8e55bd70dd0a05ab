"""The runs of a process: it begins what is pending, keeps the lease, writes what came of it, and stops when asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from workflow.clock import Clock
from workflow.engine.allowance import Allowance, Stop
from workflow.errors import SchemaIsNewer
from workflow.flow.mistakes import is_told, words
from workflow.jumps import Watch
from workflow.scheduler.beat import SEEN
from workflow.scheduler.settling import Over, settle
from workflow.scheduler.silences import Silence
from workflow.scheduler.upgrades import Measure
from workflow.schedules.run import Run
from workflow.store import Store
from workflow.store.patience import patiently
from workflow.store.renewal import renewing

log = structlog.get_logger()

LONGEST_WHY = 500
SPARE = 50
"""So many runs more are looked at than there is room for: some may be another's."""
LEFT_FOR_OTHERS = timedelta(minutes=10)
"""So long a run waits for a worker that knows its target; then one that does not says so in its log, and ends it."""
SETTLED = timedelta(milliseconds=300)
"""What was ended from outside has this long to write down that nobody knows how it ended."""
CANCELLED = timedelta(milliseconds=500)
"""Nobody waits longer for what was cancelled: its lease is given back, and its process ends."""
LAST_WORD = 5.0
"""Seconds that a process which ends waits for a database that does not answer."""
LAST_STEP = timedelta(minutes=3)
"""What is under way when a run's time is up may take so long to come to its end, before it is cut off."""


@dataclass(frozen=True)
class RunResult:
    """What a run, or its leg in one queue, came to. onward: the queue that does the rest."""

    counts: Mapping[str, int]
    onward: str | None = None


Perform = Callable[[Run, Allowance], Awaitable[RunResult]]


@dataclass
class Worker:
    """What one process does of the queue. poll: how often it looks by itself; leave: ends it when it is outgrown.

    queues_of: where each target of a run begins; none where this process does not know what the run is for. lacks: the
    settings without which some of its cases wait.
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
    queues_of: Callable[[str], Sequence[str]] = lambda _: ("http",)
    lacks: Sequence[str] = ()
    stop: Stop = field(default_factory=Stop)
    leave: Callable[[], None] = lambda: None
    outgrown: SchemaIsNewer | None = None
    cut_off: int = 0
    """Runs that had not come to their next step when their grace was over; what is unknown is asked next time."""
    _left: set[str] = field(default_factory=set, repr=False)
    _ended: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _woken: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _under_way: dict[str, asyncio.Task[None]] = field(default_factory=dict, repr=False)
    _seen_at: datetime | None = field(default=None, repr=False)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    def __post_init__(self) -> None:
        self._watch = Watch(self.store, self.clock, self.process)
        self._measure = Measure(self.store, self.clock)
        self._database = Silence("worker.database", "what is under way waits for it")

    def wake(self) -> None:
        """Look now; from the loop's own thread."""
        self._woken.set()

    async def serve(self) -> None:
        """Until stop is asked for: begin what is pending. Between two looks it says that it lives."""
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
        """A database that does not answer is asked again. A process that its record has outgrown ends."""
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
        """Begin as many pending runs as there is room for; how many."""
        await self._watch.jump()
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
                self._under_way[mine.id] = asyncio.create_task(self._run(mine))
                begun += 1
        return begun

    async def _known(self, room: int, real: datetime) -> list[Run]:
        """What this process may begin. A run of a target that it does not know is left for a newer one, for a while."""
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
        """Until nothing that was begun is under way."""
        while self._under_way:
            await asyncio.wait(set(self._under_way.values()))

    async def end(self, grace: timedelta, cut: Callable[[], Awaitable[None]] | None = None) -> None:
        """No new claims; what is under way has this long to come to its next step; then everything is given back.

        cut: ends from outside what would not hear of a cancellation; done before what is late is cancelled.
        """
        self.stop.ask()
        self._woken.set()
        async with self._looking:  # a look that began before begins its last run, and says its last word, before us
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

    async def _run(self, run: Run) -> None:
        """One run from its begin to its last word."""
        began = self.clock.elapsed()
        try:
            async with renewing(self.lease, lambda: self._renew(run), self._failed):
                over = await self._performed(run)
                await patiently(self._settle, lambda: self.stop.asked, run, over)
            took = self.clock.elapsed() - began
            counts = dict(over.counts)
            log.info("schedule.ran", schedule=run.name, counts=counts, error=over.error, s=took.total_seconds())
        except asyncio.CancelledError:
            try:
                await self.store.pass_on(run, run.queue, run.counts)
            except Exception as error:  # noqa: BLE001 - its lease runs out by itself
                self._failed(error)
        except SchemaIsNewer as error:
            self.outgrow(error)
        except Exception as error:  # noqa: BLE001 - the run's last word is not said; its lease runs out
            log.warning("run.unsettled", schedule=run.name, why=str(error))
            self._failed(error)
        finally:
            self._under_way.pop(run.id, None)
            self._woken.set()

    async def _performed(self, run: Run) -> Over:
        """What the run came to, or what broke it off. Past its time it claims nothing more, and ends by itself."""
        stop, late = Stop(self.stop), False
        doing = asyncio.ensure_future(self._perform(run, Allowance(stop, run.batch)))
        try:
            late = bool((await asyncio.wait([doing], timeout=run.timeout.total_seconds()))[1])
            if late:
                stop.ask()
            came = await asyncio.wait_for(doing, LAST_STEP.total_seconds() if late else None)
            return Over(came.counts, came.onward, f"not through within {run.timeout}" if late else None, late)
        except asyncio.CancelledError:
            doing.cancel()
            await asyncio.wait([doing])
            raise
        except SchemaIsNewer:  # it is no failure of the run, which is given back as this process ends
            raise
        except Exception as error:  # noqa: BLE001 - the log tells it; a retry or the next instant is the next try
            why = words(error)
            log.error("run.failed", schedule=run.name, why=why, failures=len(run.failures) + 1)
            return Over(error=why[:LONGEST_WHY], late=late)

    async def _perform(self, run: Run, allowance: Allowance) -> RunResult:
        task = asyncio.current_task()
        try:
            return await self.perform(run, allowance)
        except Exception:
            raise
        except BaseException as error:  # SystemExit and its like would end the loop, and with it all other runs
            if is_told(error, task):
                raise
            raise RuntimeError(words(error)) from error

    async def _settle(self, run: Run, over: Over) -> None:
        queues = self.queues_of(run.target)
        await settle(self.store, self.clock, run, over, queues=queues, stopping=self.stop.asked)

    async def _renew(self, run: Run) -> bool:
        held = await self.store.renew_run(run, until=await self.clock.real() + self.lease)
        if not held:
            log.warning("run.lost", schedule=run.name, run=run.id)
        return held

    def outgrow(self, error: SchemaIsNewer) -> None:
        """The record is newer than this process: nothing more is begun, and the process ends with a word."""
        if self.outgrown is not None:
            return
        self.outgrown = error
        if not self.stop.asked:
            log.error("worker.outgrown", why=error.what, cure=error.cure)
            self.stop.ask()
            self.leave()
        self._ended.set()

    async def until_outgrown(self) -> SchemaIsNewer:
        """For who works beside the runs: what ends this process, once it is known."""
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
    """Those that are not over by then."""
    waited = set(tasks)
    return (await asyncio.wait(waited, timeout=span.total_seconds()))[1] if waited else set()

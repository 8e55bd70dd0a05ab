"""A worker's share of a run, from its begin to its last word; of most runs one worker does the whole."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from workflow.clock import Clock
from workflow.engine.allowance import Allowance, Stop
from workflow.errors import SchemaIsNewer
from workflow.flow.mistakes import is_told, words
from workflow.scheduler.settling import Over, settle
from workflow.schedules.run import Run
from workflow.sentence import Quote, Sentence
from workflow.store import Store
from workflow.store.patience import patiently
from workflow.store.renewal import renewing

log = structlog.get_logger()

LONGEST_WHY = 500
"""So much of somebody else's words is kept; a sentence of ours is kept whole, with its code."""
LAST_STEP = timedelta(minutes=3)
"""When a run's time is up, a step that is under way may take this long to end before it is cut off."""


@dataclass(frozen=True)
class RunResult:
    """What a share of a run, or of its part in one queue, came to. onward: the queue that does the rest."""

    counts: Mapping[str, int]
    onward: str | None = None


Perform = Callable[[Run, Allowance], Awaitable[RunResult]]


@dataclass
class RunShare:
    """Does a share of a run, and keeps its lease and its counts.

    queues: where each target of the run begins. stop: ends the process; failed: called with what failed.
    """

    run: Run
    queues: Sequence[str]
    store: Store
    clock: Clock
    perform: Perform
    lease: timedelta
    stop: Stop
    failed: Callable[[Exception], None]
    _allowance: Allowance = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._allowance = Allowance(Stop(self.stop), self.run.batch, self._note)

    async def done(self) -> None:
        """Work until the last word is written, or cannot be."""
        run, began = self.run, self.clock.elapsed()
        try:
            async with renewing(self.lease, self._renew, self.failed):
                over = await self._performed()
                await patiently(self._settle, lambda: self.stop.asked, over)
            event = "schedule.ran" if run.helps_since is None else "schedule.helped"
            took = (self.clock.elapsed() - began).total_seconds()
            log.info(event, schedule=run.name, counts=dict(over.counts), error=over.error, s=took)
        except asyncio.CancelledError:
            await self._give_back()
        except SchemaIsNewer as error:
            self.failed(error)
            await self._give_back()
        except Exception as error:  # noqa: BLE001 - the last word is not said; its lease runs out
            log.warning("run.unsettled", schedule=run.name, why=str(error))
            self.failed(error)

    async def _give_back(self) -> None:
        """Give the run back: another process does what is left."""
        run = self.run
        try:
            await self.store.pass_on(run, run.queue, self._allowance.counts, real=await self.clock.real())
        except Exception as error:  # noqa: BLE001 - its lease runs out by itself
            self.failed(error)

    async def _performed(self) -> Over:
        """What the share came to, or what broke it off. When the run's time is up it claims nothing more, and ends."""
        late, run, allowance = False, self.run, self._allowance
        left = await patiently(self._time_left, lambda: self.stop.asked)
        doing = asyncio.ensure_future(self._perform())
        try:
            late = bool((await asyncio.wait([doing], timeout=left))[1])
            if late:
                allowance.stop.ask()
            came = await asyncio.wait_for(doing, LAST_STEP.total_seconds() if late else None)
            return Over(came.counts, came.onward, self._overrun() if late else None, late)
        except asyncio.CancelledError:
            doing.cancel()
            await asyncio.wait([doing])
            raise
        except SchemaIsNewer:  # it is no failure of the run, which is given back
            raise
        except Exception as error:  # noqa: BLE001 - the log tells it; a retry or the next instant is the next try
            why = words(error)
            if isinstance(why, Quote):
                why = Quote(why[:LONGEST_WHY])
            log.error("run.failed", schedule=run.name, why=why, failures=len(run.failures) + 1)
            return Over(dict(allowance.counts), error=why, late=late)

    def _overrun(self) -> Sentence:
        return Sentence("not_through", "not through within {limit}", limit=self.run.timeout)

    async def _time_left(self) -> float:
        """Seconds until the run's time is up; the run began before a worker that helps with it."""
        run, left = self.run, self.run.timeout
        if run.helps_since is not None:
            left -= await self.clock.real() - run.helps_since
        return max(left.total_seconds(), 0)

    async def _perform(self) -> RunResult:
        task = asyncio.current_task()
        try:
            return await self.perform(self.run, self._allowance)
        except Exception:
            raise
        except BaseException as error:  # SystemExit and its like would end the loop, and with it all other runs
            if is_told(error, task):
                raise
            raise RuntimeError(words(error)) from error

    async def _settle(self, over: Over) -> None:
        await settle(self.store, self.clock, self.run, over, queues=self.queues, stopping=self.stop.asked)

    async def _note(self, counts: Mapping[str, int]) -> None:
        try:
            await self.store.note_counts(self.run, counts)
        except Exception as error:  # noqa: BLE001 - the next batch says it again, and so does the last word
            self.failed(error)

    async def _renew(self) -> bool:
        held = await self.store.renew_run(self.run, until=await self.clock.real() + self.lease)
        if not held:
            log.warning("run.lost", schedule=self.run.name, run=self.run.id)
        return held

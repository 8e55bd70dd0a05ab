"""The opened systems of a process: after a change of settings or calendars, new runs get new ones, and old ones end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from caseward.app.adapters import Workers, open_workers, target_runner
from caseward.app.installation import Record
from workflow.engine.allowance import Allowance
from workflow.flow.mistakes import words
from workflow.scheduler.run_shares import RunResult
from workflow.scheduler.target_runs import TargetRunner, one_turn_a_queue
from workflow.schedules.run import Run

if TYPE_CHECKING:
    from adapters.browser.chromium_process import Browser

log = structlog.get_logger()

OPENS_AGAIN = timedelta(minutes=1)
"""A remote that could not be opened is tried again after this time."""


@dataclass(eq=False)
class Generation:
    """The systems as they were opened at one time. number: the newest change that they include."""

    number: int
    workers: Workers
    perform: TargetRunner
    runs: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Generations:
    """Does the work of runs; each run keeps the systems with which it began."""

    record: Record
    browser: Browser | None
    _open: list[Generation] = field(default_factory=list, init=False, repr=False)
    """Open generations, the newest last."""
    _lives: set[asyncio.Task[None]] = field(default_factory=set, init=False, repr=False)
    _turns: Mapping[str, asyncio.Semaphore] = field(default_factory=one_turn_a_queue, init=False, repr=False)
    _untaken: int = field(default=0, init=False, repr=False)
    """The newest change that could not be opened, and was logged."""
    _tried: timedelta = field(default=timedelta(0), init=False, repr=False)
    """When they were opened last, or tried to be."""

    @property
    def newest(self) -> Generation:
        """The generation with which new runs begin."""
        return self._open[-1]

    async def __call__(self, run: Run, allowance: Allowance) -> RunResult:
        mine = self.newest
        mine.runs += 1
        try:
            return await mine.perform(run, allowance)
        finally:
            mine.runs -= 1
            self._end_old()

    async def wants_help(self, run: Run) -> bool:
        """Whether another worker may take a share of a run that is under way."""
        return await self.newest.perform.wants_help(run)

    async def refresh(self) -> bool:
        """Open again if settings or calendars changed; returns whether new ones were opened.

        What cannot be opened is logged once. Where a remote could not be opened, all are opened anew after a while.
        """
        await self.record.refresh()
        is_changed = self._number() != self.newest.number
        if not is_changed and not self._is_to_be_tried():
            return False
        try:
            await self.open(all_open=not is_changed)
        except Exception as error:  # noqa: BLE001 - whatever a system does at its opening, the old ones are open
            if self._untaken != self._number():
                log.error("worker.not_taken", change=self._number(), why=words(error), meanwhile="the old ones work")
            self._untaken = self._number()
            return False
        log.info("worker.taken", change=self.newest.number)
        self._end_old()
        return True

    def _is_to_be_tried(self) -> bool:
        """Whether a remote could not be opened, and it is time to try again."""
        return bool(self.newest.workers.unopened) and self.record.clock.elapsed() - self._tried >= OPENS_AGAIN

    async def open(self, *, all_open: bool = False) -> None:
        """Open the systems as they count now, for new runs. all_open: raise where a remote cannot be opened."""
        self._tried = self.record.clock.elapsed()
        self._open.append(await self._opened(self._open[-1].workers if self._open else None, all_open))

    async def close(self) -> None:
        """Close all generations; nothing is under way any more."""
        for one in self._open:
            one.over.set()
        if self._lives:
            await asyncio.wait(set(self._lives))

    async def settled(self) -> None:
        """Wait until every generation that is over is closed."""
        while len(self._lives) > len(self._open):
            await asyncio.wait(set(self._lives), return_when=asyncio.FIRST_COMPLETED)

    def _end_old(self) -> None:
        for one in [one for one in self._open[:-1] if not one.runs]:
            self._open.remove(one)
            one.over.set()

    def _number(self) -> int:
        return self.record.changes[-1].number if self.record.changes else 0

    async def _opened(self, before: Workers | None, all_open: bool) -> Generation:
        ready: asyncio.Future[Generation] = asyncio.get_running_loop().create_future()

        async def life() -> None:
            """The life of a generation: one task opens and closes it."""
            try:
                async with open_workers(
                    self.record, None, browser=self.browser, before=before, all_open=all_open
                ) as workers:
                    perform = target_runner(self.record, workers, self._turns)
                    made = Generation(self._number(), workers, perform)
                    ready.set_result(made)
                    await made.over.wait()
            except BaseException as error:
                if ready.done():
                    raise
                ready.set_exception(error)

        task = asyncio.create_task(life())
        self._lives.add(task)
        task.add_done_callback(self._ended)
        return await ready

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._lives.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("worker.not_closed", why=words(error))


@asynccontextmanager
async def open_generations(record: Record, browser: Browser | None) -> AsyncIterator[Generations]:
    """Open the systems as they count now; at the end close all generations."""
    generations = Generations(record, browser)
    await generations.open()
    try:
        yield generations
    finally:
        await generations.close()

"""An office on its schedules under a clock that is set: from one instant to the next, in one order, without a wait."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from caseward.app.adapters import Workers, target_runner
from caseward.app.default_schedules import put_defaults
from caseward.app.installation import Record, open_record
from caseward.app.systems import read_systems
from caseward.demonstration.cast import Cast
from caseward.demonstration.coming import next_noticed, next_round
from caseward.demonstration.desk import Desk
from tests.systems import LABELS, at_sandbox, part
from workflow.clock import DatabaseClock, SetClock
from workflow.demonstration import Act, Outside
from workflow.scheduler.beat import Beat
from workflow.scheduler.worker import Worker
from workflow.schedules.run import Run
from workflow.settings import Settings
from workflow.store import Filters, Store

PROCESS = "office/1"
ORDER = ("sync_codes", *(name for name in LABELS if name != "sync_codes"))
MOST = timedelta(seconds=0.9)
"""So far at most real time goes on at one instant: to the beat more would be a jump, on a slow machine only."""
FIRST_LEAD, LEAD = timedelta(seconds=30), timedelta(seconds=5)
"""The outside's clock is so far ahead when a day begins, and at each instant after: what takes ten minutes out there
is never ready on the very instant of a look, where the machine's speed would say whether it is seen."""
BUSY = 60
"""Turns at one instant after which an office that is still busy goes in a circle."""


class StandingClock(SetClock):
    """Business time stands until it is set; real time follows it, and goes on meanwhile, so that runs take time."""

    def __init__(self, start: datetime, machine: DatabaseClock) -> None:
        super().__init__(start)
        self._machine, self._set_at, self._latest, self._start = machine, start, start, start

    async def real(self) -> datetime:
        gone_on = min(await self._machine.real() - self._set_at, MOST)
        self._latest = max(self._latest, self._business + gone_on)
        return self._latest

    def elapsed(self) -> timedelta:
        """Nobody sets this clock: a day is told in leaps."""
        return self._latest - self._start

    async def stand_at(self, then: datetime) -> None:
        self._set_at = await self._machine.real()
        self.set(then)


class OrderlyStore(Store):
    """Gives out the runs of one instant in the order of the tasks, the codes before those who wait for them."""

    async def pending(self, queues: Sequence[str], limit: int, *, now: datetime) -> list[Run]:
        found = await super().pending(queues, 1000, now=now)
        found.sort(key=lambda run: (run.due_at, run.queue != "http", ORDER.index(run.name)))
        return found[:limit]


@asynccontextmanager
async def opened(data: Path, origin: str, begin: datetime) -> AsyncIterator[tuple[Record, StandingClock]]:
    """A new record in a folder, with the schedules of an installation whose outside is simulated, at this instant."""
    settings = Settings(data_dir=data)
    async with open_record(settings, read_systems(settings, at_sandbox(origin))) as record:
        clock = StandingClock(begin, record.clock)
        await clock.stand_at(begin)
        record.clock = cast(DatabaseClock, clock)
        record.store = OrderlyStore(record.store.engine, record.store.vault, record.store.revision)
        await put_defaults(record)
        yield record, clock


@dataclass
class Office:
    """What happens in it."""

    record: Record
    beat: Beat
    runs: Worker
    people: Cast
    clock: StandingClock
    outside: Outside

    async def until(self, then: datetime, stride: timedelta) -> None:
        """On to this instant, at work at each multiple of the stride."""
        while (now := await self.clock.business()) < then:
            await self._to(min(then, now + stride - _past_midnight(now) % stride))

    async def jump(self, then: datetime) -> None:
        """On to this instant, at work only where something is known to come."""
        news = True
        while await self.clock.business() < then:
            to = await next_round(self.record) if news else await self._coming()
            before = await self._heads()
            await self._to(min(then, to or then))
            news = before != await self._heads()

    async def _to(self, then: datetime) -> None:
        await self.clock.stand_at(then)
        await self.outside.set_clock(then + LEAD, keep_sessions=True)
        for _ in range(BUSY):
            await self.beat.once()
            begun = await self.runs.look()
            await self.runs.idle()
            if not begun + await self.people.act(then):
                return
        raise AssertionError(f"{then}: after {BUSY} turns there is still something to do")

    async def _coming(self) -> datetime | None:
        return await next_noticed(self.record, self.outside, await self.people.next())

    async def _heads(self) -> Mapping[str, int]:
        rows = await self.record.store.cases(Filters(), limit=1000)
        return {row.claim.case: row.claim.seq for row in rows}


def at_work(record: Record, clock: StandingClock, workers: Workers, outside: Outside, acts: Sequence[Act]) -> Office:
    """One seat after the other, so that what happens stands in one order."""
    doing: Any = replace(target_runner(record, workers), seats_at_once=1)
    return Office(
        record,
        Beat(record.store, record.clock, record.rules, f"{PROCESS}/beat"),
        Worker(record.store, record.clock, doing, PROCESS, ("http", "browser"), at_once=1),
        Cast(Desk(record, workers, "cast:operator"), [part(outside, acts)]),
        clock,
        outside,
    )


def _past_midnight(now: datetime) -> timedelta:
    return now - now.replace(hour=0, minute=0, second=0, microsecond=0)

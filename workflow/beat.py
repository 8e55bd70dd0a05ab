"""The beat: instants that have come become rows of the log, each once, however many beats there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from workflow.clock import Clock
from workflow.cron import CronError, Timing, next_after, parse
from workflow.dispatches import Dispatch
from workflow.falling_due import Row, fallen
from workflow.schedules import Rules, Schedule
from workflow.targets import BadTarget

log = structlog.get_logger()

LONGEST = timedelta(seconds=1)
"""So often at least the database is looked at: an edit is live within this."""
SHORTEST = timedelta(milliseconds=20)
SEEN = timedelta(seconds=5)
"""How often a process says that it is alive."""


class BeatStore(Protocol):
    """What the beat needs of the store; see workflow/store."""

    async def due_schedules(self, now: datetime) -> list[Schedule]: ...
    async def next_instant(self) -> datetime | None: ...
    async def win(
        self,
        schedule: Schedule,
        rows: Sequence[Row],
        *,
        next_run_at: datetime | None,
        queue: str,
        actor: str,
        real: datetime,
    ) -> bool: ...
    async def to_send(self, real: datetime, now: datetime, limit: int = 50) -> list[Dispatch]: ...
    async def lose_dead(self, real: datetime) -> int: ...
    async def heartbeat(
        self, process: str, kind: str, *, queues: Sequence[str], doing: dict[str, int], real: datetime
    ) -> None: ...


@dataclass(frozen=True)
class Beaten:
    """What one beat came to: the runs to tell workers of, and how long nothing else will be due."""

    send: tuple[Dispatch, ...]
    rest: timedelta


@dataclass
class Beat:
    """One of any number; what it remembers only tells a jump of business time from a time without beats."""

    store: BeatStore
    clock: Clock
    rules: Rules
    process: str
    kind: str = "beat"
    _offset: timedelta | None = None
    _seen_at: datetime | None = field(default=None, repr=False)

    async def once(self) -> Beaten:
        """Write down every instant that has come."""
        now, real = await self.clock.business(), await self.clock.real()
        jumped = self._offset is not None and now - real - self._offset > LONGEST
        self._offset = now - real
        for schedule in await self.store.due_schedules(now):
            await bring_up(
                self.store,
                schedule,
                self.rules,
                now=now,
                real=real,
                actor=f"schedule:{schedule.definition.name}",
                gap="jumped" if jumped else "process_down",
            )
        await self.store.lose_dead(real)
        if self._seen_at is None or real - self._seen_at >= SEEN:
            await self.store.heartbeat(self.process, self.kind, queues=(), doing={}, real=real)
            self._seen_at = real
        send = await self.store.to_send(real, now)
        soon = await self.store.next_instant()
        rest = LONGEST if soon is None else min(LONGEST, soon - await self.clock.business())
        return Beaten(tuple(send), max(SHORTEST, rest))


async def bring_up(
    store: BeatStore,
    schedule: Schedule,
    rules: Rules,
    *,
    now: datetime,
    real: datetime,
    actor: str,
    gap: str = "process_down",
) -> Schedule:
    """The schedule with all its instants up to now in the log, by us or by whoever was faster."""
    while (schedule.next_run_at is not None and schedule.next_run_at <= now) or _is_edited(schedule):
        onward = await _bring_on(store, schedule, rules, now=now, real=real, actor=actor, gap=gap)
        if onward is None:
            return schedule
        schedule = onward
    return schedule


async def _bring_on(
    store: BeatStore, schedule: Schedule, rules: Rules, *, now: datetime, real: datetime, actor: str, gap: str
) -> Schedule | None:
    """The schedule as it stands when we were the one to bring it on; None where somebody was faster."""
    definition = schedule.definition

    async def won(rows: Sequence[Row], next_run_at: datetime | None, queue: str) -> Schedule | None:
        if not await store.win(schedule, rows, next_run_at=next_run_at, queue=queue, actor=actor, real=real):
            return None
        return replace(schedule, next_run_at=next_run_at, planned=definition.plan)

    try:
        timing = parse(definition.timing, definition.zone)
        queue = rules.targets.queue(rules.targets.read(definition.target))
    except (CronError, BadTarget) as error:
        log.error("schedule.unreadable", schedule=definition.name, why=str(error))
        return await won([Row(schedule.next_run_at or now, now, why="unreadable")], None, "http")
    first = _first(schedule, timing, now)
    if first is None or first > now:
        return await won([], first, queue)
    found = fallen(definition, timing, first, now, rules.calendars, gap=gap)
    return await won(found.rows, found.next_run_at, queue)


def _is_edited(schedule: Schedule) -> bool:
    return schedule.planned != schedule.definition.plan


def _first(schedule: Schedule, timing: Timing, now: datetime) -> datetime | None:
    """The instant to go on from; of a timing edited past us the first since the last row, so that none is missing."""
    if not _is_edited(schedule):
        return schedule.next_run_at
    since = schedule.next_run_at
    if since is None or since > now:
        return next_after(timing, now)
    return next_after(timing, since - timedelta(microseconds=1))

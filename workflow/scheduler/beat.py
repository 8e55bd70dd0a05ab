"""The beat: writes each instant that has come to the log of runs, once, however many beats there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from workflow.clock import Clock
from workflow.cron import CronError, Timing, next_after
from workflow.jumps import Watch
from workflow.scheduler.upgrades import Measure
from workflow.schedules.due_instants import Row, due_instants
from workflow.schedules.run import Run
from workflow.schedules.schedule import BadSchedule, Rules, Schedule, too_far
from workflow.schedules.targets import BadTarget
from workflow.store import Store

log = structlog.get_logger()

LONGEST = timedelta(seconds=1)
"""The beat looks at the database at least this often, so that an edit counts within this time."""
SHORTEST = timedelta(milliseconds=20)
AGAIN = timedelta(minutes=1)
"""A row that cannot be read, or has no instant left, is looked at again this often."""
SEEN = timedelta(seconds=5)
"""A process says this often that it is alive."""


@dataclass(frozen=True)
class BeatResult:
    """What one beat came to: the runs of which workers are to be told, and how long nothing else will be due."""

    send: tuple[Run, ...]
    rest: timedelta


@dataclass
class Beat:
    """One of any number of beats; its memory only tells a jump of business time from a time without beats."""

    store: Store
    clock: Clock
    rules: Rules
    process: str
    kind: str = "beat"
    _offset: timedelta | None = None
    _seen_at: datetime | None = field(default=None, repr=False)
    _right: dict[str, tuple[Schedule, datetime, datetime]] = field(default_factory=dict, repr=False)
    """Schedules that were looked at, and from when until when nothing of them can be due."""
    _told: set[str] = field(default_factory=set, repr=False)
    """What was said of schedules that cannot be read: other beats advance those, and each time they are read anew."""

    def __post_init__(self) -> None:
        self._watch = Watch(self.store, self.clock, self.process)
        self._measure = Measure(self.store, self.clock)

    async def once(self) -> BeatResult:
        """Write down every instant that has come. Raises SchemaIsNewer where the record is newer than this process."""
        await self._measure.take()
        jump = await self._watch.jump()
        now, real = await self.clock.business(), await self.clock.real()
        jumped = self._offset is not None and now - real - self._offset > LONGEST
        self._offset = now - real
        gap = "jumped" if jumped else "process_down"
        if jump is not None and jump.by > timedelta(0):
            gap = "clock"
        # instants between the clock's going back and this look are due as well
        await self._bring_up(now, real, gap, now - jump.span if jump is not None else now)
        await self.store.lose_dead(real)
        await self.store.skip_waited(real)
        if self._seen_at is None or abs(real - self._seen_at) >= SEEN:
            await self.store.heartbeat(self.process, self.kind, queues=(), doing={}, real=real)
            self._seen_at = real
        send = await self.store.to_send(real, now)
        soon = await self.store.next_instant()
        rest = LONGEST if soon is None else min(LONGEST, soon - await self.clock.business())
        return BeatResult(tuple(send), max(SHORTEST, rest))

    async def _bring_up(self, now: datetime, real: datetime, gap: str, anew: datetime) -> None:
        """Look at every schedule, since a wrong clock may have planned one. What was right stays as it is."""
        seen = self._right
        self._right = {}
        for schedule in await self.store.schedules():
            before = seen.get(schedule.id)
            if before is not None and before[0] == schedule and before[1] <= now < before[2]:
                self._right[schedule.id] = (schedule, before[1], before[2])
                continue
            actor = f"schedule:{schedule.definition.name}"
            brought = await advance(
                self.store, schedule, self.rules, now=now, real=real, actor=actor, gap=gap, anew=anew, told=self._told
            )
            onward = brought.next_run_at
            until = now + AGAIN if onward is None or onward <= now else onward
            self._right[schedule.id] = (brought, now, until)


async def advance(
    store: Store,
    schedule: Schedule,
    rules: Rules,
    *,
    now: datetime,
    real: datetime,
    actor: str,
    gap: str = "process_down",
    anew: datetime | None = None,
    told: set[str] | None = None,
) -> Schedule:
    """The schedule with all its instants up to now in the log, written by this beat or by a faster one.

    anew: plan instants from this one on, since the clock went back; None: from now on. A row that this code cannot read
    stays as it is: a newer process, or one with other systems, may know what it says. told: what was said of such rows
    before, which is not said again.
    """
    definition = schedule.definition
    try:
        timing, targets = rules.read(definition)
    except (CronError, BadTarget, BadSchedule) as error:
        said = f"{schedule.id}: {error}"
        if told is None or said not in told:
            cure = "switch its system on, edit it, or update Caseward"
            log.error("schedule.unreadable", schedule=definition.name, why=str(error), cure=cure)
        if told is not None:
            told.add(said)
        return schedule
    queue = rules.targets.queue(targets[0])
    while True:
        first = _first(schedule, timing, now, anew or now)
        if first == schedule.next_run_at and not _is_edited(schedule) and (first is None or first > now):
            return schedule
        rows: Sequence[Row] = ()
        onward = first
        if first is not None and first <= now:
            found = due_instants(definition, timing, first, now, rules.calendars, gap=gap)
            rows, onward = found.rows, found.next_run_at
        if not await store.win(schedule, rows, next_run_at=onward, queue=queue, actor=actor, real=real):
            return schedule
        schedule = replace(schedule, next_run_at=onward, planned=definition.plan)


def _is_edited(schedule: Schedule) -> bool:
    return schedule.planned != schedule.definition.plan


def _first(schedule: Schedule, timing: Timing, now: datetime, anew: datetime) -> datetime | None:
    """The instant to go on from. After an edit of the timing, the first since the last row, so that none is missing.

    A row without a planned instant, or with one too far off, is planned anew.
    """
    since = schedule.next_run_at
    if not _is_edited(schedule):
        if since is not None and too_far(schedule, timing, now):
            return next_after(timing, anew)
        return since or next_after(timing, now)
    if since is None or since > now:
        return next_after(timing, now)
    return next_after(timing, since - timedelta(microseconds=1))

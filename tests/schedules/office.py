"""A timetable, a beat and two clocks that a test moves; and the few gestures that the suite repeats."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from pydantic import Field

from states.accounts import flow as accounts
from states.copyright.flow import flow as registrations
from workflow.calendars import Calendar
from workflow.clock import SetClock
from workflow.flow.compiled import Plan
from workflow.scheduler.beat import Beat, BeatResult
from workflow.scheduler.commands import ScheduleCommands
from workflow.schedules.run import Run
from workflow.schedules.schedule import Definition, Rules, Schedule
from workflow.schedules.targets import JobKind, Parameters, Targets
from workflow.store import Store

NOON = datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)
"""Half a minute past eight in the evening in Shanghai, a Monday."""
LEASE = timedelta(days=1)


class Kept(Parameters):
    """What the tests' clean-up is given."""

    days: int = Field(default=90, ge=1)


RULES = Rules(
    Targets(
        {flow.name: Plan(flow) for flow in (registrations, accounts)},
        {kind.name: kind for kind in (JobKind("notices"), JobKind("retention", Kept))},
    ),
    {"bureau": Calendar("bureau", time(8), time(23), "Asia/Shanghai")},
)


def definition(**values: Any) -> Definition:
    given: dict[str, Any] = {
        "name": "notices",
        "group": "office",
        "target": "job notices",
        "timing": "0 0/10 * * * ?",
        "zone": "Asia/Shanghai",
    }
    return Definition(**{**given, **values})


class Office:
    """People on a timetable, and one beat that was there from the beginning."""

    def __init__(self, store: Store, start: datetime = NOON) -> None:
        self.store, self.clock = store, SetClock(start)
        self.timetable = ScheduleCommands(store, self.clock, RULES, "person:clerk")
        self.first_beat = self.beat("one")

    def beat(self, process: str) -> Beat:
        return Beat(self.store, self.clock, RULES, process)

    async def add(self, **values: Any) -> Schedule:
        return await self.timetable.add(definition(**values))

    async def pass_time(self, by: timedelta) -> BeatResult:
        """Both clocks go on, and the beat looks."""
        self.clock.advance(by)
        return await self.first_beat.once()

    async def jump(self, by: timedelta) -> BeatResult:
        """Business time leaps; real time does not."""
        self.clock.advance(by, real=timedelta(0))
        return await self.first_beat.once()

    async def log(self) -> list[tuple[str, str, str, int]]:
        """Each row, oldest first: first and last instant as Shanghai's clocks show them, what became of it, count."""
        rows = reversed(await self.store.runs(limit=1000))
        return [(_wall(row.due_at), _wall(row.until), row.why or row.status, row.count) for row in rows]

    async def pending(self, *queues: str) -> list[Run]:
        """What workers of these queues would begin now."""
        return await self.store.pending(queues, 100, now=await self.clock.business())

    async def begin(self, run: Run, owner: str = "worker-1") -> Run | None:
        return await self.store.begin(run, owner=owner, real=await self.clock.real(), lease=LEASE)

    async def finish(self, run: Run, **values: Any) -> bool:
        return await self.store.finish(run, {"moved": 1}, real=await self.clock.real(), **values)

    async def run_all(self) -> int:
        """A worker that does everything that is pending; how much it was."""
        waiting = await self.pending("http", "browser")
        for run in waiting:
            begun = await self.begin(run)
            assert begun is not None
            assert await self.finish(begun)
        return len(waiting)


def _wall(at: datetime) -> str:
    return f"{at + timedelta(hours=8):%d %H:%M:%S}"

"""A clock that is wrong for a while empties no log: what is forgotten is measured by what was written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from caseward.app.default_schedules import put_defaults
from caseward.app.installation import Record
from tests.worker.test_jobs import Answering, job, office, portal, record  # noqa: F401 - fixtures
from workflow.clock import SetClock
from workflow.scheduler.commands import ScheduleCommands
from workflow.scheduler.jobs import JobContext
from workflow.store import Filters, NewCase

HOUR, DAY, YEARS_10 = timedelta(hours=1), timedelta(days=1), timedelta(days=3650)


@dataclass
class House:
    """An office whose job for the remotes runs by hand."""

    office: JobContext
    record: Record
    clock: SetClock

    async def run(self) -> None:
        store, real = self.office.store, await self.clock.real()
        timetable = ScheduleCommands(store, self.clock, self.record.rules, "person:clerk")
        begun = await store.begin((await timetable.run_now("adapter_health")).run, owner="w", real=real, lease=DAY)
        assert begun is not None
        await store.finish(begun, await job(self.office, "adapter_health"), real=real, error=None)

    async def forgotten(self) -> tuple[int, int]:
        came = await job(self.office, "retention", days=90)
        return came["runs"], came["answers"]

    async def set_clock(self, by: timedelta) -> None:
        self.clock.set(business=await self.clock.business() + by, real=await self.clock.real() + by)


@pytest.fixture
async def house(office: JobContext, record: Record) -> House:  # noqa: F811
    assert isinstance(office.clock, SetClock)
    await put_defaults(record)
    return House(office, record, office.clock)


async def test_ten_years_ahead_for_hours_forget_nothing(house: House) -> None:
    """Once a day, and just then: all runs and answers were gone."""
    for _ in range(30):
        await house.run()
        house.clock.advance(HOUR)
    await house.set_clock(YEARS_10)
    assert await house.forgotten() == (0, 0)
    for _ in range(12):
        await house.run()
        house.clock.advance(HOUR)
        assert await house.forgotten() == (0, 0), "what the wrong clock wrote proves nothing"
    await house.set_clock(-YEARS_10)
    assert await house.forgotten() == (0, 0)
    assert len(await house.office.store.runs(limit=100)) == 42


async def test_a_machine_that_stood_still_for_long_keeps_its_logs_for_a_day_more(
    house: House,
    portal: Answering,  # noqa: F811
) -> None:
    await house.run()
    portal.up = False
    house.clock.advance(YEARS_10)
    for _ in range(24):
        await house.run()
        assert await house.forgotten() == (0, 0)
        house.clock.advance(HOUR)
    await house.run()
    assert await house.forgotten() == (1, 1), "the clock has stood: the run and the answer of before are old"


async def test_the_log_of_an_office_that_works_is_as_long_as_it_is_to_be(house: House) -> None:
    now = await house.clock.business()
    await house.office.store.create([NewCase("copyright", 1, "RZ", "generating", {})], actor="x", reason=None, now=now)
    for _ in range(100):
        await house.run()
        house.clock.advance(DAY)
    runs, _ = await house.forgotten()
    assert runs == 10
    assert len(await house.office.store.runs(limit=200)) == 90
    assert len(await house.office.store.cases(Filters())) == 1, "no case is a row of a log"

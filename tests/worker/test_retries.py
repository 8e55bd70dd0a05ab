"""A run that an error broke off is begun again, later each time, as often as its schedule says; the row tells it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.schedules.office import Office
from tests.worker.errand import House, house
from workflow.engine.allowance import Allowance
from workflow.scheduler.run_shares import RunResult
from workflow.schedules.run import Run

MINUTE = timedelta(minutes=1)


class Moody:
    """Breaks off so many times, and then does what it is for."""

    def __init__(self, failures: int, onward: str | None = None) -> None:
        self.left, self.onward = failures, onward

    async def __call__(self, run: Run, allowance: Allowance) -> RunResult:
        self.left -= 1
        if self.left >= 0:
            raise RuntimeError(f"{self.left} more to come")
        return RunResult({"moved": 1}, onward=self.onward if run.queue == "http" else None)


@pytest.fixture
def moody() -> Moody:
    return Moody(2)


@pytest.fixture
async def home(office: Office, moody: Moody, tmp_path: Path) -> AsyncIterator[House]:
    async with house(office, tmp_path, moody) as found:
        yield found


async def tries(home: House, after: timedelta) -> int:
    """How many runs a worker begins so long after what was before."""
    home.office.clock.advance(after)
    begun = await home.runs.look()
    await home.runs.idle()
    return begun


async def row(home: House) -> Run:
    (found,) = await home.office.store.runs()
    return found


async def test_a_run_that_broke_off_is_begun_again_later_each_time(home: House) -> None:
    await home.add(retries=3)
    run = await home.run()
    began = await home.office.clock.business()
    assert (run.status, run.error, run.again_at) == ("pending", None, began + MINUTE)
    assert await tries(home, MINUTE - timedelta(seconds=1)) == 0
    assert await tries(home, timedelta(seconds=1)) == 1
    assert (await row(home)).again_at == began + 3 * MINUTE
    assert await tries(home, 2 * MINUTE - timedelta(seconds=1)) == 0
    assert await tries(home, timedelta(seconds=1)) == 1
    over = await row(home)
    assert (over.status, over.error, over.tries, over.counts) == ("finished", None, 3, {"moved": 1})
    assert [(one.at - began, one.error) for one in over.failures] == [
        (timedelta(0), "RuntimeError: 1 more to come"),
        (MINUTE, "RuntimeError: 0 more to come"),
    ]


async def test_after_the_last_retry_the_run_is_over_with_its_error(home: House, moody: Moody) -> None:
    moody.left = 9
    await home.add(retries=2)
    await home.run()
    for _ in range(5):
        await tries(home, timedelta(hours=1))
    over = await row(home)
    assert (over.status, over.error, over.tries) == ("finished", "RuntimeError: 6 more to come", 3)
    assert len(over.failures) == 3


async def test_without_retries_the_next_instant_is_the_next_try(home: House) -> None:
    await home.add()
    run = await home.run()
    assert (run.status, run.error, run.tries) == ("finished", "RuntimeError: 1 more to come", 1)
    assert await tries(home, timedelta(hours=1)) == 0


async def test_nobody_is_told_of_a_run_before_its_next_try_is_due(home: House) -> None:
    await home.add(retries=1, timing="0 0 3 1 1 ?")
    run = await home.run()
    assert (await home.office.pass_time(MINUTE - timedelta(seconds=1))).send == ()
    assert [one.id for one in (await home.office.pass_time(timedelta(seconds=1))).send] == [run.id]


async def test_a_person_who_asks_for_a_run_gets_the_next_try_at_once(home: House) -> None:
    await home.add(retries=2)
    run = await home.run()
    again = await home.run()
    assert (again.id, again.tries, len(again.failures)) == (run.id, 2, 2)


async def test_an_instant_before_the_next_try_overlaps_it(home: House) -> None:
    await home.add(retries=2, timing="every 30 s")
    await home.run()
    await home.office.pass_time(timedelta(seconds=30))
    assert [what for _, _, what, _ in await home.office.log()] == ["pending", "overlap"]


async def test_a_try_in_the_browser_is_one_of_the_same_run(home: House, moody: Moody) -> None:
    moody.left, moody.onward = 0, "browser"
    home.runs.queues = ("http", "browser")
    await home.add(retries=2)
    await home.run()
    moody.left = 1
    assert await tries(home, timedelta(0)) == 1
    broken = await row(home)
    assert (broken.status, broken.queue, broken.counts, len(broken.failures)) == ("pending", "browser", {"moved": 1}, 1)
    assert await tries(home, MINUTE) == 1
    over = await row(home)
    assert (over.status, over.error, over.counts) == ("finished", None, {"moved": 2})


async def test_a_run_that_ran_out_of_its_time_is_not_begun_again(office: Office, tmp_path: Path) -> None:
    async def slow(run: Run, allowance: Allowance) -> RunResult:
        async with asyncio.timeout(60):
            while not allowance.stop.asked:  # noqa: ASYNC110 - what a sweep does between two claims
                await asyncio.sleep(0)
        raise RuntimeError("and broke off over it")

    async with house(office, tmp_path, slow) as found:
        await found.add(retries=3)
        async with office.store.engine.begin() as connection:
            await connection.execute(text("UPDATE schedules SET timeout_s = 0"))
        run = await found.run()
    assert (run.status, run.error) == ("finished", "RuntimeError: and broke off over it")


async def test_who_read_the_row_before_it_broke_off_does_not_begin_it_early(home: House) -> None:
    await home.add(retries=2)
    asked = await home.office.timetable.run_now("notices")
    await home.runs.look()
    await home.runs.idle()
    assert await home.office.begin(asked.run, "late") is None
    assert (await row(home)).status == "pending"


async def test_retries_are_kept_with_every_version_and_older_ones_have_none(home: House) -> None:
    office = home.office
    await home.add()
    await office.timetable.edit("notices", {"retries": 3}, "the remote is moody")
    schedule = await office.store.schedule("notices")
    assert schedule.definition.retries == 3
    async with office.store.engine.begin() as connection:
        before = "SELECT definition FROM schedule_versions WHERE version = 1"
        older = (await connection.execute(text(before))).scalar_one().replace('"retries":0,', "")
        await connection.execute(
            text("UPDATE schedule_versions SET definition = :older WHERE version = 1"), [{"older": older}]
        )
        assert "retries" not in older
    assert [one.definition.retries for one in await office.store.schedule_versions(schedule.id)] == [0, 3]

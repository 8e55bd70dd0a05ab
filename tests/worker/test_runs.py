"""What a worker does with a run: the schedule's limits hold, failures are told, and a stop leaves nothing held."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from tests.schedules.office import Office
from tests.worker.errand import House, house
from workflow.engine.allowance import Allowance
from workflow.engine.sweep import Engine
from workflow.scheduler.run_shares import RunResult
from workflow.schedules.run import Run
from workflow.store import Filters


async def test_a_sweep_moves_what_may_and_counts_what_waits(home: House) -> None:
    await home.open(3, ready=True)
    await home.open(2)
    await home.add()
    run = await home.run()
    assert (run.status, run.counts, run.error) == ("finished", {"moved": 3, "waiting": 2}, None)


async def test_a_batch_limit_holds_for_the_whole_run(home: House) -> None:
    await home.open(5, ready=True)
    await home.add(batch=2)
    assert (await home.run()).counts == {"moved": 2}
    assert (await home.run()).counts == {"moved": 2}
    assert (await home.run()).counts == {"moved": 1}


async def test_what_waits_is_due_again_at_the_schedules_next_instant(home: House) -> None:
    await home.open(1)
    await home.add()
    await home.run()
    (row,) = await home.office.store.cases(Filters())
    next_run_at = (await home.office.store.schedule("notices")).next_run_at
    assert next_run_at is not None
    assert row.due_at is not None
    assert timedelta(0) <= next_run_at - row.due_at <= timedelta(seconds=5)


async def test_a_recheck_of_the_schedule_counts_before_the_states(home: House) -> None:
    await home.open(1)
    await home.add(recheck=timedelta(hours=24))
    await home.run()
    (row,) = await home.office.store.cases(Filters())
    assert row.due_at == await home.office.clock.business() + timedelta(hours=24)
    assert (await home.run()).counts == {}


async def test_a_run_that_fails_says_why(office: Office, tmp_path: Path) -> None:
    async def fails(run: Run, allowance: Allowance) -> RunResult:
        raise RuntimeError("the portal speaks in tongues")

    async with house(office, tmp_path, fails) as found:
        await found.add()
        run = await found.run()
    assert (run.status, run.error) == ("finished", "RuntimeError: the portal speaks in tongues")


async def test_a_run_past_its_time_claims_nothing_more_and_ends_by_itself(office: Office, tmp_path: Path) -> None:
    async def slow(run: Run, allowance: Allowance) -> RunResult:
        async with asyncio.timeout(60):
            while not allowance.stop.asked:  # noqa: ASYNC110 - what a sweep does between two claims
                await asyncio.sleep(0)
        return RunResult({"moved": 7})

    async with house(office, tmp_path, slow) as found:
        await found.add()
        async with office.store.engine.begin() as connection:
            await connection.execute(text("UPDATE schedules SET timeout_s = 0"))
        run = await found.run()
    assert (run.status, run.counts) == ("finished", {"moved": 7})
    assert run.error is not None
    assert run.error.startswith("not through within")


async def test_a_worker_that_stops_leaves_its_runs_to_others(office: Office, tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def endless(run: Run, allowance: Allowance) -> RunResult:
        begun.set()
        await asyncio.Event().wait()
        return RunResult({})

    async with house(office, tmp_path, endless) as found:
        await found.add()
        asked = await office.timetable.run_now("notices")
        serving = asyncio.create_task(found.runs.serve())
        await begun.wait()
        while not (beats := await office.store.heartbeats()):  # noqa: ASYNC110 - the first beat is written, not told
            await asyncio.sleep(0)
        assert [one.process for one in beats] == [found.runs.process]
        await found.runs.end(timedelta(0))
        await serving
    left = await office.store.run(asked.run.id)
    assert (left.status, left.owner) == ("pending", None)
    assert await office.store.heartbeats() == []
    assert await office.begin(left, "another") is not None


async def test_a_worker_that_has_stopped_is_not_said_to_live(office: Office, tmp_path: Path) -> None:
    """At whatever point of its look it was told; a watcher would take it for one that hangs."""
    for steps in range(0, 120, 6):
        async with house(office, tmp_path) as found:
            serving = asyncio.create_task(found.runs.serve())
            for _ in range(steps):
                await asyncio.sleep(0)
            await found.runs.end(timedelta(0))
            await serving
        assert await office.store.heartbeats() == []


async def test_a_worker_that_stops_claims_nothing_more(home: House) -> None:
    await home.open(2, ready=True)
    engine = Engine(home.dependencies, Allowance())
    now = await home.office.clock.business()
    assert len(await engine.claim("errands", ["home"], now, 1)) == 1
    engine.allowance.stop.ask()
    assert await engine.claim("errands", ["home"], now, 1) == []
    assert await home.office.store.give_back(home.dependencies.process) == 1
    engine.allowance = Allowance()
    assert len(await engine.claim("errands", ["home"], now, 5)) == 2


async def test_no_more_runs_are_begun_than_there_is_room_for(office: Office, tmp_path: Path) -> None:
    go_on = asyncio.Event()

    async def waits(run: Run, allowance: Allowance) -> RunResult:
        await go_on.wait()
        return RunResult({})

    async with house(office, tmp_path, waits) as found:
        for number in range(6):
            await found.add(name=f"errands {number}")
            await office.timetable.run_now(f"errands {number}")
        assert await found.runs.look() == 4
        assert await found.runs.look() == 0
        go_on.set()
        await found.runs.idle()
        assert await found.runs.look() == 2
        await found.runs.idle()
    assert {row.status for row in await office.store.runs()} == {"finished"}

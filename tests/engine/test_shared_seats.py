"""A sweep in the browser is shared as well: who helps takes a seat that nobody sits on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.engine.letters import Letter, Office, PaperOffice, S, letters, post
from tests.engine.test_queues import Building
from workflow.engine.allowance import Allowance
from workflow.engine.seats import SeatWork
from workflow.engine.sweep import Engine
from workflow.flow.definition import To
from workflow.flow.remotes import Remote
from workflow.scheduler.commands import ScheduleCommands
from workflow.scheduler.run_shares import RunResult
from workflow.scheduler.target_runs import TargetRunner
from workflow.scheduler.worker import Worker
from workflow.schedules.run import Run
from workflow.schedules.schedule import Definition, Rules
from workflow.schedules.targets import Targets
from workflow.store import Filters
from workflow.testing import bench

HOUR = timedelta(hours=1)
LETTERS = 6


async def test_two_workers_share_a_sweep_in_the_browser_seat_by_seat(tmp_path: Path) -> None:
    building, may = Building(PaperOffice()), asyncio.Event()
    remote = Remote("office", Office, connect=building.connect, fence=building.fence, queue="browser")
    plan = letters(To(S.posted, do=post))
    async with bench(plan, tmp_path, remotes=[remote]) as at_work:
        store, clock = at_work.store, at_work.clock
        for login in ("ada", "bob"):
            await store.mark_account(await store.add_account("office", login, "pass"), True)
        for _ in range(LETTERS):
            await at_work.open(Letter())
        targets = Targets({"letters": plan}, {})
        people = ScheduleCommands(store, clock, Rules(targets, {}), "person:test")
        await people.add(Definition("post", "letters", "sweep letters.written", "every 1 h", "UTC"))

        def worker(process: str, *queues: str) -> Worker:
            here = replace(at_work.dependencies, process=process, active={})
            dependencies = {"http": here, "browser": replace(here, queue="browser", active={})}
            runner = TargetRunner(store, clock, targets, dependencies, no_job, seats_at_once=1)

            async def once_it_may(run: Run, allowance: Allowance) -> RunResult:
                await may.wait()
                return await runner(run, allowance)

            perform = runner if "http" in queues else once_it_may
            return Worker(store, clock, perform, process, queues, lease=HOUR, wants_help=runner.wants_help)

        asked = await people.run_now("post")
        first = worker("first", "http")
        assert await first.look() == 1
        await first.idle()
        one, two, three = (worker(name, "browser") for name in ("one", "two", "three"))
        assert [await one.look(), await two.look(), await three.look()] == [1, 1, 1]
        may.set()
        for hand in (one, two, three):
            await hand.idle()
        run = await store.run(asked.run.id)
    assert (run.status, run.error) == ("finished", None)
    assert run.counts["moved"] == LETTERS
    assert "unserved" not in run.counts, "for the third there was no seat, and others were at it"
    assert len({seat.account for seat in building.entered}) == len({seat.owner for seat in building.entered}) == 2


async def no_job(_: object) -> Mapping[str, int]:
    raise AssertionError("no job is scheduled")


async def test_a_batch_is_the_limit_of_all_seats_together(tmp_path: Path) -> None:
    """Each seat asked what is left before the other's claim had come back, and took as much."""
    building = Building(PaperOffice())
    remote = Remote("office", Office, connect=building.connect, fence=building.fence, queue="browser")
    async with bench(letters(To(S.posted, do=post)), tmp_path, remotes=[remote]) as at_work:
        for login in ("ada", "bob", "eve"):
            await at_work.store.mark_account(await at_work.store.add_account("office", login, "pass"), True)
        for _ in range(LETTERS):
            await at_work.open(Letter())
        await at_work.engine.sweep("letters", "written")
        browsing = replace(at_work.dependencies, queue="browser", active={})
        for left in (1, 2, 2):
            engine = Engine(browsing, Allowance(most=left))
            swept = await SeatWork(engine, browsing, remote, at_once=3).sweep([("letters", "written")])
            assert swept.total == left
        assert [row.claim.state for row in await at_work.store.cases(Filters())].count(S.posted) == 5


async def test_what_a_claim_does_not_find_is_left_to_the_others(tmp_path: Path) -> None:
    async with bench(letters(To(S.posted)), tmp_path) as at_work:
        engine = Engine(at_work.dependencies, Allowance(most=1))
        now = await at_work.clock.business()
        assert await engine.claim("letters", ["written"], now, 5) == []
        await at_work.open(Letter())
        await at_work.open(Letter())
        claims = await asyncio.gather(*(engine.claim("letters", ["written"], now, 5) for _ in range(2)))
        assert sorted(map(len, claims)) == [0, 1]

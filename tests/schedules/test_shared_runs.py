"""Shares of a run in the store: one a worker, none of a run that is over, and the last one says what becomes of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from tests.schedules.office import LEASE, Office
from tests.schedules.test_runs import TEN, pending
from workflow.schedules.run import Failure, Run
from workflow.sentence import Quote

HOUR = timedelta(hours=1)


async def begun(office: Office) -> Run:
    run = await office.begin(await pending(office))
    assert run is not None
    return run


async def joined(office: Office, run: Run, owner: str, lease: timedelta = LEASE) -> Run | None:
    return await office.store.join(run, owner=owner, real=await office.clock.real(), lease=lease)


async def helped(office: Office, run: Run, owner: str = "worker-2", lease: timedelta = LEASE) -> Run:
    mine = await joined(office, run, owner, lease)
    assert mine is not None
    return mine


async def test_a_worker_has_one_share_of_a_run_and_none_of_one_that_is_over(office: Office) -> None:
    run = await begun(office)
    found = await asyncio.gather(*(joined(office, run, f"worker-{number}") for number in (2, 3, 3, 1)))
    assert [one.owner for one in found if one is not None] == ["worker-2", "worker-3"]
    assert [one.helps_since for one in found if one is not None] == [run.begun_at] * 2
    for mine in (run, *found):
        assert mine is None or await office.finish(mine)
    assert (await office.store.run(run.id)).counts == {"moved": 3}
    assert await joined(office, run, "worker-4") is None


async def test_a_run_lives_as_long_as_anybody_renews_it(office: Office) -> None:
    run = await begun(office)
    mine = await helped(office, run, lease=2 * LEASE)
    assert await office.store.renew_run(run, until=await office.clock.real() + HOUR), "which shortens no other lease"
    await office.pass_time(LEASE + HOUR)
    assert (await office.store.run(run.id)).status == "running"
    assert await office.finish(mine)
    over = await office.store.run(run.id)
    assert (over.status, over.counts) == ("finished", {"moved": 1})
    assert not await office.finish(run), "the other was dead, and late"


async def test_a_run_goes_on_in_the_queue_that_one_of_its_workers_named(office: Office) -> None:
    run = await begun(office)
    mine = await helped(office, run)
    real = await office.clock.real()
    assert await office.store.go_on(run, "browser", {"waiting": 2}, real=real)
    assert (await office.store.run(run.id)).status == "running"
    assert await office.finish(mine)
    (rest,) = await office.pending("browser")
    assert (rest.id, rest.counts, rest.ended_at) == (run.id, {"waiting": 2, "moved": 1}, None)


async def test_a_share_that_breaks_off_last_has_the_run_begun_again(office: Office) -> None:
    run = await begun(office)
    mine = await helped(office, run)
    assert await office.finish(mine)
    failure = Failure(await office.clock.real(), Quote("the portal answered nothing"))
    at = await office.clock.business() + TEN
    broken = replace(run, failures=(failure,))
    assert await office.store.try_again(broken, run.queue, {"moved": 2}, at=at, real=failure.at)
    left = await office.store.run(run.id)
    assert (left.status, left.counts, left.failures, left.again_at) == ("pending", {"moved": 3}, (failure,), at)


async def test_leases_of_shares_have_as_much_left_after_a_jump_of_the_clock(office: Office) -> None:
    run = await begun(office)
    mine = await helped(office, run, lease=HOUR)
    await office.first_beat.once()
    office.clock.set(real=await office.clock.real() + 3 * LEASE)
    await office.first_beat.once()
    assert await office.finish(run)
    assert (await office.store.run(run.id)).status == "running", "who helps is not dead"
    assert await office.finish(mine)
    assert (await office.store.run(run.id)).status == "finished"

"""A run is begun by one worker, ended by the same, lost when it dies, and told again while nobody begins it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.schedules.office import LEASE, Office
from workflow.schedules.run import Run

TEN = timedelta(minutes=10)


async def pending(office: Office, **values: str) -> Run:
    await office.add(**values)
    await office.pass_time(TEN)
    (run,) = await office.pending("http", "browser")
    return run


async def test_one_of_many_workers_begins_a_run(office: Office) -> None:
    run = await pending(office)
    begun = await asyncio.gather(*(office.begin(run, f"worker-{number}") for number in range(8)))
    (mine,) = [one for one in begun if one is not None]
    assert (mine.status, mine.tries) == ("running", 1)
    assert await office.begin(run, "late") is None


async def test_what_came_of_a_run_is_kept(office: Office) -> None:
    begun = await office.begin(await pending(office))
    assert begun is not None
    assert await office.finish(begun, error="the portal answered nothing")
    over = await office.store.run(begun.id)
    assert (over.status, over.counts, over.error) == ("finished", {"moved": 1}, "the portal answered nothing")
    assert not await office.finish(begun), "a run ends once"


async def test_a_run_whose_worker_died_is_lost_and_its_late_word_does_not_count(office: Office) -> None:
    begun = await office.begin(await pending(office))
    assert begun is not None
    await office.pass_time(LEASE)
    assert (await office.store.run(begun.id)).status == "lost"
    assert not await office.store.renew_run(begun, until=await office.clock.real() + LEASE)
    assert not await office.finish(begun)


async def test_a_renewed_run_is_not_lost(office: Office) -> None:
    begun = await office.begin(await pending(office))
    assert begun is not None
    assert await office.store.renew_run(begun, until=await office.clock.real() + 2 * LEASE)
    await office.pass_time(LEASE)
    assert (await office.store.run(begun.id)).status == "running"


async def test_what_has_not_begun_is_told_again_and_what_has_is_not(office: Office) -> None:
    run = await pending(office)
    assert (await office.pass_time(timedelta(seconds=29))).send == ()
    assert [one.id for one in (await office.pass_time(timedelta(seconds=1))).send] == [run.id]
    assert await office.begin(run)
    assert (await office.pass_time(timedelta(seconds=31))).send == ()


async def test_what_is_left_of_a_run_is_passed_on_to_another_queue(office: Office) -> None:
    begun = await office.begin(await pending(office))
    assert begun is not None
    assert await office.store.go_on(begun, "browser", {"waiting": 2}, real=await office.clock.real())
    assert await office.pending("http") == []
    (rest,) = await office.pending("browser")
    assert (rest.id, rest.counts, rest.queue) == (begun.id, {"waiting": 2}, "browser")
    assert [one.id for one in (await office.pass_time(timedelta(seconds=1))).send] == [begun.id]
    again = await office.begin(rest, "worker-2")
    assert again is not None
    assert not await office.finish(begun), "the first leg is over"
    assert await office.finish(again)


async def test_pressing_run_once_ten_times_is_one_run(office: Office) -> None:
    await office.add(enabled=False)
    pressed = await asyncio.gather(*(office.timetable.run_now("notices", "to see it work") for _ in range(10)))
    assert [asked.already for asked in pressed].count(False) == 1
    assert len({asked.run.id for asked in pressed}) == 1
    run = pressed[0].run
    assert (run.actor, run.reason, run.status) == ("person:clerk", "to see it work", "pending")
    assert [one.id for one in (await office.first_beat.once()).send] == [run.id]


async def test_a_run_asked_for_at_an_instant_does_not_take_its_place(office: Office) -> None:
    await office.add(overlap="allow")
    office.clock.set(business=(await office.clock.business()).replace(minute=10, second=0))
    await office.timetable.run_now("notices")
    await office.first_beat.once()
    assert [what for _, _, what, _ in await office.log()] == ["pending", "pending"]


async def test_old_rows_are_forgotten_and_open_ones_never(office: Office) -> None:
    await office.add(overlap="allow")
    await office.pass_time(TEN)
    await office.run_all()
    await office.pass_time(TEN)
    later = await office.clock.real() + timedelta(days=1)
    assert await office.store.forget_runs(later) == 1
    assert [row.status for row in await office.store.runs()] == ["pending"]


async def test_the_log_is_read_page_by_page(office: Office) -> None:
    schedule = await office.add(overlap="allow")
    for _ in range(5):
        await office.pass_time(TEN)
    first = await office.store.runs(schedule.id, limit=3)
    rest = await office.store.runs(schedule.id, before=first[-1].due_at, limit=3)
    found = [row.due_at for row in (*first, *rest)]
    assert found == sorted(found, reverse=True)
    assert len(found) == 5

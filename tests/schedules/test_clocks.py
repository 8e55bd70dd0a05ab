"""A clock that is set harms nobody: what runs goes on, what is dead is dead, and the jump stands on record."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from tests.schedules.office import Office
from workflow.jumps import JUMP
from workflow.store import NewCase

MINUTES_10, HOUR, YEARS_10 = timedelta(minutes=10), timedelta(hours=1), timedelta(days=3650)
LEASE = timedelta(seconds=60)


async def set_clock(office: Office, by: timedelta) -> datetime:
    """Somebody sets the clock, business time and all; what it says now."""
    at = await office.clock.real() + by
    office.clock.set(business=await office.clock.business() + by, real=at)
    return at


async def pass_hours(office: Office, hours: int) -> int:
    """How many runs there were, looked at every ten minutes."""
    ran = 0
    for _ in range(6 * hours):
        await office.pass_time(MINUTES_10)
        ran += await office.run_all()
    return ran


async def test_two_hours_back_schedules_run_as_before(office: Office) -> None:
    await office.add()
    await pass_hours(office, 1)
    await set_clock(office, -2 * HOUR)
    assert await pass_hours(office, 2) == 12
    assert await pass_hours(office, 2) == 12


async def test_ten_years_ahead_for_one_look_costs_no_run_afterwards(office: Office) -> None:
    await office.add()
    await office.add(name="often", timing="every 30 s")
    await office.add(name="nightly", timing="0 30 3 * * ?")
    await pass_hours(office, 1)
    await set_clock(office, YEARS_10)
    await office.first_beat.once()
    await office.run_all()
    await set_clock(office, -YEARS_10)
    await office.first_beat.once()
    now = await office.clock.business()
    within = {"often": timedelta(seconds=30), "notices": MINUTES_10, "nightly": 24 * HOUR}
    for each in await office.store.schedules():
        assert now < (each.next_run_at or now) <= now + within[each.definition.name]
    assert await pass_hours(office, 24) >= 24 * 6 * 2


async def test_an_instant_that_comes_again_is_another(office: Office) -> None:
    await office.add()
    await pass_hours(office, 1)
    await set_clock(office, -HOUR)
    await pass_hours(office, 1)
    rows = await office.store.runs(limit=100)
    assert len({row.due_at for row in rows}) == len(rows) == 12
    assert [row.due_at.microsecond for row in sorted(rows, key=lambda row: row.due_at)] == [0, 1] * 6


@pytest.mark.parametrize("by", [timedelta(seconds=-55), timedelta(seconds=-5), timedelta(seconds=55)])
async def test_a_clock_that_is_put_right_by_less_than_a_minute_runs_nothing_twice(
    office: Office, by: timedelta
) -> None:
    await office.add()
    await pass_hours(office, 1)
    await set_clock(office, by)
    await pass_hours(office, 1)
    assert {row.due_at.microsecond for row in await office.store.runs(limit=100)} == {0}
    assert await office.store.clock_jumps() == []


@pytest.mark.parametrize("by", [-YEARS_10, -2 * HOUR, timedelta(seconds=-61), timedelta(seconds=61), HOUR, YEARS_10])
async def test_each_jump_is_marked_once_however_many_look(office: Office, by: timedelta) -> None:
    beats = [office.beat(f"beat-{number}") for number in range(3)]
    for beat in beats:
        await beat.once()
    before = await office.clock.real()
    await set_clock(office, by)
    for _ in range(3):
        for beat in beats:
            office.clock.advance(timedelta(seconds=1))
            await beat.once()
    (jump,) = await office.store.clock_jumps()
    assert (jump.by, jump.process) == (by, "beat-0")
    assert before <= jump.expected <= before + timedelta(seconds=2)


async def test_two_jumps_of_which_one_process_saw_only_the_sum_are_two(office: Office) -> None:
    two = office.beat("two")
    for beat in (office.first_beat, two):
        await beat.once()
    for by in (2 * HOUR, timedelta(seconds=-90), timedelta(seconds=-90)):
        await set_clock(office, by)
        office.clock.advance(timedelta(seconds=1))
        await office.first_beat.once()
    await two.once()
    marked = [one.by for one in await office.store.clock_jumps()]
    assert marked == [timedelta(seconds=-90), timedelta(seconds=-90), 2 * HOUR]


async def test_a_clock_that_went_back_while_nobody_was_there_is_noticed_at_the_first_look(office: Office) -> None:
    await office.first_beat.once()
    await set_clock(office, -HOUR)
    await office.beat("two").once()
    (jump,) = await office.store.clock_jumps()
    assert (jump.by, jump.process) == (-HOUR, "two")


async def test_business_time_that_leaps_by_itself_is_no_jump_of_the_clock(office: Office) -> None:
    await office.first_beat.once()
    await office.jump(30 * 24 * HOUR)
    assert await office.store.clock_jumps() == []


@pytest.mark.parametrize("by", [-YEARS_10, -24 * HOUR, timedelta(minutes=-2)])
async def test_a_run_whose_worker_died_is_lost_in_time_though_the_clock_went_back(
    office: Office, by: timedelta
) -> None:
    await office.add()
    await office.pass_time(MINUTES_10)
    (one,) = await office.pending("http")
    begun = await office.store.begin(one, owner="worker-1", real=await office.clock.real(), lease=LEASE)
    assert begun is not None
    await set_clock(office, by)
    await office.first_beat.once()
    assert (await office.store.run(begun.id)).status == "running"
    await office.pass_time(LEASE + timedelta(seconds=2))
    assert (await office.store.run(begun.id)).status == "lost"


@pytest.mark.parametrize("by", [-HOUR, HOUR])
async def test_a_run_under_way_outlives_a_clock_that_is_set(office: Office, by: timedelta) -> None:
    await office.add()
    await office.pass_time(MINUTES_10)
    (one,) = await office.pending("http")
    begun = await office.store.begin(one, owner="worker-1", real=await office.clock.real(), lease=LEASE)
    assert begun is not None
    await set_clock(office, by)
    await office.pass_time(timedelta(seconds=20))
    assert await office.store.renew_run(begun, until=await office.clock.real() + LEASE)
    await office.pass_time(timedelta(seconds=55))
    assert (await office.store.run(begun.id)).status == "running"


async def test_a_process_that_was_seen_in_the_future_is_not_alive(office: Office) -> None:
    await office.store.heartbeat("dead", "beat", queues=(), doing={}, real=await office.clock.real() + YEARS_10)
    await office.first_beat.once()
    real = await office.clock.real()
    alive = [one.process for one in await office.store.heartbeats() if one.is_alive(real)]
    assert alive == ["one"]


async def test_a_beat_says_that_it_is_alive_at_once_when_the_clock_went_back(office: Office) -> None:
    await office.first_beat.once()
    real = await set_clock(office, -2 * HOUR)
    await office.first_beat.once()
    (beat,) = await office.store.heartbeats()
    assert beat.seen_at == real


async def case_of(office: Office, due_in: timedelta) -> str:
    now = await office.clock.business()
    new = NewCase("copyright", 1, "RZ", "generating", {"title": "A"}, due_at=now + due_in)
    (made,) = await office.store.create([new], actor="person:clerk", reason=None, now=now)
    return made.case


async def due(office: Office, case: str) -> timedelta:
    async with office.store.engine.connect() as connection:
        found = await connection.execute(text("SELECT due_at FROM cases WHERE id = :id"), {"id": case})
        at = found.scalar_one()
    at = at if isinstance(at, datetime) else datetime.fromisoformat(at)
    return at - await office.clock.business()


async def test_a_wait_that_the_wrong_clock_wrote_is_over_and_one_that_was_meant_goes_on(office: Office) -> None:
    meant = await case_of(office, timedelta(days=30))
    await office.first_beat.once()
    await set_clock(office, YEARS_10)
    await office.first_beat.once()
    wrong = await case_of(office, HOUR)
    await set_clock(office, -YEARS_10)
    await office.first_beat.once()
    assert await due(office, wrong) <= timedelta(0)
    assert await due(office, meant) == timedelta(days=30)


async def test_a_lease_of_a_case_lasts_as_long_as_it_had(office: Office) -> None:
    await case_of(office, timedelta(0))
    await office.first_beat.once()

    async def claim(owner: str) -> int:
        now, real = await office.clock.business(), await office.clock.real()
        found = await office.store.claim(
            flow="copyright", state="generating", cutoff=now, real=real, lease=LEASE, limit=5, owner=owner, queue="http"
        )
        return len(found)

    assert await claim("worker-1") == 1
    await set_clock(office, -YEARS_10)
    await office.first_beat.once()
    assert await claim("worker-2") == 0
    await office.pass_time(LEASE + timedelta(seconds=1))
    async with office.store.engine.connect() as connection:
        until = (await connection.execute(text("SELECT lease_until FROM cases"))).scalar_one()
    until = until if isinstance(until, datetime) else datetime.fromisoformat(until)
    assert until <= await office.clock.real() + JUMP

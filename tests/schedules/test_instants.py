"""Each instant of a schedule is one row of the log: run, or skipped with why; on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from tests.schedules.office import NOON, RULES, Office, definition
from workflow.schedules.due_instants import first_run
from workflow.schedules.schedule import Misfire

MINUTES_10, HOUR = timedelta(minutes=10), timedelta(hours=1)
AUTUMN, SPRING = datetime(2026, 11, 1, 4, 10, tzinfo=UTC), datetime(2026, 3, 28, 23, 10, tzinfo=UTC)


async def test_an_instant_that_has_come_is_pending_once(office: Office) -> None:
    await office.add()
    assert (await office.first_beat.once()).send == ()
    (sent,) = (await office.pass_time(MINUTES_10)).send
    assert (sent.name, sent.target, sent.status, sent.actor) == (
        "notices",
        "job notices",
        "pending",
        "schedule:notices",
    )
    assert (await office.first_beat.once()).send == ()
    assert await office.log() == [("02 20:10:00", "02 20:10:00", "pending", 1)]


async def test_many_beats_write_each_instant_once(office: Office) -> None:
    for number in range(5):
        await office.add(name=f"notices {number}", overlap="allow")
    beats = [office.beat(f"beat-{number}") for number in range(4)]
    for _ in range(6):
        office.clock.advance(MINUTES_10)
        beaten = await asyncio.gather(*(beat.once() for beat in beats))
        sent = [run.id for one in beaten for run in one.send]
        assert len(sent) == len(set(sent)) == 5
        assert await office.run_all() == 5
    rows = await office.store.runs(limit=100)
    assert len({(row.schedule, row.due_at) for row in rows}) == len(rows) == 30


@pytest.mark.parametrize(
    ("misfire", "expected"),
    [
        ("run_once", [("20:10", "22:00", "process_down", 12), ("22:10", "22:10", "pending", 1)]),
        ("skip", [("20:10", "22:10", "process_down", 13)]),
        (
            "run_all",
            [("20:10", "21:10", "process_down", 7)]
            + [(at, at, "pending", 1) for at in ("21:20", "21:30", "21:40", "21:50", "22:00", "22:10")],
        ),
    ],
)
async def test_instants_that_nobody_was_there_for_are_made_up_as_the_schedule_says(
    office: Office, misfire: Misfire, expected: list[tuple[str, str, str, int]]
) -> None:
    await office.add(misfire=misfire, overlap="allow")
    await office.pass_time(timedelta(hours=2, minutes=12))
    short = [(first[3:8], last[3:8], what, count) for first, last, what, count in await office.log()]
    assert short == expected


async def test_nothing_later_than_the_catch_up_window_is_made_up(office: Office) -> None:
    await office.add(timing="0 0 21 * * ?", catch_up=timedelta(minutes=20))
    await office.pass_time(2 * HOUR)
    assert await office.log() == [("02 21:00:00", "02 21:00:00", "process_down", 1)]


async def test_a_jump_of_business_time_is_told_apart_from_a_time_without_beats(office: Office) -> None:
    await office.add()
    await office.first_beat.once()
    await office.jump(timedelta(minutes=35))
    assert await office.log() == [
        ("02 20:10:00", "02 20:20:00", "jumped", 2),
        ("02 20:30:00", "02 20:30:00", "pending", 1),
    ]


async def test_a_gap_of_a_month_is_one_row_of_each_schedule(office: Office) -> None:
    await office.add(name="every half minute", timing="every 30 s", catch_up=timedelta(0))
    await office.add(catch_up=timedelta(0), calendar=None)
    await office.pass_time(timedelta(days=3, seconds=55))
    rows = {row.name: (row.why, row.count) for row in await office.store.runs()}
    assert rows["notices"] == ("process_down", 432)
    gone = [row.count for row in await office.store.runs() if row.name == "every half minute"]
    assert sum(gone) == 8641


async def test_outside_the_calendar_nothing_runs_and_one_row_says_so(office: Office) -> None:
    await office.add(calendar="bureau", overlap="allow")
    for _ in range(24):
        await office.pass_time(MINUTES_10)
    log = await office.log()
    assert log[-2:] == [("02 22:50:00", "02 22:50:00", "pending", 1), ("02 23:00:00", "03 00:00:00", "calendar", 7)]


async def test_a_disabled_schedule_goes_on_telling_its_instants(office: Office) -> None:
    await office.add(enabled=False)
    for _ in range(3):
        await office.pass_time(MINUTES_10)
    assert await office.log() == [("02 20:10:00", "02 20:30:00", "disabled", 3)]
    await office.timetable.resume("notices", "the office is open again")
    await office.pass_time(MINUTES_10)
    assert (await office.log())[-1] == ("02 20:40:00", "02 20:40:00", "pending", 1)


@pytest.mark.parametrize(
    ("changes", "runs"),
    [
        ({}, "02 20:10"),
        ({"calendar": "bureau", "timing": "0 30 23,7,9 * * ?"}, "03 09:30"),
        ({"calendar": "bureau", "timing": "0 30 23 * * ?"}, None),
        ({"enabled": False}, None),
        ({"paused_until": NOON + timedelta(hours=5), "calendar": "bureau"}, "03 08:00"),
    ],
)
def test_the_first_instant_that_runs_is_found_behind_what_bars_others(
    changes: dict[str, Any], runs: str | None
) -> None:
    one = definition(**changes)
    timing, _ = RULES.read(one)
    found = first_run(one, timing, NOON, RULES.calendars)
    assert (found and f"{found.astimezone(ZoneInfo('Asia/Shanghai')):%d %H:%M}") == runs


async def test_a_pause_ends_by_itself(office: Office) -> None:
    await office.add(overlap="allow")
    until = await office.clock.business() + timedelta(minutes=25)
    paused = await office.timetable.pause("notices", until, "the portal is being repaired")
    assert paused.definition.paused_reason == "the portal is being repaired"
    for _ in range(3):
        await office.pass_time(MINUTES_10)
    assert await office.log() == [
        ("02 20:10:00", "02 20:20:00", "paused", 2),
        ("02 20:30:00", "02 20:30:00", "pending", 1),
    ]


async def test_an_instant_during_a_run_is_skipped_queued_once_or_allowed(office: Office) -> None:
    for overlap in ("skip", "queue_one", "allow"):
        await office.add(name=overlap, overlap=overlap)
    await office.pass_time(MINUTES_10)
    for run in await office.pending("http"):
        assert await office.begin(run)
    for _ in range(3):
        await office.pass_time(MINUTES_10)
    statuses: dict[str, list[str]] = {}
    for row in reversed(await office.store.runs()):
        statuses.setdefault(row.name, []).append(f"{row.why or row.status} {row.count}")
    assert statuses == {
        "skip": ["running 1", "overlap 3"],
        "queue_one": ["running 1", "pending 1", "overlap 2"],
        "allow": ["running 1", "pending 1", "pending 1", "pending 1"],
    }


async def test_a_queued_run_begins_when_the_one_before_is_over(office: Office) -> None:
    await office.add(overlap="queue_one")
    await office.pass_time(MINUTES_10)
    first = await office.begin((await office.pending("http"))[0])
    await office.pass_time(MINUTES_10)
    assert first is not None
    assert await office.pending("http") == []
    second = (await office.store.runs())[0]
    assert await office.begin(second) is None
    await office.finish(first)
    assert await office.begin(second) is not None


async def test_an_edit_by_hand_is_seen_without_its_version(office: Office) -> None:
    schedule = await office.add(overlap="allow")
    async with office.store.engine.begin() as connection:
        await connection.execute(text("UPDATE schedules SET timing = 'every 1 min'"))
    await office.first_beat.once()
    edited = await office.store.schedule(schedule.id)
    assert edited.planned == "every 1 min @ Asia/Shanghai"
    for _ in range(3):
        await office.pass_time(timedelta(minutes=1))
    assert [row[0] for row in await office.log()] == ["02 20:01:00", "02 20:02:00", "02 20:03:00"]


async def test_an_edit_by_hand_while_no_beat_was_there_leaves_no_gap(office: Office) -> None:
    await office.add(misfire="run_all", overlap="allow")
    async with office.store.engine.begin() as connection:
        await connection.execute(text("UPDATE schedules SET timing = '0 0/5 * * * ?'"))
    await office.pass_time(timedelta(minutes=22))
    assert [row[0][3:8] for row in await office.log()] == ["20:10", "20:15", "20:20"]


UNREADABLE = {
    "timing": "sometimes",
    "zone": "Asia/Beijing",
    "target": "job tidy",
    "calendar": "office",
    "overlap": "queue_many",
    "misfire": "run_twice",
}


@pytest.mark.parametrize("column", UNREADABLE)
async def test_a_row_that_cannot_be_read_is_left_as_it_is_and_harms_no_other(office: Office, column: str) -> None:
    """A newer process may know what it says; it must not find its schedule switched off."""
    await office.add(name="strange")
    await office.add()
    before = (await office.store.schedule("strange")).next_run_at
    async with office.store.engine.begin() as connection:
        made = f"UPDATE schedules SET {column} = :said WHERE name = 'strange'"
        await connection.execute(text(made), {"said": UNREADABLE[column]})
    for _ in range(3):
        await office.pass_time(MINUTES_10)
        await office.run_all()
    strange = await office.store.schedule("strange")
    assert strange.next_run_at == before
    assert RULES.wrong(strange.definition) is not None
    assert {row.name for row in await office.store.runs()} == {"notices"}
    assert [row[2] for row in await office.log()] == ["finished"] * 3


async def test_a_schedule_that_an_older_beat_switched_off_goes_on(office: Office) -> None:
    await office.add()
    async with office.store.engine.begin() as connection:
        await connection.execute(text("UPDATE schedules SET next_run_at = NULL"))
    await office.first_beat.once()
    await office.pass_time(MINUTES_10)
    assert await office.log() == [("02 20:10:00", "02 20:10:00", "pending", 1)]


async def test_an_hour_that_comes_twice_runs_once(office: Office) -> None:
    """New York, 1 November 2026: half past one comes at 05:30 and at 06:30 UTC."""
    office.clock.set(business=AUTUMN)
    await office.add(timing="0 30 1 * * ?", zone="America/New_York", overlap="allow")
    for _ in range(8):
        await office.pass_time(timedelta(minutes=30))
    assert [row[0] for row in await office.log()] == ["01 13:30:00"]


async def test_a_wall_time_that_does_not_exist_runs_at_the_end_of_the_gap(office: Office) -> None:
    """Berlin, 29 March 2026: from two to three o'clock there is nothing; three is 01:00 UTC."""
    office.clock.set(business=SPRING)
    await office.add(timing="0 30 2 * * ?", zone="Europe/Berlin", overlap="allow")
    for _ in range(8):
        await office.pass_time(timedelta(minutes=30))
    assert [row[0] for row in await office.log()] == ["29 09:00:00"]

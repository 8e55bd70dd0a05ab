"""Every default schedule over three business days with set time: jumps, hours without a beat, and the nights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import text

from caseward.app.default_schedules import put_defaults
from caseward.app.installation import Record, open_record
from tests.systems import LABELS
from workflow.clock import SetClock
from workflow.scheduler.beat import Beat
from workflow.schedules.run import Run
from workflow.settings import read_settings
from workflow.store import Store

SHANGHAI = timedelta(hours=8)
START = datetime(2026, 3, 2, 20, tzinfo=UTC) - SHANGHAI
STEP, DAY, CATCH_UP = timedelta(minutes=5), timedelta(days=1), timedelta(hours=1)
WALKED, JUMPED, DOWN = "walked", "jumped", "down"
DAYS = (
    (WALKED, "02 20:30"),
    (JUMPED, "02 22:40"),
    (WALKED, "02 23:20"),
    (JUMPED, "03 07:40"),
    (WALKED, "03 08:30"),
    (DOWN, "03 21:00"),
    (WALKED, "03 21:20"),
    (JUMPED, "04 03:10"),
    (WALKED, "04 04:20"),
    (JUMPED, "04 07:50"),
    (WALKED, "04 08:20"),
    (JUMPED, "04 22:50"),
    (WALKED, "05 00:10"),
)
"""How time goes on until which hour of March, as Shanghai's clocks show it."""
EVERY = {"adapter_health": 30, "notices": 10, "sync_codes": 300, "submitted": 1800}
ONCE_AN_HOUR = {"fill_center_ids": 5, "audit": 15, "notice_filings": 35}
ONCE_A_DAY = {"retention": "03:30", "whole_audit": "03:45"}


def wall(said: str) -> datetime:
    return datetime.strptime(f"2026-03-{said}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC) - SHANGHAI


@cache
def instants(name: str) -> list[datetime]:
    """When this schedule is due, told without any cron: so many seconds apart, or at a minute of each hour or day."""
    if name in ONCE_A_DAY:
        first, apart = wall(f"03 {ONCE_A_DAY[name]}"), DAY
    elif name in ONCE_AN_HOUR:
        first, apart = START + timedelta(minutes=ONCE_AN_HOUR[name]), timedelta(hours=1)
    else:
        apart = timedelta(seconds=EVERY.get(name, 600))
        first = START + apart
    return [first + n * apart for n in range((wall(DAYS[-1][1]) - first) // apart + 1)]


def looks() -> Iterator[tuple[str, datetime, datetime]]:
    """How each look of the beat came about, the look before it, and itself."""
    at = START
    for how, until in DAYS:
        while at < wall(until):
            onward = min(at + STEP, wall(until)) if how == WALKED else wall(until)
            yield how, at, onward
            at = onward


def is_open(at: datetime) -> bool:
    return 8 <= (at + SHANGHAI).hour < 23


def expected(name: str) -> tuple[set[datetime], dict[datetime, str]]:
    """The instants that run, and of each other one why it does not."""
    runs: set[datetime] = set()
    skipped: dict[datetime, str] = {}
    left = instants(name)
    for how, before, at in looks():
        came = [one for one in left if before < one <= at]
        free = [one for one in came if name != "unprocessed" or is_open(one)]
        newest = {one for one in free[-1:] if at - one <= CATCH_UP}
        gap = "jumped" if how == JUMPED else "process_down"
        runs |= newest
        skipped |= {one: gap if one in free else "calendar" for one in came if one not in newest}
    return runs, skipped


@pytest.fixture
async def clock() -> SetClock:
    return SetClock(START)


async def test_each_instant_of_three_days_has_its_row_and_runs_as_it_should(
    store: Store, clock: SetClock, tmp_path: Path
) -> None:
    url = store.engine.url.set(drivername=store.engine.url.get_backend_name()).render_as_string(hide_password=False)
    async with open_record(read_settings(data_dir=tmp_path / "data", database_url=url)) as record:
        record.clock = cast(Any, clock)
        assert await put_defaults(record) == len(LABELS) == 17
        await live_through(record, clock)
        for schedule in await record.store.schedules():
            name = schedule.definition.name
            rows = await record.store.runs(schedule.id, limit=100_000)
            runs, skipped = expected(name)
            assert {row.due_at for row in rows if row.status == "finished"} == runs, name
            assert told(rows) == skipped, name


async def live_through(record: Record, clock: SetClock) -> None:
    """One beat, and workers that are through with everything before the next look."""
    beat = Beat(record.store, clock, record.rules, "beat")
    await beat.once()
    for how, before, at in looks():
        clock.advance(at - before, real=timedelta(0) if how == JUMPED else None)
        await beat.once()
        async with record.store.engine.begin() as connection:
            await connection.execute(text("UPDATE runs SET status = 'finished' WHERE status = 'pending'"))


def told(rows: list[Run]) -> dict[datetime, str]:
    """Each instant that did not run, with why; a row of many stands for as many as lie between its ends."""
    found: dict[datetime, str] = {}
    for row in rows:
        if row.status == "finished":
            assert (row.count, row.until) == (1, row.due_at)
            continue
        meant = [one for one in instants(row.name) if row.due_at <= one <= row.until]
        assert (meant[0], meant[-1], len(meant)) == (row.due_at, row.until, row.count), row
        assert not found.keys() & set(meant), "no instant is told twice"
        found |= dict.fromkeys(meant, row.why or "")
    return found

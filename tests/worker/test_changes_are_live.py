"""What is changed at run time holds without a restart: new runs get it, and what is under way ends as it began."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from caseward.app.adapters import Workers
from caseward.app.database_scheduler import take_changes
from caseward.app.installation import Record, open_record
from caseward.app.process import Process, open_runs
from tests.record.test_settings import _bare_environment  # noqa: F401 - nothing is set before
from workflow.calendars import Calendar, Changes
from workflow.engine.allowance import Allowance, Stop
from workflow.errors import Conflict
from workflow.scheduler.beat import Beat
from workflow.scheduler.run_shares import RunResult
from workflow.schedules.run import Run
from workflow.settings import Settings, read_settings

OLD, NEW = "http://127.0.0.1:7011/", "http://127.0.0.1:7012/"
WHY = "the office moved"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("CASEWARD_COPYRIGHT_SMS_URL", OLD)
    return read_settings(data_dir=tmp_path / "data")


@pytest.fixture
async def two(settings: Settings) -> AsyncIterator[tuple[Process, Process]]:
    """Two workers on one record."""
    async with AsyncExitStack() as stack:
        first, second = [
            await stack.enter_async_context(open_runs(settings, ["http"], at_once=2, poll=timedelta(seconds=1)))
            for _ in range(2)
        ]
        yield first, second


async def put(record: Record, name: str, value: str | None, **more: Any) -> None:
    now = await record.clock.business()
    await record.store.put_change("setting", name, value, actor="person:clerk", reason=WHY, now=now, **more)


def address(working: Process) -> str:
    return str(client(working.workers).address)


def client(workers: Workers) -> Any:
    return next(probe.ask.__self__.http for probe in workers.probes if probe.name == "sms")  # type: ignore[attr-defined]


async def test_a_setting_is_taken_by_each_worker_at_its_next_look_and_given_back(two: tuple[Process, Process]) -> None:
    await put(two[0].record, "CASEWARD_COPYRIGHT_SMS_URL", NEW)
    await put(two[0].record, "CASEWARD_COPYRIGHT_SMS_TOKEN", None, secret=SecretStr("rotated"))
    await put(two[0].record, "CASEWARD_LOOK_AGAIN_MINUTES", "7")
    await put(two[0].record, "CASEWARD_LEASE_SECONDS", "33")
    for working in two:
        assert address(working) == OLD
        await working.runs.look()
        assert address(working) == NEW
        told = working.workers.dependencies["http"].limits
        assert (told.look_again, told.lease) == (timedelta(minutes=7), timedelta(seconds=33))
        assert working.runs.lease == timedelta(seconds=33)
    await put(two[1].record, "CASEWARD_COPYRIGHT_SMS_URL", None)
    await two[0].runs.look()
    assert address(two[0]) == OLD


async def test_a_look_without_a_change_opens_nothing(two: tuple[Process, Process]) -> None:
    before = two[0].workers
    await two[0].runs.look()
    assert two[0].workers is before


async def test_what_does_not_fit_this_code_counts_for_nothing_here(two: tuple[Process, Process]) -> None:
    await put(two[0].record, "CASEWARD_COPYRIGHT_SMS_URL", "no address")
    await put(two[0].record, "CASEWARD_COPYRIGHT_SMS_TOKEN", None, secret=SecretStr("rotated"))
    await two[0].runs.look()
    assert address(two[0]) == OLD
    token = two[0].record.systems.installed[0].settings.sms_token  # type: ignore[attr-defined]
    assert token.get_secret_value() == "rotated"


async def test_a_run_that_is_under_way_ends_with_what_it_began_with(
    two: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    working = two[0]
    began, go_on = asyncio.Event(), asyncio.Event()
    old = working.generations.newest
    seen = []

    async def perform(run: Run, allowance: Allowance) -> RunResult:
        began.set()
        await go_on.wait()
        seen.append(working.generations.newest is old)
        return RunResult({})

    monkeypatch.setattr(old, "perform", perform)
    run: Any = None
    under_way = asyncio.create_task(working.generations(run, Allowance(Stop())))
    await began.wait()
    await put(working.record, "CASEWARD_COPYRIGHT_SMS_URL", NEW)
    await working.runs.look()
    assert address(working) == NEW
    assert not old.over.is_set(), "its clients are open as long as the run"
    http = client(old.workers)
    assert not http._client.is_closed
    go_on.set()
    await under_way
    await working.generations.settled()
    assert seen == [False]
    assert http._client.is_closed


async def test_what_cannot_be_opened_leaves_the_old_at_work(
    two: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    working = two[0]
    await put(working.record, "CASEWARD_COPYRIGHT_SMS_URL", NEW)

    async def none(*_: object, **__: object) -> None:
        raise OSError("no room for another client")

    with monkeypatch.context() as broken:
        broken.setattr(type(working.generations), "open", none)
        await working.runs.look()
        assert address(working) == OLD
    await working.runs.look()
    assert address(working) == NEW


async def test_a_calendar_is_lived_by_workers_beats_and_commands(two: tuple[Process, Process]) -> None:
    working, record = two[0], two[1].record
    now = await record.clock.business()
    today = Calendar.day_of(record.rules.calendars["bureau"], now)
    holiday = Changes(holidays=[f"{today}..{today + timedelta(days=3)}=Flood (invented)"])
    beat = Beat(record.store, record.clock, record.rules, "office/beat")
    assert await record.calendars("person:clerk").edit("bureau", holiday, WHY)
    await working.runs.look()
    await take_changes(record, beat)
    assert beat.rules.calendars["bureau"].holiday(today) is not None
    for remote in working.workers.remotes.all():
        if remote.calendar is not None:
            assert (remote.calendar.name, remote.calendar.version) == ("bureau", 2)
            assert not remote.calendar.is_open(now)
    async with open_record(working.record.settings) as fresh:
        assert fresh.rules.calendars["bureau"].version == 2


async def test_of_two_who_edit_one_calendar_the_slower_is_told(two: tuple[Process, Process]) -> None:
    """Both began with the same calendar; the change of the faster one was gone, and nobody was told."""
    faster, slower = (working.record.calendars("person:clerk") for working in two)
    await faster.edit("bureau", Changes(holidays=["2027-01-01=New Year"]), WHY)
    with pytest.raises(Conflict, match="somebody changed it meanwhile"):
        await slower.edit("bureau", Changes(holidays=["2027-05-01=Labour Day"]), WHY)
    await two[1].record.refresh()
    await two[1].record.calendars("person:clerk").edit("bureau", Changes(holidays=["2027-05-01=Labour Day"]), WHY)
    await two[0].record.refresh()
    names = [one.name for one in two[0].record.rules.calendars["bureau"].holidays]
    assert {"New Year", "Labour Day"} <= set(names)


async def test_a_spoilt_row_is_no_change_at_every_look(two: tuple[Process, Process]) -> None:
    record = two[0].record
    if record.database.dialect.name != "sqlite":
        pytest.skip("only SQLite keeps whatever is put into a column")
    await put(record, "CASEWARD_COPYRIGHT_SMS_URL", NEW)
    async with record.database.begin() as connection:
        await connection.execute(text("UPDATE configuration SET at = 'some day'"))
    assert await record.refresh()
    assert not await record.refresh()

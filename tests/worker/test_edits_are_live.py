"""A beat as a process: what a person edits holds from the next instant on, and its rows are there within a second."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from caseward.app.installation import open_record
from tests.worker.processes import BEAT, add, celery, environment, until
from workflow.clock import DatabaseClock
from workflow.scheduler.commands import ScheduleCommands
from workflow.schedules.run import Run
from workflow.settings import read_settings
from workflow.store import Store

SECOND = timedelta(seconds=1)
NEVER, ALWAYS = "0 0 3 1 1 ?", "* * * * * ?"


async def test_an_edit_is_live_within_a_second(engine: AsyncEngine, store: Store, tmp_path: Path) -> None:
    environ = environment(engine, tmp_path)
    schedule = await add(store, environ, name="edited", timing=NEVER)
    clock = DatabaseClock(engine)
    settings = read_settings(data_dir=Path(environ["CASEWARD_DATA_DIR"]), database_url=environ["CASEWARD_DATABASE_URL"])
    async with open_record(settings) as record:
        people = ScheduleCommands(store, clock, record.rules, "person:clerk")

    async def beats() -> bool:
        return any(beat.kind == "beat" for beat in await store.heartbeats())

    async def edit(timing: str) -> tuple[datetime, datetime]:
        """Between which two instants the edit was made."""
        before = await clock.business()
        await people.edit("edited", {"timing": timing}, "to see when it holds")
        return before, await clock.business()

    async def since(at: datetime) -> list[Run]:
        return [row for row in reversed(await store.runs(schedule.id, limit=1000)) if row.due_at > at]

    waited = []
    with celery(BEAT, environ, tmp_path, "beat"):
        await until(beats)
        for _ in range(4):
            before, on = await edit(ALWAYS)
            first = (await until(lambda: since(before)))[0]  # noqa: B023 - it is awaited here
            assert first.due_at - on <= SECOND, "the first instant of the new timing"
            waited.append(first.made_at - max(first.due_at, on))
            _, off = await edit(NEVER)
            assert await since(off) == [], "no instant of the old timing comes after"
    assert min(waited) <= SECOND

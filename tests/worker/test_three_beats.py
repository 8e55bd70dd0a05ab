"""Three beats as processes, one killed, edits by plain SQL meanwhile: no instant twice, and none missing."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.worker.processes import BEAT, add, celery, environment, until
from workflow.schedules.run import Run
from workflow.store import Store

SECOND = timedelta(seconds=1)


def steps(rows: list[Run]) -> list[timedelta]:
    """How far each row begins after the one before ended."""
    rows = sorted(rows, key=lambda row: row.due_at)
    return [later.due_at - earlier.until for earlier, later in pairwise(rows)]


async def test_no_instant_is_twice_or_missing(engine: AsyncEngine, store: Store, tmp_path: Path) -> None:
    environ = environment(engine, tmp_path)
    every_second = await add(store, environ, name="every second")
    by_cron = await add(store, environ, name="by cron", timing="* * * * * ?")
    edited = await add(store, environ, name="edited")

    async def log(schedule: str) -> list[Run]:
        return await store.runs(schedule, limit=1000)

    async def beats() -> bool:
        return len([beat for beat in await store.heartbeats() if beat.kind == "beat"]) == 3

    with ExitStack() as stack:
        started = [stack.enter_context(celery(BEAT, environ, tmp_path, f"beat-{number}")) for number in range(3)]
        await until(beats)
        begun = len(await log(every_second.id))

        async def went_on(more: int) -> bool:
            return len(await log(every_second.id)) >= begun + more

        await until(lambda: went_on(3))
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE schedules SET timing = 'every 2 s' WHERE name = 'edited'"))
        started[0].send_signal(signal.SIGKILL)
        await until(lambda: went_on(7))
        async with engine.begin() as connection:
            await connection.execute(
                text("UPDATE schedules SET timing = '* * * * * ?', version = version + 1 WHERE name = 'edited'")
            )
        await until(lambda: went_on(11))
        assert started[0].wait(10) == -signal.SIGKILL

    for schedule in (every_second, by_cron):
        rows = await log(schedule.id)
        assert set(steps(rows)) == {SECOND}
        assert all(row.count == (row.until - row.due_at) // SECOND + 1 for row in rows)
    rows = await log(edited.id)
    found = steps(rows)
    assert set(found) == {SECOND, 2 * SECOND}
    first, last = found.index(2 * SECOND), len(found) - found[::-1].index(2 * SECOND)
    assert set(found[first:last]) == {2 * SECOND}, "each timing holds for a time of its own"
    assert len({(row.schedule, row.due_at) for row in rows}) == len(rows)

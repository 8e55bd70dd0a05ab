"""A database that goes away: those at work wait for it and go on, and none of them needs to be begun again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.deploy.stage import Stage, broker, empty_database
from tests.deploy.test_first_start import WITHIN, add, record_of, services
from tests.worker.processes import until
from workflow.record.database import open_database

pytestmark = pytest.mark.postgres


@pytest.fixture
async def stage(postgres_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with empty_database(postgres_url) as url:
        with broker(("redis-server", "--save", ""), tmp_path) as port:
            stage = Stage(tmp_path, url, port, 9, None)
            yield stage
            stage.leave()


async def shut(server: str, name: str | None, *, out: bool) -> None:
    """Nobody gets into this database, who is in it is put out; or all may again."""
    admin = open_database(server)
    async with admin.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {not out}'))
        if out:
            there = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
            await connection.execute(text(there), {"name": name})
    await admin.dispose()


async def test_beat_and_worker_outlive_an_outage(stage: Stage, postgres_url: str) -> None:
    parts = {part.name: part for part in services()}
    assert stage.once(parts["migrate"]) == 0
    processes = [stage.begin(parts[name]) for name in ("beat", "worker-http")]
    async with record_of(stage, parts["beat"]) as record:
        every_second = await add(record, "every second", "job retention(days=3000)")

        async def ran(since: int = 0) -> int:
            count = len(await record.store.runs(every_second.id, status="finished", limit=1000))
            return count if count > since else 0

        await until(ran, WITHIN)
        await shut(postgres_url, stage.database.database, out=True)

        async def both_said_so() -> bool:
            said = {name: stage.log(name).read_text("utf-8") for name in ("beat", "worker-http")}
            return "beat.database" in said["beat"] and "worker.database" in said["worker-http"]

        await until(both_said_so, WITHIN)
        await shut(postgres_url, stage.database.database, out=False)
        before = await ran()
        await until(lambda: ran(before), WITHIN)
        assert [process.poll() for process in processes] == [None, None]
    assert stage.log("beat").read_text("utf-8").count("beat.database ") == 1, "said once, not at each look"
    assert stage.end(parts["beat"]) + stage.end(parts["worker-http"]) == [0, 0]

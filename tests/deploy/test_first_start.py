"""docker-compose.yml and the units tried as processes: their commands, settings and order, from start to stop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect

from adapters.browser.chromium_search import Found
from caseward.app.installation import Record, open_record
from tests.deploy.parts import ONCE, ROOT, Part, compose, composed, united, values
from tests.deploy.stage import Stage, broker, empty_database, remotes
from tests.worker.processes import until
from workflow.record.database import open_database
from workflow.schedules.schedule import Definition, Schedule
from workflow.settings import read_settings

pytestmark = pytest.mark.postgres

COMPOSE_ENV = values(ROOT / "deploy" / "compose.env.example") | {"POSTGRES_PASSWORD": "open sesame"}
UNITS_ENV = values(ROOT / "deploy" / "systemd" / "environment.example") | {"PGPASSWORD": "open sesame"}
SERVERS = {"postgres", "redis"}
WITHIN = 120.0
"""Seconds: six processes begin at once, on cores that other tests use as well."""


def services() -> list[Part]:
    return [part for part in composed(COMPOSE_ENV) if part.name not in SERVERS]


def units() -> list[Part]:
    return united(UNITS_ENV)


@pytest.fixture
async def stage(postgres_url: str, chromium: Found, tmp_path: Path) -> AsyncIterator[Stage]:
    command = tuple(map(str, compose(COMPOSE_ENV)["services"]["redis"]["command"]))
    async with empty_database(postgres_url) as url:
        with broker(command, tmp_path) as port, remotes(tmp_path) as outside:
            stage = Stage(tmp_path, url, port, outside, chromium.executable)
            yield stage
            stage.leave()


def record_of(stage: Stage, part: Part) -> AbstractAsyncContextManager[Record]:
    told = stage.environment(part.environment)
    prefix = "CASEWARD_"
    return open_record(
        read_settings(**{n.removeprefix(prefix).lower(): v for n, v in told.items() if n.startswith(prefix)})
    )


@pytest.mark.parametrize("files", [services, units])
async def test_what_the_files_say_starts_works_and_stops(files: Callable[[], list[Part]], stage: Stage) -> None:
    migrate, *running = files()
    assert "migrate" in migrate.name
    assert all(part.after[migrate.name] == ONCE for part in running)
    assert stage.once(migrate) == 0
    assert await tables(stage) > 10
    for part in running:
        for number in range(part.copies):
            stage.begin(part, f"{part.name}-{number}")
    assert sum(part.copies for part in running) == 5

    async with record_of(stage, running[0]) as record:

        async def there() -> bool:
            kinds = [one.kind for one in await record.store.heartbeats()]
            return (kinds.count("beat"), kinds.count("worker")) == (2, 3)

        await until(there, WITHIN)
        for part in running:
            assert not part.healthy or stage.healthy(part), part.name
        anybody = await add(record, "anybody", "job retention(days=3000)")
        browsing = await add(record, "browsing", "line copyright.request_codes")

        async def owners(schedule: Schedule) -> set[str]:
            rows = await record.store.runs(schedule.id, status="finished", limit=1000)
            return {row.owner for row in rows if row.owner}

        await until(lambda: owners(anybody), WITHIN)
        assert len(await until(lambda: owners(browsing), WITHIN)) == 1
        by_queue = {
            queue: {one.process for one in await record.store.heartbeats() if one.queues == (queue,)}
            for queue in ("http", "browser")
        }
        assert {queue: len(found) for queue, found in by_queue.items()} == {"http": 2, "browser": 1}
        assert await owners(anybody) <= by_queue["http"]
        assert await owners(browsing) == by_queue["browser"]

        for part in reversed(running):
            assert stage.end(part) == [0] * part.copies, part.name
        assert [one for one in await record.store.heartbeats() if one.kind == "worker"] == []
        assert await record.store.runs(anybody.id, status="running") == []
    workers = [part for part in running if "worker" in part.name and part.healthy]
    assert not any(stage.healthy(part) for part in workers)


async def test_a_worker_before_migrate_brings_the_schema_up_itself(stage: Stage) -> None:
    """Whoever comes first does it, the others wait: the order of the files spares a wait, and nothing hangs on it."""
    migrate, *running = services()
    workers = [part for part in running if part.name == "worker-http"]
    (worker,) = workers
    stage.begin(worker, "first")
    stage.begin(worker, "second")
    assert stage.once(migrate) == 0
    async with record_of(stage, worker) as record:

        async def both() -> bool:
            return len(await record.store.heartbeats()) == 2

        await until(both, WITHIN)
    assert stage.end(worker) == [0, 0]


@pytest.mark.parametrize("name", ["migrate", "worker-http", "beat"])
def test_without_a_database_each_ends_and_says_so(name: str, tmp_path: Path, postgres_url: str) -> None:
    """The restart policy tries it again; nothing waits without a word."""
    (part,) = [part for part in services() if part.name == name]
    nowhere = open_database("postgresql://caseward@127.0.0.1:9/caseward").url.set(drivername="postgresql")
    stage = Stage(tmp_path, nowhere, 9, 9, None)
    assert stage.once(part) == 1
    said = stage.log(name).read_text("utf-8")
    assert "nothing answers there" in said
    assert "Traceback" not in said


async def tables(stage: Stage) -> int:
    engine = open_database(stage.database.render_as_string(hide_password=False))
    try:
        async with engine.connect() as connection:
            return len(await connection.run_sync(lambda it: inspect(it).get_table_names()))
    finally:
        await engine.dispose()


async def add(record: Record, name: str, target: str) -> Schedule:
    """One that fires each second, as a person adds it."""
    definition = Definition(name, "tests", target, "every 1 s", "Asia/Shanghai", timeout=timedelta(minutes=1))
    return await record.timetable("person:clerk").add(definition, "tried")

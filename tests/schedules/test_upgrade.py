"""A database of the version before is brought up with its schedules, versions and runs as they stood."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.schedules.office import definition
from workflow.record import migrations
from workflow.record.database import open_database
from workflow.record.migrations import migrate
from workflow.record.vault import Vault
from workflow.store import Store

BEFORE = "0002"
AT = datetime(2026, 3, 2, 12, 10, tzinfo=UTC)
SPANS = {"recheck_s": None, "catch_up_s": 3600, "timeout_s": 1800}
PLAIN = {"group": "office", "target": "job notices", "timing": "0 0/10 * * * ?", "zone": "Asia/Shanghai"}
RULES = {"overlap": "skip", "misfire": "run_once", "batch": -1, "enabled": True, "calendar": None}


@pytest.fixture
async def older(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An empty database of the version before, of the same kind as the other."""
    url = make_url(f"sqlite:///{tmp_path / 'older.db'}")
    if engine.dialect.name == "postgresql":
        name = f"older_{uuid4().hex}"
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {name}"))
        url = engine.url.set(drivername="postgresql", database=name)
    made = open_database(url.render_as_string(hide_password=False))
    async with made.begin() as connection:
        await connection.run_sync(_upgrade_to, BEFORE)
    yield made
    await made.dispose()


async def test_what_stood_there_stands_and_nothing_of_it_is_begun_again(older: AsyncEngine, vault: Vault) -> None:
    async with older.begin() as connection:
        await connection.run_sync(_put_rows)
    await migrate(older)
    store = Store(older, vault, "test")
    assert (await store.schedule("notices")).definition == definition()
    assert [one.definition for one in await store.schedule_versions("s1")] == [definition()]
    (run,) = await store.pending(["http"], 10, now=AT)
    assert (run.retries, run.failures, run.again_at) == (0, (), None)


def _upgrade_to(connection: Connection, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _put_rows(connection: Connection) -> None:
    """A schedule, its first version and a run, as the older code wrote them."""
    found = MetaData()
    found.reflect(connection)
    at = AT if connection.dialect.name == "postgresql" else "2026-03-02T12:10:00.000000Z"
    said = {"name": "notices", **PLAIN, **RULES, **SPANS}
    kept = {**said, "paused_until": None, "paused_reason": None}
    run = {"id": "d1", "schedule": "s1", "due_at": at, "until": at, "made_at": at, "count": 1, "counts": "{}"}
    version = {"schedule": "s1", "version": 1, "kind": "created", "actor": "person:clerk", "at": at}
    rows: dict[str, dict[str, object]] = {
        "schedules": {"id": "s1", "version": 1, "planned": "0 0/10 * * * ? @ Asia/Shanghai", **said},
        "schedule_versions": {**version, "definition": json.dumps(kept)},
        "dispatches": {
            **run,
            "status": "pending",
            "target": "job notices",
            "queue": "http",
            "version": 1,
            "actor": "x",
        },
    }
    for table, row in rows.items():
        connection.execute(found.tables[table].insert().values(**row))

"""What is PostgreSQL's own: a database that is not there, and the schema of the migrations."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

from workflow.errors import DatabaseUnusable
from workflow.record.condition import usable
from workflow.record.database import open_database
from workflow.record.tables import metadata

pytestmark = pytest.mark.postgres


async def test_a_database_that_is_not_there_is_named(postgres_url: str) -> None:
    missing = make_url(postgres_url).set(database="nowhere").render_as_string(hide_password=False)
    engine = open_database(missing)
    with pytest.raises(DatabaseUnusable, match="there is no such database; create it"):
        await usable(engine)
    await engine.dispose()


async def test_the_migrations_make_the_tables_of_the_code(postgres: AsyncEngine) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with postgres.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_cases_keep_room_for_updates_that_touch_no_index(postgres: AsyncEngine) -> None:
    async with postgres.connect() as connection:
        options = (await connection.execute(text("SELECT reloptions FROM pg_class WHERE relname = 'cases'"))).scalar()
    assert "fillfactor=80" in (options or [])

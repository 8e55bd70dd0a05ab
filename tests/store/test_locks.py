"""A database that another program holds locked: waited for once, as long as the database lets one, and then named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from workflow.errors import DatabaseUnusable
from workflow.record.database import open_database
from workflow.record.vault import Vault
from workflow.store import Store

STRIKE = text("UPDATE clock SET timeline = timeline + 1")


@asynccontextmanager
async def impatient(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """The same database, opened by somebody who waits 20 ms for a lock."""
    second = open_database(engine.url.render_as_string(hide_password=False), busy_ms=20)

    def wait_less(connection: AsyncConnection, *_: object) -> None:
        cursor: DBAPICursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute("SET lock_timeout = '20ms'")
        cursor.close()

    if engine.dialect.name == "postgresql":
        event.listen(second.sync_engine, "connect", wait_less)
    yield second
    await second.dispose()


async def test_a_lock_is_waited_for_once_and_named(engine: AsyncEngine, vault: Vault) -> None:
    """The database itself waits ten seconds; five tries made that fifty for whoever typed a command."""
    async with impatient(engine) as second, engine.begin() as holder:
        await holder.execute(STRIKE)
        tried = 0

        async def work(connection: AsyncConnection) -> None:
            nonlocal tried
            tried += 1
            await connection.execute(STRIKE)

        with pytest.raises(DatabaseUnusable, match="another program holds it locked; stop the program"):
            await Store(second, vault, "test").writing(work)
        assert tried == 1

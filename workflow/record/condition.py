"""Checks a database: whether it can be read, whether it can be written, whether its file is undamaged."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from workflow.errors import DatabaseUnusable
from workflow.record.database import name_of, naming, reading
from workflow.record.refusals import READ_ONLY
from workflow.sentence import Sentence, machine_said


async def usable(engine: AsyncEngine) -> None:
    """Connect once as a reader. Raises DatabaseUnusable with the cure where that is not possible."""
    async with _named(engine), reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            mode = (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar_one()
            if str(mode).lower() != "wal":
                raise DatabaseUnusable(
                    name_of(engine),
                    Sentence("file_system_keeps_no", "its file system keeps no write-ahead log"),
                    Sentence("put_on_local_disk", "put it on a local disk"),
                )


async def writable(engine: AsyncEngine) -> None:
    """Raise DatabaseUnusable with the cure where nothing can be written; waits for another writer.

    SQLite refuses the BEGIN of a writer. PostgreSQL takes any, on a replica too, so it is asked.
    """
    async with _named(engine), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            only_reads = (await connection.exec_driver_sql("SHOW transaction_read_only")).scalar_one()
            if only_reads == "on":
                raise DatabaseUnusable(name_of(engine), *READ_ONLY)


async def undamaged(engine: AsyncEngine) -> None:
    """Raise DatabaseUnusable with the cure where a SQLite file is damaged. It reads the whole file."""
    if engine.dialect.name != "sqlite":
        return
    async with _named(engine), reading(engine) as connection:
        found = (await connection.exec_driver_sql("PRAGMA quick_check(1)")).scalar_one()
        if found != "ok":
            raise DatabaseUnusable(
                name_of(engine),
                Sentence("file_damaged_found", "the file is damaged ({found})", found=found),
                Sentence("restore_backup", "restore a backup"),
            )


@asynccontextmanager
async def _named(engine: AsyncEngine) -> AsyncIterator[None]:
    """Raise errors of the driver as DatabaseUnusable, with their cure."""
    try:
        with naming(engine):
            yield
    except OSError as error:
        raise DatabaseUnusable(
            name_of(engine),
            machine_said(error),
            Sentence("start_or_correct_caseward", "start it, or correct CASEWARD_DATABASE_URL"),
        ) from error

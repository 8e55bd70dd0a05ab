"""The schema by version, and what brings a database to the newest one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from workflow.errors import DatabaseUnusable, SchemaIsNewer
from workflow.record.condition import usable
from workflow.record.database import name_of, naming, reading
from workflow.record.deadlines import without_deadline
from workflow.sentence import Sentence

NEWEST = "0017"
"""The version that this code works with: the newest file of versions/."""

_LOCK = 7_236_451  # any number that is the same in every process: one migrates, the others wait
_TURN = threading.Lock()
_LOOK_AGAIN = 0.02
"""Seconds after which a process that waits for its turn looks again."""


async def migrate(engine: AsyncEngine) -> str | None:
    """Bring the schema to this code's version; returns the version before, None where it was there already or is new.

    Refuses a database of a newer version, and one that is not ours.
    """
    await usable(engine)
    with naming(engine):
        before = await revision(engine)
        if before == NEWEST:
            return None
        with without_deadline():
            async with _turn(), engine.begin() as connection:
                await connection.run_sync(_upgrade, name_of(engine))
        return before


@asynccontextmanager
async def _turn() -> AsyncIterator[None]:
    """One migration at a time in a process: Alembic keeps its connection in one place for all.

    It is a lock of threads, since a process may have several event loops; waiting does not block the own loop.
    """
    while not _TURN.acquire(blocking=False):  # noqa: ASYNC110 - an event belongs to one loop
        await asyncio.sleep(_LOOK_AGAIN)
    try:
        yield
    finally:
        _TURN.release()


async def revision(engine: AsyncEngine) -> str | None:
    """The version of the schema, None where it has none. It only reads."""
    async with reading(engine) as connection:
        return await connection.run_sync(_version)


def _version(connection: Connection) -> str | None:
    names = inspect(connection).get_table_names()
    if "alembic_version" not in names:
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection, where: str) -> None:
    # imported late: every command opens the database, and hardly ever an old one
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError as AlembicError

    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # indexes of a large record take longer
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        connection.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
    if _version(connection) is None and "cases" in inspect(connection).get_table_names():
        raise DatabaseUnusable(
            where,
            Sentence("holds_tables_that_are", "it holds tables that are not Caseward's"),
            Sentence("give_caseward_database_own", "give Caseward a database of its own"),
        )
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except AlembicError as error:
        raise SchemaIsNewer(
            where,
            Sentence(
                "schema_version_newer_than",
                "its schema is version {version}, newer than this code's {newest}",
                version=_version(connection),
                newest=NEWEST,
            ),
            Sentence("update_caseward", "update Caseward"),
        ) from error

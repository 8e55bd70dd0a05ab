"""A record that newer code has brought on meanwhile: what its schema refuses is told as that, with the cure."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from workflow.errors import DatabaseUnusable, SchemaIsNewer
from workflow.record import database
from workflow.record.database import name_of, passing
from workflow.record.migrations import NEWEST, revision
from workflow.sentence import Sentence

CURE = Sentence("update_caseward", "update Caseward")


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection as database.reading gives it. Raises SchemaIsNewer where that is why a statement is refused."""
    async with telling(engine), database.reading(engine) as connection:
        yield connection


@asynccontextmanager
async def telling(engine: AsyncEngine) -> AsyncIterator[None]:
    """What is refused inside is raised as SchemaIsNewer where the record has outgrown this code."""
    try:
        yield
    except (SQLAlchemyError, DatabaseUnusable) as error:
        await raise_if_newer(engine, error)
        raise


async def raise_if_newer(engine: AsyncEngine, error: Exception) -> None:
    """Asks the record for its version where an error may come of its schema; on a connection of its own."""
    if not _of_the_schema(error):
        return
    try:
        what = await newer(engine)
    except (SQLAlchemyError, DatabaseUnusable):
        return  # the first error says more
    if what is not None:
        raise SchemaIsNewer(name_of(engine), what, CURE) from error


async def newer(engine: AsyncEngine) -> Sentence | None:
    """That the schema is newer than this code, in words; None while it is not."""
    found = await revision(engine)
    if found is None or found <= NEWEST:
        return None
    return Sentence(
        "record_schema_version_newer",
        "the record's schema is version {version}, newer than this code's {newest}",
        version=found,
        newest=NEWEST,
    )


def _of_the_schema(error: BaseException) -> bool:
    """Whether a table, a column, a constraint or a trigger may be why: a newer one is not known here."""
    cause = error.__cause__ if isinstance(error, DatabaseUnusable) else error
    if not isinstance(cause, DBAPIError):
        return False
    if isinstance(cause.orig, sqlite3.Error):
        return not passing(cause)
    return (getattr(cause.orig, "sqlstate", None) or "")[:2] in ("0A", "22", "23", "42", "P0")

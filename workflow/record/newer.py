"""Tells a record that newer code has migrated meanwhile: errors that its schema causes become SchemaIsNewer."""

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
    """A connection as database.reading gives it. Raises SchemaIsNewer where that is why a statement fails."""
    async with telling(engine), database.reading(engine) as connection:
        yield connection


@asynccontextmanager
async def telling(engine: AsyncEngine) -> AsyncIterator[None]:
    """Raise errors inside as SchemaIsNewer, where the record's schema is newer than this code."""
    try:
        yield
    except (SQLAlchemyError, DatabaseUnusable) as error:
        await raise_if_newer(engine, error)
        raise


async def raise_if_newer(engine: AsyncEngine, error: Exception) -> None:
    """Where the error may come from the schema, ask the record for its version, on another connection."""
    if not _of_the_schema(error):
        return
    try:
        what = await newer(engine)
    except (SQLAlchemyError, DatabaseUnusable):
        return  # the first error says more
    if what is not None:
        raise SchemaIsNewer(name_of(engine), what, CURE) from error


async def newer(engine: AsyncEngine) -> Sentence | None:
    """In words: the schema is newer than this code. None where it is not."""
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
    """Whether a table, a column, a constraint or a trigger may be the cause: this code does not know newer ones."""
    cause = error.__cause__ if isinstance(error, DatabaseUnusable) else error
    if not isinstance(cause, DBAPIError):
        return False
    if isinstance(cause.orig, sqlite3.Error):
        return not passing(cause)
    return (getattr(cause.orig, "sqlstate", None) or "")[:2] in ("0A", "22", "23", "42", "P0")

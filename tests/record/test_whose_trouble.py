"""What a database says is its own trouble, which may pass, or a mistake of ours, which never does."""

from __future__ import annotations

import sqlite3

import pytest
from psycopg import ProgrammingError
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from workflow.record.database import damaged, passing, unusable
from workflow.sentence import Sentence

RAISES = "DO $$ BEGIN RAISE EXCEPTION 'so it says' USING ERRCODE = '{}'; END $$"
OURS = ("25P02", "54000", "54001", "54011", "54023", "42601", "42883", "22012", "23505")
ITS_OWN = ("53100", "53300", "57014", "57P01", "58030", "XX001", "XX002", "25006", "42P01")


async def said(engine: AsyncEngine, statement: str) -> DBAPIError:
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError) as raised:
            await connection.execute(text(statement))
    return raised.value


@pytest.mark.postgres
@pytest.mark.parametrize("state", OURS)
async def test_what_a_statement_of_ours_says_does_not_pass(postgres: AsyncEngine, state: str) -> None:
    assert not passing(await said(postgres, RAISES.format(state)))


@pytest.mark.postgres
@pytest.mark.parametrize("state", ITS_OWN)
async def test_what_is_wrong_with_the_server_may_pass(postgres: AsyncEngine, state: str) -> None:
    error = await said(postgres, RAISES.format(state))
    assert passing(error)
    assert damaged(error) == state.startswith("XX")


@pytest.mark.postgres
async def test_what_the_driver_refuses_before_a_byte_is_sent_is_ours(postgres: AsyncEngine) -> None:
    """It has no code: the server has never heard of it."""
    async with postgres.connect() as connection:
        with pytest.raises(DBAPIError, match="cannot adapt") as raised:
            await connection.exec_driver_sql("SELECT %s", (object(),))
    assert isinstance(raised.value.orig, ProgrammingError)
    assert not passing(raised.value)


@pytest.mark.postgres
async def test_a_statement_behind_an_error_that_was_passed_over_is_ours(postgres: AsyncEngine) -> None:
    async with postgres.connect() as connection:
        with pytest.raises(DBAPIError):
            await connection.execute(text("SELECT 1/0"))
        with pytest.raises(DBAPIError, match="aborted") as raised:
            await connection.execute(text("SELECT 1"))
    assert not passing(raised.value)


async def test_a_damaged_file_is_known_through_what_it_is_told_as(sqlite: AsyncEngine) -> None:
    error = DatabaseError("SELECT", None, sqlite3.DatabaseError("database disk image is malformed"))
    told = unusable(sqlite, error)
    assert told is not None
    told.__cause__ = error  # as the store raises it
    assert passing(told)
    assert damaged(told)
    assert not damaged(SQLAlchemyError("else"))
    assert not damaged(told.__class__("x", Sentence("odd", "it is malformed"), Sentence("odd", "no database said so")))

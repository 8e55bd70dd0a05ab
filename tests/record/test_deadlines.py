"""A PostgreSQL that falls silent, or speaks drop by drop, costs a connection and its deadline."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.attack.dependencies.postgres import go_between
from workflow.record import deadlines
from workflow.record.database import again, lost, open_database, passing

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize(
    ("way", "silent", "whole"),
    [("silence", 0.3, 60.0), ("half, then silence", 0.3, 60.0), ("drop by drop", 60.0, 0.7)],
)
async def test_an_answer_that_never_comes_is_given_up(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, way: str, silent: float, whole: float
) -> None:
    async with go_between(postgres_url) as between:
        engine = open_database(between.address)
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
            monkeypatch.setattr(deadlines, "SILENT", silent)
            monkeypatch.setattr(deadlines, "WHOLE", whole)
            between.answer(way)
            with pytest.raises(DBAPIError) as raised:
                async with asyncio.timeout(10):
                    await connection.execute(text("SELECT 1"))
        assert "the connection is lost" in str(raised.value)
        assert passing(raised.value)
        assert again(raised.value)
        assert lost(raised.value)
        between.answer("")
        async with engine.connect() as connection:
            assert (await connection.execute(text("SELECT 7"))).scalar() == 7
        await engine.dispose()


async def test_a_change_of_the_schema_takes_as_long_as_it_takes(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_database(postgres_url)
    async with engine.connect() as connection:
        monkeypatch.setattr(deadlines, "SILENT", 0.1)
        with deadlines.without_deadline():
            assert (await connection.execute(text("SELECT 7 FROM pg_sleep(0.5)"))).scalar() == 7
        with pytest.raises(DBAPIError):
            await connection.execute(text("SELECT 7 FROM pg_sleep(0.5)"))
    await engine.dispose()


async def test_a_connection_to_an_old_primary_is_let_go(postgres_url: str) -> None:
    """After a failover each connection of before is read-only for ever, though it answers."""
    async with go_between(postgres_url) as between:
        engine = open_database(between.address)
        statement = text("UPDATE pg_catalog.pg_class SET relname = relname WHERE false")
        async with engine.connect() as connection:
            before = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar()
            between.answer("read-only after a failover")
            with pytest.raises(DBAPIError) as raised:
                await connection.execute(statement)
        assert passing(raised.value)
        between.answer("")
        async with engine.connect() as connection:
            assert (await connection.execute(text("SELECT pg_backend_pid()"))).scalar() != before
        await engine.dispose()

"""A database that cannot be worked with is named with what is wrong and the cure."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.servers import database_of_its_own
from workflow.errors import DatabaseUnusable
from workflow.record.condition import undamaged, usable, writable
from workflow.record.database import open_database, reading
from workflow.record.migrations import _LOCK, NEWEST, migrate, revision


def url(path: Path) -> str:
    return f"sqlite:///{path}"


async def refused(engine: AsyncEngine, work: Callable[[AsyncEngine], object] = migrate) -> str:
    with pytest.raises(DatabaseUnusable) as raised:
        await work(engine)  # type: ignore[misc]
    await engine.dispose()
    return str(raised.value)


async def test_a_new_file_gets_the_newest_schema_and_keeps_it(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path / "new" / "caseward.db"))
    await migrate(engine)
    await migrate(engine)
    async with reading(engine) as connection:
        version = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar()
        assert (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar() == "wal"
        assert (await connection.exec_driver_sql("PRAGMA synchronous")).scalar() == 2
        assert (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar() == 1
    assert version == NEWEST
    await engine.dispose()


async def test_a_database_of_a_newer_caseward_is_left_alone(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path / "caseward.db"))
    await migrate(engine)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    said = await refused(engine)
    assert "its schema is version 9999, newer than this code's" in said
    assert "update Caseward" in said


async def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path / "other.db"))
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE cases (id INTEGER)"))
    assert "tables that are not Caseward's" in await refused(engine)


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "caseward.db"
    path.write_text("this is a shopping list, and a long one at that\n" * 100)
    said = await refused(open_database(url(path)))
    assert "caseward.db: the file is not a database; move it away" in said


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnusable, match="its folder cannot be made"):
        open_database(url(tmp_path / "file" / "caseward.db"))


async def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "caseward.db"
    engine = open_database(url(path))
    await migrate(engine)
    await engine.dispose()
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 6] = b"\xff" * 4096 * 4
    path.write_bytes(content)
    said = await refused(open_database(url(path)), undamaged)
    assert "damaged" in said
    assert "backup" in said


async def test_who_comes_second_to_a_new_file_waits_for_the_first(tmp_path: Path) -> None:
    """SQLite waits for nobody when it begins to keep a log: where another one writes it refuses at once."""
    path = tmp_path / "caseward.db"
    first = sqlite3.connect(path, isolation_level=None)
    first.execute("BEGIN IMMEDIATE")
    engine = open_database(url(path))
    second = asyncio.create_task(migrate(engine))
    assert await asyncio.wait([second], timeout=0.3) == (set(), {second})
    first.execute("ROLLBACK")
    await second
    first.close()
    await engine.dispose()


async def test_new_databases_of_one_process_do_not_get_each_others_tables(tmp_path: Path) -> None:
    """Alembic knows one connection a process, and would write the tables of one into another."""
    engines = [open_database(url(tmp_path / f"{n}.db")) for n in range(4)]
    await asyncio.gather(*map(migrate, engines))
    for engine in engines:
        assert await revision(engine) == NEWEST
        await engine.dispose()


async def test_who_comes_while_another_migrates_waits_as_long_as_that_takes(postgres_url: str) -> None:
    """A large record gets its indexes in minutes; workers that were begun meanwhile ended over a lock."""
    address = await database_of_its_own(postgres_url, f"waited_{uuid4().hex}")
    engine, other = open_database(address), open_database(address)

    def impatient(connection: Any, _: object) -> None:
        connection.cursor().execute("SET lock_timeout = '1ms'")
        connection.commit()

    event.listen(engine.sync_engine, "connect", impatient)
    async with other.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        waits = asyncio.create_task(migrate(engine))
        asked = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        seen = 0
        while not waits.done() and seen < 100:  # each answer takes longer than its patience
            seen += (await connection.execute(asked)).scalar_one()
    await waits
    assert await revision(engine) == NEWEST
    await engine.dispose()
    await other.dispose()


async def test_a_server_that_takes_no_writes_is_named(postgres_url: str) -> None:
    """A replica, say: it answers every question, and takes the BEGIN of a writer."""
    address = await database_of_its_own(postgres_url, f"replica_{uuid4().hex}")
    engine = open_database(address)
    await writable(engine)
    async with engine.begin() as connection:
        name = (await connection.execute(text("SELECT current_database()"))).scalar_one()
        await connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    await engine.dispose()
    await usable(open_database(address))
    said = await refused(open_database(address), writable)
    assert "it is read-only; point CASEWARD_DATABASE_URL at the primary" in said


async def test_a_locked_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "caseward.db"
    engine = open_database(url(path), busy_ms=20)
    await migrate(engine)
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert "another program holds it locked; stop the program" in await refused(engine, writable)
    finally:
        other.close()


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_a_read_only_file_or_folder_is_named(tmp_path: Path) -> None:
    """In a process of its own, as a user whom file modes bind; the tests may run as root, whom they do not."""
    program = (
        "import asyncio, os, sys\n"
        "from workflow.record.database import open_database\n"
        "from workflow.errors import DatabaseUnusable\n"
        "from workflow.record.migrations import migrate\n"
        "engine = open_database(sys.argv[1])\n"
        "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "try: asyncio.run(migrate(engine))\n"
        "except DatabaseUnusable as error: print(error)\n"
    )
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents:
        if parent.name.startswith(("pytest-", "popen-")):
            parent.chmod(0o755)
    (tmp_path / "readonly.db").touch(mode=0o444)
    for name, what in (("readonly.db", "read-only"), ("missing.db", "cannot be opened")):
        done = subprocess.run(
            [sys.executable, "-c", program, url(tmp_path / name)],
            capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert what in done.stdout, done.stderr
        assert "writable for this user" in done.stdout


async def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    said = await refused(open_database("postgresql://clerk:canary@127.0.0.1:1/caseward"), usable)
    assert "nothing answers there; start it, or correct CASEWARD_DATABASE_URL" in said
    assert "canary" not in said


@pytest.mark.parametrize("wrong", ["", "caseward.db", "mysql://host/name"])
def test_an_address_that_is_none_is_refused_with_an_example(wrong: str) -> None:
    with pytest.raises(DatabaseUnusable, match="write sqlite:///file"):
        open_database(wrong)


@pytest.mark.parametrize("wrong", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_an_address_without_a_file_is_refused_as_that(wrong: str) -> None:
    with pytest.raises(DatabaseUnusable, match="names no file; write sqlite:///file"):
        open_database(wrong)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")
async def test_a_pool_is_not_shared_after_a_fork(tmp_path: Path) -> None:
    """The check is by process number, so a number that differs is as good as a fork."""
    engine = open_database(url(tmp_path / "caseward.db"), process=os.getpid() + 1)
    assert "open it after the fork" in await refused(engine, usable)


async def test_a_reader_sees_one_state_and_hinders_no_writer(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path / "caseward.db"), busy_ms=20)
    await migrate(engine)
    count = text("SELECT timeline FROM clock")
    async with reading(engine) as reader:
        assert (await reader.execute(count)).scalar() == 1
        async with engine.begin() as writer:
            await writer.execute(text("UPDATE clock SET timeline = 2"))
        assert (await reader.execute(count)).scalar() == 1
    async with reading(engine) as reader:
        assert (await reader.execute(count)).scalar() == 2
    await engine.dispose()


async def test_the_tables_of_the_code_are_the_tables_of_the_migrations(tmp_path: Path) -> None:
    from workflow.record.tables import metadata

    engine = open_database(url(tmp_path / "caseward.db"))
    await migrate(engine)
    async with reading(engine) as connection:
        found = await connection.run_sync(
            lambda sync: {
                name: {column["name"] for column in inspect(sync).get_columns(name)}
                for name in inspect(sync).get_table_names()
                if name != "alembic_version"
            }
        )
        # asked of the file itself: what inspects it leaves indexes of expressions out
        rows = await connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'index'"))
        indexes = set(rows.scalars())
    assert found == {name: {column.name for column in table.c} for name, table in metadata.tables.items()}
    assert {index.name for table in metadata.tables.values() for index in table.indexes} <= indexes
    await engine.dispose()

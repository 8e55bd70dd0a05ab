"""Opens the database, SQLite or PostgreSQL, and says in plain words why it cannot be used."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    ResourceClosedError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from workflow.errors import DatabaseUnusable
from workflow.files.disk import is_full
from workflow.files.plain import in_place_of
from workflow.record.deadlines import connecting
from workflow.record.refusals import CURES, FULL, SHUT, SILENT, said_of
from workflow.sentence import Sentence, machine_said

BUSY_MS = 10_000
AGAIN_MS = 20
"""Milliseconds after which SQLite is asked again, where it does not wait by itself."""
OLDEST_SQLITE = (3, 35)
"""The first version that has RETURNING."""
_READING = "caseward_reading"
_RETRIED = {"40001", "40P01"}
_ANOTHER = {"25006", "26000", "42P05", "0A000"}
"""Errors of one connection that another one may not have: an old primary, a pooler's mixed-up statements."""


def file_url(path: Path) -> str:
    """The address of a SQLite file. A path is not one: ?, % and # mean something else in an address."""
    return f"sqlite:///{quote(str(path))}"


def file_of(url: str) -> Path | None:
    """The file of an address; None for a server, and for what is no address."""
    try:
        where = _driver(url)
    except DatabaseUnusable:
        return None
    return Path(where.database) if where.get_backend_name() == "sqlite" and where.database else None


def open_database(url: str, *, busy_ms: int = BUSY_MS, process: int | None = None) -> AsyncEngine:
    """An engine for this address, for this process alone; nothing is connected yet.

    busy_ms: how many milliseconds SQLite waits for a lock.
    """
    where = _driver(url)
    options: dict[str, Any] = {"hide_parameters": True}
    if where.get_backend_name() == "sqlite":
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            what = Sentence(
                "needs_sqlite_this_python",
                "needs SQLite {wanted}; this Python has {found}",
                wanted=".".join(map(str, OLDEST_SQLITE)),
                found=sqlite3.sqlite_version,
            )
            raise DatabaseUnusable(str(where.database), what, Sentence("use_newer_python", "use a newer Python"))
        try:
            Path(where.database or "").parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            cure = Sentence("make_folder_above_writable", "make the folder above it writable, or set CASEWARD_DATA_DIR")
            raise DatabaseUnusable(
                str(where.database),
                Sentence("folder_cannot_be_made", "its folder cannot be made ({why})", why=machine_said(error)),
                cure,
            ) from error
        if (stands := in_place_of(Path(where.database or ""))) is not None:
            cure = Sentence("move_away_or_correct", "move it away, or correct CASEWARD_DATABASE_URL")
            raise DatabaseUnusable(str(where.database), stands, cure)
        options["connect_args"] = {"timeout": busy_ms / 1000}
    else:
        options |= {"pool_size": 8, "max_overflow": 8, "pool_pre_ping": True, "pool_recycle": 1800}
        options["connect_args"] = {
            "connect_timeout": 5,
            "options": "-c timezone=UTC -c datestyle=ISO -c lock_timeout=10s"
            " -c idle_in_transaction_session_timeout=60s",
            "client_encoding": "UTF8",
            "async_creator_fn": connecting(),
        }
    engine = create_async_engine(where, **options)
    owner = os.getpid() if process is None else process

    def same_process(_: Any, record: Any, __: Any) -> None:
        if os.getpid() != owner:
            raise DatabaseUnusable(
                name_of(engine),
                Sentence(
                    "was_opened_in_process",
                    "it was opened in process {owner} and is used in {other}",
                    owner=owner,
                    other=os.getpid(),
                ),
                Sentence("open_after_fork", "open it after the fork"),
            )

    event.listen(engine.sync_engine, "checkout", same_process)
    if where.get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "connect", partial(_sqlite_connection, busy_ms=busy_ms))
        event.listen(engine.sync_engine, "begin", _sqlite_begin)
    else:
        event.listen(engine.sync_engine, "handle_error", _another_connection)
    return engine


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection that sees one state of the database and takes no write lock.

    Raises DatabaseUnusable, with the cure, where the database is to blame: no command reads its whole file beforehand.
    """
    with naming(engine):
        async with engine.execution_options(**{_READING: True}).connect() as connection:
            yield connection


@contextmanager
def naming(engine: AsyncEngine) -> Iterator[None]:
    """Raise an error for which the database is to blame as DatabaseUnusable, with the cure; any other as it is."""
    try:
        yield
    except SQLAlchemyError as error:
        if (told := unusable(engine, error)) is not None:
            raise told from error
        raise


def name_of(engine: AsyncEngine) -> str:
    """The database as people know it: its file, or its address without the password."""
    url = engine.url
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


def again(error: BaseException) -> bool:
    """Whether the same transaction may succeed when it is run again: it lost a race, or its connection."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, ConnectionError | asyncio.TimeoutError)
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or state in _RETRIED or locked_out(error) or lost(error)


def locked_out(error: BaseException) -> bool:
    """Whether it waited for a lock for as long as the database allows: another try would only wait again."""
    original = getattr(error, "orig", None)
    return getattr(original, "sqlstate", None) == "55P03" or "database is locked" in str(original).lower()


def passing(error: BaseException) -> bool:
    """Whether the trouble is the database's own and may pass; an error of our statement is none."""
    if isinstance(error, DatabaseUnusable | PoolTimeout | ConnectionError | ResourceClosedError):
        return True
    if not isinstance(error, DBAPIError) or isinstance(error, IntegrityError | DataError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return said_of(error) is not None
    state = getattr(error.orig, "sqlstate", None) or ""
    # the cause of an error that was passed over; or one statement with more than the database takes
    ours = isinstance(error, ProgrammingError) or state == "25P02" or state[:2] == "54"
    return not ours or state in CURES or state in _ANOTHER


def damaged(error: BaseException) -> bool:
    """Whether a part of the file is damaged. That does not pass, though all the rest may be well."""
    cause = error.__cause__ if isinstance(error, DatabaseUnusable) else error
    original = getattr(cause, "orig", None)
    return getattr(original, "sqlstate", None) in ("XX001", "XX002") or "malformed" in str(original).lower()


def lost(error: BaseException) -> bool:
    """Whether the connection is lost, so that a COMMIT under way may have held or not."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, ConnectionError | OSError)
    state = getattr(error.orig, "sqlstate", None) or ""
    text = str(error.orig).lower()
    gone = ("server closed the connection", "connection is lost", "consuming input failed", "disk i/o error")
    return error.connection_invalidated or state[:2] in {"08", "57"} or any(words in text for words in gone)


def unusable(engine: AsyncEngine, error: SQLAlchemyError) -> DatabaseUnusable | None:
    """The error as DatabaseUnusable, with its cure; None where the database is not to blame."""
    said = said_of(error)
    if said in (SILENT, SHUT) and engine.url.database and is_full(Path(engine.url.database)):
        said = FULL
    return None if said is None else DatabaseUnusable(name_of(engine), *said)


def _driver(url: str) -> URL:
    try:
        where = make_url(url)
    except ArgumentError as error:
        raise DatabaseUnusable(
            "CASEWARD_DATABASE_URL",
            Sentence("not_database_address", "is not a database address"),
            Sentence("write_sqlite_file_db", "write sqlite:///file.db or postgresql://user@host/name"),
        ) from error
    backend = where.get_backend_name()
    if backend == "sqlite" and "?" in url:
        raise DatabaseUnusable(
            "CASEWARD_DATABASE_URL",
            Sentence("holds_behind_which_options", "holds a ?, behind which options are read and no path"),
            Sentence(
                "write_path_as_and", "write a ? of the path as %3F and a % as %25, or set CASEWARD_DATA_DIR alone"
            ),
        )
    if backend == "sqlite" and str(where.database).startswith("~"):
        what = Sentence("begins_with_which_shell_replaces", "begins with ~, which a shell replaces and nothing else")
        raise DatabaseUnusable("CASEWARD_DATABASE_URL", what, Sentence("write_whole_path", "write the whole path"))
    if backend == "sqlite" and where.database not in (None, "", ":memory:"):
        # the driver takes a name that begins with file: for an address
        path = str(where.database)
        return where.set(drivername="sqlite+aiosqlite", database=f"./{path}" if path.startswith("file:") else path)
    if backend == "postgresql":
        return where.set(drivername="postgresql+psycopg")
    what = (
        Sentence("names_no_file", "names no file")
        if backend == "sqlite"
        else Sentence("not_supported", "{name} is not supported", name=backend)
    )
    raise DatabaseUnusable(
        "CASEWARD_DATABASE_URL",
        what,
        Sentence("write_sqlite_file_db", "write sqlite:///file.db or postgresql://user@host/name"),
    )


def _another_connection(context: ExceptionContext) -> None:
    """Close a connection whose trouble is its own, so that the next statement gets another one."""
    if getattr(context.original_exception, "sqlstate", None) in _ANOTHER:
        context.is_disconnect = True


def _sqlite_connection(connection: Any, _: Any, *, busy_ms: int) -> None:
    connection.isolation_level = None  # the driver is kept from opening transactions: BEGIN is sent here
    cursor = connection.cursor()
    _keep_a_log(cursor, busy_ms)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _keep_a_log(cursor: Any, busy_ms: int) -> None:
    """Switch SQLite to WAL, which stays in the file.

    SQLite does not wait here: the second to a new file is refused at once.
    """
    cursor.execute("PRAGMA busy_timeout=0")
    for left in reversed(range(busy_ms // AGAIN_MS + 1)):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:
            if "database is locked" not in str(error) or not left:
                raise
            await_only(asyncio.sleep(AGAIN_MS / 1000))
    cursor.execute(f"PRAGMA busy_timeout={busy_ms}")


def _sqlite_begin(connection: Connection) -> None:
    # a deferred transaction that reads first and writes later loses updates or fails at once as busy
    reader = connection.get_execution_options().get(_READING)
    connection.exec_driver_sql("BEGIN" if reader else "BEGIN IMMEDIATE")

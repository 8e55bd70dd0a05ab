"""A database that does not answer for a while, told to the driver in the words of either kind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine


@contextmanager
def away(engine: AsyncEngine, times: int, *, after_commit: bool = False, in_statement: str = "") -> Iterator[list[str]]:
    """So many statements (with these words) fail, from now or from the next COMMIT on; which ones, in their order."""
    sqlite = engine.dialect.name == "sqlite"
    error: Exception = (
        sqlite3.OperationalError("disk I/O error")
        if sqlite
        else psycopg.OperationalError("server closed the connection unexpectedly")
    )
    failed: list[str] = []
    begun = not after_commit

    def committed(_: Any) -> None:
        nonlocal begun
        begun = True

    def fail(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if begun and len(failed) < times and in_statement in statement and statement != "ROLLBACK":
            failed.append(statement)
            raise error

    event.listen(engine.sync_engine, "commit", committed)
    event.listen(engine.sync_engine, "before_cursor_execute", fail)
    try:
        yield failed
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", fail)
        event.remove(engine.sync_engine, "commit", committed)

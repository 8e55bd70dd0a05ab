"""Clocks set at full size: many offices, each with jumps of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.attack.clocks.judge import shortcomings
from tests.attack.clocks.world import PERIODS, office, play
from tests.servers import database_of_its_own, server

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

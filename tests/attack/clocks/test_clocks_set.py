"""A small attack by the clock: a few offices on each database, and a judge that finds what is wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.attack.clocks.full import scenario
from tests.attack.clocks.judge import shortcomings
from tests.attack.clocks.world import PERIODS, office, play


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_clock_that_is_set_costs_nothing_once_it_is_right(tmp_path: Path, seed: int) -> None:
    figures = await scenario(tmp_path, seed, None, steps=60)
    assert figures["shortcomings"] == []
    assert figures["jumps"] > 0


@pytest.mark.postgres
async def test_and_so_on_postgres(postgres: AsyncEngine, postgres_url: str, tmp_path: Path) -> None:
    figures = await scenario(tmp_path, 4, postgres_url, steps=60)
    assert figures["shortcomings"] == []


SPOILT = {
    "UPDATE schedules SET next_run_at = '2036-01-01T00:00:00.000000Z' WHERE name = 'often'": "often is next due",
    "DELETE FROM clock_jumps": "the clock was set by",
    "DELETE FROM heartbeats": "is alive and does not count",
}


async def test_the_judge_finds_what_is_wrong(tmp_path: Path) -> None:
    async with office(tmp_path, 1, None) as found:
        now = await play(found, 30)
        await found.set_clock(7200)
        await found.step(1)
        await found.set_clock(-7200)
        await found.step(1)
        now += timedelta(seconds=2)
        database = found.store.engine
        for statement, said in SPOILT.items():
            async with database.begin() as connection:
                await connection.execute(text(statement))
            assert any(said in one for one in await shortcomings(database, found.ledger, PERIODS, now))

"""What is in doubt waits for elapsed time: a clock that is set makes nobody believe sooner that nothing happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.fundamentals.test_2_a_case_moves import Order, PaperShop, Shop, flow
from workflow.flow.compiled import Plan
from workflow.scheduler.beat import Beat
from workflow.schedules.schedule import Rules
from workflow.schedules.targets import Targets
from workflow.testing import Bench, bench


async def left(at_work: Bench) -> dict[str, timedelta]:
    """How long the doubt may still last, and how long until it is asked about."""
    async with at_work.store.engine.connect() as connection:
        found = await connection.execute(text("SELECT deadline, check_at FROM effects WHERE status = 'unknown'"))
        row = found.mappings().one()
    now = await at_work.clock.business()
    return {name: datetime.fromisoformat(at) - now for name, at in row.items() if at}


@pytest.mark.parametrize("by", [timedelta(hours=3), timedelta(days=3650), timedelta(hours=-3), timedelta(days=-3650)])
async def test_a_doubt_lasts_as_long_as_it_had_though_the_clock_is_set(tmp_path: Path, by: timedelta) -> None:
    shop = PaperShop()
    shop.loses_replies = 1
    async with bench(Plan(flow), tmp_path, adapters={Shop: shop}) as at_work:
        await at_work.open(Order(book="Moby-Dick"))
        beat = Beat(at_work.store, at_work.clock, Rules(Targets({"orders": at_work.plan}, {}), {}), "one")
        await beat.once()
        for _ in range(5):
            await at_work.sweep()
            async with at_work.store.engine.connect() as connection:
                doubts = await connection.execute(text("SELECT count(*) FROM effects WHERE status = 'unknown'"))
                if doubts.scalar_one():
                    break
        before = await left(at_work)
        assert before["deadline"] > timedelta(0)
        at_work.clock.set(business=await at_work.clock.business() + by, real=await at_work.clock.real() + by)
        await beat.once()
        after = await left(at_work)
        assert after["deadline"] == before["deadline"]
        assert after.get("check_at", timedelta(0)) <= max(before.get("check_at", timedelta(0)), timedelta(0))

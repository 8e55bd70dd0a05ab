"""The same ticks on PostgreSQL: a case goes its way, and a lost reply is settled there too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.fundamentals.test_2_a_case_moves import Order, PaperShop, S, Shop, flow
from workflow.flow.compiled import Plan
from workflow.testing import Bench, bench

pytestmark = pytest.mark.postgres


@pytest.fixture
async def books(postgres: AsyncEngine, postgres_url: str, tmp_path: Path) -> AsyncIterator[tuple[Bench, PaperShop]]:
    shop = PaperShop()
    async with bench(Plan(flow), tmp_path, adapters={Shop: shop}, url=postgres_url) as at_work:
        await at_work.open(Order(book="Moby-Dick"))
        yield at_work, shop


async def test_a_case_goes_its_way_and_the_record_verifies(books: tuple[Bench, PaperShop]) -> None:
    at_work, shop = books
    await at_work.run(S.ordered)
    shop.arrived = True
    await at_work.run(S.delivered)

    assert (await at_work.kinds())[-1] == "moved"
    assert await at_work.store.verify() is None


async def test_a_lost_reply_is_asked_about_and_nothing_is_bought_twice(books: tuple[Bench, PaperShop]) -> None:
    at_work, shop = books
    shop.loses_replies = 1
    await at_work.run(S.ordered)

    assert len(shop.sold) == 1
    assert "settled" in await at_work.kinds()

"""The row of the clock is asked once a batch, however many cases are in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.fundamentals.test_2_a_case_moves import Order, S
from workflow import Flow, State, To
from workflow.clock import SetClock
from workflow.flow.compiled import Plan
from workflow.store import Filters
from workflow.testing import MORNING, bench


class CountedClock(SetClock):
    """Counts who asks for business time. Each question takes it a second on, as a clock that somebody sets."""

    asked = 0

    async def business(self) -> datetime:
        self.asked += 1
        self.advance(timedelta(seconds=1))
        return await super().business()


def sure() -> bool:
    return True


wished = State(S.wished, "Wished", To(S.delivered, when=sure), waits_for="shop")
delivered = State(S.delivered, "Delivered", final=True)
plain = Flow("books", version=1, data=Order, prefix="BK", states=[wished, delivered])


@pytest.mark.parametrize("cases", [1, 20])
async def test_a_batch_asks_the_clock_as_often_as_one_case(tmp_path: Path, cases: int) -> None:
    async with bench(Plan(plain), tmp_path) as at_work:
        for n in range(cases):
            await at_work.open(Order(book=f"book {n}"))
        clock = at_work.dependencies.clock = CountedClock(MORNING)
        assert (await at_work.engine.sweep("books", "wished")).counts["moved"] == cases
        assert clock.asked == 3  # what is due, as of when it is decided, when it is written
        rows = await at_work.store.cases(Filters(), limit=cases)
        events = [(await at_work.store.events(row.claim.case))[-1] for row in rows]
        assert {event.kind for event in events} == {"moved"}

"""Second: the engine. It claims what is due, asks facts, takes the first line that holds, and writes down why."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from enum import StrEnum, auto
from pathlib import Path
from typing import Protocol

import pytest
from pydantic import BaseModel, ConfigDict

from workflow import Case, Done, Flow, No, NotDone, ProofAnswer, State, Stay, To, Unknown, Verdict, action, fact
from workflow.flow.compiled import Plan
from workflow.testing import Bench, bench


class S(StrEnum):
    wished = auto()
    ordered = auto()
    delivered = auto()


class Order(BaseModel):
    model_config = ConfigDict(frozen=True)
    book: str
    parcel: str | None = None


class Parcel(BaseModel):
    """What the shop says of an order: a frozen value, so that it can be recorded."""

    model_config = ConfigDict(frozen=True)
    number: str
    arrived: bool = False


class Shop(Protocol):
    """An adapter: functions name it as a parameter, the engine is given one that does it."""

    async def buy(self, book: str, key: str) -> None: ...
    async def parcel(self, book: str) -> Parcel | None: ...


@fact
async def parcel(case: Case[Order], shop: Shop) -> Parcel | None:
    return await shop.parcel(case.data.book)


async def bought(case: Case[Order], shop: Shop) -> ProofAnswer:
    """The question that tells whether an order happened when its reply was lost."""
    return Done() if await shop.parcel(case.data.book) else NotDone()


@action(proof=bought, once="case")
async def buy(case: Case[Order], shop: Shop, key: str) -> None:
    await shop.buy(case.data.book, key)


def parcel_is_new(case: Case[Order], parcel: Parcel | None) -> bool:
    return parcel is not None and case.data.parcel is None


def parcel_arrived(parcel: Parcel | None) -> Verdict:
    return (parcel is not None and parcel.arrived) or No(parcel=parcel and parcel.number, waits_for="post")


flow = Flow(
    "books",
    version=1,
    data=Order,
    facts=[parcel],
    prefix="BK",
    states=[
        State(S.wished, "想要", To(S.ordered, do=buy), waits_for="shop"),
        State(
            S.ordered,
            "已下单",
            Stay(when=parcel_is_new, learn={"parcel": "parcel.number"}),
            To(S.delivered, when=parcel_arrived),
            waits_for="post",
        ),
        State(S.delivered, "到了", final=True),
    ],
)


class PaperShop:
    """A shop of our own, so that we can see what really happened there."""

    def __init__(self) -> None:
        self.sold: list[tuple[str, str]] = []
        self.arrived = False
        self.loses_replies = 0

    async def buy(self, book: str, key: str) -> None:
        self.sold.append((book, key))
        if self.loses_replies:
            self.loses_replies -= 1
            raise Unknown("shop", "buy", "the line went dead")

    async def parcel(self, book: str) -> Parcel | None:
        return Parcel(number="P-1", arrived=self.arrived) if self.sold else None


@pytest.fixture
def shop() -> PaperShop:
    return PaperShop()


@pytest.fixture
async def books(shop: PaperShop, tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(Plan(flow), tmp_path, adapters={Shop: shop}) as at_work:
        await at_work.open(Order(book="Moby-Dick"))
        yield at_work


async def test_a_due_case_is_looked_at_and_moves(books: Bench, shop: PaperShop) -> None:
    await books.sweep()

    assert [book for book, _ in shop.sold] == ["Moby-Dick"]
    assert (await books.case()).claim.state == S.ordered
    assert (await books.kinds())[:3] == ["created", "decided", "moved"]


async def test_a_line_that_stays_learns_and_the_table_is_read_again(books: Bench) -> None:
    await books.run(lambda row: row.claim.data["parcel"] is not None)

    assert (await books.case()).claim.state == S.ordered
    assert (await books.kinds())[-1] == "stayed"


async def test_a_case_that_waits_says_which_guard_said_no_and_what_it_saw(books: Bench) -> None:
    await books.run(lambda row: row.claim.data["parcel"] is not None)
    why = await books.why()

    assert (why.standing, why.who) == ("waiting", "post")
    refused = why.lines[-1].guards[-1]
    assert (refused.guard, refused.ok, refused.seen) == ("parcel_arrived", False, {"parcel": "P-1"})
    assert why.next_look == await books.clock.business() + timedelta(minutes=10)


async def test_waiting_adds_nothing_to_the_record(books: Bench) -> None:
    await books.run(lambda row: row.claim.data["parcel"] is not None)
    before = await books.kinds()
    for _ in range(48):
        books.clock.advance(timedelta(minutes=10))
        await books.sweep()

    assert await books.kinds() == before
    assert (await books.why()).looks == 48


async def test_what_may_have_happened_is_asked_and_not_done_again(books: Bench, shop: PaperShop) -> None:
    shop.loses_replies = 1
    await books.sweep()
    assert (await books.why()).standing == "checking"

    await books.run(S.ordered)
    assert len(shop.sold) == 1
    assert "settled" in await books.kinds()


async def test_every_step_to_the_end_is_on_record_and_the_record_verifies(books: Bench, shop: PaperShop) -> None:
    await books.run(S.ordered)
    shop.arrived = True
    await books.run(S.delivered)

    moved = (await books.events())[-1]
    assert moved.body is not None
    assert moved.body["facts"]["parcel"]["value"] == {"number": "P-1", "arrived": True}
    assert await books.store.verify() is None

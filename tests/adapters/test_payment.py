"""Nothing is paid for an order that is not ours, not unpaid, not at the price, or says something that nobody knows."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.generator import HttpGenerator
from adapters.generator_contract import ORDER, Payment, Price
from adapters.http import Http
from sandbox.app import create
from tests.engine.blunders import plan
from tests.engine.letters import Letter, PaperOffice, S, desk, is_posted
from workflow.case import Case, NotDone
from workflow.definition import To
from workflow.errors import Drifted, Refused, Unknown
from workflow.functions import action

TITLE, VERSION = "潮位监测软件", "V2.1"
HELD = ("id", "title", "version", "round", "status", "amount", "currency", "payee")
"""The parts of an order that a payment goes by; the times of what happened are not among them."""
NEW: dict[str, Any] = {
    "surcharge": "50.00",
    "discount": "-20.00",
    "payer": "另一家公司",
    "needs_approval": True,
    "items": [{"title": TITLE, "amount": "300.00"}],
    "amounts": ["300.00", "3000.00"],
}


class Hand(httpx.AsyncBaseTransport):
    """Between us and the sandbox: what is read of one order is changed on its way."""

    def __init__(self, behind: httpx.AsyncBaseTransport) -> None:
        self._behind = behind
        self.written: str | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        reply = await self._behind.handle_async_request(request)
        if self.written is None or request.method != "GET" or not request.url.path.startswith("/generator/orders/"):
            return reply
        return httpx.Response(200, headers={"content-type": "application/json"}, content=self.written.encode())


class Till:
    """An order that is to be paid, and what the sandbox's ledger says was paid."""

    def __init__(self, generator: HttpGenerator, hand: Hand, client: httpx.AsyncClient) -> None:
        self.generator, self.hand, self._client = generator, hand, client
        self.order: dict[str, Any] = {}

    async def begin(self) -> Payment:
        number = (await self.generator.place(TITLE, VERSION, 0, {})).number
        headers = {"Authorization": "Bearer sandbox-generator"}
        self.order = (await self._client.get(f"/generator/orders/{number}", headers=headers)).json()["order"]
        return Payment(number, TITLE, VERSION, 0, Price())

    async def pay(self, meant: Payment) -> None:
        """As the flow does it."""
        await self.generator.agree(meant)
        await self.generator.pay(meant.number, key="key-1", price=meant.price)

    async def paid(self) -> int:
        return len((await self._client.get("/control/ledger?kind=order_paid")).json()["entries"])


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Till]:
    async with opened(tmp_path) as till:
        yield till


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Till]:
    behind = httpx.ASGITransport(create(folder, {"start": "2026-03-02T09:00:00+08:00"}, frozen=True))
    hand = Hand(behind)
    http = Http("generator", "http://outside/generator", token="sandbox-generator", transport=hand)
    async with httpx.AsyncClient(transport=behind, base_url="http://outside") as client:
        yield Till(HttpGenerator(http), hand, client)
    await http.close()


def otherwise(order: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each part of an order that counts changed, taken away, of another type, doubled; new parts; another order."""

    def written(document: dict[str, Any]) -> str:
        return json.dumps({"order": document}, ensure_ascii=False)

    for name in HELD:
        value = order[name]
        changed = value + 1 if isinstance(value, int) else "3,000.00" if name == "amount" else f"{value}9"
        yield f"{name} changed", written({**order, name: changed})
        yield f"{name} taken away", written({key: given for key, given in order.items() if key != name})
        yield f"{name} empty", written({**order, name: ""})
        yield f"{name} of another type", written({**order, name: [value]})
        whole = written(order)
        yield f"{name} doubled", whole[:-2] + f", {json.dumps(name)}: {json.dumps('9')}" + whole[-2:]
    for word in ("生成中", "已完成", "已退款", "部分支付"):
        yield f"status {word}", written({**order, "status": word})
    for amount in ("300.01", "30000", "-300.00", "0", "3.00E+2000", "300.00 USD"):
        yield f"amount {amount}", written({**order, "amount": amount})
    for name, value in NEW.items():
        yield f"{name} added", written({**order, name: value})
    yield "no order", json.dumps({"orders": [order]})
    yield "two orders", json.dumps({"order": [order, order]})


async def test_no_order_that_differs_is_paid(till: Till) -> None:
    meant = await till.begin()
    tried = 0
    for name, written in otherwise(till.order):
        till.hand.written = written
        with pytest.raises(Drifted) as drifted:
            await till.pay(meant)
        assert drifted.value.why, name
        assert await till.paid() == 0, name
        tried += 1
    assert tried >= 55


@pytest.mark.parametrize("name", [*ORDER])
async def test_each_difference_is_told_by_its_name(till: Till, name: str) -> None:
    """The contract's own list: no property of an order is left to nobody."""
    meant = await till.begin()
    others: dict[str, dict[str, Any]] = {
        "number": {"id": "G9999999"},
        "paid": {"status": "生成中"},
        "ready": {"status": "已完成"},
        "amount": {"amount": "3000"},
        "also": {"surcharge": "50"},
        "round": {"round": 1},
    }
    till.hand.written = json.dumps({"order": {**till.order, **others.get(name, {name: "another"})}})
    with pytest.raises(Drifted, match=f"{name} is .* instead of"):
        await till.pay(meant)
    assert await till.paid() == 0


@pytest.mark.parametrize(
    "change", [{}, {"amount": 300}, {"amount": "¥300.00"}, {"title": f" {TITLE} "}, {"placed_at": "2026-01-01"}]
)
async def test_another_way_of_writing_the_same_is_paid(till: Till, change: dict[str, Any]) -> None:
    meant = await till.begin()
    till.hand.written = json.dumps({"order": dict(reversed(list({**till.order, **change}.items())))}, indent=3)
    await till.pay(meant)
    assert await till.paid() == 1


async def test_the_price_goes_along_and_another_one_is_refused_by_the_system_itself(till: Till) -> None:
    meant = await till.begin()
    with pytest.raises(Refused, match="other_amount"):
        await till.generator.pay(meant.number, key="key-1", price=Price(amount=Decimal("299.00")))
    assert await till.paid() == 0


async def test_an_answer_that_names_another_amount_is_for_a_person(till: Till) -> None:
    meant = await till.begin()

    class Dearer(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            payment = {"out_trade_no": "key-1"}
            order = {**till.order, "status": "生成中", "amount": "3000.00"}
            return httpx.Response(200, json={"order": order, "payment": payment})

    http = Http("generator", "http://outside/generator", token="t", transport=Dearer())
    with pytest.raises(Unknown, match=r"cost 3000\.00 instead of 300\.00"):
        await HttpGenerator(http).pay(meant.number, key="key-1", price=meant.price)
    await http.close()


async def test_a_payment_that_is_in_the_works_has_one_key_for_good(tmp_path: Path) -> None:
    """Three were begun under three keys, since 409 was read as a no."""
    keys: list[str] = []

    def busy(request: httpx.Request) -> httpx.Response:
        keys.append(json.loads(request.content)["out_trade_no"])
        return httpx.Response(409, json={"error": {"code": "in_progress", "message": "payment is being processed"}})

    http = Http("generator", "http://outside/generator", transport=httpx.MockTransport(busy))

    @action(proof=is_posted, once="round")
    async def pay(case: Case[Letter], key: str) -> None:
        await HttpGenerator(http).pay("G1", key=key)

    async with desk(plan(To(S.posted, do=pay)), tmp_path, PaperOffice(answers=[NotDone()])) as bench:
        for _ in range(48):
            await bench.sweep()
            bench.clock.advance(timedelta(minutes=30))
        assert (len(keys), len(set(keys))) == (2, 1), "one try, and the one after it was asked twice"
        assert [one.kind for one in await bench.store.incidents()] == ["not_done_twice"]
    await http.close()

"""Nothing is paid for an order that is not ours, not unpaid, not at the price, or says something that nobody knows."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.generator import HttpGenerator
from adapters.generator_contract import ORDER, Payment, Price
from adapters.http import Http
from caseward.sandbox.app import create
from tests.engine.blunders import plan
from tests.engine.letters import Letter, PaperOffice, S, desk, is_posted
from workflow.errors import Drifted, Refused, Unknown
from workflow.flow.case import Case, NotDone
from workflow.flow.definition import To
from workflow.flow.functions import action

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
        await self.generator.pay(meant, key="key-1")

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
        yield f"{name} false", written({**order, name: False})
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
        "ended": {"status": "已退款"},
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
        await till.generator.pay(replace(meant, price=Price(amount=Decimal("299.00"))), key="key-1")
    assert await till.paid() == 0


async def test_an_answer_that_names_another_amount_is_for_a_person(till: Till) -> None:
    meant = await till.begin()

    class Dearer(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            payment = {"out_trade_no": "key-1"}
            order = {**till.order, "status": "生成中", "amount": "3000.00"}
            return httpx.Response(200, json={"order": order, "payment": payment})

    http = Http("generator", "http://outside/generator", token="t", transport=Dearer())
    with pytest.raises(Unknown, match=r"amount is 3000\.00 instead of 300\.00"):
        await HttpGenerator(http).pay(meant, key="key-1")
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
        await HttpGenerator(http).pay(Payment("G1", TITLE, VERSION, 0, Price()), key=key)

    async with desk(plan(To(S.posted, do=pay)), tmp_path, PaperOffice(answers=[NotDone()])) as bench:
        for _ in range(48):
            await bench.sweep()
            bench.clock.advance(timedelta(minutes=30))
        assert (len(keys), len(set(keys))) == (2, 1), "one try, and the one after it was asked twice"
        assert [one.kind for one in await bench.store.incidents()] == ["not_done_twice"]
    await http.close()


# ---------------------------------------------------------------- what it answers

KEY = "key-1"
MEANT = Payment("G1", TITLE, VERSION, 0, Price())
ORDER_PAID: dict[str, Any] = {
    "id": "G1", "title": TITLE, "version": VERSION, "round": 0, "status": "生成中", "amount": "300.00",
    "currency": "CNY", "payee": "材料生成服务（模拟）", "paid_at": "2026-03-02T09:00:00+08:00",
}  # fmt: skip
RECEIPT: dict[str, Any] = {"out_trade_no": KEY, "paid_at": "2026-03-02T09:00:00+08:00", "repeated": False}
OTHERS: dict[str, tuple[Any, ...]] = {
    "id": ("G2", "", False, None, 1),
    "title": ("另一软件", "", False, None),
    "version": ("V9", "", False, None),
    "round": (1, False, True, None, "1_0", -1, 0.5),
    "status": ("未支付", "已退款", "", False),
    "amount": ("3000.00", "0", True, None, "NaN"),
    "currency": ("USD", False),
    "payee": ("somebody", False),
}
"""What the order of an answer may say instead."""
TELLS: dict[str, tuple[Any, ...]] = {
    "out_trade_no": ("key-2", "", False, None, 1),
    "status": ("failed", "pending", "refunded", "", None, False, 0),
    "state": ("FAIL", "processing"),
    "result": ("failure",),
    "trade_status": ("TRADE_CLOSED",),
    "paid": (False, None, "no"),
    "ok": (False, 0, "false", None),
    "success": (False, 0, "no"),
    "error": ("db down", {"code": 1}),
    "code": (500, "E1"),
    "amount": ("3000.00", 0, True, None, [300], "many"),
    "currency": ("USD", None),
    "payee": ("somebody", 5),
    "title": ("另一软件", None),
    "version": ("V9", 2),
    "round": (1, False, "0.5"),
    "order_id": ("G2", None, 1),
    "order": ("G2", {"id": "G2"}),
}
"""What the payment of an answer may say of itself."""


async def answered(order: dict[str, Any], payment: dict[str, Any]) -> None:
    reply = httpx.Response(200, json={"order": order, "payment": payment})
    http = Http("generator", "http://outside/generator", transport=httpx.MockTransport(lambda _: reply))
    try:
        await HttpGenerator(http).pay(MEANT, key=KEY)
    finally:
        await http.close()


async def is_unknown(order: dict[str, Any], payment: dict[str, Any]) -> bool:
    try:
        await answered(order, payment)
    except Unknown:
        return True
    return False


async def test_no_answer_that_says_anything_else_is_a_payment() -> None:
    """Whatever contradicts is unknown: neither paid, nor to be paid again under another key."""
    tried, wrong = 0, list[str]()
    for part, others in (("order", OTHERS), ("payment", TELLS)):
        for name, values in others.items():
            for value in values:
                order = {**ORDER_PAID, name: value} if part == "order" else ORDER_PAID
                payment = {**RECEIPT, name: value} if part == "payment" else RECEIPT
                if not await is_unknown(order, payment):
                    wrong.append(f"{part}.{name}: {value!r}")
                tried += 1
    assert wrong == []
    assert tried >= 70


@pytest.mark.parametrize(
    "more",
    [
        {}, {"status": "PAID"}, {"state": "支付成功"}, {"paid": True}, {"success": True}, {"amount": 300}, {"round": 0},
        {"amount": "¥300.00", "currency": "CNY"}, {"title": f" {TITLE}"}, {"order_id": "G1"}, {"channel": "bank"},
    ],
)  # fmt: skip
async def test_an_answer_that_says_the_same_in_more_words_is_a_payment(more: dict[str, Any]) -> None:
    await answered(ORDER_PAID, {**RECEIPT, **more})


async def test_an_order_of_no_round_is_not_of_the_first() -> None:
    """false was read as 0, and an order of another round would have been paid."""
    reply = httpx.Response(200, json={"orders": [{**ORDER_PAID, "round": False}], "total": 1})
    http = Http("generator", "http://outside/generator", transport=httpx.MockTransport(lambda _: reply))
    with pytest.raises(Drifted, match="round"):
        await HttpGenerator(http).find(TITLE, VERSION, 0)
    await http.close()

"""The plain HTTP adapters against the sandbox in process: what is certain after each fault."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.code_records import FilledCodes, HttpCodeRecords
from adapters.generator import KINDS, HttpGenerator, Materials, Order
from adapters.generator_contract import Payment, Price
from adapters.http import Http
from adapters.probes import Listing
from adapters.sms import HttpSms
from caseward.sandbox.app import create
from workflow.errors import Drifted, NotSent, Refused, Unknown

TITLE, VERSION = "河道巡查调度软件", "V1.0"


@dataclass
class World:
    generator: HttpGenerator
    records: HttpCodeRecords
    sms: HttpSms
    client: httpx.AsyncClient
    recording: Http

    async def fault(self, operation: str, kind: str, **more: Any) -> None:
        reply = await self.client.post("/control/faults", json={"operation": operation, "kind": kind, **more})
        reply.raise_for_status()

    async def applied(self, operation: str) -> int:
        said = (await self.client.get("/control/judgement")).json()
        return int(said["operations"][operation]["applied"])


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    app = create(
        tmp_path,
        {"start": "2026-03-02T09:00:00+08:00", "generation": {"default_minutes": 30}},
        frozen=True,
        cut_error=lambda: httpx.ReadError("cut"),
    )
    transport = httpx.ASGITransport(app)
    clients = [
        Http(name, f"http://outside/{name}", token=f"sandbox-{name}", transport=transport)
        for name in ("generator", "records", "sms")
    ]
    async with httpx.AsyncClient(transport=transport, base_url="http://outside") as client:
        yield World(HttpGenerator(clients[0]), HttpCodeRecords(clients[1]), HttpSms(clients[2]), client, clients[1])
    for http in clients:
        await http.close()


def meant(order: Order) -> Payment:
    return Payment(order.number, order.title, order.version, order.round, Price())


async def test_an_order_goes_from_absent_to_its_documents(world: World) -> None:
    assert await world.generator.find(TITLE, VERSION, 0) == ()
    placed = await world.generator.place(TITLE, VERSION, 0, {"lines": 12840})
    assert (placed.paid, placed.ready, placed.amount, placed.twins) == (False, False, Decimal("300.00"), 1)
    await world.generator.pay(meant(placed), key="key-1")
    await world.generator.pay(meant(placed), key="key-1")
    (found,) = await world.generator.find(TITLE, VERSION, 0)
    assert (found.number, found.paid, found.ready) == (placed.number, True, False)
    with pytest.raises(Refused, match="not_finished"):
        await world.generator.materials(placed)
    await world.client.post("/control/clock", json={"advance_seconds": 3600})
    documents = await world.generator.materials(placed)
    assert documents.application.startswith(b"%PDF")
    assert documents.source != documents.manual
    assert await world.generator.find(TITLE, VERSION, 1) == ()
    assert await world.applied("pay_order") == 1


async def finished(world: World, title: str) -> Order:
    order = await world.generator.place(title, VERSION, 0, {})
    await world.generator.pay(meant(order), key=f"key of {title}")
    await world.client.post("/control/clock", json={"advance_seconds": 3600})
    return order


@pytest.mark.parametrize("whole", [True, False], ids=["list_and_files", "files_of_the_list"])
async def test_the_documents_of_another_order_are_not_taken(world: World, whole: bool) -> None:
    """A mixed-up cache gave one order's documents for another, and both filings were made with them."""
    ours, other = await finished(world, TITLE), await finished(world, "另一软件")
    assert (await world.generator.materials(ours)).unread == ()
    if whole:
        await world.fault("order_files", "of_another")
        await world.fault("order_file", "of_another", count=9)
        with pytest.raises(Drifted, match="its order is another"):
            await world.generator.materials(ours)
    else:
        there = await world.generator.materials(other)
        with pytest.raises(Drifted, match="application is another software's"):
            await HttpGenerator(of(ours, there)).materials(ours)
    assert await world.applied("place_order") == 2


@pytest.mark.parametrize("kind", KINDS)
async def test_one_document_of_another_software_spoils_them_all(world: World, kind: str) -> None:
    ours, other = await finished(world, TITLE), await finished(world, "另一软件")
    mixed = replace(
        await world.generator.materials(ours), **{kind: getattr(await world.generator.materials(other), kind)}
    )
    with pytest.raises(Drifted, match=f"{kind} is another software's"):
        await HttpGenerator(of(ours, mixed)).materials(ours)


async def test_documents_that_cannot_be_read_are_said_to_be_such(world: World) -> None:
    ours = await finished(world, TITLE)
    scanned = replace(await world.generator.materials(ours), manual=b"%PDF-1.4 a scan")
    assert (await HttpGenerator(of(ours, scanned)).materials(ours)).unread == ("manual",)


def of(order: Order, given: Materials) -> Http:
    """A generation system that gives these documents for the order, and lists them as its own."""

    def answer(request: httpx.Request) -> httpx.Response:
        kind = request.url.path.rsplit("/", 1)[-1]
        if kind in KINDS:
            return httpx.Response(200, content=getattr(given, kind), headers={"content-type": "application/pdf"})
        listed = [{"kind": one, "sha256": sha256(getattr(given, one)).hexdigest()} for one in KINDS]
        return httpx.Response(200, json={"order": order.number, "files": listed})

    return Http("generator", "http://generator/api", transport=httpx.MockTransport(answer))


async def test_all_orders_of_one_round_are_told_each_with_its_mark_and_whom_it_is_for(world: World) -> None:
    first = await world.generator.place(TITLE, VERSION, 0, {"owners": [{"name": "甲"}]}, reference="RZ-0001")
    second = await world.generator.place(TITLE, VERSION, 0, {})
    await world.generator.pay(meant(second), key="key-2")
    found = await world.generator.find(TITLE, VERSION, 0)
    assert [(one.number, one.paid, one.reference) for one in found] == [
        (first.number, False, "RZ-0001"),
        (second.number, True, ""),
    ]
    assert found[0].particulars == {"owners": [{"name": "甲"}]}


@pytest.mark.parametrize("kind", ["apply_drop_reply", "half_reply", "error_500", "busy_page", "changed_page"])
async def test_a_write_without_a_definite_answer_is_unknown_and_made_once(world: World, kind: str) -> None:
    await world.fault("place_order", kind, applied=True, count=3)
    with pytest.raises(Unknown):
        await world.generator.place(TITLE, VERSION, 0, {})
    assert await world.applied("place_order") == 1


@pytest.mark.parametrize("kind", ["apply_drop_reply", "half_reply", "error_500", "busy_page"])
async def test_a_question_without_an_answer_can_be_asked_again(world: World, kind: str) -> None:
    await world.fault("find_order", kind)
    with pytest.raises(NotSent):
        await world.generator.find(TITLE, VERSION, 0)
    assert await world.generator.find(TITLE, VERSION, 0) == ()


async def test_a_question_whose_answer_has_another_shape_has_drifted(world: World) -> None:
    await world.fault("find_order", "changed_page")
    with pytest.raises(Drifted, match="another shape"):
        await world.generator.find(TITLE, VERSION, 0)


async def test_a_payment_without_a_reply_is_unknown_and_the_same_key_pays_once(world: World) -> None:
    placed = await world.generator.place(TITLE, VERSION, 0, {})
    await world.fault("pay_order", "apply_drop_reply")
    with pytest.raises(Unknown):
        await world.generator.pay(meant(placed), key="key-3")
    await world.generator.pay(meant(placed), key="key-3")
    assert await world.applied("pay_order") == 1


async def test_a_payment_of_nothing_is_refused_by_the_system_itself(world: World) -> None:
    with pytest.raises(Refused, match="not_found"):
        await world.generator.pay(Payment("G9999999", TITLE, VERSION, 0, Price()), key="key-4")


async def test_a_wrong_token_is_about_us_and_nothing_is_sent(world: World) -> None:
    transport = world.client._transport
    http = Http("generator", "http://outside/generator", token="wrong", transport=transport)
    with pytest.raises(NotSent, match="let us in: unauthorized"):
        await HttpGenerator(http).find(TITLE, VERSION, 0)
    await http.close()


async def test_codes_are_found_by_title_with_their_phones(world: World) -> None:
    assert await world.records.codes(TITLE, VERSION) == FilledCodes(())
    form = {"title": TITLE, "version": VERSION, "phone": "13800000001", "code": "123456"}
    await world.client.post("/records", data=form)
    await world.client.post("/records", data={**form, "code": "654321"})
    found = (await world.records.codes(TITLE, VERSION)).codes
    assert [(one.phone, one.code) for one in found] == [("13800000001", "123456"), ("13800000001", "654321")]
    assert "123456" not in repr(found)


async def test_a_message_is_accepted_and_then_delivered_or_swallowed(world: World) -> None:
    plain = await world.sms.send("13800000001", "请填写验证码", "code/1")
    linked = await world.sms.send("13300000001", "请打开 https://a.example/b", "code/2")
    assert await world.sms.delivered(plain) is None
    await world.client.post("/control/clock", json={"advance_seconds": 60})
    assert await world.sms.delivered(plain) is True
    assert await world.sms.delivered(linked) is False


async def test_a_message_without_a_reply_is_unknown_and_sent_once(world: World) -> None:
    await world.fault("sms_send", "apply_drop_reply", count=3)
    with pytest.raises(Unknown):
        await world.sms.send("13800000001", "text", "code/3")
    assert await world.applied("sms_send") == 1


async def test_a_list_whose_filter_was_ignored_is_no_answer(world: World) -> None:
    form = {"title": "另一软件", "version": VERSION, "phone": "13800400001", "code": "123456"}
    await world.client.post("/records", data=form)
    await world.fault("find_codes", "unfiltered")
    with pytest.raises(Drifted, match="of other software than was asked for: 1 rows, C0000001 first"):
        await world.records.codes(TITLE, VERSION)
    assert await world.records.codes(TITLE, VERSION) == FilledCodes(())


@pytest.mark.parametrize("kind", ["error_500", "busy_page", "changed_page", "unfiltered"])
async def test_code_records_that_list_nothing_are_not_well_though_they_answer(world: World, kind: str) -> None:
    """A knock at the door found them up for ten days, while no code was read."""
    await world.client.post(
        "/records", data={"title": TITLE, "version": VERSION, "phone": "13800400001", "code": "123456"}
    )
    probe = Listing("records", world.recording)
    await probe.ask()
    await world.fault("find_codes", kind)
    with pytest.raises((NotSent, Drifted)):
        await probe.ask()

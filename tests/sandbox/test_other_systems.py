"""Generation system, code records and SMS gateway: little is asked, nothing is deduped, one carrier is silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from caseward.sandbox.pdf import page_count
from tests.sandbox.conftest import TITLE, world
from tests.sandbox.office import Outside

ABOUT = {"title": TITLE, "version": "V1.0"}


async def test_every_api_wants_its_own_token(outside: Outside) -> None:
    for url in ("/generator/orders", "/records/api/codes", "/sms/messages"):
        refused = await outside.control.get(url)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "unauthorized")
    crossed = await outside.api("sms").get("/generator/orders", params=ABOUT)
    assert crossed.status_code == 401


async def test_an_equal_order_is_placed_again_and_judged_a_double(outside: Outside) -> None:
    generator = outside.api("generator")
    assert (await generator.get("/generator/orders", params=ABOUT)).json() == {"orders": [], "total": 0}
    for _ in range(2):
        placed = await generator.post("/generator/orders", json={**ABOUT, "round": 0, "particulars": {"lines": 1}})
        assert placed.status_code == 201
    await generator.post("/generator/orders", json={**ABOUT, "round": 1})
    found = (await generator.get("/generator/orders", params=ABOUT)).json()["orders"]
    assert [(order["id"], order["round"], order["status"]) for order in found] == [
        ("G0000001", 0, "未支付"),
        ("G0000002", 0, "未支付"),
        ("G0000003", 1, "未支付"),
    ]
    assert (await outside.judgement())["operations"]["place_order"] == {"applied": 3, "doubled": 1}


async def test_the_same_trade_number_pays_once_and_another_pays_again(outside: Outside) -> None:
    generator = outside.api("generator")
    await generator.post("/generator/orders", json=ABOUT)
    replies = [
        (await generator.post("/generator/orders/G0000001/pay", json={"out_trade_no": number})).json()["payment"]
        for number in ("a", "a", "b")
    ]
    assert [reply["repeated"] for reply in replies] == [False, True, False]
    assert (await outside.judgement())["operations"]["pay_order"] == {"applied": 2, "doubled": 1}


async def test_a_paid_order_is_finished_after_its_time_and_gives_real_files(outside: Outside) -> None:
    generator = outside.api("generator")
    await generator.post("/generator/orders", json=ABOUT)
    paid = await generator.post("/generator/orders/G0000001/pay", json={"out_trade_no": "a"})
    assert paid.json()["order"]["status"] == "生成中"
    assert (await generator.get("/generator/orders/G0000001/files")).json()["error"]["code"] == "not_finished"
    await outside.later(seconds=30 * 60)
    assert (await generator.get("/generator/orders/G0000001")).json()["order"]["status"] == "已完成"
    kinds = [file["kind"] for file in (await generator.get("/generator/orders/G0000001/files")).json()["files"]]
    assert kinds == ["application", "source", "manual"]
    source = await generator.get("/generator/orders/G0000001/files/source")
    assert page_count(source.content) == 4
    assert "源程序_河畔图书借阅管理软件.pdf".encode("gbk") in dict(source.headers.raw)[b"content-disposition"]


@pytest.mark.parametrize("status", ["未支付", "生成中", "已完成"])
async def test_an_order_may_be_there_already(tmp_path: Path, status: str) -> None:
    async with Outside(tmp_path, world(orders=[{**ABOUT, "status": status}])) as outside:
        generator = outside.api("generator")
        found = (await generator.get("/generator/orders", params=ABOUT)).json()["orders"]
        assert [order["status"] for order in found] == [status]
        assert (await outside.judgement())["applied"] == 0
        await generator.post("/generator/orders", json=ABOUT)
        assert (await outside.judgement())["operations"]["place_order"] == {"applied": 1, "doubled": 1}


async def test_a_wrong_request_is_answered_with_the_field(outside: Outside) -> None:
    generator = outside.api("generator")
    refused = await generator.post("/generator/orders", json={"title": TITLE, "version": 1})
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "version")
    assert (await generator.post("/generator/orders", content=b"{")).json()["error"]["field"] == "body"
    assert (await generator.get("/generator/orders/G9")).status_code == 404


async def test_an_owner_leaves_a_code_on_the_public_page_and_the_api_finds_it_by_title(outside: Outside) -> None:
    owner = outside.clerk()
    assert (await owner.get(f"/records?title={TITLE}&version=V1.0")).page == "record-code"
    assert (await owner.post("/records", **ABOUT, phone="138", code="12")).errors == [
        "手机号应为 11 位数字",
        "验证码应为 6 位数字",
    ]
    assert (await owner.post("/records", **ABOUT, phone="13000000001", code="123456")).page == "recorded"
    records = outside.api("records")
    found = (await records.get("/records/api/codes", params=ABOUT)).json()["codes"]
    assert [(code["phone"], code["code"]) for code in found] == [("13000000001", "123456")]
    assert (await records.get("/records/api/codes", params={**ABOUT, "version": "V2"})).json() == {
        "codes": [],
        "total": 0,
    }


@pytest.mark.parametrize(
    ("text", "arrives"),
    [
        ("请打开 https://codes.example/x", False),
        ("请打开 codes.example/x", False),
        ("请打开 127.0.0.1:8701/records", False),
        ("请打开 www.codes.example", False),
        ("请在浏览器输入 codes.example 并填写", True),
    ],
)
async def test_telecom_swallows_links_and_says_nothing(outside: Outside, text: str, arrives: bool) -> None:
    gateway = outside.api("sms")
    for phone in ("13300000001", "13800000001"):
        sent = await gateway.post("/sms/messages", json={"to": phone, "text": text, "reference": f"notice {phone}"})
        assert (sent.status_code, sent.json()["message"]["status"]) == (202, "accepted")
    await outside.later(seconds=3)
    statuses = [(await gateway.get(f"/sms/messages/M000000{n}")).json()["message"]["status"] for n in (1, 2)]
    assert statuses == ["delivered" if arrives else "unknown", "delivered"]
    assert (await outside.inbox("13300000001") == [text]) is arrives
    assert await outside.inbox("13800000001") == [text]


async def test_one_notice_per_recipient_and_occasion(outside: Outside) -> None:
    gateway = outside.api("sms")
    for reference in ("RZ-0001/granted", "RZ-0001/granted", "RZ-0001/again"):
        await gateway.post("/sms/messages", json={"to": "13800000001", "text": "通过", "reference": reference})
    judged = await outside.judgement()
    assert judged["operations"]["sms_send"] == {"applied": 3, "doubled": 1}
    assert judged["second_check"]["same_text"][0]["to"] == "13800000001"
    found = (await gateway.get("/sms/messages", params={"reference": "RZ-0001/granted"})).json()["messages"]
    assert len(found) == 2

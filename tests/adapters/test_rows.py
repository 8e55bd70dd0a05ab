"""Rows and words of the HTTP remotes: what is surely meant is taken, what is odd is set apart alone and named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from adapters.code_records import HttpCodeRecords
from adapters.generator import HttpGenerator
from adapters.generator_contract import Payment, Price
from adapters.http import Http
from adapters.sms import HttpSms
from tests.adapters.test_answers import CODE, MEANT, ORDER, ORDERED, TITLE, VERSION, remote, written
from workflow.errors import Drifted, NotSent, Refused, Unknown


async def find(*orders: object, **more: object) -> Any:
    """The only order of the round, or None."""
    http = remote(200, written({"orders": orders, **more}), "application/json")
    found = await HttpGenerator(http).find(TITLE, VERSION, 0)
    assert len(found) <= 1
    return found[0] if found else None


async def test_no_order_is_what_the_answer_calls_none() -> None:
    assert await find(total=0) is None
    assert await find({**ORDER, "round": 1}) is None
    beside = {**ORDER, "title": "别的软件", "status": "已退款"}
    assert (await find(beside, ORDER, total=2)).number == "G1", "another's word is not ours"


@pytest.mark.parametrize(
    "said",
    [
        {"error": "db down", "orders": [], "total": 0},
        {"code": 500, "msg": "busy", "orders": [], "total": 0},
        {"success": False, "orders": [], "total": 0},
        {"orders": [], "total": 0, "has_more": True},
        {"orders": [], "total": 0, "next": "/orders?page=2"},
        {"orders": [], "total": 0, "partial": True},
        {"orders": [{**ORDER, "title": "别的软件"}], "total": 1},
        {"orders": [{**ORDER, "title": "别的软件"}] * 20, "total": 20},
    ],
)
async def test_an_answer_that_does_not_stand_by_its_list_is_no_absence(said: Mapping[str, object]) -> None:
    """A reply that failed, is a part, or is of another search: a second order came of it."""
    with pytest.raises(Drifted):
        await HttpGenerator(remote(200, written(said), "application/json")).find(TITLE, VERSION, 0)


@pytest.mark.parametrize(
    "spelt",
    [
        {"title": f" {TITLE} "},
        {"title": TITLE.replace("调度", "　调度")},
        {"version": "1.0"},
        {"version": "v1.0"},
        {"version": "Ｖ１．０"},
        {"amount": 300},
        {"amount": "¥300.00"},
        {"amount": "300.00元"},
        {"round": "0"},
    ],
)
async def test_an_order_is_found_however_the_remote_spells_it(spelt: Mapping[str, object]) -> None:
    found = await find({**ORDER, **spelt})
    assert (found.number, found.amount) == ("G1", 300)


async def test_a_list_of_documents_that_lacks_one_is_no_list_of_ours() -> None:
    files = {"files": [{"kind": "application", "sha256": "0"}, {"kind": "manual", "sha256": "0"}]}
    with pytest.raises(Drifted, match="lacks source"):
        await HttpGenerator(remote(200, written(files), "application/json")).materials(ORDERED)


async def test_thousands_are_read() -> None:
    assert (await find({**ORDER, "amount": "1,300.00"})).amount == 1300


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        ({"status": "已支付"}, "status of order G1 is '已支付'"),
        ({"amount": "1.300,00"}, "amount"),
        ({"round": None}, "round"),
        ({"title": None}, "title"),
        ({"title": ""}, "title"),
        ({"version": 1.0}, "version"),
    ],
)
async def test_an_order_that_may_be_ours_and_cannot_be_read_is_no_absence(
    odd: Mapping[str, object], words: str
) -> None:
    with pytest.raises(Drifted, match=words):
        await find({**ORDER, **odd})


async def filled(*rows: object) -> Any:
    return await HttpCodeRecords(remote(200, written({"codes": rows}), "application/json")).codes(TITLE, VERSION)


@pytest.mark.parametrize("code", ["582 104", " 582104 ", "５８２１０４", "５８２　１０４", "582\u00a0104"])
async def test_digits_are_taken_as_people_type_them(code: str) -> None:
    assert [one.code for one in (await filled({**CODE, "code": code})).codes] == ["582104"]


@pytest.mark.parametrize(
    "phone",
    ["+8613800400001", "86 138 0040 0001", "138-0040-0001", "１３８００４００００１", "(+86)13800400001",
     "0086 0138 0040 0001", "+86 (0) 138.0040.0001", "013800400001", "138\u20110040\u20110001",
     "138\u20130040\u20130001", "138−0040−0001",
     "tel:+86-138-0040-0001", "\u202a13800400001\u202c", "13800400001.0", 13800400001, 13800400001.0],
)  # fmt: skip
async def test_a_phone_is_known_however_it_is_written(phone: object) -> None:
    assert [one.phone for one in (await filled({**CODE, "phone": phone})).codes] == ["13800400001"]


@pytest.mark.parametrize(
    "odd",
    [
        {"code": "5821O4"},
        {"code": "【版权中心】验证码582104"},
        {"code": 582104},
        {"code": ""},
        {"phone": None},
        {"phone": ""},
        {"entered_at": "2026-03-01 10:00:00"},
        {"entered_at": "yesterday"},
        {"id": None},
        {"id": True},
        {"title": None},
        {"version": ""},
    ],
)
async def test_an_odd_row_is_set_apart_alone_and_its_values_are_not_told(odd: Mapping[str, object]) -> None:
    found = await filled(CODE, {**CODE, "id": "C2", **odd}, {**CODE, "id": "C3"})
    assert [one.number for one in found.codes] == ["C1", "C3"]
    (row,) = found.odd
    assert row.number == ("C2" if "id" not in odd else "#2/3")
    assert next(iter(odd)) in row.why
    assert "582" not in row.why, "what may be somebody's code stays out of it"
    assert "138" not in row.why, "and so does a phone"


async def test_a_row_that_is_no_row_is_set_apart_too() -> None:
    found = await filled(None, CODE, "x")
    assert ([one.number for one in found.codes], [row.number for row in found.odd]) == (
        ["C1"],
        ["#1/3", "#3/3"],
    )


@pytest.mark.parametrize(
    "other", [{"title": "别的软件"}, {"version": "V9"}, {"title": "别的软件", "code": "x"}, {"title": TITLE + "二"}]
)
async def test_rows_of_other_software_are_no_answer_to_ours(other: Mapping[str, object]) -> None:
    """Where the filter is ignored, a code of another matter would be handed in for this one, and be used up."""
    with pytest.raises(Drifted, match="other software than was asked for: 1 rows, C2 first"):
        await filled(CODE, {**CODE, "id": "C2", **other})


async def test_a_row_is_of_ours_however_the_title_is_spelt() -> None:
    assert len((await filled({**CODE, "title": f" {TITLE}", "version": "1.0"})).codes) == 1


async def test_a_row_that_stands_there_twice_is_one_and_two_of_one_number_are_none() -> None:
    assert [one.number for one in (await filled(CODE, CODE)).codes] == ["C1"]
    found = await filled(CODE, {**CODE, "code": "111111"}, {**CODE, "id": "C2"})
    assert ([one.number for one in found.codes], [row.number for row in found.odd]) == (["C2"], ["C1"])


def sms(said: object) -> HttpSms:
    return HttpSms(remote(200, written(said), "application/json"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"code": 3, "msg": "余额不足"}, "3: 余额不足"),
        ({"errcode": "E12", "errmsg": "号码在黑名单"}, "E12: 号码在黑名单"),
        ({"success": False, "message": "签名未报备"}, "签名未报备"),
        ({"error": "quota"}, "quota"),
        ({"message": {"id": "M1", "status": "rejected"}}, "rejected"),
    ],
)
async def test_a_no_of_the_gateway_behind_status_200_is_a_no(said: object, words: str) -> None:
    with pytest.raises(Refused, match=words):
        await sms(said).send("13800400001", "t", "r")


@pytest.mark.parametrize(
    "said",
    [
        {"code": 0, "msg": "ok", "sid": "1"},
        {"message": {"id": "M1", "status": "odd"}},
        {"code": 7, "msg": "请勿重复提交"},
        {"success": False, "message": {"id": "M1", "status": "accepted"}},
    ],
)
async def test_a_text_that_may_have_been_taken_is_unknown(said: object) -> None:
    with pytest.raises(Unknown):
        await sms(said).send("13800400001", "t", "r")


@pytest.mark.parametrize(
    ("word", "says"),
    [("accepted", None), ("DELIVRD", True), ("delivered", True), ("UNDELIV", False), ("unknown", False)],
)
async def test_a_receipt_is_read_in_the_gateways_words_and_the_carriers(word: str, says: bool | None) -> None:
    assert await sms({"message": {"id": "M1", "status": word}}).delivered("M1") is says


@pytest.mark.parametrize(
    "echo", [{}, {"to": "13800400001", "reference": "r"}, {"to": "+86 138 0040 0001"}, {"to": "138****0001"}]
)
async def test_an_answer_about_our_message_is_taken(echo: dict[str, str]) -> None:
    assert await sms({"message": {"id": "M1", "status": "accepted", **echo}}).send("13800400001", "t", "r") == "M1"


@pytest.mark.parametrize(
    "echo", [{"to": "13900400009"}, {"reference": "another"}, {"to": "none"}, {"to": "1"}, {"to": "138****0009"}]
)
async def test_an_answer_about_another_message_leaves_ours_unknown(echo: dict[str, str]) -> None:
    with pytest.raises(Unknown, match="another message"):
        await sms({"message": {"id": "M1", "status": "accepted", **echo}}).send("13800400001", "t", "r")


async def test_a_receipt_of_another_message_is_none() -> None:
    with pytest.raises(Drifted, match="M2 instead of M1"):
        await sms({"message": {"id": "M2", "status": "delivered"}}).delivered("M1")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b"attachment; filename=" + "签章页.pdf".encode("gbk"), "签章页.pdf"),
        (b'attachment; filename="' + "签章页.pdf".encode() + b'"', "签章页.pdf"),
        (b"attachment; filename=\"q.pdf\"; filename*=UTF-8''%E7%AD%BE%E7%AB%A0%E9%A1%B5.pdf", "签章页.pdf"),
        (b"attachment; filename*=GBK''%C7%A9.pdf", "签.pdf"),
        (b"attachment; FileName=a.pdf; size=3", "a.pdf"),
        (b'attachment; filename="a;b.pdf"', "a;b.pdf"),
        (b"attachment; filename*=nonsense''%FF; filename=b.pdf", "b.pdf"),
        (b"attachment", ""),
    ],
)
async def test_the_name_of_a_file_is_read_as_headers_are_written(header: bytes, name: str) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"%PDF-1.4", headers=[(b"content-disposition", header)])

    http = Http("remote", "http://remote/api", transport=httpx.MockTransport(answer))
    assert (await http.file("file", "file")).file_name == name


@pytest.mark.parametrize(
    "odd",
    [{"error": "db down"}, {"code": 500, "msg": "busy"}, {"ok": 0}, {"success": "false"}, {"success": None}],
)
async def test_a_payment_whose_answer_contradicts_itself_is_unknown(odd: Mapping[str, object]) -> None:
    said = {"order": {**ORDER, "status": "生成中"}, "payment": {"out_trade_no": "key-1"}, **odd}
    with pytest.raises(Unknown, match="contradicts itself"):
        await HttpGenerator(remote(200, written(said), "application/json")).pay(MEANT, key="key-1")


@pytest.mark.parametrize("number", [".", ".."])
async def test_a_number_that_is_a_step_up_leads_nowhere(number: str) -> None:
    """A payment of order ".." would go to another path."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json={})

    http = Http("remote", "http://remote/api", transport=httpx.MockTransport(answer))
    with pytest.raises(NotSent, match="leads elsewhere"):
        await HttpGenerator(http).pay(Payment(number, TITLE, VERSION, 0, Price()), key="key-1")
    with pytest.raises(NotSent, match="leads elsewhere"):
        await HttpSms(http).delivered(number)
    assert asked == []

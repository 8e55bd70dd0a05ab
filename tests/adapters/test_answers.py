"""What each call to an HTTP remote makes of each way to answer: taken, refused, unknown, but no made-up nothing."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from decimal import Decimal
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from adapters.code_records import HttpCodeRecords
from adapters.generator import HttpGenerator, Order
from adapters.generator_contract import Payment, Price
from adapters.http import Http
from adapters.sms import HttpSms
from workflow.errors import Drifted, NotSent, Refused, RemoteError, Unknown

TITLE, VERSION = "河道巡查调度软件", "V1.0"
ORDER = {"id": "G1", "title": TITLE, "version": VERSION, "round": 0, "status": "未支付", "amount": "300.00"}
ORDERED = Order(number="G1", title=TITLE, version=VERSION, round=0, paid=True, ready=True, amount=Decimal(300))
MEANT = Payment("G1", TITLE, VERSION, 0, Price())
PAID = {"order": {**ORDER, "status": "生成中"}, "payment": {"out_trade_no": "key-1"}}
OWN = {"order": {**ORDER, "currency": "CNY", "payee": "till"}}
CODE = {
    "id": "C1", "title": TITLE, "version": VERSION,
    "phone": "13800400001", "code": "582104", "entered_at": "2026-03-01T10:00:00+08:00",
}  # fmt: skip
MESSAGE = {"message": {"id": "M1", "status": "accepted"}}


def remote(status: int, content: bytes, kind: str | None) -> Http:
    headers = {"content-type": kind} if kind else {}
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=content, headers=headers))
    return Http("remote", "http://remote/api", transport=transport)


@dataclass(frozen=True)
class Call:
    """A call of an adapter, and the document that a healthy remote answers it with."""

    name: str
    make: Callable[[Http], Awaitable[object]]
    good: Mapping[str, Any]
    writes: bool = False


CALLS = (
    Call("find_order", lambda http: HttpGenerator(http).find(TITLE, VERSION, 0), {"orders": [ORDER], "total": 1}),
    Call("place_order", lambda http: HttpGenerator(http).place(TITLE, VERSION, 0, {}), {"order": ORDER}, writes=True),
    Call("pay_order", lambda http: HttpGenerator(http).pay(MEANT, key="key-1"), PAID, writes=True),
    Call("order", lambda http: HttpGenerator(http).agree(Payment("G1", TITLE, VERSION, 0, Price(payee="till"))), OWN),
    Call("find_codes", lambda http: HttpCodeRecords(http).codes(TITLE, VERSION), {"codes": [CODE], "total": 1}),
    Call("sms_send", lambda http: HttpSms(http).send("13800400001", "t", "r"), MESSAGE, writes=True),
    Call("sms_status", lambda http: HttpSms(http).delivered("M1"), MESSAGE),
)
Answer = tuple[int, bytes, str | None]


def written(document: object, encoding: str = "utf-8") -> bytes:
    return json.dumps(document, ensure_ascii=False).encode(encoding)


def taken(good: Mapping[str, Any]) -> dict[str, Answer]:
    """Ways in which the world sends what is surely JSON and surely the answer."""
    plain = written(good)
    return {
        "as agreed": (200, plain, "application/json"),
        "with a parameter": (200, plain, "application/json; charset=utf-8"),
        "in capitals": (200, plain, "Application/JSON"),
        "as a page": (200, plain, "text/html;charset=UTF-8"),
        "as a script": (200, plain, "text/javascript"),
        "as a type of its own": (200, plain, "application/vnd.remote+json"),
        "without a type": (200, plain, None),
        "behind a mark of byte order": (200, b"\xef\xbb\xbf" + plain, "application/json"),
        "in GBK that is named": (200, written(good, "gbk"), "application/json;charset=GBK"),
        "in GBK that is not named": (200, written(good, "gbk"), "application/json"),
        "under a wrong encoding": (200, plain, "application/json;charset=nonsense"),
        "with the number of the call": (200, written({**good, "request_id": "7f"}), "application/json"),
        "in blank lines": (200, b"\r\n  " + plain + b"\r\n", "application/json"),
        "as made": (201, plain, "application/json"),
    } | ({} if "total" in good else {"with more keys": (200, written({**good, "more": [1]}), "application/json")})


PAGE = "<html><title>提示</title><body><h1>系统维护</h1></body></html>".encode()
NO = {"error": {"code": "balance", "message": "余额不足"}}
DEFINITE: dict[str, tuple[Answer, type[RemoteError], str]] = {
    "no money": ((402, written(NO), "application/json"), Refused, "balance: 余额不足"),
    "a problem document": ((403, written({"title": "余额不足"}), "application/problem+json"), NotSent, "余额不足"),
    "a firewall": ((403, "<p>被拦截</p>".encode(), "text/html"), NotSent, "let us in: status 403: 被拦截"),
    "a token that ran out": ((401, written({"message": "token expired"}), "application/json"), NotSent, "expired"),
    "a proxy that wants one": ((407, b"", None), NotSent, "let us in: status 407"),
    "too large": ((413, b"too large", "text/plain"), Refused, "status 413: too large"),
    "a token that ran out, in other words": (
        (401, written({"message": "session already expired, login pending"}), "application/json"),
        NotSent,
        "already expired",
    ),
    "a proxy that wants one, in other words": (
        (407, "<p>重复登录</p>".encode(), "text/html"),
        NotSent,
        "let us in: status 407: 重复登录",
    ),
    "too large, in other words": ((413, b"stopped processing", "text/plain"), Refused, "stopped processing"),
    "too long an address": ((414, b"already too long", "text/plain"), Refused, "already too long"),
    "of no known kind": ((415, written({"message": "duplicate header"}), "application/json"), Refused, "duplicate"),
    "too many": ((429, written(NO), "application/json"), NotSent, "余额不足"),
    "too many as a page": ((429, b"slow down", "text/html"), NotSent, "slow down"),
}
"""An answer that settles it for every call: nothing was applied."""

DOUBTFUL: dict[str, Answer] = {
    "a page": (200, PAGE, "text/html"),
    "nothing": (200, b"", "application/json"),
    "no content": (204, b"", None),
    "a redirect": (302, b"", "text/html"),
    "gave up waiting": (408, PAGE, "text/html"),
    "an error": (500, PAGE, "text/html"),
    "a bad gateway": (502, written(NO), "application/json"),
    "half": (200, b'{"order": {"id": "G1", ', "application/json"),
    "a length before it": (200, b"91\r\n{}", "application/json"),
    "a key twice": (200, b'{"order": 1, "order": 2}', "application/json"),
    "no number": (200, b'{"order": NaN}', "application/json"),
    "too deep": (200, b"[" * 100_000, "application/json"),
    "a number without end": (200, b'{"order": ' + b"9" * 10_000 + b"}", "application/json"),
    "no encoding": (200, b'{"order": "\xff\xff"}', "application/json"),
    "null": (200, b"null", "application/json"),
    "a list": (200, b"[]", "application/json"),
    "text": (200, b'"ok"', "application/json"),
    "an empty object": (200, b"{}", "application/json"),
    "other keys": (200, b'{"data": {"list": []}, "total": 0}', "application/json"),
    "nulls": (
        200,
        b'{"orders": null, "order": null, "codes": null, "message": null, "payment": null}',
        "application/json",
    ),
    "empty lists": (200, b'{"orders": [], "codes": []}', "application/json"),
    "a total that is not theirs": (200, b'{"orders": [], "codes": [], "total": 3}', "application/json"),
    "rows that are none": (200, b'{"orders": [null, 3], "codes": 7, "message": []}', "application/json"),
}
"""An answer that settles nothing: a question has no answer, a write may have been applied."""


@pytest.mark.parametrize(
    "beside", [{"success": False}, {"ok": False}, {"error": "quota"}, {"code": 1008, "msg": "余额不足"}]
)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: str(call.name))
async def test_an_answer_that_says_no_beside_what_it_holds_is_no_answer(call: Call, beside: Mapping[str, Any]) -> None:
    """A text was taken for sent, and the history said that its owner was told."""
    with pytest.raises(Unknown if call.writes else Drifted, match=r"contradicts itself|does not stand by it"):
        await call.make(remote(200, written({**call.good, **beside}), "application/json"))
    inside = {name: {**part, **beside} if isinstance(part, dict) else part for name, part in call.good.items()}
    if inside != call.good:
        with pytest.raises(Unknown if call.writes else Drifted, match="contradicts itself"):
            await call.make(remote(200, written(inside), "application/json"))


@pytest.mark.parametrize("call", CALLS, ids=lambda call: str(call.name))
async def test_what_is_surely_the_answer_is_taken_however_it_is_sent(call: Call) -> None:
    wanted = repr(await call.make(remote(*taken(call.good)["as agreed"])))
    for way, answer in taken(call.good).items():
        assert repr(await call.make(remote(*answer))) == wanted, way


@pytest.mark.parametrize("way", DEFINITE)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: str(call.name))
async def test_a_definite_no_keeps_the_words_of_the_remote(call: Call, way: str) -> None:
    answer, error, words = DEFINITE[way]
    with pytest.raises(error, match=words):
        await call.make(remote(*answer))


@pytest.mark.parametrize("status", [404, 405, 410, 421])
@pytest.mark.parametrize("call", CALLS, ids=lambda call: str(call.name))
async def test_what_is_not_there_is_a_thing_or_the_system_itself(call: Call, status: int) -> None:
    """Of an order by its number it is a definite no; of all orders it says that the address is wrong."""
    names_a_thing = call.name in ("pay_order", "order", "sms_status")
    with pytest.raises(Refused if names_a_thing else NotSent, match=f"status {status}"):
        await call.make(remote(status, b"", None))


@pytest.mark.parametrize("way", DOUBTFUL)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: str(call.name))
async def test_an_answer_that_says_nothing_is_neither_an_empty_list_nor_a_no(call: Call, way: str) -> None:
    """A question may be put again, so it says NotSent or Drifted; what was written may have been done: Unknown."""
    with pytest.raises(Unknown if call.writes else (NotSent, Drifted)):
        await call.make(remote(*DOUBTFUL[way]))


REPEATED = {
    "a phone": ("13800400001", "no route to 13800400001"),
    "a phone in groups": ("0040", "号码 138-0040-0001 已停机"),
    "a card": ("19940317", "身份证 510000199403172184 不符"),
    "a passport": ("12345678", "passport E12345678 is unknown"),
}


@pytest.mark.parametrize("what", REPEATED)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: str(call.name))
async def test_a_no_that_repeats_a_persons_number_is_kept_without_it(call: Call, what: str) -> None:
    """It stood whole in the history, the incident and the log."""
    secret, words = REPEATED[what]
    for said in ({"message": words}, {"error": words}, {"error": {"code": "bad", "message": words}}):
        for content, kind in ((written(said), "application/json"), (f"<p>{words}</p>".encode(), "text/html")):
            with pytest.raises(RemoteError) as refused:
                await call.make(remote(402, content, kind))
            assert secret not in str(refused.value)
            assert "…" in refused.value.why


UNWRITABLE = {"half a character": "\ud83d", "the other half": "\udc80", "nothing": "\x00"}


def spoilt(document: Any, by: str) -> Iterator[Any]:
    """The document with this behind one of its texts or names, each in turn."""
    if isinstance(document, str):
        yield document + by
    elif isinstance(document, dict):
        for name, part in document.items():
            yield {**{one: other for one, other in document.items() if one != name}, name + by: part}
            yield from ({**document, name: changed} for changed in spoilt(part, by))
    elif isinstance(document, list):
        for place, part in enumerate(document):
            yield from ([*document[:place], changed, *document[place + 1 :]] for changed in spoilt(part, by))


@pytest.mark.parametrize("by", UNWRITABLE.values(), ids=UNWRITABLE)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: str(call.name))
async def test_what_no_record_can_hold_never_comes_in(call: Call, by: str) -> None:
    """Half an emoji in a gateway's refusal ended the run, left its neighbours unsent, and lost the cause."""
    replies = [(200, changed) for changed in spoilt(call.good, by)]
    replies += [(402, changed) for changed in spoilt(NO, by)] + [(402, {"message": f"余额不足{by}"})]
    for status, document in replies:
        escaped = json.dumps(document).encode()  # as they come over the wire: as escapes
        try:
            told = list(texts(await call.make(remote(status, escaped, "application/json"))))
        except RemoteError as error:
            told = [str(error), error.why]
        assert not set("".join(told)) & set(UNWRITABLE.values())


def texts(value: object) -> Iterator[str]:
    """All text in what an adapter gives, whatever of it is shown."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part)
    elif isinstance(value, BaseModel) or is_dataclass(value):
        yield from texts(tuple(vars(value).values()))

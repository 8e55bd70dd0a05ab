"""A list in a reply is an answer only where all that stands beside it stands by it, at each place that reads one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import httpx
import pytest

from adapters.code_records import HttpCodeRecords
from adapters.generator import KINDS, HttpGenerator
from adapters.http import Http
from tests.adapters.test_answers import CALLS, CODE, ORDER, ORDERED, TITLE, VERSION, Call, remote, written
from workflow.errors import Drifted, NotSent, RemoteError, Unknown

PDF = b"%PDF-1.4 of one page"
FILES = [{"kind": kind, "sha256": sha256(PDF).hexdigest()} for kind in KINDS]


@dataclass(frozen=True)
class Place:
    """Where an adapter reads a list: its question, the list's name, and rows that are ours."""

    name: str
    ask: Callable[[Http], Awaitable[object]]
    listed: str
    rows: tuple[Mapping[str, Any], ...]
    asked: tuple[str, ...] = ("title", "version")
    """What of the question a reply may repeat."""


PLACES = (
    Place("find_order", lambda http: HttpGenerator(http).find(TITLE, VERSION, 0), "orders", (ORDER,)),
    Place("find_codes", lambda http: HttpCodeRecords(http).codes(TITLE, VERSION), "codes", (CODE,)),
    Place("order_files", lambda http: HttpGenerator(http).materials(ORDERED), "files", tuple(FILES), ("order",)),
)

AGAINST: dict[str, Mapping[str, Any]] = {
    "a status that failed": {"status": "error"},
    "a status of HTTP": {"status": 500},
    "no success, as text": {"success": "false"},
    "no success, as a number": {"success": 0},
    "no success, and nothing": {"success": None},
    "not ok": {"ok": "no"},
    "a status of its own": {"status": 1},
    "a result that failed": {"result": "FAIL"},
    "a state that failed": {"state": "failed"},
    "a code behind a good one": {"code": 0, "errcode": 40001},
    "a code": {"code": 500},
    "a code in capitals": {"Code": 500, "Message": "no"},
    "a code by another name": {"resultCode": "E500"},
    "errors": {"errors": ["shard 2 down"]},
    "an error": {"error": "db down"},
    "an err": {"err": "timeout"},
    "an errno": {"errno": 5},
    "a warning": {"warning": "the index is being rebuilt"},
    "out of time": {"timed_out": True},
    "shards": {"_shards": {"failed": 2}},
    "old": {"stale": True},
    "of old": {"as_of": "2020-01-01"},
    "degraded": {"degraded": True},
    "partial": {"partial": True},
    "a word": {"message": "please log in"},
    "a Chinese word": {"msg": "查询超时"},
    "pages": {"pages": 3, "page": 1},
    "total_pages": {"total_pages": 3},
    "totalPages": {"totalPages": 3, "pageNum": 1},
    "a later page": {"page": 2},
    "hasNextPage": {"hasNextPage": True},
    "has_more": {"has_more": True},
    "more": {"more": 1},
    "nextCursor": {"nextCursor": "abc"},
    "next_cursor": {"next_cursor": "abc"},
    "next": {"next": "/orders?page=2"},
    "links": {"links": {"next": "/orders?page=2"}},
    "not the last page": {"isLastPage": False},
    "a count": {"count": 30},
    "total_count": {"total_count": 30},
    "totalCount": {"totalCount": 30},
    "a total within": {"meta": {"total": 30}},
    "another list": {"data": []},
    "an offset": {"offset": 30},
    "a limit that is met": {"limit": 0},
    "another's echo": {"title": "别的软件", "version": "V9", "order": "G9"},
    "an echo that is none": {"title": None, "version": 1, "order": 7},
    "another's query": {"query": {"title": "别的软件"}},
    "a query of another kind": {"query": "title=别的软件"},
    "what nobody knows": {"archived": False},
}
"""What stands beside a list and speaks against it: it failed, is a part, is old, or is of something else."""
AGAINST |= {
    "a code of one": {"code": "1"},
    "a code of one beside a word of doubt": {"code": 1, "msg": "查询超时"},
    "no success, and a word": {"success": None, "msg": "查询成功"},
    "one, beside words of another kind": {"code": 1, "message": {"zh": "查询成功"}, "msg": ["查询成功"]},
}
HEADERS: dict[str, tuple[int, Mapping[str, str]]] = {
    "another's word": (203, {}),
    "a part": (206, {}),
    "only taken in": (202, {}),
    "a day old": (200, {"Age": "86400"}),
    "of an age that is none": (200, {"Age": "-1"}),
    "a stale copy": (200, {"Warning": '110 - "Response is Stale"'}),
    "a copy of a cut line": (200, {"Warning": '112 cache "Disconnected operation"'}),
    "a stale copy behind a notice": (200, {"Warning": '299 - "180 days", 110 - "Response is Stale"'}),
    "a copy of which two tell the age": (200, {"Age": "0, 86400"}),
    "a range": (200, {"Content-Range": "items 0-0/30"}),
    "a next page": (200, {"Link": '</orders?page=2>; rel="next"'}),
    "a next page, unquoted": (200, {"Link": "</orders?page=1>; rel=first, </orders?page=2>; rel=next"}),
}
HARMLESS: dict[str, Mapping[str, Any]] = {
    "all is well": {"code": 0, "message": "success", "status": "ok", "success": True, "result": "SUCCESS"},
    "in Chinese": {"code": "200", "msg": "操作成功", "ok": 1, "errors": [], "error": None, "warning": ""},
    "the only page": {"page": 1, "pages": 1, "page_size": 20, "has_more": False, "next": None, "isLastPage": True},
    "no more": {"hasNextPage": False, "nextCursor": "", "truncated": False, "limit": 100, "offset": 0},
    "numbers of the call": {"request_id": "7f", "trace_id": 12},
    "a first page from nought": {"page": 0, "pageNum": 0},
    "a search that succeeded": {"msg": "查询成功", "success": "1", "ok": 1},
    "a code of one, explained": {"code": "1", "status": 1, "msg": "查询成功"},
    "parts that say nothing": {"page": None, "code": None, "limit": None, "isLastPage": None, "facets": None},
}
HARMLESS_HEADERS: dict[str, list[tuple[str, str]]] = {
    "not old": [("Age", "0")],
    "not old, twice over": [("Age", "0, 0")],
    "not old, by two": [("Age", "0"), ("Age", "3")],
    "of an interface that ends some day": [("Warning", '299 - "This version is shut off in 180 days"')],
    "of two warnings": [("Warning", '299 - "112 days, 113 rows"'), ("Warning", '214 cache "Transformed"')],
    "of one that quotes": [("Warning", r'299 - "\"110\" is no code, 111 neither"')],
}


def answering(place: Place, rows: tuple[Any, ...], more: Mapping[str, Any], status: int = 200, **headers: str) -> Http:
    document = {place.listed: rows, "total": len(rows), **more}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(KINDS):
            return httpx.Response(200, content=PDF, headers={"content-type": "application/pdf"})
        return httpx.Response(status, content=written(document), headers={"content-type": "application/json"} | headers)

    return Http("remote", "http://remote/api", transport=httpx.MockTransport(answer))


@pytest.mark.parametrize("way", AGAINST)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: str(place.name))
async def test_what_speaks_against_a_list_leaves_it_no_answer(place: Place, way: str) -> None:
    """Of 37 such replies 34 were read as "there is no order", and a second one was placed."""
    for rows in ((), place.rows):
        more = dict(AGAINST[way])
        if rows and "limit" in more:
            more["limit"] = len(rows)
        with pytest.raises(Drifted, match="does not stand by it"):
            await place.ask(answering(place, rows, more))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: str(place.name))
async def test_what_speaks_against_a_list_is_told_without_numbers_of_people(place: Place) -> None:
    """The part of a reply was quoted as it was; cut first, a number at the edge would be told by its half."""
    for said in ("13800138000 失败", {"retry": ["110101199003074258"]}, "。" * 50 + "13800138000"):
        with pytest.raises(Drifted, match="does not stand by it") as told:
            await place.ask(answering(place, place.rows, {"errors": said}))
        assert not any(number in str(told.value) for number in ("13800138", "1101011990"))


@pytest.mark.parametrize("way", HEADERS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: str(place.name))
async def test_a_list_whose_own_headers_speak_against_it_is_no_answer(place: Place, way: str) -> None:
    status, headers = HEADERS[way]
    for rows in ((), place.rows):
        with pytest.raises((Drifted, NotSent)):
            await place.ask(answering(place, rows, {}, status, **headers))


@pytest.mark.parametrize("way", HARMLESS_HEADERS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: str(place.name))
async def test_headers_that_say_nothing_against_a_list_let_it_through(place: Place, way: str) -> None:
    """A notice of 180 days was read as the code of an old copy."""
    wanted = repr(await place.ask(answering(place, place.rows, {})))
    headers = httpx.Headers(HARMLESS_HEADERS[way])
    told: dict[str, Any] = {name: ", ".join(headers.get_list(name)) for name in headers}
    assert repr(await place.ask(answering(place, place.rows, {}, **told))) == wanted


@pytest.mark.parametrize("place", PLACES, ids=lambda place: str(place.name))
async def test_a_limit_that_is_met_is_harmless_where_the_reply_says_that_there_is_no_more(place: Place) -> None:
    wanted = repr(await place.ask(answering(place, place.rows, {})))
    met = {"limit": len(place.rows)}
    for end in ({"has_more": False}, {"isLastPage": True}, {"pages": 1}):
        assert repr(await place.ask(answering(place, place.rows, {**met, **end}))) == wanted
        with pytest.raises(Drifted, match="its limit is"):
            await place.ask(answering(place, place.rows, {**met, **end, "total": None}))
        with pytest.raises(Drifted, match="its limit is 0"):  # room for none shows none, whatever there is
            await place.ask(answering(place, (), {"limit": 0, **end}))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: str(place.name))
async def test_what_says_that_all_is_well_lets_a_list_through(place: Place) -> None:
    wanted = repr(await place.ask(answering(place, place.rows, {})))
    echo = {"title": f" {TITLE}", "version": "1.0"} if "title" in place.asked else {"order": "G1"}
    for way, more in {**HARMLESS, "an echo": echo, "a query": {"query": echo}}.items():
        assert repr(await place.ask(answering(place, place.rows, more, age="3"))) == wanted, way


async def test_a_question_asks_for_no_copy() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["cache-control"])
        return httpx.Response(200, json={"orders": [], "total": 0})

    await PLACES[0].ask(Http("remote", "http://remote", transport=httpx.MockTransport(answer)))
    assert seen == ["no-cache"]


def outright(way: str) -> bool:
    """Whether a reply that holds no list can tell from it that the call failed."""
    return way.startswith(
        ("a status of HTTP", "a status that", "no success", "not ok", "a result", "a state", "a code", "err", "an err")
    )


@pytest.mark.parametrize("way", [*filter(outright, AGAINST), "out of time", "old", "degraded", "partial"])
@pytest.mark.parametrize("call", CALLS, ids=lambda call: str(call.name))
async def test_no_other_answer_counts_that_says_that_it_failed(call: Call, way: str) -> None:
    error: type[RemoteError] = Unknown if call.writes else Drifted
    with pytest.raises(error, match=r"contradicts itself|does not stand by it"):
        await call.make(remote(200, written({**call.good, **AGAINST[way]}), "application/json"))

"""What does not fit is told by sentences of ours, which a catalogue can say, and without a value."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from adapters.code_records import HttpCodeRecords
from adapters.contract import Agreed, Part
from adapters.http import Http
from caseward.console.wording.texts import Texts
from tests.adapters.test_answers import CALLS, DEFINITE, DOUBTFUL, Answer, Call, remote
from tests.systems import SYSTEMS
from workflow.errors import RemoteError

ZH, EN = (Texts(language, SYSTEMS.systems) for language in ("zh-CN", "en"))
ENGLISH = re.compile(r"(?<![\w.'/-])(?!JSON|remote|Python)[A-Za-z]{2,} [a-z]{2,}")
"""Two words of English, one behind the other."""
ROW: dict[str, Any] = {
    "id": "C1", "title": "甲", "version": "V1.0", "phone": "13800400001", "code": "582104",
    "entered_at": "2026-03-01T10:00:00+08:00",
}  # fmt: skip
SPOILT = {
    "no id": {**ROW, "id": None},
    "an empty id": {**ROW, "id": ""},
    "too long an id": {**ROW, "id": "C" * 200},
    "no code": {one: told for one, told in ROW.items() if one != "code"},
    "letters for a code": {**ROW, "code": "abc123"},
    "no instant": {**ROW, "entered_at": "gestern"},
    "no zone": {**ROW, "entered_at": "2026-03-01T10:00:00"},
    "no object": 7,
}


@pytest.mark.parametrize("way", SPOILT)
async def test_a_row_that_cannot_be_read_is_told_in_both_languages(way: str) -> None:
    content = json.dumps({"codes": [SPOILT[way]], "total": 1}).encode()
    (odd,) = (await HttpCodeRecords(remote(200, content, "application/json")).codes("甲", "V1.0")).odd
    assert EN.told(odd.why) == str(odd.why)
    assert not ENGLISH.search(ZH.told(odd.why)), ZH.told(odd.why)
    assert "abc123" not in odd.why
    assert "gestern" not in odd.why
    assert not ENGLISH.search(odd.number)


ANSWERS: dict[str, Answer] = {
    **{name: answer for name, answer in DOUBTFUL.items() if answer[1] != b"<html>"},
    **{name: answer for name, (answer, *_) in DEFINITE.items() if not re.search(rb"[a-z] [a-z]", answer[1])},
    "a status alone": (422, b"", None),
}
OWN = re.compile(r"broken JSON: .*|：Expecting.*|：Unterminated.*|：Extra data.*")
"""Words of Python's own reader."""


@pytest.mark.parametrize("way", ANSWERS)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: str(call.name))
async def test_an_answer_that_is_none_is_told_in_chinese(call: Call, way: str) -> None:
    with pytest.raises(RemoteError) as told:
        await call.make(remote(*ANSWERS[way]))
    said = OWN.sub("", ZH.told(told.value.why))
    assert not ENGLISH.search(said), said


async def test_a_broken_line_is_told_in_chinese_and_so_is_the_rest_after_it() -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("")

    http = Http("remote", "http://remote/api", transport=httpx.MockTransport(broken))
    for _ in range(http.breaker.limit):
        with pytest.raises(RemoteError) as told:
            await http.ask("step", "things")
        assert ZH.told(told.value.why) == "连接中断：ReadError"
    with pytest.raises(RemoteError) as told:
        await http.ask("step", "things")
    assert "连接中断：ReadError" in ZH.told(told.value.why)


@pytest.mark.parametrize("kind", ["text", "hidden text", "button", "link", "field", "form", "end", "cover", "painted"])
def test_a_part_of_a_page_is_told_in_chinese(kind: str) -> None:
    (one,) = Agreed("send", ()).differences([Part(kind, "", "提交")])
    assert kind not in ZH.told(one)
    assert EN.told(one) == one

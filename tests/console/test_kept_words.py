"""What stands on record in our words is told in the reader's language, and what old rows hold as it stands."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.bureau import site_words
from caseward.console.text.output import Screen
from caseward.console.wording.happenings import wait, written
from caseward.console.wording.reasons import plain_cause
from tests.console.test_remote_words import reader
from workflow.engine.unavailable import Unset
from workflow.errors import DiskUnusable, LoginNeeded, NotSent
from workflow.flow.mistakes import LookHung, words
from workflow.record.events import Event
from workflow.record.values import Check, EntryKind
from workflow.sentence import Quote, Said, Sentence, kept_text, told_beside

NOW = datetime(2026, 11, 21, tzinfo=UTC)
BUSY = words(NotSent("portal", "save", site_words.BUSY))
BUSY_ZH = "版权中心网站（保存草稿）没有发出：网站提示系统繁忙"
HAPPENED = Sentence("it_happened", "it happened")


def event(kind: EntryKind, body: dict[str, Any], reason: str | None = None) -> Event:
    said, kept = json.dumps(body).encode(), None if reason is None else kept_text(reason)
    return Event("c", 1, kind, "worker:a/1", kept, NOW, 1, "r", said, b"", b"", "k", b"")


def lines(one: Event) -> str:
    return " ".join(written(one, one.body or {}, reader(), Screen(200, False)))


def test_an_outage_and_a_failed_run_are_told_by_their_codes() -> None:
    said = reader().texts("doctor.outages.remote_down", about="x", n="8", since="now", why=BUSY)
    assert BUSY_ZH in said
    old = reader().texts("doctor.outages.remote_down", about="x", n="8", since="now", why=Quote("it is shut"))
    assert "it is shut" in old


def test_what_was_settled_is_told_by_its_code() -> None:
    body = {"action": "post", "status": "done", "result": {}, **told_beside(why=HAPPENED)}
    assert "(已发生)" in lines(event("settled", body))
    assert "(it happened)" in lines(event("settled", {**body, "why": "it happened", "sentences": {}}))


def test_what_was_noted_of_a_notice_is_told_by_its_code() -> None:
    said = Sentence(
        "notice_not_sent",
        "notice {notice} to {recipient} was not sent: {why}",
        notice="filed_notice",
        recipient="张三",
        why=BUSY,
    )
    assert BUSY_ZH in lines(event("noted", told_beside(text=said)))
    assert "late word" in lines(event("noted", {"text": "late word"}))


@pytest.mark.parametrize("reason", [BUSY, Quote("the owner called")])
def test_the_reason_of_an_event_is_told_by_its_code(reason: Said) -> None:
    told = BUSY_ZH if reason is BUSY else reason
    assert told in lines(event("abandoned", {"number": 1}, reason))


def test_a_login_that_is_needed_is_told_by_its_code() -> None:
    said = words(LoginNeeded("portal", "save", Sentence("session_goes_on", "its session goes on")))
    check = Check("d", NOW, NOW, 1, {"why": "seat", **told_beside(said=said)})
    assert "需要重新登录：它的会话仍在继续" in wait(check, reader())
    old = Check("d", NOW, NOW, 1, {"why": "seat", "said": "the session is over"})
    assert "the session is over" in wait(old, reader())


def test_a_look_that_hung_and_a_remote_that_is_shut_are_told_by_their_codes() -> None:
    assert reader().texts.told(words(LookHung(timedelta(hours=1)))) == "查看题目在 1:00:00 内没有结束"
    said = told_beside(cause=Sentence("remote_closed", "{remote} is closed", remote="portal"))
    assert plain_cause("letters:written:portal is closed", said, reader()) == "版权中心网站已关闭"
    assert plain_cause("letters:written:portal is closed", {}, reader()) == "portal is closed"


def test_a_full_disk_and_a_setting_are_told_by_their_codes() -> None:
    full = DiskUnusable("/data", Sentence("session_goes_on", "its session goes on"), HAPPENED)
    assert reader().texts.told(words(full)) == "DiskUnusable：/data：它的会话仍在继续；已发生"
    assert reader().texts.told(Unset(("CASEWARD_X",)).said) == "CASEWARD_X 未设置"

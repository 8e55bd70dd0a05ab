"""The list of incidents: one line a cause with its cases, and beside it what is wrong with no case of it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from caseward.app.installation import open_record
from caseward.console.terminal.view import labels
from caseward.console.wording.moments import Moments
from caseward.console.wording.reasons import plain_cause
from caseward.console.wording.seen import Reader
from caseward.console.wording.texts import Texts
from caseward.console.wording.words import LANGUAGES
from tests.console.test_one_cause import folder
from tests.console.transcripts import spoken
from tests.systems import SYSTEMS
from workflow.schedules.outages import KINDS
from workflow.sentence import Quote
from workflow.settings import read_settings

__all__ = ["folder"]


def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(spoken(["incident", "list", "--json"])[1])
    return found


@pytest.mark.usefixtures("folder")
def test_one_cause_is_one_line_with_the_number_of_its_cases() -> None:
    lines = [line for line in spoken(["--lang", "en", "incident", "list"])[1].splitlines() if "refused" in line.lower()]
    assert len(lines) == 2
    assert "RZ-0001 +2" in lines[0]
    assert "another" in lines[1]
    shown = told()
    assert len(shown["data"]) == 4
    assert [(one["cause"], one["cases"], one["numbers"]) for one in shown["groups"]] == [
        ("refused: no money", 3, ["RZ-0001", "RZ-0002", "RZ-0003"]),
        ("refused: another", 1, ["RZ-0004"]),
    ]
    said = spoken(["--lang", "en", "incident", "show", shown["data"][0]["id"][:8]])[1]
    assert "2 more: RZ-0002, RZ-0003" in " ".join(said.split())


@pytest.mark.parametrize(
    ("cause", "chinese"),
    [
        ("copyright:generating:order_twins", "生成系统里有多个同名订单"),
        ("accounts:needs_person", "需要人工"),
        ("copyright:unprocessed:draft_unrivalled", "版权中心没有同名的其他申请"),
        ("copyright:submitted:confirm: cannot_tell", "确认提交: 无法确认是否已经办成"),
        ("copyright:unprocessed:NotSent: generator: find: no answer", "NotSent: generator: find: no answer"),
    ],
)
def test_a_cause_that_is_a_mere_name_is_shown_in_words(cause: str, chinese: str) -> None:
    moments = Moments(datetime(2026, 11, 21, tzinfo=UTC), ZoneInfo("Asia/Shanghai"), Texts("zh-CN"))
    words = labels(Texts("zh-CN"), SYSTEMS).of(cause.split(":")[0])
    said = plain_cause(cause, {}, Reader(Texts("zh-CN"), words, moments))
    assert chinese in said
    assert "_" not in said


@pytest.mark.usefixtures("folder")
def test_programs_hear_of_outages_schedules_and_the_clock_as_people_do() -> None:
    shown = told()
    assert [shown[name] for name in ("outages", "strange_schedules", "failing_schedules", "clock_jumps")] == [[]] * 4
    assert "outages" not in json.loads(spoken(["incident", "list", "--case", "RZ-0001", "--json"])[1]), "nobody looked"
    asyncio.run(_down())
    (outage,) = told()["outages"]
    assert (outage["kind"], outage["about"], outage["why"]) == ("remote_down", "sms", "ConnectError")
    for language, word in (("en", "sms was of no use 61 times"), ("zh-CN", "sms")):
        _, _, complained = spoken(["--lang", language, "incident", "list"])
        assert word in " ".join(complained.split())
    found = {one["check"]: one["mark"] for one in json.loads(spoken(["doctor", "--json"])[1])["data"]}
    assert found["outages"] == "ill"


async def _down() -> None:
    async with open_record(read_settings()) as record:
        begun = await record.clock.business() - timedelta(minutes=30)
        for n in range(61):
            at = begun + n * timedelta(seconds=30)
            await record.store.note_health("sms", "down", Quote("ConnectError"), latency_ms=None, now=at)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_outage_has_its_sentence_and_its_cure_in_both_languages(kind: str) -> None:
    for language in LANGUAGES:
        for key in (f"doctor.outages.{kind}", f"doctor.outages.{kind}.cure"):
            assert key in Texts(language)

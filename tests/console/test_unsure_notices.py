"""History and show say what became of a notice: that it was written is not that it arrived."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from caseward.app.installation import open_record
from tests.console.transcripts import spoken
from workflow.engine.outbox import FORSAKEN
from workflow.record.values import Commit, Message
from workflow.sentence import Quote
from workflow.settings import read_settings
from workflow.store import NewCase

FATES = ("sent", "arrived", "undelivered", "none", "unknown", "failed", "queued again")
UNSURE = {
    "undelivered": "M3",
    "none": "M4",
    "unknown": "did not come back",
    "failed": "on a list",
    "queued again": "no line",
}


@pytest.fixture
def number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path / "data"))
    return asyncio.run(filled())


async def filled() -> str:
    """A case with one notice of each fate; the recipient is named after it."""
    async with open_record(read_settings()) as record:
        store, now, real = record.store, await record.clock.business(), await record.clock.real()
        new = NewCase("copyright", 1, "RZ", "generating", {"title": "A"})
        (case,) = await store.create([new], actor="x", reason=None, now=now)
        told = tuple(Message("filed_notice", fate, "13800138000", "text") for fate in FATES)
        await store.command(case.case, None, lambda _: Commit(guard="version", messages=told), now=now, real=real)
        lease = timedelta(seconds=60)
        for n, one in enumerate(await store.due_messages(9, owner="x", now=now, real=real, lease=lease), 1):
            match one.recipient:
                case "unknown":
                    await store.message_unknown(one.id, FORSAKEN, now=now)
                case "failed":
                    await store.message_failed(one.id, Quote("on a list"), now=now)
                case "queued again":
                    await store.message_failed(one.id, Quote("no line"), now=now, again_at=now)
                case fate:
                    number = {"undelivered": "M3", "none": "M4"}.get(fate, f"T{n}")
                    await store.message_sent(one.id, now=now, number=number, receipt_at=now)
                    said = {"arrived": "delivered", "sent": None}.get(fate, fate)
                    await store.receipt(one.id, said)
        return case.number


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("command", ["show", "history"])
def test_what_is_not_known_to_have_arrived_is_told_with_its_reason(number: str, command: str, language: str) -> None:
    _, said, _ = spoken(["--lang", language, "case", command, number])
    lines = " ".join(said.split())
    told = [fate for fate in FATES if f"→ {fate}" in lines]
    assert told == list(UNSURE)
    whys = {**UNSURE, "unknown": "发送方没有回来"} if language == "zh-CN" else UNSURE
    assert all(why in lines for why in whys.values())


def test_for_programs_each_notice_has_its_status_and_receipt(number: str) -> None:
    notices = json.loads(spoken(["case", "show", number, "--json"])[1])["notices"]
    assert {one["recipient"]: (one["status"], one["receipt"]) for one in notices} == {
        "sent": ("sent", None),
        "arrived": ("sent", "delivered"),
        "undelivered": ("sent", "undelivered"),
        "none": ("sent", "none"),
        "unknown": ("unknown", None),
        "failed": ("failed", None),
        "queued again": ("queued", None),
    }


def test_doctor_tells_of_notices_whose_channel_is_switched_off(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> list[dict[str, dict[str, str]]]:
        rows = json.loads(spoken(["doctor", "--json"])[1])["data"]
        return [one["said"] for one in rows if one["check"] == "notices" and one["mark"] == "ill"]

    assert told() == []
    monkeypatch.setenv("CASEWARD_APP", "tests.demonstration.till:system")
    (said,) = told()
    assert ("sms (1)" in said["en"], "sms (1)" in said["zh-CN"]) == (True, True)

"""A record on the stage of these tests: one case for each reason to wait, written down with set times."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from caseward.app.installation import Record, open_record
from caseward.console.commands.case.imports import import_cases
from caseward.console.intake.accounts import add_accounts
from caseward.console.intake.files import read_accounts
from tests.console.timetable import staged_timetable
from tests.systems import INTAKE, POOL, read
from workflow.record.values import (
    Check,
    Claim,
    Commit,
    Decision,
    Effect,
    EffectStatus,
    Entry,
    NewIncident,
    Planned,
    Stage,
)
from workflow.settings import Settings

SET = timedelta(seconds=20)
"""About so long it takes to set the stage."""
SAMPLES = Path(__file__).resolve().parents[2] / "states" / "copyright" / "samples"
# far ahead, because business time can be set forward only
MORNING = datetime(2090, 3, 6, 1, 0, tzinfo=UTC)
"""Monday, nine in the morning in Shanghai: when the cases were opened."""
NOW = datetime(2090, 3, 7, 11, 47, 20, tzinfo=UTC)
"""Tuesday, 19:47 in Shanghai: when people look."""
WORKER = "worker:office/4121/99"
PICTURE = b"\x89PNG\r\n\x1a\n the form, masked"


def at(hours: float) -> datetime:
    """So many hours after the morning."""
    return MORNING + timedelta(hours=hours)


def staged(data: Path) -> None:
    """Writes the record into this folder."""
    asyncio.run(_stage(data))


async def _stage(data: Path) -> None:
    async with open_record(Settings(data_dir=data)) as record:
        await record.clock.jump(MORNING)
        await add_accounts(
            record,
            [row.data for row in read_accounts(SAMPLES / "accounts.json").rows],
            actor="cast:clerk",
            pool=POOL,
        )
        rows = read(SAMPLES / "registrations.json", date(2090, 3, 6)).rows
        await import_cases(record, INTAKE, rows[:10], actor="person:何清")
        for number, act in enumerate(ACTS, 1):
            await act(record, f"RZ-{number:04d}")
        await record.clock.jump(NOW)
        await staged_timetable(record, NOW)


async def _claim(record: Record, number: str) -> Claim:
    return (await record.store.case(number)).claim


async def _write(record: Record, number: str, commit: Commit, now: datetime) -> None:
    await record.store.command(number, None, lambda claim: commit, now=now, real=await record.clock.real())


def moved(source: str, to: str, line: str, **body: Any) -> Entry:
    return Entry("moved", {"line": line, "patch": {}, "from": source, "to": to, "round": 0, **body}, WORKER)


def check(first: datetime, last: datetime, count: int, **body: Any) -> Check:
    return Check(f"{first}{body}"[:80], first, last, count, body)


def guard(name: str, ok: bool, **said: Any) -> dict[str, Any]:
    return {"guard": name, "ok": ok, **said}


ORDER = {
    "number": "G-7001",
    "title": "拾光手账时间管理软件",
    "version": "V1.0",
    "round": 0,
    "paid": True,
    "ready": True,
}
CODES = "awaiting_captcha[materials_ready+draft_unrivalled+codes_needed]"


async def awaiting_codes(record: Record, number: str) -> None:
    """Paid, drafted with evidence, and now waiting for an owner's code; looked at 48 times."""
    claim = await _claim(record, number)
    key, facts = "k1", {"order": {"version": 1, "asked_at": at(0.1).isoformat(), "value": {**ORDER, "paid": False}}}
    verdicts = [
        {
            "line": "generating[order_unpaid]",
            "guards": [guard("order_unpaid", True, seen={"order": "G-7001", "amount": "300.00"})],
        }
    ]
    decided = {
        "number": 1, "line": "generating[order_unpaid]", "state": "unprocessed", "facts": facts, "verdicts": verdicts,
        "items": [{"action": "pay_order", "item": "", "key": key}],
    }  # fmt: skip
    decision = Decision(
        1,
        claim.seq,
        "unprocessed",
        "generating[order_unpaid]",
        (Planned("pay_order", "", None, key),),
        facts,
        at(0.1),
        dict(claim.data),
    )
    paid = effect(claim, key, "pay_order", EffectStatus.done, at(0.1))
    begun = replace(paid, status=EffectStatus.intended)
    entry = Entry("decided", decided, WORKER)
    await _write(record, number, Commit("version", (entry,), decision=decision, effects=(begun,)), at(0.1))
    done = {"action": "pay_order", "item": "", "key": key, "attempt": 1, "result": {}, "evidence": []}
    entry = moved("unprocessed", "generating", "generating[order_unpaid]", decision=1, effects=[done])
    await _write(
        record, number,
        Commit("version", (entry,), state="generating", decision="clear", effects=(paid,), due_at=at(0.2)), at(0.1),
    )  # fmt: skip
    shown = await record.documents.put(
        PICTURE, name="draft_saved.png", media_type="image/png", case=claim.case, kind="evidence", now=at(1)
    )
    asked = {
        "order": {"version": 1, "asked_at": at(1).isoformat(), "value": ORDER},
        "draft": {
            "version": 1, "asked_at": at(1).isoformat(),
            "value": {"number": "R-31", "codes_wanted": ["李四"], "saved": True},
            "evidence": [{"step": "draft_opened", "document": shown, "at": at(1).isoformat()}],
        },
    }  # fmt: skip
    basis = {
        "facts": asked,
        "verdicts": [
            {"line": CODES, "guards": [
                guard("materials_ready", True, seen={"order": "G-7001"}),
                guard("codes_needed", True, seen={"owners": ["李四"]}),
            ]},
        ],
    }  # fmt: skip
    entry = moved("generating", "awaiting_captcha", CODES, **basis)
    learned = {"codes_wanted": {"round": 0, "owners": ["o1"]}}
    entry = replace(entry, body={**entry.body, "patch": learned})
    data = {**claim.data, **learned}
    await _write(
        record, number, Commit("version", (entry,), state="awaiting_captcha", data=data, due_at=at(1.1)), at(1)
    )
    lines = [
        {
            "line": "stay:enter_codes[codes_complete]",
            "guards": [guard("codes_complete", False, seen={"missing": ["李四"]}, waits_for="owner")],
        },
        {
            "line": "awaiting_seal[codes_entered+is_new]",
            "guards": [guard("codes_entered", False, seen={"entered": [], "wanted": ["李四"]}, waits_for="owner")],
        },
    ]
    body = {
        "why": "guards",
        "state": "awaiting_captcha",
        "lines": lines,
        "facts": {"codes_on_file": {"value": {"unused": [], "used": {}}}},
    }
    waits = Commit("version", check=check(at(1.2), at(34.7), 1, **body), due_at=at(34.9))
    await _write(record, number, waits, at(1.2))
    for _ in range(47):
        await _write(record, number, waits, at(34.7))


def effect(claim: Claim, key: str, action: str, status: EffectStatus, now: datetime, **named: Any) -> Effect:
    return Effect(
        key=key, action=action, item_id="", item=None, round=0, decision=1, attempt=1, status=status,
        epoch=claim.epoch, process="office/4121/99", intended_at=now, **named,
    )  # fmt: skip


async def on_hold(record: Record, number: str) -> None:
    await record.commands("person:何清").hold(number, "客户要求先等专利")


async def needs_a_person(record: Record, number: str) -> None:
    trouble = NewIncident("drifted", "copyright:unprocessed:save: no button 提交", {"fact": "draft"})
    await _write(record, number, Commit("version", new_incidents=(trouble,)), at(2))


async def in_doubt(record: Record, number: str) -> None:
    claim = await _claim(record, number)
    row = effect(
        claim, "k4", "confirm", EffectStatus.unknown, at(33), stage=Stage.ask, check_at=at(34.9), deadline=at(35.5),
        why="the reply was cut off",
    )  # fmt: skip
    await _write(record, number, Commit("version", effects=(row,), due_at=at(34.9)), at(33))


async def shut(record: Record, number: str) -> None:
    body = {"why": "closed", "state": "unprocessed", "remote": "portal", "hours": "08:00-23:00 Asia/Shanghai"}
    closed = check(at(14.5), at(14.5), 1, **body, until=at(47).isoformat(), lines=[])
    await _write(record, number, Commit("version", check=closed, due_at=at(47)), at(14.5))


async def logged_out(record: Record, number: str) -> None:
    body = {"why": "seat", "state": "unprocessed", "said": "the session ended"}
    await _write(record, number, Commit("version", check=check(at(3), at(3), 1, **body), deferred="seat"), at(3))


async def failing(record: Record, number: str) -> None:
    body = {"why": "failed", "state": "unprocessed", "error": "NotSent: generator: find: no answer\x1b[2J"}
    await _write(
        record, number, Commit("version", check=check(at(34), at(34), 1, **body), failures=3, due_at=at(35)), at(34)
    )


async def by_hand(record: Record, number: str) -> None:
    await record.commands("person:何清").set_auto(number, False, "材料由客户自行提交")


async def granted(record: Record, number: str) -> None:
    entry = Entry(
        "forced", {"from": "unprocessed", "to": "granted", "round": 0, "patch": {}}, "person:何清", "线下办结"
    )
    await _write(record, number, Commit("version", (entry,), state="granted", final=True), at(5))


async def untouched(record: Record, number: str) -> None:
    """Opened, and nobody has looked."""


ACTS = (
    awaiting_codes, on_hold, needs_a_person, in_doubt, shut, logged_out, failing, by_hand, granted, untouched,
)  # fmt: skip


def set_back(folder: Path) -> None:
    """The office's clock to when the stage was set: other tests may have taken minutes since, and instants went by."""
    since = NOW + SET - datetime.now(UTC)
    with contextlib.closing(sqlite3.connect(folder / "caseward.db")) as record, record:
        record.execute("UPDATE clock SET offset_us = ?", (since // timedelta(microseconds=1),))

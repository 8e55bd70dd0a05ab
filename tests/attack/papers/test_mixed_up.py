"""The outside gives the papers of one matter for those of another: nothing is filed with them, and a person is told.

Four registrations run in one office. Three of them meet another's paper, each another kind, are stopped and told, and
go on when the outside is well again; the fourth is none the worse.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx

from caseward.app.installation import Record
from caseward.console.commands.case.imports import import_cases
from caseward.console.intake.accounts import add_accounts
from caseward.console.intake.files import read_accounts
from caseward.demonstration.outside import Outside, port_of, running, taken_port
from tests.docs.days import FIRST_LEAD, Office, at_work, opened
from tests.docs.seats import open_workers
from tests.registration.particulars import row
from tests.systems import INTAKE, POOL, read
from workflow.demonstration import Act
from workflow.store import Filters

BEGIN = datetime(2090, 3, 6, 1, 0, tzinfo=UTC)
"""Monday, nine in the morning in Shanghai."""
STOPPED = {
    "order_files": ("拾光手账时间管理软件", "generating", "material_uploaded"),
    "seal_form": ("云岫茶园病虫识别软件", "awaiting_seal", "seal_uploaded"),
    "certificate": ("澜汐潮位监测软件", "submitted", "none"),
}
"""By what the outside mixes up: whose paper, where that stops the matter, and what is not done then."""
MIXED_UP, OTHER = [title for title, *_ in STOPPED.values()], "砚边书法临帖评测软件"
TITLES = [*MIXED_UP, OTHER]
UNCONCERNED = ("adapter_health", "retention", "needs_correction", "awaiting_agreement")
"""Schedules that come to nothing here, at every instant."""
LOGIN = {"login": "office-01", "password": "pass-1"}
ACTS = [
    Act("captcha_shown", 0, "operator", "answer_captcha"),
    *(Act("specimen_request", 0, "owner", "give_specimen", {"title": one, "owner": "o1"})
      for one in TITLES),
]  # fmt: skip
WORLD = {
    "accounts": [LOGIN],
    "generation": {"default_minutes": 15},
    "serial_after_hours": 6,
    "center_id_after_hours": 5,
    "plans": {one: {"review": [{"after_hours": 2, "status": "已发放"}]} for one in TITLES},
    "start": (BEGIN + FIRST_LEAD).isoformat(),
}


@dataclass
class Scene:
    record: Record
    office: Office
    outside: Outside

    async def days(self, number: int) -> None:
        for _ in range(number):
            await self.office.jump(await self.record.clock.business() + timedelta(days=1))

    async def states(self) -> dict[str, str]:
        rows = await self.record.store.cases(Filters(flow="copyright"), limit=9)
        return {row.claim.data["full_name"]: row.claim.state for row in rows}

    async def incidents(self) -> list[tuple[str, str]]:
        names = {
            row.claim.number: row.claim.data["full_name"]
            for row in await self.record.store.cases(Filters(flow="copyright"), limit=9)
        }
        return [(names.get(one.number, one.number), one.kind) for one in await self.record.store.incidents()]

    async def data(self, title: str) -> dict[str, Any]:
        rows = await self.record.store.cases(Filters(flow="copyright"), limit=9)
        return next(dict(row.claim.data) for row in rows if row.claim.data["full_name"] == title)

    async def entries(self, kind: str, title: str) -> int:
        drafts = [e["draft"] for e in await self.outside.ledger() if e["kind"] == "draft_saved" and e["title"] == title]
        entries = [e for e in await self.outside.ledger() if e["kind"] == kind]
        return sum(e.get("title") == title or e.get("draft") in drafts for e in entries)


@asynccontextmanager
async def at_the_office(
    folder: Path,
    *faults: dict[str, Any],
    acts: Sequence[Act] = ACTS,
    titles: Sequence[str] = TITLES,
    changes: Mapping[str, object] = MappingProxyType({}),
) -> AsyncIterator[Scene]:
    """changes: in what the registrations are not the plain one."""
    taken = taken_port(8791)
    origin = f"http://127.0.0.1:{port_of(taken)}"
    async with opened(folder / "data", origin, BEGIN - timedelta(minutes=1)) as (record, clock):
        accounts = read_accounts(json.dumps([LOGIN]).encode())
        await add_accounts(record, [one.data for one in accounts.rows], actor="cast:clerk", pool=POOL)
        filed = read(
            json.dumps([row(full_name=one, **changes) for one in titles], ensure_ascii=False).encode(), date(2090, 3, 6)
        )
        await import_cases(record, INTAKE, filed.rows, actor="cast:clerk")
        for name in UNCONCERNED:
            await record.timetable("cast:clerk").delete(name, "not what this office is about")
        async with running(folder / "outside", WORLD, taken) as outside:
            async with httpx.AsyncClient(base_url=origin, trust_env=False) as hand:
                for fault in faults:
                    (await hand.post("/control/faults", json=fault)).raise_for_status()
            async with open_workers(record) as workers:
                yield Scene(record, at_work(record, clock, workers, outside, acts), outside)


async def test_a_paper_of_another_matter_stops_its_own_and_tells(tmp_path: Path) -> None:
    """What is handed in stands on record with its digest, by which each paper is told from another's."""
    faults = [
        {"operation": operation, "kind": "of_another", "object": title, "count": 1}
        for operation, (title, *_) in STOPPED.items()
    ]
    async with at_the_office(tmp_path, *faults) as scene:
        await scene.days(2)
        assert await scene.states() == {OTHER: "granted"} | {title: state for title, state, _ in STOPPED.values()}
        assert sorted(await scene.incidents()) == sorted((title, "drifted") for title in MIXED_UP)
        for title, _, undone in STOPPED.values():
            assert await scene.entries(undone, title) == 0
        for incident in await scene.record.store.incidents():
            now, real = await scene.record.clock.business(), await scene.record.clock.real()
            await scene.record.store.close_incident(
                incident.id, actor="person:clerk", reason="put right", now=now, real=real
            )
        await scene.days(2)
        assert await scene.states() == dict.fromkeys(TITLES, "granted")
        assert await scene.incidents() == []
        kept = [await scene.data(title) for title in TITLES]
        uploaded = {e["sha256"] for e in await scene.outside.ledger() if e["kind"] == "material_uploaded"}
    assert len({one["certificate_number"] for one in kept}) == len(TITLES)
    assert len({one["certificate"]["digest"] for one in kept}) == len(TITLES)
    papers = {one["materials"][kind]["digest"] for one in kept for kind in ("application", "source", "manual")}
    assert len(papers) == 3 * len(TITLES)
    assert papers == uploaded

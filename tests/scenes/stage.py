"""An office with registrations under way, for scenes: the real flow, adapters and sandbox under a clock that is set.

The bureau's double stands in for the browser. Whoever acts in a scene acts as in life: staff by commands, the office's
own people and customers by hand at the bureau's website, owners by the texts in their inboxes.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
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
from tests.console.transcripts import spoken
from tests.docs.days import FIRST_LEAD, Office, at_work, opened
from tests.docs.seats import open_workers
from tests.environment import environment
from tests.sandbox.office import Clerk
from tests.systems import INTAKE, POOL, addresses_at, read
from workflow.clock import DatabaseClock
from workflow.demonstration import Act
from workflow.store import CaseRow, Filters

BEGIN = datetime(2090, 3, 6, 1, 0, tzinfo=UTC)
"""Monday, nine in the morning in Shanghai."""
TODAY = date(2090, 3, 6)
LOGIN: Mapping[str, str] = MappingProxyType({"login": "office-01", "password": "pass-1"})
CAPTCHA = Act("captcha_shown", 0, "operator", "answer_captcha")
SOON: Mapping[str, Any] = MappingProxyType({"review": [{"after_hours": 2, "status": "已发放"}]})
"""What the bureau answers of a filing, as a plan of its world."""
UNCONCERNED = ("adapter_health", "retention", "needs_correction", "awaiting_agreement")
"""Schedules that come to nothing in a scene of plain matters, at every instant."""
TEN_MINUTES = timedelta(minutes=10)


@dataclass
class Scene:
    record: Record
    office: Office
    outside: Outside

    async def days(self, number: int) -> None:
        """On by days, at work only where something is known to come."""
        for _ in range(number):
            await self.office.jump(await self.record.clock.business() + timedelta(days=1))

    async def hours(self, number: float, stride: timedelta = TEN_MINUTES) -> None:
        """On by hours, at work at each multiple of the stride."""
        await self.office.until(await self.record.clock.business() + timedelta(hours=number), stride)

    async def only(self, *names: str) -> None:
        """From now on these schedules alone run: what comes is looked at by them."""
        for one in await self.record.store.schedules():
            if one.definition.name not in names:
                await self.record.timetable("cast:clerk").delete(one.definition.name, "not what comes now")

    async def rows(self) -> list[CaseRow]:
        """The registrations, in the order of their numbers."""
        found = await self.record.store.cases(Filters(flow="copyright"), limit=1000)
        return sorted(found, key=lambda row: row.claim.number)

    async def states(self) -> dict[str, str]:
        """By title; titles that two matters share are one here."""
        return {row.claim.data["full_name"]: row.claim.state for row in await self.rows()}

    async def numbered(self) -> dict[str, str]:
        """The states by the cases' numbers."""
        return {row.claim.number: row.claim.state for row in await self.rows()}

    async def incidents(self) -> list[tuple[str, str]]:
        """Title, or number where it is no registration, and kind of each open incident."""
        names = {row.claim.number: row.claim.data["full_name"] for row in await self.rows()}
        return [(names.get(one.number, one.number), one.kind) for one in await self.record.store.incidents()]

    async def data(self, title: str) -> dict[str, Any]:
        return next(dict(row.claim.data) for row in await self.rows() if row.claim.data["full_name"] == title)

    async def entries(self, kind: str, title: str) -> int:
        """How many entries of this kind the ledger has about a title."""
        drafts = [e["draft"] for e in await self.outside.ledger() if e["kind"] == "draft_saved" and e["title"] == title]
        entries = [e for e in await self.outside.ledger() if e["kind"] == kind]
        return sum(e.get("title") == title or e.get("draft") in drafts for e in entries)

    async def command(self, *args: str, typed: str = "", language: str = "en") -> str:
        """What a command prints to a person at a terminal at this instant, its exit code last where it is not 0."""
        await DatabaseClock(self.record.database).jump(await self.record.clock.business())
        said = {
            "CASEWARD_DATA_DIR": str(self.record.settings.data_dir),
            "CASEWARD_LANG": language,
            "COLUMNS": "150",
            **addresses_at(self.outside.url),
        }
        with environment(said), _typing(typed):
            code, out, err = await asyncio.to_thread(spoken, args)
        return out + err + (f"exit {code}\n" if code else "")

    async def import_rows(self, *rows: Mapping[str, object]) -> None:
        """A clerk takes in more registrations; each must be one that the door lets in."""
        await _import(self.record, rows)

    @asynccontextmanager
    async def by_hand(self, login: str = LOGIN["login"], password: str = LOGIN["password"]) -> AsyncIterator[Clerk]:
        """Somebody at the bureau's website with a browser of his own."""
        async with httpx.AsyncClient(base_url=self.outside.url, follow_redirects=True, trust_env=False) as client:
            clerk = Clerk(client)
            seen = await clerk.log_in(login, password)
            while seen.page != "home":
                captcha = re.search(r"/portal/captcha/(\w+)\.png", seen.html)
                assert captcha, seen.html
                text = await self.outside.read_captcha((await client.get(captcha[0])).content)
                seen = await clerk.log_in(login, password, captcha=text, captcha_id=captcha[1])
            yield clerk


@asynccontextmanager
async def at_the_office(
    folder: Path,
    rows: Sequence[Mapping[str, object]],
    *,
    acts: Sequence[Act] = (CAPTCHA,),
    world: Mapping[str, Any] = MappingProxyType({}),
    accounts: Sequence[Mapping[str, str]] = (LOGIN,),
    faults: Sequence[Mapping[str, Any]] = (),
    begin: datetime = BEGIN,
    off: Sequence[str] = UNCONCERNED,
) -> AsyncIterator[Scene]:
    """rows: the registrations that are taken in first. world: over the plain one. off: schedules that do not run."""
    taken = taken_port(8791)
    origin = f"http://127.0.0.1:{port_of(taken)}"
    plain = {
        "accounts": [dict(one) for one in accounts],
        "generation": {"default_minutes": 15},
        "serial_after_hours": 6,
        "center_id_after_hours": 5,
        "plans": {str(one["full_name"]): dict(SOON) for one in rows},
        "start": (begin + FIRST_LEAD).isoformat(),
    }
    async with opened(folder / "data", origin, begin - timedelta(minutes=1)) as (record, clock):
        logins = read_accounts(json.dumps([dict(one) for one in accounts]).encode())
        await add_accounts(record, [one.data for one in logins.rows], actor="cast:clerk", pool=POOL)
        await _import(record, rows)
        for name in off:
            await record.timetable("cast:clerk").delete(name, "not what this office is about")
        async with running(folder / "outside", {**plain, **world}, taken) as outside:
            async with httpx.AsyncClient(base_url=origin, trust_env=False) as hand:
                for fault in faults:
                    (await hand.post("/control/faults", json=fault)).raise_for_status()
            async with open_workers(record) as workers:
                yield Scene(record, at_work(record, clock, workers, outside, acts), outside)


async def _import(record: Record, rows: Sequence[Mapping[str, object]]) -> None:
    if not rows:
        return
    taken_in = read(json.dumps([dict(one) for one in rows], ensure_ascii=False).encode(), TODAY)
    assert not taken_in.problems, taken_in.problems
    await import_cases(record, INTAKE, taken_in.rows, actor="cast:clerk")


@contextmanager
def _typing(typed: str) -> Iterator[None]:
    keyboard, sys.stdin = sys.stdin, io.StringIO(typed)
    try:
        yield
    finally:
        sys.stdin = keyboard

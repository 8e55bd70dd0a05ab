"""A PostgreSQL that answers wrongly, in every way, one after another, and cases that are paid for meanwhile."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from caseward.app.installation import open_record
from caseward.console.commands.case.imports import import_cases
from tests.attack.dependencies.broker import pause
from tests.attack.dependencies.crew import SEEN, Crew, crew
from tests.attack.dependencies.postgres import Between, go_between
from tests.crash.stage import START, sample, stage
from tests.deploy.stage import empty_database
from tests.systems import INTAKE, read
from tests.worker.processes import environment
from workflow.record.database import open_database
from workflow.record.migrations import migrate
from workflow.record.vault import make_keys, open_vault
from workflow.settings import read_settings
from workflow.store import Store

WITHIN = 90.0
"""Seconds within which a due case is claimed: while the database is wrong now and then, and once it is right again."""
BOUGHT = 300.0
"""Seconds within which a case is bought for: what is in doubt is asked about twice, a minute apart."""
WRONG, RIGHT = 3.0, 6.0
"""Seconds for which it is wrong, and right, while that comes and goes."""
TITLE = "拾光手账时间管理软件"
NEVER = 10**6
"""Minutes until the generation system is through: nothing goes on to the browser."""


async def under_a_lying_database(folder: Path, server: str, ways: tuple[str, ...], hold: float) -> dict[str, Any]:
    """Each way in turn comes and goes for a while; the sandbox's ledger says what was bought."""
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {
        "ways": len(ways),
        "answered_wrongly": 0,
        "slowest_claim_meanwhile": 0.0,
        "slowest_claim_afterwards": 0.0,
        "slowest_purchase": 0.0,
        "shortcomings": [],
    }
    with stage() as outside:
        outside.begin(folder / "outside", {"start": START, "generation": {"default_minutes": NEVER}})
        async with empty_database(server) as url:
            judge = open_database(url.render_as_string(hide_password=False))
            direct = environment(judge, folder) | _outside(outside.address)
            store = await _store(judge, folder, direct)
            async with go_between(url.render_as_string(hide_password=False)) as between:
                environ = direct | {"CASEWARD_DATABASE_URL": between.address}
                async with crew(judge, store, direct, folder, environ) as at_work:
                    house = House(at_work, judge, folder, direct)
                    assert await house.claimed(WITHIN) is not None, at_work.said("worker")
                    for way in ways:
                        await _lived_through(way, between, house, hold, found)
                    for name, took in (await asyncio.to_thread(at_work.end, 30.0)).items():
                        if took is None:
                            found["shortcomings"].append(f"{name} did not end when it was told to")
            found["shortcomings"] += await _left_open(judge)
            await judge.dispose()
    return found


class House:
    """What the judge does and sees, by a way of its own past the go-between."""

    def __init__(self, at_work: Crew, judge: AsyncEngine, folder: Path, environ: dict[str, str]) -> None:
        self.at_work, self.judge, self._folder, self._environ = at_work, judge, folder, environ
        self._new = 0

    async def claimed(self, longest: float) -> float | None:
        return await self.at_work.claimed_within(longest)

    async def take_in(self) -> str:
        """A case that nobody has seen yet; its title."""
        self._new += 1
        title = f"{TITLE}{self._new:03d}"
        await take_in(self._environ, title)
        return title

    async def bought(self, title: str, longest: float) -> float | None:
        """The seconds until the case of this title has its order, placed and paid, and knows of it."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        at = text("SELECT state FROM cases WHERE data LIKE '%\"' || :title || '\"%'")
        while loop.time() - begun < longest and not self.at_work.dead():
            async with self.judge.connect() as connection:
                if (await connection.execute(at, {"title": title})).scalar() == "generating":
                    return loop.time() - begun
            await pause(SEEN)
        return None

    def purchases(self) -> dict[str, Counter[str]]:
        """By title, how often an order was placed and paid: what the sandbox's own ledger says."""
        found: dict[str, Counter[str]] = {}
        for line in (self._folder / "outside" / "ledger.jsonl").read_text("utf-8").splitlines():
            entry = json.loads(line)
            if entry["kind"] in ("order_placed", "order_paid"):
                found.setdefault(entry["title"], Counter())[entry["kind"]] += 1
        return found


async def _lived_through(way: str, between: Between, house: House, hold: float, found: dict[str, Any]) -> None:
    wrong: list[str] = []
    log = logging.getLogger("attack")
    log.info(way)
    loop = asyncio.get_running_loop()
    coming_and_going = asyncio.create_task(_come_and_go(way, between))
    over = loop.time() + hold
    title = await house.take_in()
    while loop.time() < over:
        took = await house.claimed(WITHIN)
        found["slowest_claim_meanwhile"] = max(found["slowest_claim_meanwhile"], round(took or WITHIN, 1))
        if took is None:
            wrong.append(f"nobody claimed within {WITHIN} s while it came and went")
            break
        await pause(0.5)
    coming_and_going.cancel()
    with suppress(asyncio.CancelledError):
        await coming_and_going
    between.answer(way)
    await pause(WRONG)  # it is wrong to the end, and then it is right
    between.answer("")
    for name, took in (
        ("claim_afterwards", await house.claimed(WITHIN)),
        ("purchase", await house.bought(title, BOUGHT)),
    ):
        found[f"slowest_{name}"] = max(found[f"slowest_{name}"], round(took or BOUGHT, 1))
        if took is None:
            wrong.append(f"{name}: not in time")
    bought = house.purchases().get(title, Counter())
    if bought != {"order_placed": 1, "order_paid": 1}:
        wrong.append(f"it was bought {dict(bought)}")
    found["answered_wrongly"] += between.asked[way]
    if not between.asked[way]:
        wrong.append("nobody asked, so that nothing was tried")
    wrong += house.at_work.dead()
    found["shortcomings"] += [f"{way}: {one}" for one in wrong]
    log.info("%s: %s", way, {name: value for name, value in found.items() if name != "ways"})


async def _come_and_go(way: str, between: Between) -> None:
    while True:
        between.answer(way)
        await pause(WRONG)
        between.answer("")
        await pause(RIGHT)


async def _left_open(judge: AsyncEngine) -> list[str]:
    """What nobody has said the last word about, once all have ended; and what was written twice or not whole."""
    questions = {
        "runs without a last word": "SELECT count(*) FROM runs WHERE status = 'running'",
        "cases in somebody's hands": "SELECT count(*) FROM cases WHERE owner IS NOT NULL",
        "cases taken for deadly": "SELECT count(*) FROM cases WHERE crash_count > 1",
        "steps without an outcome": "SELECT count(*) FROM effects WHERE status IN ('intended', 'unknown')",
        "incidents": "SELECT count(*) FROM incidents WHERE closed_at IS NULL",
        "gaps in a case's events": (
            "SELECT count(*) FROM cases WHERE seq <> (SELECT count(*) FROM events WHERE events.case = cases.id)"
        ),
        "events of a move that came twice": (
            "SELECT count(*) FROM (SELECT 1 FROM events WHERE kind = 'moved' GROUP BY events.case HAVING count(*) > 1)"
            " AS twice"
        ),
    }
    async with judge.connect() as connection:
        counts = {what: (await connection.execute(text(asked))).scalar_one() for what, asked in questions.items()}
    return [f"{count} {what}" for what, count in counts.items() if count]


def _outside(address: str) -> dict[str, str]:
    return {
        "CASEWARD_COPYRIGHT_GENERATOR_URL": f"{address}/generator",
        "CASEWARD_COPYRIGHT_GENERATOR_TOKEN": "sandbox-generator",
        "CASEWARD_COPYRIGHT_SMS_URL": f"{address}/sms",
        "CASEWARD_COPYRIGHT_SMS_TOKEN": "sandbox-sms",
    }


async def take_in(environ: dict[str, str], title: str) -> None:
    settings = read_settings(data_dir=Path(environ["CASEWARD_DATA_DIR"]), database_url=environ["CASEWARD_DATABASE_URL"])
    (row,) = json.loads(sample(TITLE))
    row["full_name"] = title
    async with open_record(settings) as record:
        intake = read(json.dumps([row], ensure_ascii=False).encode(), date.max)
        assert not intake.problems, intake.problems
        await import_cases(record, INTAKE, intake.rows, actor="person:clerk")


async def _store(engine: AsyncEngine, folder: Path, environ: dict[str, str]) -> Store:
    await migrate(engine)
    keys = folder / "data" / "keys.json"
    keys.parent.mkdir(parents=True, exist_ok=True)
    make_keys(keys)
    settings = read_settings(data_dir=folder / "data", database_url=environ["CASEWARD_DATABASE_URL"])
    async with open_record(settings) as record:
        await record.clock.jump(datetime.fromisoformat(START))
    return Store(engine, open_vault(keys), "test")

"""`caseward demo`: the samples, on a data folder of their own, played to the end against the sandbox."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from adapters.chromium import Found, find
from assembly import Workers, open_workers
from console.commands.importing import import_registrations
from console.demonstration.audit import audit
from console.demonstration.cast import Cast, read_acts
from console.demonstration.desk import Desk
from console.demonstration.jumps import Jumps
from console.demonstration.outside import Outside, free_port, running
from console.demonstration.rounds import Rounds
from console.intake.accounts import add_accounts
from console.intake.files import read, read_accounts
from console.wording.texts import Texts
from record import Record, open_record
from workflow.errors import WorkflowError
from workflow.outcomes import Moved
from workflow.settings import Settings, read_settings
from workflow.store import Filters

SAMPLES = Path(__file__).resolve().parents[2] / "docs" / "samples"
BEIJING = ZoneInfo("Asia/Shanghai")
FOLDER = "demo"
LONGEST = timedelta(days=60)
"""Business time after which a case that has not ended is called stuck."""
ROUNDS = 200
"""Rounds at one instant after which the demonstration says that it turns in a circle."""

Tell = Callable[[Moved], None]


class Stuck(WorkflowError):
    """The demonstration does not come to its end."""

    def __init__(self, why: str, standing: str) -> None:
        super().__init__(f"the demonstration is stuck: {why}; still open: {standing}")


async def demonstrate(settings: Settings, texts: Texts, tell: Tell) -> dict[str, Any]:
    """Play the samples to their ends; what came of it. tell hears of each transition as it happens."""
    folder = settings.data_dir / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    world = json.loads((SAMPLES / "world.json").read_text("utf-8"))
    port = free_port(8701)
    async with open_record(_settings(folder, f"http://127.0.0.1:{port}", texts)) as record:
        began = await record.clock.real()
        found = await find(browsers=settings.data_dir / "browsers", executable=_named(settings), install=True)
        if not isinstance(found, Found):
            raise WorkflowError(str(found))
        start = _start(began)
        await record.clock.jump(start)
        await _take_in(record, texts)
        async with running(folder / "sandbox", {**world, "start": start.isoformat()}, port) as outside:
            async with open_workers(record, found) as workers:
                await _play(record, workers, outside, read_acts(world), tell)
            counts = Counter(row.claim.state for row in await record.store.cases(Filters(flow="copyright"), limit=1000))
            steps = await record.documents.count("evidence")
            audited = await audit(record, outside)
            took = await record.clock.real() - began
    return {
        "cases": {state: counts[state] for state in ("granted", "rejected")}
        | {state: count for state, count in counts.items() if state not in ("granted", "rejected")},
        "transitions": audited.pop("transitions"),
        "browser": {"name": "chromium", "version": found.version, "steps": steps},
        **audited,
        "seconds": round(took.total_seconds(), 1),
    }


def shortcomings(result: dict[str, Any], expected: int) -> list[str]:
    """What does not hold of a demonstration that went well; empty when all does."""
    ledger, incidents = result["ledger"], result["incidents"]
    wrong = []
    if result["cases"] != {"granted": expected - 1, "rejected": 1}:
        wrong.append(f"cases ended otherwise than {expected - 1} granted and 1 rejected: {result['cases']}")
    if ledger["doubled"] or ledger["lost"]:
        wrong.append(f"the ledger has {ledger['doubled']} doubled and {ledger['lost']} lost")
    if incidents["open"]:
        wrong.append(f"{incidents['open']} incidents are open")
    if not incidents["opened"]:
        wrong.append("the wrong password opened no incident")
    if not result["history"]["verified"]:
        wrong.append("the history does not verify")
    return wrong


async def _play(record: Record, workers: Workers, outside: Outside, acts: Any, tell: Tell) -> None:
    rounds = Rounds(record, workers)
    cast = Cast(Desk(record, workers.seats, workers.sign_in, "cast:demonstration"), outside, acts)
    jumps = Jumps(record, outside, cast, rounds.keep_alive)
    end = await record.clock.business() + LONGEST
    told = turns = 0
    while await record.store.cases(Filters(flow="copyright", final=False), limit=1):
        now = await record.clock.business()
        came = await rounds.one() + await cast.act(now)
        for move in rounds.swept.moved[told:]:
            tell(move)
        told = len(rounds.swept.moved)
        turns += 1
        if turns > ROUNDS:
            raise Stuck(f"{ROUNDS} rounds at {now:%m-%d %H:%M} came to no end", await _standing(record))
        if came:
            continue
        turns = 0
        to = await jumps.to_next()
        if to is None or to > end:
            raise Stuck("nothing will happen any more", await _standing(record))


async def _take_in(record: Record, texts: Texts) -> None:
    """The samples as any office would hand them in."""
    now = await record.clock.business()
    accounts = read_accounts(SAMPLES / "accounts.json")
    intake = read(SAMPLES / "registrations.json", now.astimezone(BEIJING).date())
    if problems := [*accounts.problems, *intake.problems]:
        raise WorkflowError("; ".join(problem.text(texts.language) for problem in problems))
    await add_accounts(record, [row.data for row in accounts.rows], actor="cast:demonstration")
    await import_registrations(
        record, intake.rows, actor="cast:demonstration", reason=None, label=lambda row: row.data.title
    )


async def _standing(record: Record) -> str:
    rows = await record.store.cases(Filters(final=False), limit=100)
    return ", ".join(f"{row.claim.number} {row.claim.state}" for row in rows if row.claim.flow == "copyright")


def _settings(folder: Path, origin: str, texts: Texts) -> Settings:
    return read_settings(
        data_dir=folder,
        database_url=None,
        lang=texts.language,
        portal_url=f"{origin}/portal",
        generator_url=f"{origin}/generator",
        generator_token="sandbox-generator",
        records_url=f"{origin}/records",
        records_token="sandbox-records",
        sms_url=f"{origin}/sms",
        sms_token="sandbox-sms",
        codes_url=f"{origin}/records",
        codes_address=origin.removeprefix("http://"),
        progress_url=f"{origin}/progress",
        progress_address=origin.removeprefix("http://"),
    )


def _start(now: datetime) -> datetime:
    """One in the afternoon of tomorrow: clocks only move forward, and the story needs an open bureau."""
    tomorrow = now.astimezone(BEIJING) + timedelta(days=1)
    return tomorrow.replace(hour=13, minute=0, second=0, microsecond=0)


def _named(settings: Settings) -> str | None:
    return str(settings.chromium) if settings.chromium else None

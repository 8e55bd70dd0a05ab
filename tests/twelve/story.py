"""The samples played to their ends by an installation of servers, its broker killed half-way where that is asked."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from celery import Celery
from celery.exceptions import OperationalError

from caseward.app.adapters import open_workers
from caseward.app.celery_app import TASK
from caseward.app.celery_setup import QUIET, configured
from caseward.app.installation import Record, open_record
from caseward.console.commands.case.imports import import_cases
from caseward.console.intake.accounts import add_accounts
from caseward.console.intake.files import read_accounts
from caseward.console.intake.samples import read_acts
from caseward.demonstration.audit import applied, audit, claimed
from caseward.demonstration.cast import Cast
from caseward.demonstration.demo import to_the_end
from caseward.demonstration.desk import Desk
from caseward.demonstration.listening import Listener
from caseward.demonstration.outside import Outside
from caseward.demonstration.play import Play
from tests.registration.particulars import SAMPLES
from tests.systems import INTAKE, POOL, part, read
from tests.twelve.installation import COMMANDS, Broker, Installation
from tests.twelve.log_of_runs import holes
from tests.worker.processes import until
from workflow.record.events import Event
from workflow.schedules.run import Heartbeat, Run
from workflow.store import CaseRow, Filters

BEIJING = ZoneInfo("Asia/Shanghai")
CLERK = "person:clerk"
READY_WITHIN = 120.0
"""Seconds: five processes begin at once, on cores that others use as well."""


REJECTED = "国家级最强智能选号大师软件"
"""The shortest way of them all: one owner, no code to be waited for, and the bureau says no."""


@dataclass(frozen=True)
class Asked:
    """titles: of the samples; none: all. dies_at: so many are submitted when the broker is killed; back_at: when
    another begins on its port.
    """

    titles: Sequence[str] = ()
    dies_at: int | None = None
    back_at: int | None = None


@dataclass
class Telling:
    """Tells workers of runs as a beat does, and leaves a broker alone that does not answer."""

    app: Celery
    sent: int = 0
    jumps: int = 0
    quiet_until: float = 0.0

    def __call__(self, runs: Sequence[Run]) -> None:
        self.jumps += 1
        for run in runs:
            if asyncio.get_running_loop().time() < self.quiet_until:
                return
            try:
                self.app.send_task(TASK, args=[run.id], queue=run.queue, ignore_result=True, retry=False)
                self.sent += 1
            except (OperationalError, OSError):
                self.quiet_until = asyncio.get_running_loop().time() + QUIET


@dataclass
class Killing:
    """Hears what happens, and kills the broker when it is time."""

    asked: Asked
    broker: Broker
    submitted: set[str] = field(default_factory=set)
    deaths: int = 0
    begun_again: int = 0

    def __call__(self, row: CaseRow, event: Event) -> None:
        if event.kind == "moved" and (event.body or {}).get("to") == "submitted":
            self.submitted.add(row.claim.case)
        count, dies, back = len(self.submitted), self.asked.dies_at, self.asked.back_at
        if dies is not None and count >= dies and not self.deaths:
            self.broker.kill()
            self.deaths += 1
        if back is not None and count >= back and self.deaths and not self.begun_again:
            self.broker.begin()
            self.begun_again += 1


@dataclass(frozen=True)
class Came:
    """What it came to. figures: to be shown; holes: instants that are twice in the log of runs, or missing."""

    figures: dict[str, Any]
    holes: list[str]
    alive: list[Heartbeat]
    codes: dict[str, int]
    left: dict[str, Any]


async def played(on: Installation, asked: Asked) -> Came:
    """From the first process to the last one's end."""
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        record = await stack.enter_async_context(open_record(on.settings, on.systems))
        world = await _handed_in(record, asked.titles)
        outside = await stack.enter_async_context(_outside(on, world, await record.clock.business()))
        began = loop.time()
        on.begin()
        await until(lambda: _all_there(record, on), READY_WITHIN)
        ready = loop.time()
        # people log in from a terminal, with a browser of their own
        terminal = await stack.enter_async_context(open_workers(record, on.chromium))
        cast = Cast(Desk(record, terminal, CLERK), [played := part(outside, read_acts(world))])
        app = Celery("play", set_as_current=False)
        app.conf.update(configured(on.settings))
        telling, killing = Telling(app), Killing(asked, on.broker)
        play = Play(record, outside, cast, Listener(record, killing), telling)
        await play.begin()
        await to_the_end(play)
        await until(lambda: _at_rest(record), READY_WITHIN)
        ended = loop.time()
        app.close()
        alive = await record.store.heartbeats()
        counts = Counter(row.claim.state for row in await record.store.cases(Filters(flow="copyright"), limit=1000))
        cpu = await asyncio.to_thread(on.cpu)
        codes, family = await asyncio.to_thread(on.end)
        stopped = loop.time()
        audited = await audit(record, [played])
        ours, theirs = await claimed(record, played), await applied(played)
        rows = await record.store.runs(limit=1_000_000)
        ran = [row for row in rows if row.status == "finished"]
        by_process = Counter(row.owner.split("/")[1] for row in ran if row.owner)
        figures = {
            "cases": dict(counts),
            **audited,
            "on one side alone": {"record": [*(ours - theirs)], "ledger": [*(theirs - ours)]},
            "seconds": {
                "until all are there": round(ready - began, 1),
                "played": round(ended - ready, 1),
                "until all have ended": round(stopped - ended, 1),
            },
            "cpu seconds": cpu,
            "jumps": telling.jumps,
            "runs": {
                "in all": len(ran),
                "by": {name: by_process[str(process.pid)] for name, process in on.running.items()},
                "broken off": sum(row.error is not None for row in ran),
                "statuses": dict(Counter(row.status for row in rows)),
            },
            "messages": on.broker.sent(),
            "broker": {"killed": killing.deaths, "begun again": killing.begun_again},
            "waits": waits(ran),
        }
        left = {
            "leases": await record.store.anything_leased(await record.clock.real()),
            "running": [row.name for row in rows if row.status == "running"],
            "heartbeats": [(one.kind, one.process) for one in await record.store.heartbeats()],
            "processes": family,
        }
        return Came(figures, holes(record.rules, await record.store.schedules(), rows), alive, codes, left)


def waits(ran: Sequence[Run]) -> dict[str, Any]:
    """Milliseconds from a run's row to its beginning, and from there to its end, by what it is for: median and sum."""
    found: dict[str, list[tuple[float, float]]] = {}
    for row in ran:
        if row.begun_at and row.ended_at:
            waited, took = row.begun_at - row.made_at, row.ended_at - row.begun_at
            moved = "idle" if not any(row.counts.values()) else "with cases"
            name = f"{row.name}, {row.queue}, {moved}"
            found.setdefault(name, []).append((waited / timedelta(milliseconds=1), took / timedelta(milliseconds=1)))
    return {
        name: {
            "runs": len(rows),
            "waited": round(sorted(one for one, _ in rows)[len(rows) // 2]),
            "took": round(sorted(one for _, one in rows)[len(rows) // 2]),
            "took in all": round(sum(one for _, one in rows)),
        }
        for name, rows in sorted(found.items())
    }


async def _handed_in(record: Record, titles: Sequence[str]) -> dict[str, Any]:
    """The samples as any office would hand them in, at one in the afternoon of tomorrow; the world they meet."""
    tomorrow = (await record.clock.real()).astimezone(BEIJING) + timedelta(days=1)
    now = await record.clock.jump(tomorrow.replace(hour=13, minute=0, second=0, microsecond=0))
    wanted = json.loads((SAMPLES / "registrations.json").read_text("utf-8"))
    wanted = [one for one in wanted if not titles or one["full_name"] in titles]
    intake = read(json.dumps(wanted).encode(), now.astimezone(BEIJING).date())
    accounts = read_accounts(SAMPLES / "accounts.json")
    assert not intake.problems + accounts.problems
    logins = {row.data.account for row in intake.rows}
    named = [row.data for row in accounts.rows if row.data.login in logins]
    await add_accounts(record, named, actor=CLERK, pool=POOL)
    await import_cases(record, INTAKE, intake.rows, actor=CLERK)
    world: dict[str, Any] = json.loads((SAMPLES / "world.json").read_text("utf-8"))
    return world


@asynccontextmanager
async def _outside(on: Installation, world: dict[str, Any], start: datetime) -> AsyncIterator[Outside]:
    """The sandbox by its command, whose clock begins with ours."""
    with on.outside({**world, "start": start.isoformat()}):
        async with httpx.AsyncClient(base_url=on.origin, trust_env=False) as client:
            outside = Outside(on.origin, client)
            await until(lambda: _answers(outside))
            yield outside


async def _answers(outside: Outside) -> bool:
    try:
        await outside.now()
    except httpx.TransportError:
        return False
    return True


async def _at_rest(record: Record) -> bool:
    """The last notices are sent: their cases have ended before."""
    return not await record.store.unsent() and not await record.store.any_open()


async def _all_there(record: Record, on: Installation) -> bool:
    for name, process in on.running.items():
        assert process.poll() is None, on.log(name).read_text("utf-8")
    return len(await record.store.heartbeats()) == len(COMMANDS)

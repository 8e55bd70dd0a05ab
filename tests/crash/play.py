"""Plays one story to its end: a worker that may be killed on the way, people who act, time that leaps."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import httpx

from caseward.app.installation import Record, open_record
from caseward.app.systems import read_systems
from caseward.console.commands.case.imports import import_cases
from caseward.console.intake.accounts import add_accounts
from caseward.console.intake.files import PortalAccount
from caseward.demonstration.coming import next_known
from caseward.demonstration.desk import Desk
from caseward.demonstration.outside import Outside
from tests.crash.fire import LaterClock
from tests.crash.people import People
from tests.crash.stage import ACCOUNT, DEVICE, PERSON, START, Stage, sample, world_of
from tests.crash.worker import LAST_WORDS, Orders, said_of, work
from tests.systems import INTAKE, POOL, at_sandbox, read
from workflow.record.values import OPEN
from workflow.settings import read_settings
from workflow.store import CaseRow, Filters

LEASE = timedelta(seconds=60)
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["__main__", "tests.crash.worker"])
TURNS = 200
ENDS = ("granted", "rejected")


@dataclass(frozen=True)
class Force:
    """An operator puts the case into another state, once it stands in this one."""

    at: str
    to: str
    round: int = 0


@dataclass(frozen=True)
class Story:
    """A sample, what the bureau answers, and how it ends."""

    name: str
    title: str
    review: tuple[dict[str, Any], ...] = ({"after_hours": 2, "status": "已发放"},)
    forces: tuple[Force, ...] = ()
    end: str = "granted"
    rounds: int = 0
    """The round in which it ends."""

    def without_forces(self) -> Story:
        return replace(self, forces=())

    @property
    def world(self) -> dict[str, Any]:
        return world_of(self.title, list(self.review))


class Killed(Exception):
    """The worker is gone."""


class Worker:
    """A process of its own, told what to do over a pipe."""

    def __init__(self, orders: Orders, life: Callable[[Orders, Connection], None] = work) -> None:
        self._line, theirs = FORKS.Pipe()
        self._process = FORKS.Process(target=life, args=(orders, theirs), daemon=True)
        self._process.start()
        theirs.close()

    async def ask(self, job: str, *given: object) -> tuple[object, tuple[str, ...]]:
        try:
            self._line.send((job, given))
            answer: tuple[object, tuple[str, ...]] = await asyncio.to_thread(self._line.recv)
        except (EOFError, ConnectionError) as gone:
            await asyncio.to_thread(self._process.join)
            if self._process.exitcode != -signal.SIGKILL:
                raise AssertionError(f"the worker went by itself: {self._process.exitcode}") from gone
            raise Killed from gone
        return answer

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    async def stop(self) -> None:
        if self._process.is_alive():
            self._line.send(None)
        await asyncio.to_thread(self._process.join)


@dataclass
class Play:
    """A story on a folder of its own."""

    story: Story
    record: Record
    outside: Outside
    people: People
    deadly: frozenset[str] = frozenset()
    """Where its workers die, each step once."""
    steps: list[str] = field(default_factory=list)
    """What the workers did, and lived to tell."""
    faults: list[str] = field(default_factory=list)
    _worker: Worker | None = None

    @property
    def killed(self) -> list[str]:
        """The steps at which workers died, in order."""
        said = self.record.settings.data_dir / LAST_WORDS
        return said.read_text("utf-8").splitlines() if said.exists() else []

    async def to_its_end(self, until: Callable[[CaseRow], bool] = lambda row: False) -> None:
        """Or until something holds of the case; then its worker is sent home."""
        self._begin()
        for _ in range(TURNS):
            if until(await self.case()):
                return await self.close()
            if await self._forced() or await self._ask("round") or await self.people.act():
                self.faults += broken(await self._rows(), await self.record.clock.business())
                continue
            if (await self.case()).claim.state in ENDS:
                return None
            if not await self._leap():
                raise AssertionError("nothing will happen any more")
        raise AssertionError(f"{TURNS} turns came to no end")

    async def case(self) -> CaseRow:
        (row,) = await self.record.store.cases(Filters(flow="copyright"), limit=2)
        return row

    async def close(self) -> None:
        if self._worker is not None:
            await self._worker.stop()
            self._worker = None

    def orders(self) -> Orders:
        """For a worker that begins now."""
        left = self.deadly.difference(self.killed)
        return Orders(self.record.settings, said_of(self.record), cast(LaterClock, self.record.clock).later, left)

    def lease_runs_out(self) -> None:
        cast(LaterClock, self.record.clock).later += LEASE + timedelta(seconds=1)

    def _begin(self) -> None:
        """A fresh worker, of another process than the one before."""
        self._worker = Worker(self.orders())

    async def _rows(self) -> list[CaseRow]:
        return await self.record.store.cases(Filters(), limit=10)

    async def _ask(self, job: str, *given: object) -> int:
        """How much came of it; a worker that dies over it is followed by another when its lease has run out."""
        assert self._worker is not None
        try:
            answer, steps = await self._worker.ask(job, *given)
        except Killed:
            self.lease_runs_out()
            self._begin()
            return 1
        self.steps += steps
        if isinstance(answer, int):
            return answer
        if str(answer).startswith("Conflict"):
            return 0
        raise AssertionError(f"{job}: {answer}")

    async def _forced(self) -> bool:
        """The operator does what the story wants of him; where he is told to wait, he comes back."""
        row = await self.case()
        events = await self.record.store.events(row.claim.case)
        done = [event.body["to"] for event in events if event.kind == "forced" and event.body]
        force = next((force for force in self.story.forces if force.to not in done), None)
        if force is None or (row.claim.state, row.claim.round) != (force.at, force.round):
            return False
        await self._ask("force", row.claim.case, force.to, "looked at once more")
        events = await self.record.store.events(row.claim.case)
        return any(event.kind == "forced" and event.body and event.body["to"] == force.to for event in events)

    async def _leap(self) -> bool:
        """To the next instant at which something happens; sessions may end meanwhile."""
        to = await next_known(self.record, self.outside, await self.people.next(), looks=True)
        if to is None:
            return False
        await self.outside.set_clock(to)
        await self.record.clock.jump(to)
        return True


def broken(rows: list[CaseRow], now: datetime) -> list[str]:
    """I2 and I5: each live case waits for something that will come, and no unknown effect is forgotten."""
    found = []
    for row in rows:
        claim, open_ones = row.claim, [effect for effect in row.claim.effects if effect.status in OPEN]
        if claim.state in ENDS:
            found += [f"{claim.number} ended with {effect.action} {effect.status}" for effect in open_ones]
            continue
        waits = row.due_at or claim.owner or row.barred or claim.held or row.deferred
        if not waits:
            found.append(f"{claim.number} waits for nothing that will come")
        for effect in open_ones:
            if effect.deadline and effect.deadline + timedelta(hours=1) < now and not row.barred:
                found.append(f"{claim.number}: {effect.action} is unknown since {effect.intended_at}")
        if any(effect.epoch > claim.epoch for effect in claim.effects):
            found.append(f"{claim.number} has an effect of an epoch that was never given out")
    return found


@asynccontextmanager
async def playing(story: Story, folder: Path, stage: Stage) -> AsyncIterator[Play]:
    """The story as it stands in the folder, or from its beginning where that is empty."""
    new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    stage.begin(folder / "outside", story.world)
    settings = read_settings(data_dir=folder, database_url=None, lang="en")
    async with open_record(settings, read_systems(settings, at_sandbox(stage.address))) as record:
        record.clock = LaterClock(record.database, timedelta(0))
        if new:
            await _take_in(record, story)
        person = {name.decode(): value.decode() for name, value in [PERSON]}
        async with httpx.AsyncClient(base_url=stage.address, trust_env=False, headers=person) as client:
            outside, commands = Outside(stage.address, client), record.commands("person:owner")
            desk = Desk(record, cast(Any, None), "person:clerk")
            play = Play(story, record, outside, People(desk, outside, commands))
            try:
                yield play
            finally:
                await play.close()


async def _take_in(record: Record, story: Story) -> None:
    start = datetime.fromisoformat(START)
    await record.clock.jump(start)
    intake = read(sample(story.title), start.date())
    assert not intake.problems, intake.problems
    await add_accounts(record, [PortalAccount.model_validate(ACCOUNT)], actor="person:clerk", pool=POOL)
    await import_cases(record, INTAKE, intake.rows, actor="person:clerk")
    store, now, real = record.store, await record.clock.business(), await record.clock.real()
    (account,) = await store.accounts()
    seat = await store.lease_seat("portal", owner="clerk", real=real, lease=LEASE, cutoff=now, account=account.id)
    assert seat is not None
    await store.store_session(seat, {"device": DEVICE}, now=now, fresh=False)
    await store.release_seat(seat, clean=True)

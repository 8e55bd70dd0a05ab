"""An office whose clock is set at random: two beats, two workers, workers that die, and what each of them did."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from workflow.clock import SetClock
from workflow.flow.case import Case, No, Verdict
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow, State, To
from workflow.scheduler.beat import Beat
from workflow.scheduler.commands import ScheduleCommands
from workflow.scheduler.target_runs import TargetRunner
from workflow.scheduler.worker import Worker
from workflow.schedules.schedule import Definition, Rules
from workflow.schedules.targets import Job, JobKind, Targets
from workflow.store import Store
from workflow.testing import Bench, bench

CASES = 6
LEASE = timedelta(seconds=60)
PERIODS = {"looks": 30, "often": 30, "hourly": 3600}
"""Seconds between two instants of each schedule."""
SIZES = (40, 55, 61, 90, 300, 1800, 7200, 86_400, 30 * 86_400, 315_360_000)
"""Seconds by which the clock is set, either way; by the first two it may be put right without a word."""


class S(StrEnum):
    open = "open"
    done = "done"


class Nothing(BaseModel):
    """What a case of this office holds."""

    model_config = ConfigDict(frozen=True)


def never(case: Case[Nothing]) -> Verdict:
    return No(waits_for="nobody")


FLOW = Flow(
    "ticks",
    version=1,
    data=Nothing,
    prefix="T",
    states=[State(S.open, "open", To(S.done, when=never), waits_for="nobody"), State(S.done, "done", final=True)],
)
TARGETS = Targets({"ticks": Plan(FLOW)}, {"often": JobKind("often"), "hourly": JobKind("hourly")})


@dataclass
class Ledger:
    """What was done, each at the elapsed second at which it was: nobody sets that."""

    looks: list[tuple[float, str]] = field(default_factory=list)
    runs: list[tuple[float, str]] = field(default_factory=list)
    jumps: list[tuple[float, float]] = field(default_factory=list)
    """Elapsed second, and by how many seconds the clock was set."""
    deaths: list[tuple[float, str, str]] = field(default_factory=list)
    """Elapsed second, process, and the case that it held; empty where it held none."""


@dataclass
class Office:
    """Everything that runs, and the hand on the clock."""

    store: Store
    clock: SetClock
    dice: random.Random
    beats: list[Beat]
    workers: list[Worker] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    armed: float | None = None
    """The clock is set by so much while the next job runs."""

    def elapsed(self) -> float:
        return self.clock.elapsed().total_seconds()

    async def set_clock(self, by: float) -> None:
        self.ledger.jumps.append((self.elapsed(), by))
        real, business = await self.clock.real(), await self.clock.business()
        self.clock.set(business=business + timedelta(seconds=by), real=real + timedelta(seconds=by))

    async def wrong_by(self) -> float:
        return sum(by for _, by in self.ledger.jumps)

    async def do_job(self, job: Job) -> Mapping[str, int]:
        self.ledger.runs.append((self.elapsed(), job.name))
        if self.armed is not None:
            by, self.armed = self.armed, None
            await self.set_clock(by)
        return {}

    async def step(self, seconds: int) -> None:
        """Time goes by, and everybody looks."""
        self.clock.advance(timedelta(seconds=seconds))
        for beat in self.beats:
            await beat.once()
        for worker in self.workers:
            await worker.look()
            await worker.idle()
            await worker._say_alive()

    async def die(self, number: int) -> None:
        """A worker begins a run and claims a case, and is not seen again."""
        name, real, now = f"dead-{number}", await self.clock.real(), await self.clock.business()
        await self.store.heartbeat(name, "worker", queues=("http",), doing={}, real=real)
        for run in (await self.store.pending(("http",), 10, now=now))[:1]:
            await self.store.begin(run, owner=name, real=real, lease=LEASE)
        held = await self.store.claim(
            flow="ticks", state="open", cutoff=now, real=real, lease=LEASE, limit=1, owner=name, queue="http"
        )
        self.ledger.deaths.append((self.elapsed(), name, held[0].case if held else ""))


@asynccontextmanager
async def office(folder: Path, seed: int, url: str | None) -> AsyncIterator[Office]:
    """On SQLite in the folder, or on the empty database of this address."""
    async with bench(Plan(FLOW), folder, url=url) as at_work:
        rules = Rules(TARGETS, {})
        beats = [Beat(at_work.store, at_work.clock, rules, f"beat-{number}") for number in range(2)]
        found = Office(at_work.store, at_work.clock, random.Random(seed), beats)
        _note_looks(at_work, found)
        people = ScheduleCommands(at_work.store, at_work.clock, rules, "person:test")
        for name, target, timing in (
            ("looks", "sweep ticks.open", "every 30 s"),
            ("often", "job often", "every 30 s"),
            ("hourly", "job hourly", "0 0 * * * ?"),
        ):
            await people.add(Definition(name, "attack", target, timing, "Asia/Shanghai"))
        for _ in range(CASES):
            await at_work.open(Nothing())
        for number in range(2):
            dependencies = replace(at_work.dependencies, process=f"worker-{number}")
            perform = TargetRunner(
                at_work.store,
                at_work.clock,
                TARGETS,
                {"http": dependencies},
                found.do_job,
            )
            found.workers.append(
                Worker(at_work.store, at_work.clock, perform, f"worker-{number}", ["http"], lease=LEASE)
            )
        yield found


def _note_looks(at_work: Bench, found: Office) -> None:
    claim = at_work.store.claim

    async def noted(**given: Any) -> Any:
        claims = await claim(**given)
        if not str(given["owner"]).startswith("dead-"):
            found.ledger.looks += [(found.elapsed(), one.case) for one in claims]
        return claims

    at_work.store.claim = noted  # type: ignore[method-assign]


async def play(found: Office, steps: int) -> datetime:
    """Random time with jumps and deaths, then ten minutes by the right clock; what the clock should say at the end."""
    dice, deaths = found.dice, 0
    for _ in range(6):
        await found.step(10)
    for _ in range(steps):
        if found.armed is None and dice.random() < 0.06:
            by = float(dice.choice(SIZES) * dice.choice((-1, 1)))
            if abs(await found.wrong_by() + by) > 400_000_000:
                by = -by
            if dice.random() < 0.3:
                found.armed = by
            else:
                await found.set_clock(by)
        elif deaths < CASES // 2 and dice.random() < 0.03:
            deaths += 1
            await found.die(deaths)
        await found.step(dice.choice((1, 2, 5, 10)))
    found.armed = None
    await found.step(1)
    if wrong := await found.wrong_by():
        await found.set_clock(-wrong)
    for _ in range(120):
        await found.step(5)
    return await found.clock.real()

"""A sweep of many cases is shared by the workers that are free; whoever dies on it, it ends once, each case counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.worker.errand import House, worker
from workflow.engine.allowance import Allowance
from workflow.engine.sweep import BATCH
from workflow.scheduler.run_shares import Perform, RunResult
from workflow.scheduler.worker import Worker
from workflow.schedules.run import Run

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass
class Hand:
    """A worker that does its share once it may. most: after so many cases it hangs, and to all others it is dead."""

    runs: Worker
    work: Perform
    most: int | None = None
    may: asyncio.Event = field(default_factory=asyncio.Event)
    hangs: asyncio.Event = field(default_factory=asyncio.Event)
    wakes: asyncio.Event = field(default_factory=asyncio.Event)
    breaks: Exception | None = None

    def __post_init__(self) -> None:
        self.runs.perform = self

    async def __call__(self, run: Run, allowance: Allowance) -> RunResult:
        await self.may.wait()
        if self.breaks is not None:
            raise self.breaks
        if self.most is None:
            return await self.work(run, allowance)
        allowance._left = self.most
        came = await self.work(run, allowance)
        self.hangs.set()
        await self.wakes.wait()
        return came

    async def begins(self) -> None:
        assert await self.runs.look() == 1

    async def goes_on(self) -> None:
        self.may.set()
        await self.runs.idle()

    async def dies(self) -> None:
        self.may.set()
        await self.hangs.wait()


Hire = Callable[..., Hand]


@pytest.fixture
async def hire(home: House) -> AsyncIterator[Hire]:
    hands: list[Hand] = []

    def hired(process: str, lease: timedelta = HOUR, most: int | None = None) -> Hand:
        runs = worker(home.office, replace(home.dependencies, process=process, active={}), lease=lease)
        hands.append(Hand(runs, runs.perform, most))
        return hands[-1]

    yield hired
    for hand in hands:
        hand.wakes.set()
        hand.may.set()
        await hand.runs.idle()


async def begun(home: House, cases: int, **schedule: object) -> Run:
    await home.open(cases, ready=True)
    await home.add(**schedule)
    return (await home.office.timetable.run_now("notices")).run


async def row(home: House) -> Run:
    (run,) = await home.office.store.runs()
    return run


async def moved_by(home: House) -> Mapping[str, int]:
    """How many cases each worker moved."""
    query = text("SELECT actor, count(*) FROM events WHERE kind = 'moved' GROUP BY actor")
    async with home.office.store.engine.connect() as connection:
        return {actor.removeprefix("worker:"): count for actor, count in (await connection.execute(query)).all()}


async def shares(home: House) -> int:
    async with home.office.store.engine.connect() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM run_shares"))).scalar_one())


async def test_two_workers_share_a_sweep_and_every_case_counts_once(home: House, hire: Hire) -> None:
    await begun(home, 6 * BATCH)
    one, two = hire("one"), hire("two")
    await one.begins()
    await two.begins()
    await asyncio.gather(one.goes_on(), two.goes_on())
    run, by = await row(home), await moved_by(home)
    assert (run.status, run.counts, run.error, run.tries) == ("finished", {"moved": 6 * BATCH}, None, 1)
    assert by.keys() == {"one", "two"}
    assert sum(by.values()) == 6 * BATCH
    assert await shares(home) == 0


async def test_as_many_share_as_are_free_and_each_once(home: House, hire: Hire) -> None:
    await begun(home, 3 * BATCH)
    hands = [hire(name) for name in ("one", "two", "three", "four")]
    for hand in hands:
        await hand.begins()
    assert [await hand.runs.look() for hand in hands] == [0, 0, 0, 0]
    await asyncio.gather(*(hand.goes_on() for hand in hands))
    assert (await row(home)).counts == {"moved": 3 * BATCH}
    assert [await hand.runs.look() for hand in hands] == [0, 0, 0, 0]


async def test_a_run_ends_with_the_last_who_is_at_it(home: House, hire: Hire) -> None:
    """Until then the next run of its schedule does not begin."""
    await begun(home, 3 * BATCH)
    one, two = hire("one"), hire("two")
    await one.begins()
    await two.begins()
    await one.goes_on()
    run = await row(home)
    assert (run.status, run.owner, run.ended_at) == ("running", "one", None)
    await two.goes_on()
    run = await row(home)
    assert (run.status, run.counts) == ("finished", {"moved": 3 * BATCH})


async def test_who_helps_ends_the_run_of_one_who_died(home: House, hire: Hire) -> None:
    await begun(home, 4 * BATCH)
    one, two = hire("one", MINUTE, most=BATCH), hire("two")
    await one.begins()
    await two.begins()
    await one.dies()
    home.office.clock.advance(2 * MINUTE)
    assert await home.office.store.lose_dead(await home.office.clock.real()) == 0
    await two.goes_on()
    run = await row(home)
    assert (run.status, run.counts, run.error) == ("finished", {"moved": 4 * BATCH}, None)
    assert await moved_by(home) == {"one": BATCH, "two": 3 * BATCH}
    one.wakes.set()
    await one.runs.idle()
    assert await row(home) == run, "a late word changes nothing"


async def test_a_run_whose_worker_died_goes_on_where_another_was_through(home: House, hire: Hire) -> None:
    """Who helped had ended before anybody could know that the other was dead."""
    await begun(home, 4 * BATCH)
    one, two = hire("one", MINUTE, most=BATCH), hire("two")
    await one.begins()
    await two.begins()
    await one.dies()
    await two.goes_on()
    assert (await row(home)).status == "running"
    home.office.clock.advance(2 * HOUR)
    await home.office.store.lose_dead(await home.office.clock.real())
    run = await row(home)
    assert (run.status, run.owner, run.counts) == ("pending", None, {"moved": 4 * BATCH})
    await two.begins()
    await two.goes_on()
    run = await row(home)
    assert (run.status, run.counts, run.tries) == ("finished", {"moved": 4 * BATCH}, 2)


async def test_what_a_dead_worker_did_of_a_run_counts(home: House, hire: Hire) -> None:
    await begun(home, 4 * BATCH)
    one, two = hire("one"), hire("two", MINUTE, most=BATCH)
    await one.begins()
    await two.begins()
    await two.dies()
    home.office.clock.advance(2 * MINUTE)
    await one.goes_on()
    run = await row(home)
    assert (run.status, run.counts) == ("finished", {"moved": 4 * BATCH})
    assert await moved_by(home) == {"two": BATCH, "one": 3 * BATCH}


async def test_a_run_that_nobody_shared_is_lost_and_says_what_it_did(home: House, hire: Hire) -> None:
    await begun(home, 2 * BATCH)
    one = hire("one", MINUTE, most=BATCH)
    await one.begins()
    await one.dies()
    home.office.clock.advance(2 * MINUTE)
    assert await home.office.store.lose_dead(await home.office.clock.real()) == 1
    run = await row(home)
    assert (run.status, run.counts) == ("lost", {"moved": BATCH})


async def test_who_is_told_to_stop_leaves_the_run_to_the_other(home: House, hire: Hire) -> None:
    await begun(home, 4 * BATCH)
    one, two = hire("one", most=BATCH), hire("two")
    await one.begins()
    await two.begins()
    await one.dies()
    one.runs.stop.ask()
    one.wakes.set()
    await one.runs.idle()
    assert (await row(home)).status == "running"
    await two.goes_on()
    run = await row(home)
    assert (run.status, run.counts, run.tries) == ("finished", {"moved": 4 * BATCH}, 1)


async def test_a_share_that_breaks_off_is_told_and_the_others_go_on(home: House, hire: Hire) -> None:
    await begun(home, 4 * BATCH, retries=3)
    one, two = hire("one"), hire("two")
    one.breaks = RuntimeError("the disk is full")
    await one.begins()
    await two.begins()
    await one.goes_on()
    assert (await row(home)).status == "running"
    await two.goes_on()
    run = await row(home)
    assert (run.status, run.counts, run.error) == ("finished", {"moved": 4 * BATCH}, None)
    assert [failure.error for failure in run.failures] == ["RuntimeError: the disk is full"]


async def test_who_helps_takes_what_was_due_when_the_run_began(home: House, hire: Hire) -> None:
    """What was looked at is due again while a long sweep goes on; it would never end."""
    await begun(home, 3 * BATCH)
    one, two = hire("one"), hire("two")
    await one.begins()
    home.office.clock.advance(MINUTE)
    await home.open(BATCH, ready=True)
    await two.begins()
    await two.goes_on()
    assert await moved_by(home) == {"two": 3 * BATCH}
    await one.goes_on()
    assert (await row(home)).counts == {"moved": 4 * BATCH}


@pytest.mark.parametrize(
    ("cases", "schedule"),
    [(4 * BATCH, {"batch": 3 * BATCH}), (4 * BATCH, {"target": "job wait"}), (BATCH, {})],
    ids=["with a limit", "no sweep", "few cases"],
)
async def test_no_other_run_is_shared(home: House, hire: Hire, cases: int, schedule: dict[str, object]) -> None:
    await begun(home, cases, **schedule)
    one, two = hire("one"), hire("two")
    await one.begins()
    assert await two.runs.look() == 0
    await one.goes_on()
    assert (await row(home)).status == "finished"


async def test_who_has_a_run_of_its_own_does_not_help(home: House, hire: Hire) -> None:
    await begun(home, 4 * BATCH)
    one, two = hire("one"), hire("two")
    await one.begins()
    await home.add(name="another", target="job wait")
    await home.office.timetable.run_now("another")
    await two.begins()
    assert await two.runs.look() == 0
    await asyncio.gather(one.goes_on(), two.goes_on())
    assert (await moved_by(home)).keys() == {"one"}

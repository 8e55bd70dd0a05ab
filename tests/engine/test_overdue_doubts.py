"""A doubt, and a death, of a case whose account nobody can use: past its deadline a person is told all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.letters import Letter, Office, PaperOffice, S, letters, post
from tests.engine.test_queues import OUT, Building
from workflow.backoff import DEATHS
from workflow.engine.pools import Pools
from workflow.errors import NotSent, Unknown
from workflow.flow.case import Done, NotDone
from workflow.flow.definition import To
from workflow.flow.remotes import Remote, Remotes
from workflow.record.values import Commit, NewIncident, Seat
from workflow.scheduler.commands import ScheduleCommands
from workflow.scheduler.target_runs import TargetRunner
from workflow.scheduler.worker import Worker
from workflow.schedules.schedule import Definition, Rules
from workflow.schedules.targets import Targets
from workflow.store import NewCase
from workflow.testing import Bench, bench

LOST = Unknown("office", "post", "the line went dead")
MINUTES, HOUR = timedelta(minutes=10), timedelta(hours=1)


@dataclass
class Door(Building):
    """An office whose sessions can be ended, or cannot."""

    opens: bool = True

    async def fence(self, seat: Seat) -> bool:
        if not self.opens:
            raise NotSent("office", "log in", "the site does not answer")
        return True


@dataclass
class Here:
    """A letter of one account, whose schedule's runs are done by one worker of both queues."""

    at: Bench
    door: Door
    account: str
    people: ScheduleCommands
    worker: Worker

    async def look(self, times: int = 1) -> None:
        for _ in range(times):
            await self.people.run_now("post")
            while await self.worker.look():
                await self.worker.idle()
            self.at.clock.advance(MINUTES)

    async def incidents(self) -> list[tuple[str, str]]:
        return [(one.kind, one.cause) for one in await self.at.store.incidents()]


@asynccontextmanager
async def here(folder: Path, office: PaperOffice) -> AsyncIterator[Here]:
    door, plan = Door(office), letters(To(S.posted, do=post))
    remote = Remote("office", Office, connect=door.connect, fence=door.fence, queue="browser")
    async with bench(plan, folder, remotes=[remote]) as at:
        targets, browsing = Targets({"letters": plan}, {}), replace(at.dependencies, queue="browser", active={})
        people = ScheduleCommands(at.store, at.clock, Rules(targets, {}), "person:test")
        await people.add(Definition("post", "letters", "sweep letters.written", "every 1 h", "UTC"))
        runner = TargetRunner(at.store, at.clock, targets, {"http": at.dependencies, "browser": browsing}, no_job)
        worker = Worker(at.store, at.clock, runner, "one", ("http", "browser"), lease=HOUR)
        account = await at.store.add_account("office", "ada", "pass")
        await at.open(Letter(), account=account, queue="browser")
        yield Here(at, door, account, people, worker)


async def no_job(job: object) -> Mapping[str, int]:
    raise AssertionError(job)


async def told_after_its_deadline(here: Here) -> None:
    """Nobody is told before; then a person is, and he can settle it."""
    await here.look(10)
    assert await here.incidents() == []
    await here.look(3)
    assert await here.incidents() == [("cannot_tell", "letters:written:post: cannot_tell")]
    (told,) = await here.at.store.incidents()
    assert told.seen["why"] == "nobody could enter by account ada to ask"
    claim = (await here.at.case()).claim
    await here.at.people.settle(claim.case, "post", happened=True, reason="he rang them up")
    await here.look()
    assert (await here.at.case()).claim.state == S.posted


async def test_a_case_that_waits_for_a_login_keeps_the_deadline_of_its_doubt(tmp_path: Path) -> None:
    async with here(tmp_path, PaperOffice(loses=[LOST], answers=[OUT])) as at:
        await at.look()
        await at.at.store.mark_account(at.account, False)
        await told_after_its_deadline(at)


async def test_so_does_one_of_an_account_that_has_no_case_of_its_own(tmp_path: Path) -> None:
    """It asked for a login, and nobody is there who logs in."""
    async with here(tmp_path, PaperOffice(loses=[LOST], answers=[OUT])) as at:
        await told_after_its_deadline(at)


async def test_so_does_the_case_of_a_retired_account(tmp_path: Path) -> None:
    async with here(tmp_path, PaperOffice(loses=[LOST], answers=[NotDone()])) as at:
        await at.look()
        store, clock = at.at.store, at.at.clock
        own = NewCase("letters", 1, "LT", "posted", {"to": ["ada"]}, account=at.account, account_case=True)
        await store.create([own], actor="person:test", reason=None, now=await clock.business())
        remotes = Remotes([Remote("office", Office, seats=True, queue="browser")])
        pools = Pools(store, clock, at.at.plans, remotes, "person:test", marks=at.at.dependencies.marks)
        await pools.retire(at.account, "the bureau closed it")
        await at.look(13)
        assert [kind for kind, _ in await at.incidents()] == ["cannot_tell"]


@pytest.mark.parametrize("how", ["held", "barred", "by hand"])
async def test_so_does_a_case_that_asks_for_a_login_of_which_nobody_takes_care(tmp_path: Path, how: str) -> None:
    async with here(tmp_path, PaperOffice(loses=[LOST], answers=[OUT])) as at:
        await at.look()
        store, clock = at.at.store, at.at.clock
        now, real = await clock.business(), await clock.real()
        own = NewCase("letters", 1, "LT", "posted", {"to": ["ada"]}, account=at.account, account_case=True)
        (made,) = await store.create([own], actor="person:test", reason=None, now=now)
        barring = NewIncident("captcha", "captcha", {}, bars=True)
        orders = {
            "held": Commit(guard="version", held="she is away"),
            "barred": Commit(guard="version", new_incidents=(barring,)),
            "by hand": Commit(guard="version", auto=False),
        }
        await store.command(made.case, None, lambda _: orders[how], now=now, real=real)
        await at.look(13)
        assert "cannot_tell" in [kind for kind, _ in await at.incidents()]


async def test_so_does_a_case_of_a_seat_that_nobody_can_make_clean(tmp_path: Path) -> None:
    async with here(tmp_path, PaperOffice(loses=[LOST], answers=[NotDone()])) as at:
        await at.look()
        at.door.opens = False
        await told_after_its_deadline(at)


async def test_a_doubt_whose_account_can_be_used_is_asked_at_the_remote(tmp_path: Path) -> None:
    """However seldom it is looked at, a person is told only after the remote was asked."""
    async with here(tmp_path, PaperOffice(loses=[LOST], answers=[NotDone()])) as at:
        await at.look()
        at.at.clock.advance(timedelta(hours=9))
        await at.look(2)
        assert await at.incidents() == []
        assert (await at.at.case()).claim.state == S.posted


async def test_one_at_which_a_person_has_somebody_look_is_asked_at_the_remote_too(tmp_path: Path) -> None:
    """Nobody had tried to enter, and a person was told that nobody could."""
    async with here(tmp_path, PaperOffice(loses=[LOST], answers=[Done()])) as at:
        await at.look()
        at.at.clock.advance(timedelta(hours=9))
        await at.at.people.look_now((await at.at.case()).claim.case)
        await at.look()
        assert await at.incidents() == []
        assert (await at.at.case()).claim.state == S.posted


async def test_who_died_over_a_case_is_told_of_though_nobody_can_use_its_account(tmp_path: Path) -> None:
    async with here(tmp_path, PaperOffice()) as at:
        store, clock = at.at.store, at.at.clock
        for deaths in range(DEATHS + 2):
            seat = await store.lease_seat(
                "office", owner="dead", real=await clock.real(), lease=MINUTES, cutoff=await clock.business(),
                account=at.account,
            )  # fmt: skip
            assert seat is not None
            while not await store.claim(
                flow="letters", state="written", cutoff=await clock.business(), real=await clock.real(),
                lease=MINUTES, limit=1, owner="dead", queue="browser", seat=seat, crashed=deaths > 0,
            ):  # fmt: skip
                clock.advance(timedelta(minutes=1))
            clock.advance(timedelta(hours=2))
        await store.mark_account(at.account, False)
        at.door.opens = False
        await at.look(8)
        assert [kind for kind, _ in await at.incidents()] == ["deaths"]

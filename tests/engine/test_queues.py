"""Who works on what: cases change hands between queues, wait for their account's login, and are met by named lines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from tests.engine.letters import Counter, Letter, Office, PaperOffice, S, counter, letters, never, post
from workflow.engine.seats import SeatWork
from workflow.engine.sweep import Engine
from workflow.errors import LoginNeeded
from workflow.flow.compiled import Plan
from workflow.flow.definition import Stay, To
from workflow.flow.remotes import Evidence, Remote, Remotes
from workflow.record.values import Seat
from workflow.store import NewCase
from workflow.testing import Bench, bench

OUT = LoginNeeded("office", "post", "you were logged out")
MINUTE = timedelta(minutes=1)


@dataclass
class Building:
    """An office that is entered with a seat."""

    office: PaperOffice
    entered: list[Seat] = field(default_factory=list)

    @asynccontextmanager
    async def connect(self, seat: Seat, evidence: Evidence) -> AsyncIterator[PaperOffice]:
        self.entered.append(seat)
        yield self.office

    async def fence(self, seat: Seat) -> bool:
        return True


@dataclass
class House:
    """A bench, and a browser worker beside it."""

    bench: Bench
    seats: SeatWork
    building: Building
    account: str

    async def browse(self, only: str | None = None) -> object:
        return await self.seats.sweep([("letters", "written"), ("letters", "posted")], only=only)


@asynccontextmanager
async def house(plan: Plan, folder: Path, office: PaperOffice) -> AsyncIterator[House]:
    building = Building(office)
    remote = Remote("office", Office, connect=building.connect, fence=building.fence, queue="browser")
    async with bench(plan, folder, remotes=[remote]) as at_work:
        browsing = replace(at_work.dependencies, queue="browser", remotes=Remotes([remote]), active={})
        seats = SeatWork(Engine(browsing), browsing, remote, at_once=1)
        account = await at_work.store.add_account("office", "ada", "pass")
        await at_work.open(Letter())
        yield House(at_work, seats, building, account)


async def test_what_needs_a_seat_is_handed_over_without_an_event_and_taken_back_by_a_move(tmp_path: Path) -> None:
    async with house(letters(To(S.posted, do=post)), tmp_path, office := PaperOffice()) as here:
        swept = await here.bench.engine.sweep("letters", "written")
        row = await here.bench.case()
        assert (swept.counts, row.claim.queue, office.calls) == ({"deferred": 1}, "browser", [])
        assert row.due_at == await here.bench.clock.business()
        assert await here.bench.kinds() == ["created"]
        assert (await here.bench.engine.sweep("letters", "written")).total == 0

        await here.browse()
        row = await here.bench.case()
        assert (row.claim.state, row.claim.queue, row.claim.account) == (S.posted, "http", here.account)
        assert len(here.building.entered) == 1


async def test_a_fact_of_a_seat_hands_the_case_over_as_well(tmp_path: Path) -> None:
    def some(counter: Counter) -> bool:
        return counter.letters == 0

    async with house(letters(To(S.posted, when=some), facts=[counter]), tmp_path, office := PaperOffice()) as here:
        await here.bench.engine.sweep("letters", "written")
        assert office.asked == 0
        await here.browse()
        assert (office.asked, (await here.bench.case()).claim.state) == (1, S.posted)


async def test_a_lost_login_defers_the_case_and_makes_the_account_due(tmp_path: Path) -> None:
    async with house(letters(To(S.posted, do=post)), tmp_path, office := PaperOffice(new_incidents=[OUT])) as here:
        store, clock = here.bench.store, here.bench.clock
        own = NewCase("accounts", 1, "ZH", "lapsed", {}, account=here.account, account_case=True)
        own = replace(own, due_at=await clock.business() + timedelta(days=1))
        (account,) = await store.create([own], actor="person:test", reason=None, now=await clock.business())
        await here.bench.engine.sweep("letters", "written")
        await here.browse()

        letter = await store.case("LT-0001")
        assert letter.deferred == "seat"
        assert letter.claim.decision is not None
        assert (await store.case(account.number)).due_at == await clock.business()
        clock.advance(timedelta(days=3))
        await here.browse()
        assert len(office.calls) == 1


async def test_a_line_that_wakes_the_seat_makes_the_deferred_cases_due(tmp_path: Path) -> None:
    plan = letters(To(S.posted, do=post))
    waking = letters(To(S.posted, wakes="seat"))
    async with house(plan, tmp_path, office := PaperOffice(new_incidents=[OUT])) as here:
        await here.bench.engine.sweep("letters", "written")
        await here.browse()
        assert (await here.bench.case()).deferred == "seat"

        new = NewCase("letters", 1, "LT", "written", {"to": ["login"]}, account=here.account)
        await here.bench.store.create([new], actor="person:test", reason=None, now=await here.bench.clock.business())
        await Engine(replace(here.bench.dependencies, plans={"letters": waking})).sweep("letters", "written")
        await here.browse()
        letter = await here.bench.store.case("LT-0001")
        assert (letter.claim.state, len(office.calls)) == (S.posted, 2)


async def test_a_named_line_is_taken_by_its_own_sweep_alone_and_touches_no_due_time(tmp_path: Path) -> None:
    plan = letters(Stay(do=post, name="collect"), To(S.posted, when=never))
    building = PaperOffice()
    async with bench(plan, tmp_path, adapters={Office: building}) as here:
        await here.open(Letter())
        await here.sweep()
        assert building.calls == []
        due = (await here.case()).due_at
        assert due is not None

        await here.engine.sweep("letters", "written", only="collect")
        assert len(building.taken) == 1
        assert (await here.case()).due_at == due
        await here.engine.sweep("letters", "written", only="collect")
        assert len(building.taken) == 1


async def test_a_named_sweep_at_a_seat_leaves_a_case_alone_whose_worker_died_on_it(tmp_path: Path) -> None:
    """Its own schedule looks at it, at growing distance; a named line would meet it at each of its runs."""
    plan = letters(Stay(do=post, name="collect"), To(S.posted, when=never))
    async with house(plan, tmp_path, office := PaperOffice()) as here:
        await here.bench.open(Letter(to=("eve",)), account=here.account)
        real, cutoff = await here.bench.clock.real(), await here.bench.clock.business()
        await here.bench.store.claim(
            flow="letters", state="written", cutoff=cutoff, real=real, lease=MINUTE, limit=9, owner="dead", queue="http"
        )
        here.bench.clock.advance(2 * MINUTE)
        for _ in range(3):
            await here.browse("collect")
        assert office.calls == []
        assert (await here.bench.store.case("LT-0002")).claim.crash_count == 1


async def test_a_named_sweep_leaves_held_and_manual_cases_alone(tmp_path: Path) -> None:
    plan = letters(Stay(do=post, name="collect"), To(S.posted, when=never))
    async with bench(plan, tmp_path, adapters={Office: (office := PaperOffice())}) as here:
        for name in ("ada", "eve", "bob"):
            await here.open(Letter(to=(name,)))
        await here.people.hold("LT-0001", "wait")
        await here.people.set_auto("LT-0002", False)
        await here.engine.sweep("letters", "written", only="collect")
        assert [name for name, _ in office.taken] == ["bob"]

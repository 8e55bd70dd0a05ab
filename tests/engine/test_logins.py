"""Logins that do not last, seats that do not come back: few tries, a person is told by account, and it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.sessions import AskPerson, LoginResult, Sessions, SessionState, SignIn
from states.accounts import flow as accounts
from tests.engine.letters import Letter, Office, PaperOffice, S, letters, post
from workflow.backoff import HANGS, LOGINS_FOR, STUCK_FOR, STUCK_TRIES
from workflow.case import NotDone, ProofAnswer
from workflow.claims import Seat
from workflow.definition import To
from workflow.engine import Engine
from workflow.equipment import Limits
from workflow.errors import Drifted, LoginNeeded, RemoteError
from workflow.explain import explain
from workflow.machine import Plan
from workflow.remotes import Evidence, Remote, Remotes
from workflow.seats import SeatWork, Sitting
from workflow.store import CaseRow, NewCase
from workflow.testing import Bench, bench

HOUR = timedelta(hours=1)
LETTERS = [("letters", "written"), ("letters", "posted")]
STATES = [("accounts", str(state.name)) for state in accounts.states]


@dataclass
class Site:
    """A site with logins: it may ask for one again at once, hang at its door, or not let an old session be ended."""

    office: PaperOffice = field(default_factory=PaperOffice)
    asks_again: bool = True
    stays_alive: bool = False
    alive: bool = True
    logins: int = 0
    captcha: bool = False
    forgets: bool = False
    fences: list[RemoteError | str] = field(default_factory=list)
    fenced: int = 0
    leaving: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def connect(self, seat: Seat, evidence: Evidence) -> AsyncIterator[Site]:
        yield self
        if self.leaving:
            await hanging(self.leaving.pop(0))

    @asynccontextmanager
    async def connect_sign_in(self, seat: Seat, evidence: Evidence) -> AsyncIterator[Site]:
        yield self

    async def post(self, name: str, key: str, gate: object = None) -> None:
        if self.asks_again:
            self.office.calls.append((name, key))
            self.alive = self.stays_alive
            raise LoginNeeded("office", "post", "you were logged out")
        await self.office.post(name, key)

    async def proof(self, name: str) -> ProofAnswer:
        return NotDone()

    async def fence(self, seat: Seat) -> bool:
        self.fenced += 1
        said = self.fences.pop(0) if self.fences else None
        if isinstance(said, RemoteError):
            raise said
        if said:
            await hanging(said)
        return True

    async def state(self, account: str) -> SessionState:
        return SessionState(status="alive" if self.alive else "dead", password_version=1)

    async def log_in(self, account: str) -> LoginResult:
        self.logins += 1
        self.alive = not (self.captcha or self.forgets)
        return LoginResult(result="captcha_asked" if self.captcha else "ok", password_version=1)

    async def log_in_with_person(self, account: str, ask: AskPerson) -> LoginResult:
        self.captcha = False
        return await self.log_in(account)


async def hanging(how: str) -> None:
    """For ever; what is deaf does not hear of a cancellation."""
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if how != "deaf":
                raise


@dataclass
class House:
    """A bench with letters, their account, and a worker for the browser."""

    bench: Bench
    site: Site
    seats: SeatWork
    browsing: Engine
    account: str

    async def look(self) -> None:
        for flow, state in (*LETTERS, *STATES):
            if state not in ("posted", "answered"):
                await self.bench.engine.sweep(flow, state)
        await self.seats.sweep([*LETTERS, *STATES])

    async def live(self, span: timedelta, every: timedelta = timedelta(minutes=10)) -> None:
        for _ in range(span // every):
            await self.look()
            self.bench.clock.advance(every)

    async def letter(self, number: str = "LT-0001") -> CaseRow:
        return await self.bench.store.case(number)

    async def told(self) -> list[tuple[str, str]]:
        return [(one.kind, one.cause) for one in await self.bench.store.incidents()]


@asynccontextmanager
async def house(folder: Path, site: Site, count: int = 1, **limits: timedelta) -> AsyncIterator[House]:
    plan = letters(To(S.posted, do=post))
    portal = Remote("office", Office, connect=site.connect, fence=site.fence, queue="browser")
    sign_in = Remote("sign_in", SignIn, connect=site.connect_sign_in, queue="browser")
    remotes = [portal, sign_in, Remote("sessions", Sessions, site)]
    async with bench(plan, folder, remotes=remotes) as at_work:
        at_work.equipment.plans = {"letters": plan, "accounts": Plan(accounts)}
        at_work.equipment.limits = Limits(**limits)
        browsing = replace(at_work.equipment, queue="browser", remotes=Remotes(remotes), active={})
        engine = Engine(browsing, at_work.store)
        account = await at_work.store.add_account("office", "ada", "pass")
        own = NewCase("accounts", 1, "ZH", "alive", {"login": "ada"}, account=account, account_case=True)
        await at_work.store.create([own], actor="person:test", reason=None, now=await at_work.clock.business())
        for _ in range(count):
            await at_work.open(Letter(), account=account)
        yield House(at_work, site, SeatWork(engine, browsing, at_work.store, portal, at_once=1), engine, account)


async def test_a_login_that_does_not_last_is_few_tries_one_cause_and_over_when_it_lasts(tmp_path: Path) -> None:
    """Logged in, asked for a login, logged in ...: each sweep a login, for ever, and nobody was told."""
    async with house(tmp_path, Site(), count=3) as here:
        begun = await here.bench.clock.business()
        while len(await here.told()) < 3:
            await here.live(timedelta(minutes=10))
            assert await here.bench.clock.business() - begun < LOGINS_FOR + 2 * HOUR
        assert set(await here.told()) == {("login_loop", "office:account:ada")}
        assert not any(one.bars for one in await here.bench.store.incidents())

        await here.live(timedelta(days=2), HOUR)
        tries = len(here.site.office.calls)
        await here.live(timedelta(days=2), HOUR)
        assert len(here.site.office.calls) - tries <= 3 * 13, "each four hours"
        assert len(await here.told()) == 3

        here.site.asks_again = False
        await here.live(6 * HOUR, HOUR)
        assert [(await here.letter(f"LT-000{n}")).claim.state for n in (1, 2, 3)] == [S.posted] * 3
        assert await here.told() == []


async def test_one_lost_login_is_no_loop(tmp_path: Path) -> None:
    async with house(tmp_path, Site()) as here:
        await here.look()
        assert (await here.letter()).deferred == "seat"
        here.site.asks_again = False
        await here.live(timedelta(minutes=30))
        assert (await here.letter()).claim.state == S.posted
        assert await here.told() == []
        assert here.site.logins == 1


async def test_who_was_asked_for_a_login_goes_on_when_the_account_is_found_alive(tmp_path: Path) -> None:
    """One page of a living session led to the login: the case stood until the next morning, and its code expired."""
    async with house(tmp_path, Site(stays_alive=True)) as here:
        await here.look()
        assert (await here.letter()).deferred == "seat"
        here.site.asks_again = False
        await here.live(timedelta(minutes=30))
        assert (await here.letter()).claim.state == S.posted
        assert (here.site.logins, await here.told()) == (0, [])


async def test_an_account_that_is_alive_for_all_but_the_work_is_few_tries_and_told(tmp_path: Path) -> None:
    async with house(tmp_path, Site(stays_alive=True)) as here:
        await here.live(timedelta(days=2), timedelta(minutes=10))
        assert await here.told() == [("login_loop", "office:account:ada")]
        assert len(here.site.office.calls) < 50


async def test_why_says_that_it_waits_for_the_login_though_it_is_looked_at_again(tmp_path: Path) -> None:
    async with house(tmp_path, Site()) as here:
        await here.live(HOUR)
        row = await here.letter()
        assert row.deferred is None
        assert row.due_at is not None
        plan = here.bench.plan
        said = explain(plan, row.claim, due_at=row.due_at, deferred=row.deferred, incidents=[], real=row.due_at)
        assert (said.reason, said.next_look) == ("login_needed", row.due_at)


async def test_a_captcha_that_nobody_answers_is_told_within_hours_and_over_with_the_login(tmp_path: Path) -> None:
    """An account that needed a person for twenty days, and each of its cases, stood without a word."""
    async with house(tmp_path, Site(alive=False, captcha=True)) as here:
        await here.live(2 * HOUR)
        assert await here.told() == [], "the person may be on the way"
        await here.live(HOUR)
        assert await here.told() == [("needs_person", "accounts:needs_person")]
        await here.live(timedelta(days=20), 6 * HOUR)
        assert len(await here.told()) == 1
        here.site.asks_again = here.site.captcha = False
        here.site.alive = True
        await here.live(HOUR)
        assert await here.told() == []
        assert (await here.letter()).claim.state == S.posted


async def test_a_login_that_the_site_forgets_at_once_is_few_tries_and_told(tmp_path: Path) -> None:
    """Logged in well, and the next question finds nobody there: a login every ten minutes, and no word."""
    async with house(tmp_path, Site(alive=False, forgets=True)) as here:
        await here.live(3 * HOUR)
        assert here.site.logins <= 6
        assert ("lapsed", "accounts:lapsed") in await here.told()
        await here.live(timedelta(days=10), HOUR)
        assert here.site.logins < 80
        here.site.forgets = here.site.asks_again = False
        await here.live(5 * HOUR)
        assert await here.told() == []
        assert (await here.letter()).claim.state == S.posted


async def unclean(here: House) -> None:
    """A holder that died over the seat."""
    clock = here.bench.clock
    real, cutoff = await clock.real(), await clock.business()
    seat = await here.bench.store.lease_seat(
        "office", owner="dead", real=real, lease=timedelta(seconds=60), cutoff=cutoff, account=here.account
    )
    assert seat is not None
    clock.advance(timedelta(minutes=2))


async def test_a_seat_that_nothing_makes_clean_is_few_tries_and_told(tmp_path: Path) -> None:
    site = Site(asks_again=False, fences=[Drifted("office", "log in", "no field password")] * 3000)
    async with house(tmp_path, site) as here:
        await here.bench.engine.sweep("letters", "written")
        await unclean(here)
        begun = await here.bench.clock.business()
        while not await here.told():
            await here.live(timedelta(minutes=10))
            assert await here.bench.clock.business() - begun < STUCK_FOR + 3 * HOUR
        assert site.fenced >= STUCK_TRIES
        assert await here.told() == [("seat_unclean", "office:account:ada")]
        await here.live(timedelta(days=10), 4 * HOUR)
        assert site.fenced < 80
        assert (await here.letter()).claim.state == S.written, "nobody works on what another may have under way"

        site.fences.clear()
        await here.live(6 * HOUR, HOUR)
        assert (await here.letter()).claim.state == S.posted
        assert await here.told() == []


async def test_a_seat_that_was_made_clean_by_a_persons_login_is_over_as_well(tmp_path: Path) -> None:
    site = Site(asks_again=False, fences=[Drifted("office", "log in", "no field password")] * 3000)
    async with house(tmp_path, site) as here:
        await here.bench.engine.sweep("letters", "written")
        await unclean(here)
        await here.live(5 * HOUR)
        assert len(await here.told()) == 1
        async with here.seats.sitting(here.account) as seat:
            assert seat is not None
            now = await here.bench.clock.business()
            await here.bench.store.store_session(seat, {"token": "t"}, now=now)
        await here.live(timedelta(minutes=20))
        assert (await here.letter()).claim.state == S.posted
        assert await here.told() == []


async def test_a_fence_that_hangs_gives_the_seat_back(tmp_path: Path) -> None:
    site = Site(asks_again=False, fences=["asleep"])
    async with house(tmp_path, site, fence=timedelta(milliseconds=50)) as here:
        await here.bench.engine.sweep("letters", "written")
        await unclean(here)
        await here.look()
        assert (await here.bench.store.account(here.account)).leased_by is None
        await here.live(timedelta(minutes=20))
        assert (await here.letter()).claim.state == S.posted


@pytest.mark.parametrize("how", ["asleep", "deaf"])
async def test_a_look_that_hangs_gives_case_and_seat_back_and_is_a_persons_after_some(
    tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It held both for ever, and its worker did nothing else any more."""
    monkeypatch.setattr("workflow.engine.UNHEARD", timedelta(milliseconds=20))
    monkeypatch.setattr("workflow.reconcile.UNHEARD", timedelta(milliseconds=20))
    site = Site(leaving=[how] * 50)
    async with house(tmp_path, site, look=timedelta(milliseconds=100)) as here:
        await here.bench.engine.sweep("letters", "written")
        await here.seats.sweep(LETTERS)
        assert (await here.bench.store.account(here.account)).leased_by is None
        row = await here.letter()
        assert (row.claim.owner, row.claim.failures) == ("", 1)
        looks = 1
        while not await here.told():
            here.bench.clock.advance(HOUR)
            await here.seats.sweep(LETTERS)
            looks += 1
            assert looks <= 2 * HANGS
        (incident,) = await here.bench.store.incidents()
        assert incident.bars
        assert incident.kind in ("failing", "no_fence")
        for task in [task for tasks in here.browsing._equipment.active.values() for task in tasks]:
            assert how == "deaf"
            task.get_coro().close()  # nobody ends it otherwise


async def test_who_sits_on_a_seat_and_does_not_go_on_keeps_it_no_longer(tmp_path: Path) -> None:
    async with house(tmp_path, Site(), lease=timedelta(milliseconds=60)) as here:
        async with here.seats.sitting(here.account) as seat:
            assert seat is not None
            await asyncio.wait_for(here.seats._renew(seat, Sitting(timedelta(0))), 5)
            until = (await here.bench.store.account(here.account)).lease_until
            assert until == seat.lease_until, "it was not renewed"
            here.bench.clock.advance(timedelta(seconds=1))
            await here.bench.engine.sweep("letters", "written")
            await here.seats.sweep(LETTERS)
            assert here.site.fenced == 1, "the next one ends what it may have under way"

"""A site with logins, letters of one account, and a worker for the browser: what the tests of logins and seats use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from adapters.bureau.sessions import AskPerson, LoginResult, Sessions, SessionState, SignIn
from states.accounts import flow as accounts
from tests.engine.letters import Letter, Office, PaperOffice, S, letters, post
from workflow.engine.dependencies import Limits
from workflow.engine.seats import SeatWork
from workflow.engine.sweep import Engine
from workflow.errors import LoginNeeded, RemoteError
from workflow.flow.case import NotDone, ProofAnswer
from workflow.flow.compiled import Plan
from workflow.flow.definition import To
from workflow.flow.remotes import Evidence, Remote, Remotes
from workflow.record.values import Seat
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
    sign_in = Remote("sign_in", SignIn, connect=site.connect_sign_in, queue="browser", part_of="office")
    remotes = [portal, sign_in, Remote("sessions", Sessions, site)]
    async with bench(plan, folder, remotes=remotes) as at_work:
        at_work.dependencies.plans = {"letters": plan, "accounts": Plan(accounts)}
        at_work.dependencies.limits = Limits(**limits)
        browsing = replace(at_work.dependencies, queue="browser", remotes=Remotes(remotes), active={})
        engine = Engine(browsing)
        account = await at_work.store.add_account("office", "ada", "pass")
        own = NewCase("accounts", 1, "ZH", "alive", {"login": "ada"}, account=account, account_case=True)
        await at_work.store.create([own], actor="person:test", reason=None, now=await at_work.clock.business())
        for _ in range(count):
            await at_work.open(Letter(), account=account)
        yield House(at_work, site, SeatWork(engine, browsing, portal, at_once=1), engine, account)

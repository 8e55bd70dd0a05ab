"""Puts a working process together: adapters on the addresses of the settings, engines, and what does runs with them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from pydantic import SecretStr

from adapters.browser.chromium_process import Browser
from adapters.browser.chromium_search import Found
from adapters.bureau.portal import Portal
from adapters.bureau.seal_page import PdfSealPages, SealPages
from adapters.bureau.seats import Bureau
from adapters.bureau.sessions import HttpSessions, Sessions, SignIn
from adapters.code_records import CodeRecords, HttpCodeRecords
from adapters.generator import Generator, HttpGenerator
from adapters.http import Http
from adapters.probes import HttpProbe, Listing
from adapters.sms import HttpSms, Sms
from caseward.app.installation import BUREAU_HOURS, Record
from states.jobs import JOBS, JobContext, Probe
from workflow.clock import DatabaseClock
from workflow.engine.dependencies import Dependencies, Limits
from workflow.engine.seats import SeatWork
from workflow.engine.startup_checks import note_left_alone, recall_calls
from workflow.engine.sweep import Engine
from workflow.errors import NotSent, SettingsError
from workflow.flow.remotes import Evidence, Queue, Remote, Remotes
from workflow.record.journal import Journal
from workflow.record.values import Seat
from workflow.scheduler.target_runs import TargetRunner
from workflow.schedules.targets import Job
from workflow.store import Store

PORTAL = "portal"


@dataclass
class Workers:
    """What works: plain cases, browser cases, and the adapters that jobs name."""

    http: Engine
    seats: SeatWork
    sign_in: Remote
    records: CodeRecords
    sms: Sms
    process: str
    browser: Browser | None
    dependencies: Mapping[Queue, Dependencies] = field(default_factory=dict)
    probes: Sequence[Probe] = ()


class AccountBook:
    """Passwords and sessions as the bureau's adapters know them; a session is kept only by who sits on the seat."""

    def __init__(self, store: Store, clock: DatabaseClock) -> None:
        self._store, self._clock = store, clock

    async def session(self, account: str) -> Mapping[str, Any] | None:
        return await self._store.session(account)

    async def store_session(self, seat: Seat, session: Mapping[str, Any], *, password_version: int) -> None:
        kept = {**session, "password_version": password_version}
        await self._store.store_session(seat, kept, now=await self._clock.business())

    async def forget_session(self, seat: Seat) -> None:
        stored = await self._store.session(seat.account) or {}
        device = {"device": stored.get("device")}
        await self._store.store_session(seat, device, now=await self._clock.business(), fresh=False)

    async def doubt_session(self, seat: Seat) -> None:
        stored = await self._store.session(seat.account)
        if stored and seat.session and stored.get("token") == seat.session.get("token"):
            refused = {**stored, "refused": True}
            await self._store.store_session(seat, refused, now=await self._clock.business(), fresh=False)

    async def password(self, account: str) -> tuple[str, int]:
        return await self._store.password(account)


@asynccontextmanager
async def open_workers(record: Record, chromium: Found | None) -> AsyncIterator[Workers]:
    """Ready to claim: flows checked against adapters and live cases, forgotten calls adopted."""
    settings = record.settings
    for name in NEEDED:
        if not getattr(settings, name):
            raise SettingsError(f"CASEWARD_{name.upper()}", "is not set", "say it; workers need it")
    async with AsyncExitStack() as stack:

        def client(name: str, address: str, token: SecretStr | None = None) -> Http:
            made = Http(name, address, token=token.get_secret_value() if token else None)
            stack.push_async_callback(made.close)
            return made

        generating = client("generator", settings.generator_url, settings.generator_token)
        texting, bureaus = client("sms", settings.sms_url, settings.sms_token), client(PORTAL, settings.portal_url)
        recording = client("records", settings.records_url, settings.records_token)
        knocks = [HttpProbe("generator", generating), HttpProbe("sms", texting), HttpProbe(PORTAL, bureaus)]
        probes: list[Probe] = [*knocks, Listing("records", recording)]
        generator, records, sms = HttpGenerator(generating), HttpCodeRecords(recording), HttpSms(texting)
        book = AccountBook(record.store, record.clock)
        sessions = HttpSessions(bureaus, book)
        browser = Browser(chromium) if chromium else None
        if browser is not None:
            stack.push_async_callback(browser.close)
            bureau = Bureau(browser, settings.portal_url, sessions, book, record.clock)
            portal = replace(REMOTES[Portal], connect=bureau.connect, fence=bureau.fence)
            sign_in = replace(REMOTES[SignIn], connect=bureau.connect_sign_in)
        else:
            portal = replace(REMOTES[Portal], connect=_no_browser)
            sign_in = replace(REMOTES[SignIn], connect=_no_browser)
        plainly = {Generator: generator, Sessions: sessions, SealPages: PdfSealPages()}
        known = (replace(REMOTES[protocol], implementation=made) for protocol, made in plainly.items())
        remotes = Remotes([*known, portal, sign_in])
        plain, browsing = (_dependencies(record, remotes, queue) for queue in QUEUES)
        engine = Engine(plain, record.store)
        engine.check()
        await note_left_alone(record.store, record.plans)
        await recall_calls(record.store, plain.journal, record.clock)
        seats = SeatWork(Engine(browsing, record.store), browsing, record.store, portal)
        dependencies: dict[Queue, Dependencies] = {"http": plain, "browser": browsing}
        yield Workers(engine, seats, sign_in, records, sms, plain.process, browser, dependencies, probes)


def target_runner(record: Record, workers: Workers) -> TargetRunner:
    """What these workers do with a run."""
    office = JobContext(
        record.store,
        record.clock,
        record.plans,
        workers.records,
        workers.sms,
        workers.probes,
        record.settings.anchors,
        workers.process,
        record.settings.lease,
    )
    targets = record.rules.targets

    async def do_job(job: Job) -> Mapping[str, int]:
        return await JOBS[job.name][1](office, targets.given(job))

    return TargetRunner(record.store, record.clock, targets, workers.dependencies, do_job)


NEEDED = (
    "portal_url", "generator_url", "records_url", "sms_url",
    "codes_url", "codes_address", "progress_url", "progress_address",
)  # fmt: skip
QUEUES: tuple[Queue, Queue] = ("http", "browser")
REMOTES: Mapping[type, Remote] = {
    remote.protocol: remote
    for remote in (
        Remote("generator", Generator, notes_sending=True),
        Remote("sessions", Sessions, calendar=BUREAU_HOURS, notes_sending=True),
        Remote("seal_pages", SealPages, notes_sending=True),
        Remote(PORTAL, Portal, calendar=BUREAU_HOURS, queue="browser", notes_sending=True),
        Remote("sign_in", SignIn, calendar=BUREAU_HOURS, queue="browser", accounts=PORTAL),
    )
}
"""What the flows may name, with its hours and its queue; what stands behind each is opened by a process that works."""


def _dependencies(record: Record, remotes: Remotes, queue: Queue) -> Dependencies:
    settings = record.settings
    return Dependencies(
        store=record.store,
        clock=record.clock,
        remotes=remotes,
        documents=record.documents,
        journal=Journal(settings.journal),
        plans=record.plans,
        queue=queue,
        limits=Limits(
            lease=settings.lease,
            fact=settings.fact,
            action=settings.action,
            look_again=settings.look_again,
            deadline=settings.deadline,
        ),
    )


def _no_browser(seat: Seat, evidence: Evidence) -> NoReturn:
    raise NotSent(PORTAL, "open", "no Chromium is found here; say CASEWARD_CHROMIUM, or install one")

"""Puts a working process together: adapters on the addresses of the settings, engines, and what does runs with them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from adapters.browser.chromium_process import Browser
from adapters.browser.chromium_search import Found
from adapters.bureau.portal import Portal
from adapters.bureau.seal_page import PdfSealPages, SealPages
from adapters.bureau.seats import Bureau
from adapters.bureau.sessions import HttpSessions, Sessions, SignIn
from adapters.code_records import CodeRecords, HttpCodeRecords
from adapters.generator import Generator, HttpGenerator
from adapters.http import Http
from adapters.sms import HttpSms
from caseward.app.installation import BUREAU_HOURS, Record
from caseward.app.remote_clients import PORTAL, SPEAK_HTTP, client_of, probe_of
from states.jobs import JOBS, Channel, JobContext, Probe
from workflow.clock import DatabaseClock
from workflow.engine.dependencies import Dependencies, Limits
from workflow.engine.seats import SeatWork
from workflow.engine.startup_checks import note_left_alone, recall_calls
from workflow.engine.sweep import Engine
from workflow.errors import NotSent, SettingsError
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Evidence, Queue, Remote, Remotes
from workflow.record.journal import Journal
from workflow.record.values import Seat
from workflow.scheduler.target_runs import TargetRunner
from workflow.schedules.targets import Job
from workflow.settings import Settings
from workflow.store import Store


@dataclass
class Workers:
    """What works: plain cases, browser cases, and the adapters that jobs name."""

    http: Engine
    seats: SeatWork
    sign_in: Remote
    records: CodeRecords | None
    channels: Mapping[str, Channel]
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
    async with AsyncExitStack() as stack:
        clients: dict[str, Http] = {}
        for name in SPEAK_HTTP:
            if (made := client_of(settings, name)) is not None:
                stack.push_async_callback(made.close)
                clients[name] = made
        generating, bureaus = clients.get("generator"), clients.get(PORTAL)
        texting, recording = clients.get("sms"), clients.get("records")
        probes = [probe_of(one) for one in clients.values()]
        records = HttpCodeRecords(recording) if recording is not None else None
        channels: dict[str, Channel] = {"sms": HttpSms(texting) if texting is not None else Unset("sms")}
        book = AccountBook(record.store, record.clock)
        sessions = HttpSessions(bureaus, book) if bureaus is not None else None
        browser = Browser(chromium) if chromium else None
        portal, sign_in = REMOTES[Portal], REMOTES[SignIn]
        if browser is not None:
            stack.push_async_callback(browser.close)
        if sessions is None:
            portal, sign_in = replace(portal, connect=_no_portal), replace(sign_in, connect=_no_portal)
        elif browser is None:
            portal, sign_in = replace(portal, connect=_no_browser), replace(sign_in, connect=_no_browser)
        else:
            bureau = Bureau(browser, settings.portal_url, sessions, book, record.clock)
            portal = replace(portal, connect=bureau.connect, fence=bureau.fence)
            sign_in = replace(sign_in, connect=bureau.connect_sign_in)
        generator = HttpGenerator(generating) if generating is not None else None
        plainly = {Generator: generator, Sessions: sessions, SealPages: PdfSealPages()}
        known = (replace(REMOTES[protocol], implementation=made) for protocol, made in plainly.items())
        remotes = Remotes([*known, portal, sign_in])
        plain, browsing = (_dependencies(record, remotes, queue, frozenset(channels)) for queue in QUEUES)
        engine = Engine(plain, record.store)
        engine.check()
        await note_left_alone(record.store, record.plans, record.clock)
        await recall_calls(record.store, plain.journal, record.clock)
        seats = SeatWork(Engine(browsing, record.store), browsing, record.store, portal)
        dependencies: dict[Queue, Dependencies] = {"http": plain, "browser": browsing}
        yield Workers(engine, seats, sign_in, records, channels, plain.process, browser, dependencies, probes)


def target_runner(record: Record, workers: Workers) -> TargetRunner:
    """What these workers do with a run."""
    context = JobContext(
        record.store,
        record.clock,
        record.plans,
        workers.records,
        workers.channels,
        workers.probes,
        record.settings.anchors,
        workers.process,
        record.settings.lease,
        record.rules,
    )
    targets = record.rules.targets

    async def do_job(job: Job) -> Mapping[str, int]:
        return await JOBS[job.name][1](context, targets.given(job))

    return TargetRunner(record.store, record.clock, targets, workers.dependencies, do_job)


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


ADDRESSES: Mapping[type, str] = {
    Generator: "generator_url",
    Sessions: "portal_url",
    Portal: "portal_url",
    SignIn: "portal_url",
}
"""The setting that says where each remote is."""
SAID: Mapping[str, Sequence[str]] = {
    "copyright": ("records_url", "sms_url", "codes_url", "codes_address", "progress_url", "progress_address")
}
"""Settings that a flow needs beside its remotes': where its codes come from, and what its notices say."""


def unset(settings: Settings, plans: Mapping[str, Plan]) -> dict[str, list[str]]:
    """By flow, the variables that are to be set before its cases can go on."""
    remotes, found = Remotes(REMOTES.values()), dict[str, list[str]]()
    for name, plan in plans.items():
        places = [ADDRESSES[one.protocol] for one in remotes.of_flow(plan) if one.protocol in ADDRESSES]
        fields = dict.fromkeys([*places, *SAID.get(name, ())])
        if lacking := [f"CASEWARD_{field.upper()}" for field in fields if not getattr(settings, field)]:
            found[name] = lacking
    return found


@dataclass(frozen=True)
class Unset:
    """A channel whose address is not set: what goes out by it is kept and tried again."""

    name: str

    async def send(self, to: str, text: str, reference: str) -> str:
        raise NotSent(self.name, "send", f"CASEWARD_{self.name.upper()}_URL is not set")

    async def delivered(self, number: str) -> bool | None:
        raise NotSent(self.name, "delivered", f"CASEWARD_{self.name.upper()}_URL is not set")


def _dependencies(record: Record, remotes: Remotes, queue: Queue, channels: frozenset[str]) -> Dependencies:
    settings = record.settings
    return Dependencies(
        store=record.store,
        clock=record.clock,
        remotes=remotes,
        documents=record.documents,
        journal=Journal(settings.journal),
        plans=record.plans,
        queue=queue,
        channels=channels,
        unset=unset(settings, record.plans),
        limits=Limits(
            lease=settings.lease,
            fact=settings.fact,
            action=settings.action,
            look_again=settings.look_again,
            deadline=settings.deadline,
        ),
    )


def _no_portal(seat: Seat, evidence: Evidence) -> NoReturn:
    raise SettingsError("CASEWARD_PORTAL_URL", "is not set", "say it, and start workers again")


def _no_browser(seat: Seat, evidence: Evidence) -> NoReturn:
    raise NotSent(PORTAL, "open", "no Chromium is found here; say CASEWARD_CHROMIUM, or install one")

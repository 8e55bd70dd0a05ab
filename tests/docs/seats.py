"""The workers of an office without Chromium, for the how-to pages: assembly.open_workers over the bureau's double."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from pydantic import SecretStr

from adapters.bureau.portal import Portal
from adapters.bureau.seal_page import PdfSealPages, SealPages
from adapters.bureau.sessions import HttpSessions, Sessions, SignIn
from adapters.code_records import HttpCodeRecords
from adapters.generator import Generator, HttpGenerator
from adapters.http import Http
from adapters.sms import HttpSms
from caseward.app.adapters import QUEUES, AccountBook, Workers
from caseward.app.installation import BUREAU_HOURS, Record
from caseward.app.remote_clients import PORTAL, probe_of
from states.jobs import Probe
from tests.docs.days import PROCESS
from tests.doubles.bureau import TRUST, HttpBureau
from workflow.engine.dependencies import Dependencies, Limits
from workflow.engine.seats import SeatWork
from workflow.engine.sweep import Engine
from workflow.flow.remotes import Queue, Remote, Remotes
from workflow.record.journal import Journal


@asynccontextmanager
async def open_workers(record: Record) -> AsyncIterator[Workers]:
    """Ready to claim; only one seat at once, so that what they do stands in one order."""
    settings = record.settings
    probes: list[Probe] = []
    async with AsyncExitStack() as stack:

        def client(name: str, address: str, token: SecretStr | None = None) -> Http:
            # a connection that is kept may be closed by a server that stood idle for longer than its clock says
            transport = httpx.AsyncHTTPTransport(verify=TRUST, limits=httpx.Limits(max_keepalive_connections=0))
            made = Http(name, address, token=token.get_secret_value() if token else None, transport=transport)
            stack.push_async_callback(made.close)
            probes.append(probe_of(made))
            return made

        generator = HttpGenerator(client("generator", settings.generator_url, settings.generator_token))
        records = HttpCodeRecords(client("records", settings.records_url, settings.records_token))
        sms = HttpSms(client("sms", settings.sms_url, settings.sms_token))
        book = AccountBook(record.store, record.clock)
        sessions = HttpSessions(client(PORTAL, settings.portal_url), book)
        bureau = HttpBureau(settings.portal_url, sessions, book, record.clock)
        portal = Remote(
            PORTAL, Portal, connect=bureau.connect, fence=bureau.fence, calendar=BUREAU_HOURS, queue="browser"
        )
        sign_in = Remote(
            "sign_in", SignIn, connect=bureau.connect_sign_in, calendar=BUREAU_HOURS, queue="browser", accounts=PORTAL
        )
        remotes = Remotes(
            [
                Remote("generator", Generator, generator),
                Remote("sessions", Sessions, sessions, calendar=BUREAU_HOURS),
                Remote("seal_pages", SealPages, PdfSealPages()),
                portal,
                sign_in,
            ]
        )
        plain, browsing = (_dependencies(record, remotes, queue) for queue in QUEUES)
        seats = SeatWork(Engine(browsing, record.store), browsing, record.store, portal, 1)
        dependencies: dict[Queue, Dependencies] = {"http": plain, "browser": browsing}
        engine = Engine(plain, record.store)
        yield Workers(engine, seats, sign_in, records, {"sms": sms}, plain.process, None, dependencies, probes)


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
        process=PROCESS,
        limits=Limits(lease=settings.lease, look_again=settings.look_again, deadline=settings.deadline),
    )

"""The workers of an office without Chromium, for the how-to pages: the bureau's double behind its remotes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import httpx

from adapters.bureau.portal import Portal
from adapters.bureau.sessions import HttpSessions, Sessions, SignIn
from adapters.bureau.site_probe import SiteProbe
from adapters.code_records import CodeRecords, HttpCodeRecords
from adapters.generator import Generator, HttpGenerator
from adapters.http import Http
from adapters.sms import HttpSms, Sms
from caseward.app import adapters
from caseward.app.adapters import Workers
from caseward.app.installation import Record
from states.copyright import remotes
from states.copyright.remotes import PORTAL, Given, over_http
from tests.docs.days import PROCESS
from tests.doubles.bureau import TRUST, HttpBureau
from tests.systems import Opens, opened_by
from workflow.flow.remotes import Opened


@asynccontextmanager
async def open_workers(record: Record) -> AsyncIterator[Workers]:
    """Ready to claim; what they do stands under one process's name."""
    record.systems = opened_by(record.systems, OPENS)
    async with adapters.open_workers(record, None) as workers:
        named = {queue: replace(one, process=PROCESS) for queue, one in workers.dependencies.items()}
        yield replace(workers, dependencies=named)


def client(given: Given, name: str) -> AbstractAsyncContextManager[Http]:
    # a connection that is kept may be closed by a server that stood idle for longer than its clock says
    transport = httpx.AsyncHTTPTransport(verify=TRUST, limits=httpx.Limits(max_keepalive_connections=0))
    return remotes.client(given, name, transport=transport)


@asynccontextmanager
async def sessions(given: Given) -> AsyncIterator[Opened]:
    async with client(given, PORTAL) as http:
        yield Opened(HttpSessions(http, given.book))


@asynccontextmanager
async def bureau(given: Given) -> AsyncIterator[tuple[HttpBureau, Http]]:
    async with client(given, PORTAL) as http:
        yield HttpBureau(given.settings.portal_url, HttpSessions(http, given.book), given.book, given.clock), http


@asynccontextmanager
async def portal(given: Given) -> AsyncIterator[Opened]:
    async with bureau(given) as (here, http):
        yield Opened(connect=here.connect, fence=here.fence, ask=SiteProbe(PORTAL, http).ask)


@asynccontextmanager
async def sign_in(given: Given) -> AsyncIterator[Opened]:
    async with bureau(given) as (here, _):
        yield Opened(connect=here.connect_sign_in)


OPENS: dict[type, Opens] = {
    Generator: over_http("generator", HttpGenerator, client),
    CodeRecords: over_http("records", HttpCodeRecords, client),
    Sms: over_http("sms", HttpSms, client),
    Sessions: sessions,
    Portal: portal,
    SignIn: sign_in,
}

"""What the registration asks: each remote with its hours, its queue, and how it is opened from the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time
from typing import Any, NoReturn

from adapters.bureau.portal import Portal
from adapters.bureau.seal_page import PdfSealPages, SealPages
from adapters.bureau.sessions import HttpSessions, Sessions, SignIn
from adapters.bureau.site_probe import SiteProbe
from adapters.code_records import CodeRecords, HttpCodeRecords
from adapters.generator import Generator, HttpGenerator
from adapters.http import Http
from adapters.probes import Listing
from adapters.sms import HttpSms, Sms
from states.copyright.variables import CopyrightVariables
from workflow import Calendar, NotSent
from workflow.flow.remotes import Evidence, Opened, Remote
from workflow.record.values import Seat
from workflow.system import Opening

BUREAU_HOURS = Calendar("bureau", time(8), time(23), "Asia/Shanghai")
PORTAL = "portal"
Given = Opening[CopyrightVariables]


@asynccontextmanager
async def client(given: Given, name: str, **options: Any) -> AsyncIterator[Http]:
    """The one client of a remote, at the address NAME_url with the token NAME_token; closed at the end."""
    address, token = getattr(given.settings, f"{name}_url"), getattr(given.settings, f"{name}_token", None)
    known = token.get_secret_value() if token else None
    http = Http(name, address, token=known, setting=given.variables[f"{name}_url"], **options)
    try:
        yield http
    finally:
        await http.close()


@asynccontextmanager
async def generator(given: Given) -> AsyncIterator[Opened]:
    async with client(given, "generator") as http:
        yield Opened(HttpGenerator(http), ask=Listing("generator", http).ask)


@asynccontextmanager
async def records(given: Given) -> AsyncIterator[Opened]:
    async with client(given, "records") as http:
        yield Opened(HttpCodeRecords(http), ask=Listing("records", http).ask)


@asynccontextmanager
async def sms(given: Given) -> AsyncIterator[Opened]:
    async with client(given, "sms") as http:
        yield Opened(HttpSms(http), ask=Listing("sms", http).ask)


@asynccontextmanager
async def seal_pages(given: Given) -> AsyncIterator[Opened]:
    yield Opened(PdfSealPages())


@asynccontextmanager
async def sessions(given: Given) -> AsyncIterator[Opened]:
    async with client(given, PORTAL) as http:
        yield Opened(HttpSessions(http, given.book))


@asynccontextmanager
async def portal(given: Given) -> AsyncIterator[Opened]:
    async with client(given, PORTAL) as http:
        ask = SiteProbe(PORTAL, http).ask
        if given.browser is None:
            yield Opened(connect=no_browser, ask=ask)
            return
        from adapters.bureau.seats import Bureau

        bureau = Bureau(
            given.browser, given.settings.portal_url, HttpSessions(http, given.book), given.book, given.clock
        )
        yield Opened(connect=bureau.connect, fence=bureau.fence, ask=ask)


@asynccontextmanager
async def sign_in(given: Given) -> AsyncIterator[Opened]:
    if given.browser is None:
        yield Opened(connect=no_browser)
        return
    from adapters.bureau.seats import Bureau

    async with client(given, PORTAL) as http:
        bureau = Bureau(
            given.browser, given.settings.portal_url, HttpSessions(http, given.book), given.book, given.clock
        )
        yield Opened(connect=bureau.connect_sign_in)


def no_browser(seat: Seat, evidence: Evidence) -> NoReturn:
    raise NotSent(PORTAL, "open", "no Chromium is found here; say CASEWARD_CHROMIUM, or install one")


_AT_PORTAL = ("portal_url",)
REMOTES = (
    Remote("generator", Generator, notes_sending=True, needs=("generator_url",), opens=generator),
    Remote("records", CodeRecords, notes_sending=True, needs=("records_url",), opens=records),
    Remote("sms", Sms, notes_sending=True, needs=("sms_url",), opens=sms),
    Remote("seal_pages", SealPages, notes_sending=True, opens=seal_pages),
    Remote(
        *("sessions", Sessions),
        calendar=BUREAU_HOURS,
        notes_sending=True,
        part_of=PORTAL,
        needs=_AT_PORTAL,
        opens=sessions,
    ),
    Remote(
        *(PORTAL, Portal),
        calendar=BUREAU_HOURS,
        queue="browser",
        notes_sending=True,
        seats=True,
        needs=_AT_PORTAL,
        opens=portal,
    ),
    Remote(
        *("sign_in", SignIn),
        calendar=BUREAU_HOURS,
        queue="browser",
        part_of=PORTAL,
        seats=True,
        needs=_AT_PORTAL,
        opens=sign_in,
    ),
)

"""What the registration asks: each remote with its hours, its queue, and how it is opened from the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import time
from typing import TYPE_CHECKING, Any, NoReturn

from adapters.bureau.portal import Portal
from adapters.bureau.seal_look import look_at_seal_page
from adapters.bureau.seal_page import PdfSealPages, SealPages
from adapters.bureau.sessions import HttpSessions, Sessions, SignIn
from adapters.bureau.site_probe import SiteProbe
from adapters.code_records import CodeRecords, HttpCodeRecords
from adapters.generator import Generator, HttpGenerator
from adapters.http import Http
from adapters.papers.material_look import look_at_material
from adapters.papers.paper_look import look_at_paper
from adapters.probes import Listing
from adapters.sms import HttpSms, Sms
from states.copyright.variables import CopyrightVariables
from workflow import Calendar, NotSent
from workflow.flow.remotes import Evidence, Opened, Remote
from workflow.record.values import Seat
from workflow.sentence import Sentence
from workflow.system import Opening

if TYPE_CHECKING:  # it imports Playwright, which is not everywhere
    from adapters.bureau.seats import Bureau

BUREAU_HOURS = Calendar("bureau", time(8), time(23), "Asia/Shanghai")
PORTAL = "portal"
MATERIAL_LOOK, PAPER_LOOK, SEAL_PAGE_LOOK = look_at_material, look_at_paper, look_at_seal_page
"""How papers are looked at that people hand in."""
Given = Opening[CopyrightVariables]
Opens = Callable[[Given], AbstractAsyncContextManager[Opened]]
Client = Callable[[Given, str], AbstractAsyncContextManager[Http]]


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


def over_http(name: str, behind: Callable[[Http], object], by: Client = client) -> Opens:
    """Opens a remote of JSON over HTTP, which is well as long as it lists what is its own."""

    @asynccontextmanager
    async def opens(given: Given) -> AsyncIterator[Opened]:
        async with by(given, name) as http:
            yield Opened(behind(http), ask=Listing(name, http).ask)

    return opens


@asynccontextmanager
async def seal_pages(given: Given) -> AsyncIterator[Opened]:
    yield Opened(PdfSealPages())


@asynccontextmanager
async def sessions(given: Given) -> AsyncIterator[Opened]:
    async with client(given, PORTAL) as http:
        yield Opened(HttpSessions(http, given.book))


@asynccontextmanager
async def bureau(given: Given) -> AsyncIterator[tuple[Bureau | None, Http]]:
    """The bureau's website in this process's browser, None where there is none; and the client that asks it."""
    async with client(given, PORTAL) as http:
        if given.browser is None:
            yield None, http
            return
        from adapters.bureau.seats import Bureau

        sessions = HttpSessions(http, given.book)
        yield Bureau(given.browser, given.settings.portal_url, sessions, given.book, given.clock), http


@asynccontextmanager
async def portal(given: Given) -> AsyncIterator[Opened]:
    async with bureau(given) as (here, http):
        ask = SiteProbe(PORTAL, http).ask
        if here is None:
            yield Opened(connect=no_browser, ask=ask)
        else:
            yield Opened(connect=here.connect, fence=here.fence, ask=ask)


@asynccontextmanager
async def sign_in(given: Given) -> AsyncIterator[Opened]:
    async with bureau(given) as (here, _):
        yield Opened(connect=no_browser if here is None else here.connect_sign_in)


def no_browser(seat: Seat, evidence: Evidence) -> NoReturn:
    why = Sentence("no_chromium_here", "no Chromium is found here; say CASEWARD_CHROMIUM, or install one")
    raise NotSent(PORTAL, "open", why)


_AT_PORTAL = ("portal_url",)
REMOTES = (
    *(
        Remote(name, protocol, notes_sending=True, needs=(f"{name}_url",), opens=over_http(name, behind))
        for name, protocol, behind in (
            ("generator", Generator, HttpGenerator),
            ("records", CodeRecords, HttpCodeRecords),
            ("sms", Sms, HttpSms),
        )
    ),
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
        browser=True,
        notes_sending=True,
        seats=True,
        needs=_AT_PORTAL,
        opens=portal,
    ),
    Remote(
        *("sign_in", SignIn),
        calendar=BUREAU_HOURS,
        queue="browser",
        browser=True,
        part_of=PORTAL,
        seats=True,
        needs=_AT_PORTAL,
        opens=sign_in,
    ),
)

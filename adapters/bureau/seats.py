"""The bureau put together: seats in one Chromium, sessions asked over plain HTTP, and the fence that ends a session."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import structlog
from playwright.async_api import BrowserContext
from playwright.async_api import Error as PlaywrightError

from adapters.browser.chromium_process import Browser
from adapters.browser.egress import Egress
from adapters.bureau.browser_portal import PlaywrightPortal
from adapters.bureau.portal import Evidence, Portal
from adapters.bureau.screen import ADAPTER, Screen
from adapters.bureau.sessions import COOKIES, AccountBook, HttpSessions, SignIn
from adapters.bureau.sign_in import PlaywrightSignIn
from workflow.clock import Clock
from workflow.errors import Fenced, LoginNeeded, NotSent
from workflow.record.values import Seat

log = structlog.get_logger()


class Bureau:
    """Address is the portal's, path included. A seat works with the session that came with its lease, and no newer one:
    that is what makes the fence hold against a worker who sleeps through its lease."""

    def __init__(self, browser: Browser, address: str, sessions: HttpSessions, book: AccountBook, clock: Clock) -> None:
        self._browser, self._address, self._sessions = browser, address.rstrip("/"), sessions
        self._book, self._clock = book, clock
        url = urlsplit(self._address)
        self._host, self._path = url.hostname or "", url.path or "/"
        self._port = url.port or (443 if url.scheme == "https" else 80)

    @asynccontextmanager
    async def connect(self, seat: Seat, evidence: Evidence) -> AsyncIterator[Portal]:
        """The Portal on this seat."""
        async with self.screen(seat.login, seat.session, evidence) as (screen, _):
            portal = PlaywrightPortal(screen, seat.login, received=self._browser.deadlines.received)

            async def refused() -> None:
                with suppress(Fenced):  # who lost the seat has no word on its session any more
                    await self._book.doubt_session(seat)

            yield cast(Portal, Heard(portal, refused))

    @asynccontextmanager
    async def connect_sign_in(self, seat: Seat, evidence: Evidence) -> AsyncIterator[SignIn]:
        """The SignIn of this seat's account; of the stored session it takes the device along, nothing else."""
        stored = await self._book.session(seat.account) or {}
        async with self.screen(seat.login, {"device": stored.get("device")}, evidence) as (screen, context):
            yield PlaywrightSignIn(
                screen, context, seat, self._book, self._clock, person=self._browser.deadlines.person
            )

    async def end_session(
        self, seat: Seat, evidence: Evidence
    ) -> Literal["fenced", "captcha_asked", "wrong_password", "alive"]:
        """End the account's session for good: a fresh login, proved by the bureau refusing the old session.

        A session that the bureau refuses already needs no login. "alive" means that the old one still worked
        afterwards: this bureau's logins are no fence.
        """
        known = (seat.session, await self._book.session(seat.account))
        old = [session for session in known if session and session.get("token")]
        if await self._all_refused(old):
            return "fenced"
        async with self.connect_sign_in(seat, evidence) as sign_in:
            login = await sign_in.log_in(seat.account)
        if login.result != "ok":
            return login.result
        refused = await self._all_refused(old)
        log.info("seat.fenced" if refused else "seat.not_fenced", account=seat.account)
        return "fenced" if refused else "alive"

    async def fence(self, seat: Seat) -> bool:
        """Whether the account's session could be ended; where not, it is forgotten, so that a login comes first."""
        if await self.end_session(seat, _unseen) == "fenced":
            return True
        await self._book.forget_session(seat)
        return False

    async def _all_refused(self, sessions: list[Mapping[str, Any]]) -> bool:
        for session in sessions:
            if await self._sessions.ended(session) is None:
                return False
        return True

    @asynccontextmanager
    async def screen(
        self, login: str, session: Mapping[str, Any] | None, evidence: Evidence
    ) -> AsyncIterator[tuple[Screen, BrowserContext]]:
        """A tab in a context of its own, logged in with this session, behind an egress of its own."""
        async with Egress(self._host, self._port) as egress, self._browser.context(egress.address) as context:
            try:
                await context.add_cookies(
                    [
                        {"name": name, "value": str(session[name]), "domain": self._host, "path": self._path}
                        for name in COOKIES
                        if session and session.get(name)
                    ]
                )
                tab = await context.new_page()
            except PlaywrightError as error:
                raise NotSent(ADAPTER, "open", error.message.splitlines()[0]) from error
            yield Screen(tab, context, self._browser, egress, self._address, login, evidence), context


class Heard:
    """A portal whose every call tells when the site asks for a login, before the error goes on."""

    def __init__(self, portal: object, refused: Callable[[], Awaitable[None]]) -> None:
        self._portal, self._refused = portal, refused

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._portal, name)
        if not inspect.iscoroutinefunction(found):
            return found

        async def call(*args: Any, **named: Any) -> Any:
            try:
                return await found(*args, **named)
            except LoginNeeded:
                await self._refused()
                raise

        return call


async def _unseen(step: str, png: bytes) -> None:
    """A fence belongs to no effect that evidence could be kept with."""

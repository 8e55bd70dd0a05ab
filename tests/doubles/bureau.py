"""The bureau's seats without Chromium: page objects, sign-in and fence are the product's own, the tab is a double."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpx
from playwright.async_api import BrowserContext

from adapters.browser.chromium_process import Browser, Deadlines
from adapters.bureau.portal import Evidence
from adapters.bureau.screen import Screen
from adapters.bureau.seats import Bureau
from adapters.bureau.sessions import COOKIES, AccountBook, HttpSessions
from tests.doubles.screen import HttpScreen
from workflow.clock import Clock

TRUST = httpx.create_ssl_context()
"""Made once: it takes longer than a page does."""


@dataclass
class NoBrowser:
    """The deadlines of a browser that is not there."""

    deadlines: Deadlines


@dataclass
class Jar:
    """The cookies of a seat, as a browser's context tells them."""

    client: httpx.AsyncClient

    async def cookies(self) -> list[dict[str, str]]:
        return [{"name": cookie.name, "value": cookie.value or ""} for cookie in self.client.cookies.jar]


class HttpBureau(Bureau):
    """A client of its own for each seat, with the session of its lease."""

    def __init__(self, address: str, sessions: HttpSessions, book: AccountBook, clock: Clock) -> None:
        self.browser = cast(Browser, NoBrowser(Deadlines(page=2.0)))
        super().__init__(self.browser, address, sessions, book, clock)

    @asynccontextmanager
    async def screen(
        self, login: str, session: Mapping[str, Any] | None, evidence: Evidence
    ) -> AsyncIterator[tuple[Screen, BrowserContext]]:
        async with httpx.AsyncClient(
            verify=TRUST, follow_redirects=True, timeout=self.browser.deadlines.page, trust_env=False
        ) as client:
            for name in COOKIES:
                if session and session.get(name):
                    client.cookies.set(name, str(session[name]), domain=self._host, path=self._path)
            screen = HttpScreen(client, self._address, login, evidence)
            yield cast(Screen, screen), cast(BrowserContext, Jar(client))

"""The bureau in a real Chromium against a running sandbox, started once for all tests of the adapters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.browser.chromium_process import Browser, Deadlines
from adapters.browser.chromium_search import Found
from adapters.bureau.portal import Portal
from adapters.bureau.seats import Bureau
from adapters.bureau.sessions import HttpSessions, SignIn
from adapters.http import Http
from tests.adapters.outside import DEVICES, Book, Outside, running
from workflow.clock import SetClock
from workflow.record.values import Epoch, Seat

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class Office:
    """An office with accounts at the bureau, and everything that was photographed there."""

    outside: Outside
    bureau: Bureau
    sessions: HttpSessions
    book: Book
    browser: Browser
    shots: list[tuple[str, bytes]] = field(default_factory=list)

    def seat(self, login: str, session: Mapping[str, Any] | None = None) -> Seat:
        return Seat(login, "portal", login, Epoch(1, 1), "worker", NOW, session, 1)

    @asynccontextmanager
    async def at(self, login: str) -> AsyncIterator[Portal]:
        """The Portal on a seat that has just logged in."""
        self.book.sessions[login] = self.outside.log_in(login)
        async with self.bureau.connect(self.seat(login, self.book.sessions[login]), self.keep) as portal:
            yield portal

    @asynccontextmanager
    async def signing_in(self, login: str) -> AsyncIterator[SignIn]:
        async with self.bureau.connect_sign_in(self.seat(login), self.keep) as sign_in:
            yield sign_in

    async def keep(self, step: str, png: bytes) -> None:
        self.shots.append((step, png))

    async def gate(self) -> None:
        """The right to the case is still there."""


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with running(tmp_path_factory.mktemp("outside")) as outside:
        yield outside


@pytest.fixture(scope="session")
async def browser(chromium: Found) -> AsyncIterator[Browser]:
    browser = Browser(chromium, Deadlines(page=5.0, step=15.0))
    yield browser
    await browser.close()


@pytest.fixture
def office(outside: Outside, browser: Browser) -> Office:
    return office_at(outside, browser, outside.portal)


def office_at(outside: Outside, browser: Browser, address: str) -> Office:
    book = Book({login: (f"pass-{login}", 1) for login in DEVICES}, {})
    http = Http("portal", address)
    sessions = HttpSessions(http, book)
    return Office(outside, Bureau(browser, address, sessions, book, SetClock(NOW)), sessions, book, browser)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "sandbox"

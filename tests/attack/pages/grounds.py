"""The office before a sandbox whose pages can be changed on their way: in a real Chromium, or by the double."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.types import ASGIApp

from adapters.browser.chromium_process import Browser
from adapters.bureau.sessions import HttpSessions
from adapters.http import Http
from tests.adapters.conftest import NOW, Office, office_at
from tests.adapters.outside import DEVICES, Book, running
from tests.attack.pages.rewriting import Rewriting
from tests.doubles.bureau import HttpBureau
from workflow.clock import SetClock


@contextmanager
def changing(data: Path, browser: Browser | None = None) -> Iterator[tuple[Office, Rewriting]]:
    """The office, and the hand between it and the sandbox; without a browser by the double."""
    hands: list[Rewriting] = []

    def between(app: ASGIApp) -> ASGIApp:
        hands.append(Rewriting(app))
        return hands[0]

    with running(data, between) as outside:
        if browser is not None:
            yield office_at(outside, browser, outside.portal), hands[0]
            return
        book = Book({login: (f"pass-{login}", 1) for login in DEVICES}, {})
        sessions = HttpSessions(Http("portal", outside.portal), book)
        bureau = HttpBureau(outside.portal, sessions, book, SetClock(NOW))
        yield Office(outside, bureau, sessions, book, bureau.browser), hands[0]

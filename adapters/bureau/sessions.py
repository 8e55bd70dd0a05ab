"""An account's session at the bureau: is it alive, and how a new one is got; no captcha is ever solved here."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from html.parser import HTMLParser
from typing import Any, Literal, Protocol
from urllib.parse import SplitResult, parse_qs, urljoin, urlsplit

from pydantic import BaseModel, ConfigDict

from adapters.bureau import selectors as on
from adapters.bureau import site_words
from adapters.elsewhere import leads_to, place_of, told_of
from adapters.http import Http
from adapters.replies import Reply
from workflow.addresses import PORTS
from workflow.errors import Closed, Drifted, NotSent
from workflow.plain_text import plain_text
from workflow.record.values import Seat

COOKIES = ("token", "key", "device")
SENDABLE = re.compile(r"[!#-+\--:<-\[\]-~]+")
"""What the value of a cookie may be made of, by RFC 6265."""

LOGIN_STATUSES = (200, 401, 403)
"""With these a site shows its login page where another site leads to it."""

AskPerson = Callable[[bytes], Awaitable[str | None]]
"""Shows a person the captcha (PNG) and waits for what he types; None: nobody answered."""


class SessionState(BaseModel):
    """What the bureau says about an account's session, by its own word."""

    model_config = ConfigDict(frozen=True)
    status: Literal["none", "alive", "dead"]
    kicked: bool = False
    """It ended because somebody logged in elsewhere."""
    password_version: int
    """The version of the password that is on file now."""
    obtained_at: datetime | None = None
    """When the stored session was got, business time."""


class LoginResult(BaseModel):
    """How a login ended, and with which version of the password."""

    model_config = ConfigDict(frozen=True)
    result: Literal["ok", "wrong_password", "captcha_asked"]
    password_version: int


class AccountBook(Protocol):
    """Where passwords and sessions are kept, encrypted.

    A session is {"token", "key", "device", "obtained_at"}, with "refused" where the browser was not let in with it. The
    device outlives the token and key beside it: the bureau asks a device that it does not know for a captcha.
    """

    async def session(self, account: str) -> Mapping[str, Any] | None: ...

    async def store_session(self, seat: Seat, session: Mapping[str, Any], *, password_version: int) -> None:
        """Keep what a login got; raises Fenced when the seat was lost meanwhile."""

    async def forget_session(self, seat: Seat) -> None:
        """Keep the device alone: nobody works on the account before a login."""

    async def doubt_session(self, seat: Seat) -> None:
        """The browser was asked for a login with it: mark it refused, so that it is not taken for alive."""

    async def password(self, account: str) -> tuple[str, int]:
        """The password and its version."""


class Sessions(Protocol):
    """Asking about a session keeps it alive; it is dead only on the bureau's definite answer, else the call raises."""

    async def state(self, account: str) -> SessionState: ...


class SignIn(Protocol):
    """Logs an account in through the browser and stores the new session."""

    async def log_in(self, account: str) -> LoginResult:
        """With account and password alone; captcha_asked when the page wants more than that."""

    async def log_in_with_person(self, account: str, ask: AskPerson) -> LoginResult:
        """Holds the page open for at most three minutes of real time while a person answers its captcha."""


class HttpSessions:
    """Asks the bureau's first page with the session's cookies, without a browser."""

    def __init__(self, http: Http, book: AccountBook) -> None:
        self._http, self._book = http, book

    async def state(self, account: str) -> SessionState:
        _, version = await self._book.password(account)
        session = await self._book.session(account)
        if session is None or not session.get("token"):
            return SessionState(status="none", password_version=version)
        ended = await self.ended(session)
        # what one page lets in and another does not cannot be worked with
        return SessionState(
            status="alive" if ended is None and not session.get("refused") else "dead",
            kicked=ended == "elsewhere",
            password_version=version,
            obtained_at=session.get("obtained_at"),
        )

    async def ended(self, session: Mapping[str, Any]) -> str | None:
        """None while the bureau lets this session in; else why it does not: elsewhere, timeout, required."""
        cookies = {name: str(session[name]) for name in COOKIES if session.get(name)}
        if not all(map(SENDABLE.fullmatch, cookies.values())):
            return "required"  # nobody can work with what no header carries
        reply = await self._http.fetch("session", "", cookies=cookies)
        address = self._http.address
        asked = leads_to_login(reply.status, reply.headers.get("location", ""), address, address)
        if asked is not None:
            return asked or "required"
        page = page_of(reply)
        if reply.status == 200 and page == on.HOME.name:
            return None
        if reply.status in LOGIN_STATUSES and page == on.LOGIN.name:
            return "required"
        if page == on.CLOSED:
            raise Closed(self._http.adapter, "session", site_words.CLOSED)
        if page == on.BUSY:
            raise NotSent(self._http.adapter, "session", site_words.BUSY)
        leads = leads_to(reply, address) is not None
        told = told_of(reply, address) if leads else site_words.status_and_page(reply.status, page)
        raise Drifted(self._http.adapter, "session", told)


def leads_to_login(status: int, location: str, asked: str, address: str) -> str | None:
    """Why an answer of the site at this address leads to its own login, in its word or none; else None.

    Other sites have a login too, and so may other systems of its host. asked: what it answers.
    """
    to, own = place_of(location, asked), urlsplit(urljoin(f"{address.rstrip('/')}/", "login"))
    if to is None or status != 303 or (to.hostname, to.path) != (own.hostname, own.path):
        return None
    if _port(to) != _port(own):
        return None
    return parse_qs(to.query).get("why", [""])[0]


def _port(place: SplitResult) -> int | None:
    """None for the default of its scheme, so that a site behind a door that ends TLS is the same; -1 for no port."""
    try:
        return None if place.port == PORTS.get(place.scheme) else place.port
    except ValueError:
        return -1


class _Body(HTMLParser):
    """Finds what the page calls itself."""

    page = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self.page = dict(attrs).get("data-page") or ""


def page_of(reply: Reply) -> str:
    """What the page calls itself; empty where it does not."""
    body = _Body()
    try:
        body.feed(reply.content.decode("utf-8", errors="replace"))
    except (AssertionError, ValueError):  # how html.parser says that a declaration is odd
        return ""
    return plain_text(body.page)

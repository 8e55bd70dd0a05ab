"""Logs an account in on the bureau's own page; a captcha is shown to a person and never solved."""

from __future__ import annotations

import asyncio

import structlog
from playwright.async_api import BrowserContext

from adapters.bureau import selectors as on
from adapters.bureau.screen import ADAPTER, Screen
from adapters.bureau.seen import Seen
from adapters.bureau.sessions import COOKIES, AccountBook, AskPerson, LoginResult
from adapters.personal import apart
from workflow.clock import Clock
from workflow.errors import Drifted
from workflow.record.values import Seat
from workflow.sentence import Sentence

log = structlog.get_logger()

STEP = "login"
CAPTCHA_FIELD, PASSWORD_FIELD = "captcha", "password"


class PlaywrightSignIn:
    """Bound to a leased seat; it logs in nobody else. person: seconds that a page waits for a person."""

    def __init__(
        self, screen: Screen, context: BrowserContext, seat: Seat, book: AccountBook, clock: Clock, *, person: float
    ) -> None:
        self._screen, self._context, self._seat = screen, context, seat
        self._book, self._clock, self._person = book, clock, person

    async def log_in(self, account: str) -> LoginResult:
        password, version = await self._secret(account)
        return await self._ended(await self._first_try(password), version)

    async def log_in_with_person(self, account: str, ask: AskPerson) -> LoginResult:
        password, version = await self._secret(account)
        seen = await self._first_try(password)
        try:
            async with asyncio.timeout(self._person):
                while _wants_captcha(seen):
                    answer = await ask(await self._screen.picture(STEP, on.CAPTCHA_IMAGE))
                    if answer is None:
                        break
                    seen = await self._try(password, captcha=answer)
        except TimeoutError:
            log.info("login.nobody_answered", account=account)
        return await self._ended(seen, version)

    async def _secret(self, account: str) -> tuple[str, int]:
        if account != self._seat.account:
            raise ValueError(f"this seat is {self._seat.account}'s, not {account}'s")
        return await self._book.password(account)

    async def _first_try(self, password: str) -> Seen:
        await self._screen.open(STEP, on.LOGIN, "/login")
        return await self._try(password)

    async def _try(self, password: str, *, captcha: str | None = None) -> Seen:
        fields: list[tuple[str, str, str | bool]] = [
            (on.ACCOUNT.removeprefix("#"), "text", self._seat.login),
            (on.PASSWORD.removeprefix("#"), "text", password),
        ]
        if captcha is not None:
            fields.append((on.CAPTCHA.removeprefix("#"), "text", captcha))
        await self._screen.fill(STEP, fields)
        await self._screen.shoot(STEP)
        return await self._screen.click(STEP, on.LOGIN_SUBMIT, on.HOME, on.LOGIN)

    async def _ended(self, seen: Seen, version: int) -> LoginResult:
        if seen.page == on.HOME.name:
            await self._keep(seen, version)
            return LoginResult(result="ok", password_version=version)
        await self._screen.shoot(STEP)
        if _wants_captcha(seen):
            return LoginResult(result="captcha_asked", password_version=version)
        if any(error["field"] == PASSWORD_FIELD for error in seen.errors):
            return LoginResult(result="wrong_password", password_version=version)
        told = seen.complaint or Sentence("says_nothing", "nothing")
        raise Drifted(ADAPTER, STEP, Sentence("login_page_says", "the login page says: {told}", told=told))

    async def _keep(self, seen: Seen, version: int) -> None:
        if seen.text("account") != self._seat.login:
            raise Drifted(
                ADAPTER,
                STEP,
                Sentence(
                    "page_shows_account",
                    "the page shows the account {shown}, not {due}",
                    shown=seen.told("account"),
                    due=apart(self._seat.login, seen.told("account")),
                ),
            )
        got = {cookie["name"]: cookie["value"] for cookie in await self._context.cookies() if cookie["name"] in COOKIES}
        if not {"token", "key"} <= got.keys():
            raise Drifted(ADAPTER, STEP, Sentence("no_token_and_key", "the site gave no token and key"))
        session = {**got, "obtained_at": (await self._clock.business()).isoformat()}
        await self._book.store_session(self._seat, session, password_version=version)
        await self._screen.shoot("logged in")


def _wants_captcha(seen: Seen) -> bool:
    return seen.page == on.LOGIN.name and any(error["field"] == CAPTCHA_FIELD for error in seen.errors)

"""An account's session at the bureau: is it alive, and how a new one is got; no captcha is ever solved here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict

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

    A session is {"token", "key", "device", "obtained_at"}. The device outlives the token and key beside it: the bureau
    asks a device that it does not know for a captcha.
    """

    async def session(self, account: str) -> Mapping[str, Any] | None: ...

    async def store_session(self, account: str, session: Mapping[str, Any], *, password_version: int) -> None: ...

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

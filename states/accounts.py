"""An account's login at the bureau: alive, lapsed, in need of a person, or with a wrong password."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from adapters.bureau.sessions import AskPerson, LoginResult, Sessions, SessionState, SignIn
from workflow import Case, Flow, NeedsPerson, No, State, Stay, To, Verdict, Yes, action, fact

SOONEST, LATEST = timedelta(minutes=10), timedelta(hours=4)
"""A login that did not last is tried again after this time at least, and at most."""
TOLD_AFTER = timedelta(hours=2)
"""An account may be without a session for this long before a person is told."""


class LoginTry(BaseModel):
    """A login that was tried: how it ended, with which version of the password, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    result: Literal["ok", "wrong_password", "captcha_asked"]
    password_version: int
    at: AwareDatetime


class Account(BaseModel):
    """The data of an account's case; password and session are kept elsewhere, encrypted."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    login: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    region: str | None = None
    notes: str | None = None
    last_try: LoginTry | None = None


@fact
async def session(case: Case[Account], sessions: Sessions) -> SessionState:
    """What the bureau says about the session; asking keeps it alive (R25, R26, R38, R39)."""
    return await sessions.state(_account(case))


def session_alive(session: SessionState) -> Verdict:
    """The bureau takes the session (R36, R38, R97, R99)."""
    return Yes(status=session.status) if session.status == "alive" else No(status=session.status)


def session_dead(session: SessionState) -> Verdict:
    """There is none, or it ended: by time, or because somebody logged in elsewhere (R27, R28, R39)."""
    if session.status == "alive":
        return No(status=session.status)
    return Yes(status=session.status, kicked=session.kicked)


def login_untried(case: Case[Account], session: SessionState, now: datetime) -> Verdict:
    """Account and password alone may still get a new session (R30, R31, R96)."""
    last = case.data.last_try
    if last is None:
        return Yes(last=None)
    if last.result == "ok":
        # it did not last: the next try waits twice as long, since sites lock who goes on
        entered = _entered(case, last, now)
        lasted = min(max(last.at - entered, SOONEST), LATEST)
        if entered <= last.at <= now < last.at + lasted:
            return No(last=last.result, until=last.at + lasted, waits_for="operator")
        return Yes(last=last.result)
    if last.result == "wrong_password":
        if last.password_version == session.password_version:
            return No(last=last.result, password_version=last.password_version, waits_for="operator")
        return Yes(last=last.result, password_version=session.password_version)
    is_old = last.at < _entered(case, last, now)
    return Yes(last=last.result) if is_old else No(last=last.result, waits_for="operator")


def captcha_asked(case: Case[Account], now: datetime) -> Verdict:
    """The bureau wants its image captcha answered, which is a person's to do (R35)."""
    last = case.data.last_try
    asked = last is not None and last.result == "captcha_asked" and last.at >= _entered(case, last, now)
    return Yes(at=last.at.isoformat()) if asked and last else No(last=last.result if last else None)


def password_refused(case: Case[Account], session: SessionState) -> Verdict:
    """The bureau refused the password that is on file now (R42, R98)."""
    last = case.data.last_try
    if last is None or last.result != "wrong_password" or last.password_version != session.password_version:
        return No(last=last.result if last else None)
    return Yes(password_version=last.password_version)


def password_changed(case: Case[Account], session: SessionState) -> Verdict:
    """Another password is on file than the one that was refused (R98)."""
    last = case.data.last_try
    if last is not None and last.password_version == session.password_version:
        return No(password_version=session.password_version, waits_for="operator")
    return Yes(password_version=session.password_version)


@action(repeatable=True, takes=timedelta(seconds=90))
async def log_in(case: Case[Account], now: datetime, sign_in: SignIn) -> dict[str, LoginTry]:
    """Log in with account and password alone (R30, R96)."""
    return {"last_try": _tried(await sign_in.log_in(_account(case)), now)}


async def person_login(case: Case[Account], now: datetime, sign_in: SignIn, ask: AskPerson) -> dict[str, LoginTry]:
    """Log in while a person answers the captcha (R32-R36): what is to be changed in the account's case.

    Holds the bureau's page open for at most three minutes of real time. The caller holds the account's seat, and
    writes the answer into the case as a person's command; the case moves at its next look.
    """
    return {"last_try": _tried(await sign_in.log_in_with_person(_account(case), ask), now)}


class A(StrEnum):
    lapsed = "lapsed"
    alive = "alive"
    needs_person = "needs_person"
    wrong_password = "wrong_password"


# fmt: off
flow = Flow("accounts", version=1, data=Account, facts=[session], prefix="ZH",               # task 1
            subject=lambda data: data.login.casefold(), states=[
    State(A.lapsed, "失效",
        To(A.alive, when=session_alive, wakes="seat"),
        To(A.wrong_password, when=password_refused),
        To(A.needs_person, when=captcha_asked),
        Stay(when=[session_dead, login_untried], do=log_in),
        incident=True, told_after=TOLD_AFTER, waits_for="nobody"),
    State(A.alive, "有效",
        To(A.lapsed, when=session_dead),
        waits_for="nobody", wakes="seat"),
    State(A.needs_person, "需要人工登录",
        To(A.alive, when=session_alive, wakes="seat"),
        To(A.wrong_password, when=password_refused),
        incident=True, told_after=TOLD_AFTER, waits_for="operator"),
    State(A.wrong_password, "密码错误",
        To(A.alive, when=session_alive, wakes="seat"),
        To(A.lapsed, when=password_changed),
        incident=True, waits_for="operator"),
])
# fmt: on


def _entered(case: Case[Account], last: LoginTry, now: datetime) -> datetime:
    """When the account came to its state; where a wrong clock wrote that, when a login was last tried."""
    return case.here_since(now) or last.at


def _account(case: Case[Account]) -> str:
    if case.account is None:
        raise NeedsPerson("account_unassigned", case=case.number)
    return case.account


def _tried(ended: LoginResult, now: datetime) -> LoginTry:
    return LoginTry(result=ended.result, password_version=ended.password_version, at=now)

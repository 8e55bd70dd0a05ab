"""Each line of the accounts' table is taken by an account that it is meant for."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from adapters.bureau.sessions import SessionState
from states.accounts import TOLD_AFTER, Account, LoginTry, flow
from tests.flows.matters import NOW, look
from workflow.flow.case import Case

EARLIER = NOW - timedelta(hours=3)
Result = Literal["ok", "wrong_password", "captcha_asked"]


def account(state: str, last: LoginTry | None = None) -> Case[Account]:
    return Case(
        id="c9", number="ZH-0001", flow="accounts", state=state, data=Account(login="lanxi-rz-01", last_try=last),
        round=0, opened_at=EARLIER, entered_at=NOW - timedelta(minutes=10), account="a1",
    )  # fmt: skip


def tried(result: Result, *, version: int = 1, earlier: bool = False) -> LoginTry:
    return LoginTry(result=result, password_version=version, at=EARLIER if earlier else NOW)


def session(status: Literal["none", "alive", "dead"], version: int = 1, *, kicked: bool = False) -> SessionState:
    return SessionState(status=status, kicked=kicked, password_version=version)


ALIVE, DEAD, NONE = session("alive"), session("dead"), session("none")
TRY = "stay:log_in[session_dead+login_untried]"
ROWS = [
    ("a new account logs in", "lapsed", None, NONE, TRY),
    ("a kicked account logs in", "lapsed", None, session("dead", kicked=True), TRY),
    ("a session that was lost after a good login is got anew", "lapsed", tried("ok", earlier=True), DEAD, TRY),
    ("a captcha of an earlier lapse is no reason now", "lapsed", tried("captcha_asked", earlier=True), DEAD, TRY),
    ("a changed password is tried", "lapsed", tried("wrong_password"), session("dead", 2), TRY),
    ("a login that did not last is let alone for a while", "lapsed", tried("ok"), DEAD, None),
    ("a login that worked", "lapsed", tried("ok"), ALIVE, "alive[session_alive]"),
    ("a refused password stops it", "lapsed", tried("wrong_password"), DEAD, "wrong_password[password_refused]"),
    ("a password refused long ago is still refused", "lapsed", tried("wrong_password", earlier=True), DEAD,
     "wrong_password[password_refused]"),
    ("a captcha needs a person", "lapsed", tried("captcha_asked"), DEAD, "needs_person[captcha_asked]"),
    ("a living session is left alone", "alive", tried("ok"), ALIVE, None),
    ("a session that was kicked", "alive", tried("ok"), session("dead", kicked=True), "lapsed[session_dead]"),
    ("nobody has answered the captcha", "needs_person", tried("captcha_asked"), DEAD, None),
    ("a person logged in", "needs_person", tried("ok"), ALIVE, "alive[session_alive]"),
    ("the person's password was refused", "needs_person", tried("wrong_password"), DEAD,
     "wrong_password[password_refused]"),
    ("a wrong password is not tried again", "wrong_password", tried("wrong_password"), DEAD, None),
    ("the password was corrected", "wrong_password", tried("wrong_password"), session("dead", 2),
     "lapsed[password_changed]"),
    ("a person got in all the same", "wrong_password", tried("ok"), ALIVE, "alive[session_alive]"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("last", "takes"),
    [
        (tried("captcha_asked"), "needs_person[captcha_asked]"),
        (tried("ok"), None),
        (tried("ok", earlier=True), TRY),
        (None, TRY),
    ],
    ids=["a captcha", "a login", "one of before", "nothing"],
)
def test_an_account_that_lapsed_by_a_wrong_clock_is_as_any_other(last: LoginTry | None, takes: str | None) -> None:
    """It lapsed in ten years: the captcha of today was one of before, and each look logged in again."""
    ahead = replace(account("lapsed", last), entered_at=NOW + timedelta(days=3650))
    line = look(flow, ahead, {"session": DEAD})
    assert (line.key if line else None) == takes


@pytest.mark.parametrize(
    ("state", "last", "found", "takes"), [row[1:] for row in ROWS], ids=[f"{row[1]}: {row[0]}" for row in ROWS]
)
def test_the_line_for_an_account_as_it_lies(
    state: str, last: LoginTry | None, found: SessionState, takes: str | None
) -> None:
    line = look(flow, account(state, last), {"session": found})
    assert (line.key if line else None) == takes


def test_every_line_of_the_table_is_taken_by_some_account() -> None:
    lines = {(str(state.name), line.key) for state, line in flow.lines()}
    assert lines == {(row[1], row[4]) for row in ROWS if row[4]}


def test_a_new_session_wakes_the_cases_that_wait_for_it() -> None:
    assert {line.wakes for _, line in flow.lines() if line.dest == "alive"} == {"seat"}


def test_a_wrong_password_opens_an_incident_and_so_does_a_captcha_that_nobody_answers() -> None:
    assert [str(state.name) for state in flow.states if state.incident] == ["lapsed", "needs_person", "wrong_password"]
    assert [state.told_after for state in flow.states] == [TOLD_AFTER, None, TOLD_AFTER, None]

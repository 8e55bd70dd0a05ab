"""Sessions: what the bureau says about one, how a new one is got, and that a fence really ends the old one."""

from __future__ import annotations

import pytest

from adapters.browser.chromium_process import Deadlines
from tests.adapters.conftest import Office
from workflow.errors import LoginNeeded

pytestmark = pytest.mark.browser


async def test_asking_tells_alive_from_dead_from_kicked(office: Office) -> None:
    login = "office-20"
    assert (await office.sessions.state(login)).status == "none"
    first = office.book.sessions[login] = office.outside.log_in(login)
    assert (await office.sessions.state(login)).status == "alive"
    second = office.outside.log_in(login)
    state = await office.sessions.state(login)
    assert (state.status, state.kicked) == ("dead", True)
    assert await office.sessions.ended(first) == "elsewhere"
    assert await office.sessions.ended(second) is None


async def test_a_session_that_timed_out_is_dead_and_not_kicked(office: Office) -> None:
    login = "office-21"
    office.book.sessions[login] = office.outside.log_in(login)
    office.outside.next_morning()
    state = await office.sessions.state(login)
    assert (state.status, state.kicked) == ("dead", False)


async def test_a_known_device_logs_in_without_a_person(office: Office) -> None:
    login = "office-22"
    office.book.sessions[login] = {"device": "device-22"}
    async with office.signing_in(login) as sign_in:
        assert (await sign_in.log_in(login)).result == "ok"
    stored = office.book.sessions[login]
    assert {"token", "key", "device", "obtained_at"} <= stored.keys()
    state = await office.sessions.state(login)
    assert (state.status, state.password_version) == ("alive", 1)
    assert state.obtained_at is not None


async def test_a_wrong_password_is_said_once_and_tried_once(office: Office) -> None:
    login = "office-23"
    office.book.sessions[login] = {"device": "device-23"}
    office.book.passwords[login] = ("not the password", 7)
    async with office.signing_in(login) as sign_in:
        result = await sign_in.log_in(login)
    assert (result.result, result.password_version) == ("wrong_password", 7)
    assert office.book.sessions[login] == {"device": "device-23"}


async def test_an_unknown_device_needs_a_person_who_may_mistype_once(office: Office) -> None:
    login, shown = "office-24", []

    async def person(png: bytes) -> str:
        shown.append(png)
        return "????" if len(shown) == 1 else office.outside.captcha(png)

    async with office.signing_in(login) as sign_in:
        assert (await sign_in.log_in(login)).result == "captcha_asked"
    async with office.signing_in(login) as sign_in:
        assert (await sign_in.log_in_with_person(login, person)).result == "ok"
    assert len(shown) == 2
    async with office.signing_in(login) as sign_in:  # the device is known from now on
        assert (await sign_in.log_in(login)).result == "ok"


async def test_a_person_who_does_not_answer_leaves_the_captcha_asked(office: Office) -> None:
    async def nobody(png: bytes) -> None:
        return None

    async with office.signing_in("office-25") as sign_in:
        assert (await sign_in.log_in_with_person("office-25", nobody)).result == "captcha_asked"
    assert Deadlines().person == 180


async def test_a_seat_logs_in_nobody_else(office: Office) -> None:
    async with office.signing_in("office-25") as sign_in:
        with pytest.raises(ValueError, match="office-26"):
            await sign_in.log_in("office-26")


async def test_a_fence_ends_the_session_that_a_sleeping_worker_still_holds(office: Office) -> None:
    login = "office-26"
    held = office.book.sessions[login] = office.outside.log_in(login)
    assert await office.bureau.fence(office.seat(login, held))
    assert await office.sessions.ended(held) == "elsewhere"
    assert (await office.sessions.state(login)).status == "alive"
    assert office.book.sessions[login] != held


async def test_a_dead_session_is_fence_enough(office: Office) -> None:
    login = "office-27"
    held = office.outside.log_in(login)
    office.outside.log_in(login)
    before = len(office.outside.control("ledger?kind=login")["entries"])
    assert await office.bureau.end_session(office.seat(login, held), office.keep) == "fenced"
    assert len(office.outside.control("ledger?kind=login")["entries"]) == before


async def test_a_fence_that_a_captcha_stops_says_so(office: Office) -> None:
    login = "office-28"
    held = {**office.outside.log_in(login), "device": "unknown-device"}
    office.book.sessions[login] = held
    assert await office.bureau.end_session(office.seat(login, held), office.keep) == "captcha_asked"
    assert not await office.bureau.fence(office.seat(login, held))


async def test_a_session_that_the_browser_was_not_let_in_with_is_dead_until_the_next_login(office: Office) -> None:
    """The first page took it and another asked for a login: nobody logged in, and the cases waited for ever."""
    login = "office-25"
    refused = office.outside.log_in(login)
    office.book.sessions[login] = office.outside.log_in(login)
    assert (await office.sessions.state(login)).status == "alive"
    async with office.bureau.connect(office.seat(login, refused), office.keep) as portal:
        with pytest.raises(LoginNeeded):
            await portal.filing("RZ-0001")
    assert (await office.sessions.state(login)).status == "dead"
    office.book.sessions[login] = office.outside.log_in(login)
    assert (await office.sessions.state(login)).status == "alive"

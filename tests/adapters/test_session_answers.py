"""What the bureau's answer about a session means: only its own word that nobody is logged in ends one."""

from __future__ import annotations

import httpx
import pytest

from adapters.bureau.sessions import HttpSessions
from adapters.http import Http
from workflow.errors import Closed, Drifted, NotSent, RemoteError

SESSION = {"token": "t", "key": "k", "device": "d"}


async def ended(status: int, page: str = "", location: str = "") -> str | None:
    headers = {"content-type": "text/html; charset=utf-8", **({"location": location} if location else {})}
    body = f'<html><body data-page="{page}">…</body></html>' if page else ""
    transport = httpx.MockTransport(lambda _: httpx.Response(status, text=body, headers=headers))
    http = Http("portal", "http://bureau/portal", transport=transport)
    return await HttpSessions(http, None).ended(SESSION)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "page", "location", "why"),
    [
        (200, "home", "", None),
        (303, "", "/portal/login?why=elsewhere", "elsewhere"),
        (303, "", "/portal/login", "required"),
        (303, "", "http://BUREAU:80/portal/login?why=timeout", "timeout"),
        (303, "", "login", "required"),
        (303, "", "https://bureau/portal/login", "required"),
        (200, "login", "", "required"),
        (401, "login", "", "required"),
        (403, "login", "", "required"),
    ],
)
async def test_a_session_is_over_when_the_site_asks_for_a_login(
    status: int, page: str, location: str, why: str | None
) -> None:
    """A login page with status 200 barred the account by an incident before any login was tried."""
    assert await ended(status, page, location) == why


@pytest.mark.parametrize(
    ("status", "page", "location", "error"),
    [
        (200, "", "", Drifted),
        (200, "drafts", "", Drifted),
        (302, "", "/portal/home", Drifted),
        (303, "", "https://sso.elsewhere/portal/login", Drifted),
        (303, "", "http://elsewhere/portal/login?why=timeout", Drifted),
        (303, "", "/mail/login", Drifted),
        (303, "", "http://bureau:8080/portal/login", Drifted),
        (303, "", "http://bureau:99999/portal/login", Drifted),
        (303, "", "http://[/portal/login", Drifted),
        (403, "closed", "", Closed),
        (404, "home", "", Drifted),
        (401, "", "", Drifted),
        (200, "busy", "", NotSent),
        (503, "login", "", NotSent),
        (200, "closed", "", Closed),
    ],
)
async def test_what_says_nothing_about_a_session_ends_none(
    status: int, page: str, location: str, error: type[RemoteError]
) -> None:
    """Another host's login ended the session, and a Location that nobody can read ended the look."""
    with pytest.raises(error):
        await ended(status, page, location)


async def test_where_another_login_stands_is_told_without_what_was_asked() -> None:
    with pytest.raises(Drifted) as told:
        await ended(303, "", "https://user:pass@sso.elsewhere/login?phone=13800138000")
    assert told.value.why == "status 303 to https://sso.elsewhere/login"

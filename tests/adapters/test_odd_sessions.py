"""What the bureau answers about a session can be anything: it is alive, dead, or the page has drifted."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from adapters.bureau.sessions import HttpSessions
from adapters.http import Http
from workflow.errors import Drifted
from workflow.record.values import Seat


class Book:
    """One account, with this session on file."""

    def __init__(self, **session: str) -> None:
        self.kept = {"token": "t", "key": "k", "device": "d"} | session

    async def session(self, account: str) -> dict[str, Any]:
        return self.kept

    async def password(self, account: str) -> tuple[str, int]:
        return "secret", 1

    async def store_session(self, seat: Seat, session: Any, *, password_version: int) -> None: ...
    async def forget_session(self, seat: Seat) -> None: ...
    async def doubt_session(self, seat: Seat) -> None: ...


def sessions(book: Book, status: int = 200, content: bytes = b"", **headers: str) -> HttpSessions:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=content, headers=headers))
    return HttpSessions(Http("portal", "http://bureau/portal", transport=transport), book)


@pytest.mark.parametrize(
    "page",
    [
        b"<![abc]]><body data-page='home'>",
        b"<!doctype html><![%x;[<body>",
        b"<![\n<body data-page='home'>",
        b"\xff\xfe\x00",
        b"<body data-page='h\x00ome'>",
    ],
)
async def test_a_page_that_no_parser_takes_has_drifted(page: bytes) -> None:
    with pytest.raises(Drifted) as drifted:
        await sessions(Book(), content=page).state("a")
    assert "\x00" not in str(drifted.value)


@pytest.mark.parametrize("odd", ["令牌", "k\r\nX: y", "a b", "a;b", "\ud83d", "a\x00"])
@pytest.mark.parametrize("which", ["token", "key", "device"])
async def test_a_session_that_no_header_carries_is_dead(which: str, odd: str) -> None:
    """Its token stood whole in the log, and each look failed."""
    state = await sessions(Book(**{which: odd}), content=b"<body data-page='home'>").state("a")
    assert state.status == "dead"

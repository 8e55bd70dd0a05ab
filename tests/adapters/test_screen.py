"""A site that has gone mad: dialogs, popups, redirects without end, pages instead of files; each ends with a name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.browser.chromium_process import Browser
from adapters.browser.egress import Egress
from adapters.bureau.screen import Screen
from adapters.bureau.sheets import Page
from adapters.contract import Agreed, Contract, Line
from workflow.errors import Closed, Drifted, LoginNeeded, NotSent, Refused, RemoteError, Unknown

pytestmark = pytest.mark.browser

FORM = Page("form", "表单", ("#send",))
DONE = Page("done", "完成")


def page(name: str, heading: str, content: str = "") -> bytes:
    body = f'<body data-page="{name}"><h1 id="page-title">{heading}</h1>{content}</body>'
    return f"<!doctype html><meta charset=utf-8>{body}".encode()


SENT = Contract(
    "send",
    "send",
    (
        Line("title", ""),
        Line("text", "表单", "page-title"),
        Line("form", "post {origin}/done"),
        Line("button", "send", "send"),
        Line("end", "form"),
    ),
)
SEND = '<form method=post action="/done"><button id=send>send</button></form>'
PAGES = {
    "/form": page("form", "表单", SEND),
    "/alert": page("form", "表单", SEND + "<script>alert('really?')</script>"),
    "/popup": page("form", "表单", SEND + "<script>open('/form')</script>"),
    "/ask": page("form", "表单", SEND + "<script>addEventListener('beforeunload', e => e.preventDefault())</script>"),
    "/new": page("form", "表单（新版）", SEND),
    "/bare": page("form", "表单"),
    "/files": page("form", "表单", SEND + '<a id=pdf href="/pdf">pdf</a> <a id=html href="/closed">html</a>'),
    "/closed": page("closed", "系统维护"),
    "/busy": page("busy", "系统繁忙"),
    "/login": page("login", "用户登录", "<div id=login-notice>请先登录</div>"),
    "/covered": page("form", "表单", SEND + "<div style='position:fixed;inset:0'></div>"),
    "/wrong": page("form", "表单", SEND.replace("/done", "/refused")),
    "/done": page("done", "完成"),
    "/refused": page("done", "完成", "<ul class=errors><li>不可以</li></ul>"),
}


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
    if path == "/loop":
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n")
    elif path == "/elsewhere":
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://example.org/\r\nContent-Length: 0\r\n\r\n")
    elif path == "/pdf":
        body = b"%PDF-1.4 small"
        attached = b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=\xc7\xa9.pdf\r\n"
        writer.write(b"HTTP/1.1 200 OK\r\n" + attached + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    elif body := PAGES.get(path, b""):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    else:
        writer.write(b"HTTP/1.1 500 Oh\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\noh")
    await writer.drain()
    writer.close()


@asynccontextmanager
async def mad_site(browser: Browser) -> AsyncIterator[tuple[Screen, list[str]]]:
    steps: list[str] = []

    async def keep(step: str, png: bytes) -> None:
        steps.append(step)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Egress("127.0.0.1", port) as egress, browser.context(egress.address) as context:
        tab = await context.new_page()
        yield Screen(tab, context, browser, egress, f"http://127.0.0.1:{port}", "", keep), steps
    server.close()


async def gate() -> None:
    """Open."""


def sent(screen: Screen) -> Agreed:
    return SENT.filled({"origin": screen.address})


OPENED: list[tuple[str, type[RemoteError], str]] = [
    ("/closed", Closed, "closed"),
    ("/busy", NotSent, "busy"),
    ("/login", LoginNeeded, "请先登录"),
    ("/new", Drifted, "新版"),
    ("/bare", Drifted, "lacks #send"),
    ("/done", Drifted, "expected was form"),
    ("/nowhere", NotSent, "500"),
    ("/loop", NotSent, "REDIRECTS"),
    ("/elsewhere", Drifted, "led to example.org"),
]


@pytest.mark.parametrize(("path", "error", "words"), OPENED)
async def test_a_page_that_is_not_the_expected_one_has_its_name(
    browser: Browser, path: str, error: type[RemoteError], words: str
) -> None:
    async with mad_site(browser) as (screen, steps):
        with pytest.raises(error, match=words):
            await screen.open("open", FORM, path)
        assert (steps == ["open"]) is (error is Drifted)
        assert (await screen.open("open", FORM, "/form")).page == "form"


async def test_a_dialog_is_dismissed_and_stops_an_irreversible_click(browser: Browser) -> None:
    async with mad_site(browser) as (screen, _):
        await screen.open("open", FORM, "/alert")
        with pytest.raises(Drifted, match="really"):
            await screen.commit("send", sent(screen), gate, DONE)
        await screen.open("open", FORM, "/form")
        assert (await screen.commit("send", sent(screen), gate, DONE)).page == "done"


@pytest.mark.parametrize("path", ["/popup", "/ask"])
async def test_popups_and_questions_on_leaving_change_nothing(browser: Browser, path: str) -> None:
    async with mad_site(browser) as (screen, _):
        await screen.open("open", FORM, path)
        assert (await screen.click("send", "#send", DONE)).page == "done"


async def test_a_button_that_something_covers_was_not_clicked(browser: Browser) -> None:
    async with mad_site(browser) as (screen, steps):
        await screen.open("open", FORM, "/covered")
        with pytest.raises(Drifted, match="cover"):
            await screen.commit("send", sent(screen), gate, DONE)
        assert steps == ["send"]


async def test_an_answer_that_is_another_page_is_not_definite(browser: Browser) -> None:
    async with mad_site(browser) as (screen, steps):
        await screen.open("open", FORM, "/form")
        with pytest.raises(Unknown, match="page done"):
            await screen.commit("send", sent(screen), gate, FORM)
        assert steps == ["send: before", "send: unexpected"]


async def test_a_form_that_is_not_taken_is_refused_in_the_pages_own_words(browser: Browser) -> None:
    async with mad_site(browser) as (screen, _):
        await screen.open("open", FORM, "/wrong")
        with pytest.raises(Refused, match="不可以"):
            await screen.submit("send", "#send", DONE)


async def test_a_file_is_taken_and_a_page_in_its_place_says_what_it_is(browser: Browser) -> None:
    async with mad_site(browser) as (screen, _):
        await screen.open("open", FORM, "/files")
        assert await screen.download("file", "#pdf") == b"%PDF-1.4 small"
        with pytest.raises(Closed):
            await screen.download("file", "#html")

"""The egress lets one irreversible request pass, and nothing to another host."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Error as PlaywrightError

from adapters.browser.chromium_process import Browser
from adapters.browser.egress import Egress

PAGE = b"<html><body><form method=post action=/send><button>send</button></form></body></html>"


@dataclass
class Site:
    """Shows a form, and dies on every POST without a word."""

    port: int = 0
    posts: int = 0
    asked: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.split(b" ", 2)[1].decode())
        if head.startswith(b"POST"):
            self.posts += 1
            writer.transport.abort()
            return
        if "elsewhere" in self.asked[-1]:
            writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n")
        else:
            length = b"Content-Length: %d\r\n\r\n" % len(PAGE)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + length + PAGE)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    found = Site()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()


@pytest.mark.browser
async def test_a_post_whose_connection_dies_reaches_the_site_once(browser: Browser) -> None:
    """Why the egress exists: unarmed, Chromium often sends it anew, on a connection that it had opened beforehand."""
    async with site() as there, Egress("127.0.0.1", there.port) as egress, browser.context(egress.address) as context:
        tab = await context.new_page()
        await tab.goto(f"http://127.0.0.1:{there.port}/")
        egress.arm()
        with pytest.raises(PlaywrightError, match="net::ERR"):
            async with tab.expect_navigation():
                await tab.click("button")
        assert egress.passed
        assert there.posts == 1


@pytest.mark.browser
async def test_a_page_cannot_lead_the_browser_to_another_host(browser: Browser) -> None:
    async with site() as there, Egress("127.0.0.1", there.port) as egress, browser.context(egress.address) as context:
        tab = await context.new_page()
        await tab.goto(f"http://127.0.0.1:{there.port}/elsewhere")
        assert "refused" in await tab.content()
        assert egress.refused == ["169.254.169.254:80"]


async def said(egress: Egress, request: bytes) -> bytes:
    host, port = egress.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    answer = await reader.read()
    writer.close()
    return answer


async def test_of_two_posts_one_passes_while_it_is_armed() -> None:
    async with site() as there, Egress("127.0.0.1", there.port) as egress:
        post = b"POST http://127.0.0.1:%d/send HTTP/1.1\r\nContent-Length: 0\r\n\r\n" % there.port
        egress.arm()
        assert await said(egress, post) == b""
        assert (await said(egress, post)).startswith(b"HTTP/1.1 409")
        egress.disarm()
        assert await said(egress, post) == b""
        assert there.posts == 2


async def test_one_tunnel_passes_while_it_is_armed_and_none_to_another_host() -> None:
    async with site() as there, Egress("127.0.0.1", there.port) as egress:
        tunnel = b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % there.port
        inside = b"GET / HTTP/1.1\r\n\r\n"
        egress.arm()
        assert PAGE in await said(egress, tunnel + inside)
        assert (await said(egress, tunnel + inside)).startswith(b"HTTP/1.1 409")
        egress.disarm()
        assert PAGE in await said(egress, tunnel + inside)
        assert (await said(egress, b"CONNECT example.org:443 HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 403")


async def test_a_site_that_cannot_be_reached_leaves_nothing_passed() -> None:
    async with site() as there:
        port = there.port
    async with Egress("127.0.0.1", port) as egress:
        egress.arm()
        request = b"POST http://127.0.0.1:%d/send HTTP/1.1\r\nContent-Length: 0\r\n\r\n" % port
        assert (await said(egress, request)).startswith(b"HTTP/1.1 502")
        assert not egress.passed


@pytest.mark.parametrize("nonsense", [b"\r\n\r\n", b"GET\r\n\r\n", b"GET http://[::1 HTTP/1.1\r\n\r\n"])
async def test_nonsense_is_cut_and_the_next_request_served(nonsense: bytes) -> None:
    async with site() as there, Egress("127.0.0.1", there.port) as egress:
        assert await said(egress, nonsense) == b""
        request = b"GET http://127.0.0.1:%d/ HTTP/1.1\r\n\r\n" % there.port
        assert PAGE in await said(egress, request)

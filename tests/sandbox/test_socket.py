"""Faults that need a real connection: what a client sees on a socket when a reply is cut, halved or never comes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from caseward.demonstration.outside import taken_port
from caseward.sandbox.app import create
from caseward.sandbox.listener import listen
from tests.sandbox.conftest import TITLE, world

ORDER = {"title": TITLE, "version": "V1.0"}


@asynccontextmanager
async def served(folder: Path, *faults: dict[str, Any]) -> AsyncIterator[httpx.AsyncClient]:
    listening = listen("127.0.0.1", 0)
    app = create(folder, world(faults=list(faults)))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    headers = {"authorization": "Bearer sandbox-generator"}
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=0.5) as client:
        yield client
    server.should_exit = True
    await running


async def read_into(got: bytearray, reply: httpx.Response) -> None:
    async for chunk in reply.aiter_raw():
        got += chunk


async def orders(client: httpx.AsyncClient) -> int:
    return len((await client.get("/generator/orders", params=ORDER)).json()["orders"])


async def test_a_cut_connection_gives_no_byte_and_the_order_stands(tmp_path: Path) -> None:
    async with served(tmp_path, {"operation": "place_order", "kind": "apply_drop_reply"}) as client:
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            await client.post("/generator/orders", json=ORDER)
        assert await orders(client) == 1


async def test_half_a_reply_breaks_off_in_its_body(tmp_path: Path) -> None:
    async with served(tmp_path, {"operation": "place_order", "kind": "half_reply"}) as client:
        got = bytearray()
        async with client.stream("POST", "/generator/orders", json=ORDER) as reply:
            assert reply.status_code == 201
            with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
                await read_into(got, reply)
        assert got.startswith(b'{"order"')
        assert await orders(client) == 1


@pytest.mark.parametrize("took_it", [False, True])
async def test_a_hanging_call_ends_when_the_client_gives_up(tmp_path: Path, took_it: bool) -> None:
    async with served(tmp_path, {"operation": "place_order", "kind": "hang", "applied": took_it}) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.post("/generator/orders", json=ORDER)
        assert await orders(client) == int(took_it)


async def test_a_slow_call_is_applied_at_once_and_answered_late(tmp_path: Path) -> None:
    async with served(tmp_path, {"operation": "place_order", "kind": "slow", "seconds": 1}) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.post("/generator/orders", json=ORDER)
        assert await orders(client) == 1


@pytest.mark.parametrize("take", [lambda: listen("127.0.0.1", 0), lambda: taken_port(8951)], ids=["alone", "demo"])
async def test_an_answer_leaves_without_waiting_for_an_acknowledgement(take: Callable[[], socket.socket]) -> None:
    """With Nagle's delay the body of each answer waited 40 ms for its head."""
    heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def accepted(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with take() as listening:
        # the demonstration serves on a duplicate
        server = await asyncio.start_server(accepted, sock=listening.dup())
        _, writer = await asyncio.open_connection(*listening.getsockname())
        assert await heard
        writer.close()
        server.close()

"""The bureau and its neighbours, simulated on a thread of this process: clock, inboxes, captchas, ledger."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from caseward.app.event_loop import lasting
from caseward.sandbox.app import create
from caseward.sandbox.listener import listen
from workflow import demonstration
from workflow.errors import WorkflowError
from workflow.sentence import Sentence, machine_said

STARTING = 10.0
"""Seconds within which the sandbox must answer."""


class Outside(demonstration.Outside):
    """What a person outside can see and do: read an inbox, read a captcha, fill in a page. Never used by adapters."""

    def __init__(self, url: str, client: httpx.AsyncClient) -> None:
        super().__init__(url)
        self._client = client

    async def now(self) -> datetime:
        return datetime.fromisoformat((await self._get("/control/clock"))["now"])

    async def set_clock(self, to: datetime, *, keep_sessions: bool = False) -> None:
        """Forward only; an instant that has passed leaves it as it is. keep_sessions: caseward/sandbox/WIRE.md, 5."""
        answer = await self._client.post("/control/clock", json={"set": to.isoformat(), "keep_sessions": keep_sessions})
        if answer.status_code != httpx.codes.CONFLICT:
            answer.raise_for_status()

    async def next_event(self) -> datetime | None:
        at = (await self._get("/control/next"))["at"]
        return datetime.fromisoformat(at) if at else None

    async def inbox(self, phone: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self._get(f"/control/inbox/{phone}"))["messages"]
        return found

    async def read_captcha(self, picture: bytes) -> str:
        """What a person sees in the picture."""
        answer = await self._client.post("/control/captcha", content=picture, headers={"content-type": "image/png"})
        return str(answer.raise_for_status().json()["text"])

    async def fill_code(self, title: str, version: str, phone: str, code: str) -> None:
        """An owner types a code into the page that our notice names."""
        form = {"title": title, "version": version, "phone": phone, "code": code}
        answer = await self._client.post("/records", data=form)
        if 'data-page="recorded"' not in answer.raise_for_status().text:
            raise WorkflowError(f"the code page did not take the code of {phone}")

    async def turn_order(self, order: str, turn: str) -> None:
        """What becomes of an order at the generation system beside its usual way: caseward/sandbox/WIRE.md, 5."""
        (await self._client.post(f"/control/orders/{order}", json={"turn": turn})).raise_for_status()

    async def judgement(self) -> dict[str, Any]:
        return await self._get("/control/judgement")

    async def ledger(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self._get("/control/ledger"))["entries"]
        return found

    async def _get(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = (await self._client.get(path)).raise_for_status().json()
        return answer


def taken_port(wanted: int, host: str = "127.0.0.1") -> socket.socket:
    """A socket on the port that is wanted, or on the next free one, so that nobody takes it meanwhile."""
    for port in range(wanted, wanted + 50):
        with suppress(OSError):
            return listen(host, port)
    raise WorkflowError(
        Sentence(
            "no_port_free",
            "no port between {first} and {last} is free on {host}; say --port",
            first=wanted,
            last=wanted + 49,
            host=host,
        )
    )


def free_port(wanted: int) -> int:
    """The port that is wanted, or the next free one, as it is now."""
    with taken_port(wanted) as found:
        return port_of(found)


def port_of(taken: socket.socket) -> int:
    port: int = taken.getsockname()[1]
    return port


class _Patient(httpx.AsyncHTTPTransport):
    """People ask once more where the outside was cut off while they spoke; whatever they say may be said twice."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except httpx.NetworkError:
            return await super().handle_async_request(request)


@asynccontextmanager
async def running(data: Path, world: Mapping[str, Any], at: int | socket.socket) -> AsyncIterator[Outside]:
    """The sandbox, serving on loopback until the block ends; on a port, or on a socket that listens already."""
    port = at if isinstance(at, int) else port_of(at)
    try:
        listening = listen("127.0.0.1", port) if isinstance(at, int) else at
    except OSError as error:
        raise WorkflowError(
            Sentence(
                "sandbox_did_not_start",
                "the sandbox did not start on port {port}: {why}",
                port=port,
                why=machine_said(error),
            )
        ) from error
    over, servers = threading.Event(), list[uvicorn.Server]()

    def serve() -> None:
        """Who calls while it comes back waits: the socket listens on. The connections of one that died are cut."""
        servers.clear()
        gc.collect()
        app = create(data, world)
        servers.append(uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)))
        servers[0].run([listening.dup()])

    thread = lasting("sandbox", serve, over)
    try:
        async with asyncio.timeout(STARTING):
            while not any(server.started for server in servers):  # noqa: ASYNC110 - another thread says so
                await asyncio.sleep(0.02)
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=url, transport=_Patient(), timeout=STARTING) as client:
            yield Outside(url, client)
    finally:
        over.set()
        for server in servers:
            server.should_exit = True
        await asyncio.to_thread(thread.join, STARTING)
        listening.close()


@asynccontextmanager
async def opened(data: Path, world: Mapping[str, Any], port: int) -> AsyncIterator[Outside]:
    """The same, on this port or the next free one."""
    async with running(data, world, taken_port(port)) as outside:
        yield outside

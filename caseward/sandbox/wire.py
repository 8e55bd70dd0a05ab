"""From a request to its reply, through whatever fault is switched on for it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from caseward.sandbox import faults
from caseward.sandbox.call import Call, read
from caseward.sandbox.faults import Fault
from caseward.sandbox.html import busy_page
from caseward.sandbox.names import names_of
from caseward.sandbox.replies import error
from caseward.sandbox.world import World

Answer = Callable[[World, Call], Response]
Gate = Callable[[World], Response | None]


class ConnectionCut(ConnectionResetError):
    """What an in-process transport sees where a socket would have been cut."""


def endpoint(
    world: World, operation: str, answer: Answer, gate: Gate | None = None
) -> Callable[[Request], Awaitable[Response]]:
    """`gate` answers for a system that is shut; no fault is met behind it."""

    def land(at: World, call: Call) -> Response:
        shut = gate(at) if gate is not None else None
        return answer(at, call) if shut is None else shut

    async def reply(request: Request) -> Response:
        call = await read(request, operation)
        world.let_late_calls_land()
        shut = gate(world) if gate is not None else None
        if shut is not None:
            return shut
        fault = faults.meet(world, operation, names_of(world, call))
        world.context = {"operation": operation, "session": call.cookies.get("token", "")[:8]}
        try:
            return await _through(world, call, land, fault)
        finally:
            world.context, world.late, world.unfiltered, world.of_another = {}, None, False, False

    return reply


async def _through(world: World, call: Call, answer: Answer, fault: Fault | None) -> Response:
    if fault is None:
        return answer(world, call)
    match fault.kind:
        case "reply_not_apply":
            with world.rehearsal():
                return answer(world, call)
        case "late_visibility":
            world.late = timedelta(seconds=fault.seconds)
            return answer(world, call)
        case "unfiltered":
            world.unfiltered = True
            return answer(world, call)
        case "of_another":
            world.of_another = True
            return answer(world, call)
        case "apply_drop_reply":
            return Cut(answer(world, call), keep=False)
        case "apply_late":
            due = world.now() + timedelta(seconds=fault.seconds)
            world.coming.append((due, lambda: answer(world, call)))
            return Cut(Response(), keep=False)
        case "half_reply":
            return Cut(answer(world, call), keep=True)
        case "changed_page":
            return _changed(answer(world, call))
        case "kick":
            login = call.cookies.get("token", "")
            session = world.state.sessions.get(login)
            if session is not None and not session.ended:
                world.record("kicked", account=session.account)
            return answer(world, call)
        case "slow":
            reply = answer(world, call)
            world.context = {}
            await asyncio.sleep(fault.seconds)
            return reply
    if fault.applied:
        answer(world, call)
    if fault.kind == "error_500":
        return HTMLResponse("<html><title>500</title><h1>Internal Server Error</h1></html>", status_code=500)
    if fault.kind == "no_money":
        return error(402, "insufficient", "余额不足")
    if fault.kind == "busy_page":
        return busy_page()
    return Hang()


class Cut(Response):
    """The reply of `whole`, broken off before its first byte or in the middle of its body."""

    def __init__(self, whole: Response, *, keep: bool) -> None:
        super().__init__()
        self.whole, self.keep = whole, keep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytes(self.whole.body)
        if self.keep and body:
            headers = self.whole.raw_headers
            await send({"type": "http.response.start", "status": self.whole.status_code, "headers": headers})
            await send({"type": "http.response.body", "body": body[: (len(body) + 1) // 2], "more_body": True})
        await scope["sandbox.cut"]()


class Hang(Response):
    """No reply at all until the client has gone."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass


def cutting(send: Send, cut_error: Callable[[], Exception]) -> Callable[[], Awaitable[None]]:
    """How the connection behind `send` is cut: uvicorn's transport is aborted, elsewhere an exception stands for it."""

    async def cut() -> None:
        transport: Any = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is None:
            raise cut_error()
        transport.abort()
        await asyncio.sleep(0.01)  # until uvicorn has seen the loss, or it would log a missing reply

    return cut


def _changed(reply: Response) -> Response:
    """The same page after a redesign nobody announced."""
    body = bytes(reply.body).decode("utf-8", "surrogateescape")
    if reply.media_type == "application/json":
        body = re.sub(r'"(\w+)":', r'"\1_v2":', body)
    else:
        body = re.sub(r'<h1 id="page-title">([^<]*)</h1>', r'<h1 id="page-title-v2">\1（新版）</h1>', body)
        body = re.sub(r'(<(?:button|input)\b[^>]*\bid="[^"]+)"', r'\1-v2"', body)
    changed = Response(body.encode("utf-8", "surrogateescape"), reply.status_code)
    changed.raw_headers = [(name, value) for name, value in reply.raw_headers if name != b"content-length"] + [
        (b"content-length", str(len(changed.body)).encode())
    ]
    return changed

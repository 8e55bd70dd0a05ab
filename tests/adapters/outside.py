"""The sandbox as the tests of the adapters see it: started on a thread, steered and judged over its own wire."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from adapters.bureau.filing_form import FilingForm
from adapters.bureau.form import BY_AGENT, BY_OWNERS
from adapters.bureau.uploads import NAMES
from caseward.sandbox.app import create
from tests.adapters.forms import pdf
from workflow.record.values import Seat

DEVICES = {f"office-{number:02}": f"device-{number:02}" for number in range(1, 30)}
PREPARED = {kind: len(pdf(kind)) for kind in ("application", "source", "manual", "attorney")}
"""The files of a prepared draft with their sizes."""
WORLD: Mapping[str, Any] = {
    "start": "2026-03-02T09:00:00+08:00",
    "accounts": [
        {"login": login, "password": f"pass-{login}", "known_devices": [device]} for login, device in DEVICES.items()
    ],
    "generation": {"default_minutes": 0},
}


@dataclass
class Book:
    """An account book that keeps everything in plain sight."""

    passwords: dict[str, tuple[str, int]]
    sessions: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    async def session(self, account: str) -> Mapping[str, Any] | None:
        return self.sessions.get(account)

    async def store_session(self, seat: Seat, session: Mapping[str, Any], *, password_version: int) -> None:
        self.sessions[seat.account] = dict(session)

    async def forget_session(self, seat: Seat) -> None:
        self.sessions[seat.account] = {"device": self.sessions.get(seat.account, {}).get("device")}

    async def doubt_session(self, seat: Seat) -> None:
        self.sessions[seat.account] = {**self.sessions[seat.account], "refused": True}

    async def password(self, account: str) -> tuple[str, int]:
        return self.passwords[account]


class Outside:
    """What happens outside, by the sandbox's control endpoint, and what its ledger says in the end."""

    def __init__(self, origin: str) -> None:
        self.origin, self.portal = origin, f"{origin}/portal"
        self._client = httpx.Client(base_url=origin, timeout=10)

    def close(self) -> None:
        self._client.close()

    def control(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        reply = (
            self._client.get(f"/control/{path}") if body is None else self._client.post(f"/control/{path}", json=body)
        )
        reply.raise_for_status()
        return reply.json()

    def fault(self, operation: str, kind: str, thing: str, **more: Any) -> None:
        self.control("faults", {"operation": operation, "kind": kind, "object": thing, **more})

    def next_morning(self, days: int = 1) -> None:
        """Let days pass until nine in the morning, when the bureau is open again; sessions time out meanwhile."""
        now = datetime.fromisoformat(self.control("clock")["now"])
        nine = (now + timedelta(days=days)).replace(hour=9, minute=0, second=0)
        self.control("clock", {"set": nine.isoformat()})

    def at_night(self) -> None:
        """Five minutes after the bureau has closed."""
        now = datetime.fromisoformat(self.control("clock")["now"])
        self.control("clock", {"set": now.replace(hour=23, minute=5).isoformat()})

    def edit(self, draft: str, field: str, value: object) -> None:
        """Somebody changes one field of the draft by hand."""
        self.control("edit", {"draft": draft, "field": field, "value": value})

    def code_sent_to(self, phone: str) -> str:
        messages = self.control(f"inbox/{phone}")["messages"]
        return next(
            str(message["text"]).split("验证码：")[1][:6]
            for message in reversed(messages)
            if "验证码：" in message["text"]
        )

    def captcha(self, png: bytes) -> str:
        reply = self._client.post("/control/captcha", content=png, headers={"content-type": "image/png"})
        reply.raise_for_status()
        return str(reply.json()["text"])

    def log_in(self, login: str) -> dict[str, str]:
        """A session on the account's known device, got as a browser gets it."""
        reply = self._client.post(
            "/portal/login",
            data={"account": login, "password": f"pass-{login}"},
            headers={"cookie": f"device={DEVICES[login]}"},
        )
        self._client.cookies.clear()
        got = dict(reply.cookies)
        assert {"token", "key"} <= got.keys(), reply.text
        return {"device": DEVICES[login], **got}

    def prepare(self, session: Mapping[str, str], marker: str, form: FilingForm, *, sealed: bool = True) -> str:
        """A saved draft, made by somebody who types very fast; returns its number."""
        cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in session.items())}

        def post(path: str, fields: Mapping[str, Any], files: Mapping[str, Any] | None = None) -> str:
            reply = self._client.post(f"/portal{path}", data=dict(fields), files=files, headers=cookie)
            assert reply.status_code == 303, reply.text
            return str(reply.headers["location"])

        post("/drafts/new", {"reference": marker})
        listed = self._client.get("/portal/drafts", params={"reference": marker}, headers=cookie).text
        number = listed.split('data-draft="')[1].split('"')[0]
        software = {name: value for name, value in form.software.model_dump(mode="json").items() if value}
        post("/apply/software", {"draft_id": number, "reference": marker, **software})
        owners = {
            f"owners-{row}-{name}": value
            for row, owner in enumerate(form.owners)
            for name, value in owner.model_dump().items()
        }
        post("/apply/owners", {"draft_id": number, **owners})
        applicant = form.applicant.model_dump()
        applicant["applicant"], agent = applicant.pop("owner") or "other", applicant.pop("agent")
        applicant |= {f"agent_{name}": value for name, value in (agent or {}).items()}
        applicant["handled_by"] = BY_AGENT if agent else BY_OWNERS
        typed = {name: value for name, value in applicant.items() if value is not None}
        post("/apply/applicant", {"draft_id": number, "applicant_name": typed.pop("name"), **typed})
        for kind in PREPARED:
            file = {"file": (NAMES[kind], pdf(kind), "application/pdf")}
            post("/apply/materials", {"draft_id": number, "kind": kind}, file)
        self.control("clock", {"advance_seconds": 5})
        post("/apply/check", {"draft_id": number})
        if sealed:
            post(f"/drafts/{number}/seal", {}, {"file": ("seal.pdf", pdf("sealed"), "application/pdf")})
        return number

    def applied(self, operation: str, title: str) -> int:
        """How often the bureau applied this operation to the software of this title."""
        objects = self.control("judgement")["objects"]
        return sum(
            one["applied"] for one in objects if one["operation"] == operation and one["object"].get("title") == title
        )

    @property
    def doubled(self) -> int:
        return int(self.control("judgement")["doubled"])


@contextmanager
def running(data: Path, between: Callable[[ASGIApp], ASGIApp] | None = None) -> Iterator[Outside]:
    """The sandbox under uvicorn, on a port that the system chooses; `between` stands between it and who asks."""
    sandbox: ASGIApp = create(data, WORLD)
    app = between(sandbox) if between is not None else sandbox
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, name="sandbox", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    outside = Outside(f"http://127.0.0.1:{port}")
    try:
        yield outside
    finally:
        outside.close()
        server.should_exit = True
        thread.join(10)

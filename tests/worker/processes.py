"""Beats and workers as the processes that operators start, and waiting until they have done something."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from caseward.app.installation import open_record
from workflow.clock import DatabaseClock
from workflow.scheduler.commands import ScheduleCommands
from workflow.schedules.run import Run
from workflow.schedules.schedule import Definition, Schedule
from workflow.settings import read_settings
from workflow.store import Store

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
NOBODY = "http://127.0.0.1:9"
"""An address at which nothing answers."""
BEAT = ("beat", "-S", "schedules.DatabaseScheduler", "--loglevel", "WARNING")
WORKER = ("worker", "-Q", "http", "--loglevel", "WARNING")
WITHIN = 60.0


def environment(engine: AsyncEngine, folder: Path, broker: str = "memory://localhost/") -> dict[str, str]:
    """What a process of an installation on this database is told."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "CASEWARD_DATA_DIR": str(folder / "data"),
        "CASEWARD_DATABASE_URL": engine.url.set(drivername=engine.url.get_backend_name()).render_as_string(
            hide_password=False
        ),
        "CASEWARD_BROKER_URL": broker,
        "CASEWARD_POLL_SECONDS": "1",
        "CASEWARD_GRACE_SECONDS": "5",
        **{f"CASEWARD_{name}_URL": f"{NOBODY}/{name.lower()}" for name in ADDRESSES},
        "CASEWARD_COPYRIGHT_CODES_ADDRESS": "codes.example",
        "CASEWARD_COPYRIGHT_PROGRESS_ADDRESS": "progress.example",
    }


ADDRESSES = ("PORTAL", "GENERATOR", "RECORDS", "SMS", "CODES", "PROGRESS")


@contextmanager
def celery(
    what: tuple[str, ...], environ: dict[str, str], folder: Path, name: str
) -> Iterator[subprocess.Popen[bytes]]:
    """`celery -A worker ...`, its words in a file of this name; ended with the block."""
    command = [sys.executable, "-m", "celery", "-A", "worker", *what]
    with (folder / f"{name}.log").open("wb") as words:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=words, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)


async def until(holds: Callable[[], Awaitable[T]], within: float = WITHIN) -> T:
    """Waits for another process: the answer, as soon as there is one that is not empty."""
    never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    async with asyncio.timeout(within):
        while not (found := await holds()):
            await asyncio.wait([never], timeout=0.1)
    return found


async def ask(store: Store, schedule: Schedule) -> Run:
    """A run now, as a person asks for it."""
    clock = DatabaseClock(store.engine)
    now, real = await clock.business(), await clock.real()
    asked = await store.run_now(schedule, actor="person:clerk", reason=None, queue="http", now=now, real=real)
    return asked.run


async def add(store: Store, environ: dict[str, str], **values: object) -> Schedule:
    """A schedule of this installation, as a person adds it."""
    given: dict[str, object] = {
        "name": "tidy",
        "group": "tests",
        "target": "job retention(days=3000)",
        "timing": "every 1 s",
        "zone": "Asia/Shanghai",
        "catch_up": timedelta(minutes=10),
        "misfire": "run_all",
        "overlap": "allow",
    }
    settings = read_settings(data_dir=Path(environ["CASEWARD_DATA_DIR"]), database_url=environ["CASEWARD_DATABASE_URL"])
    async with open_record(settings) as record:
        people = ScheduleCommands(store, DatabaseClock(store.engine), record.rules, "person:clerk")
        return await people.add(Definition(**{**given, **values}))  # type: ignore[arg-type]

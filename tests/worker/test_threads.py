"""In one process each thread's work is killed in turn, and is back within seconds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.worker.processes import ROOT, add, environment, until
from workflow.clock import DatabaseClock
from workflow.store import Store

PROGRAM = """
import ctypes, sys, threading
from caseward.app.event_loop import bridge
from caseward.app.embedded import embedded
from workflow.settings import read_settings

def die():
    raise SystemExit("killed by the test")

with embedded(read_settings(), ["http"]) as working:
    for line in sys.stdin:
        match line.strip():
            case "asyncio":
                bridge().soon(die)
            case "serving":
                look = working.runs.look
                async def once():
                    working.runs.look = look
                    raise RuntimeError("killed by the test")
                working.runs.look = once
            case "over":
                print("alive:", *sorted(one.name for one in threading.enumerate()), flush=True)
                break
            case name:
                (thread,) = [one for one in threading.enumerate() if one.name == name]
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
"""
SAID = {name: (f"thread={name}",) for name in ("celery", "beat", "asyncio")} | {"serving": ("worker.failed",)}
WITHIN = 15.0
"""Seconds: a second until it begins anew, and what a busy machine takes."""


def program(environ: dict[str, str], told: Path) -> subprocess.Popen[str]:
    with told.open("wb") as words:
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=words, text=True
        )


@pytest.mark.parametrize("killed", ["celery", "beat", "asyncio", "serving"])
async def test_a_thread_that_dies_is_said_and_comes_back(
    engine: AsyncEngine, store: Store, tmp_path: Path, killed: str
) -> None:
    environ, told = environment(engine, tmp_path), tmp_path / "told.log"
    schedule = await add(store, environ, overlap="skip", misfire="run_once")
    with program(environ, told) as process:
        assert process.stdin is not None
        await until(lambda: store.runs(schedule.id, status="finished", limit=1))
        since = await DatabaseClock(engine).real()
        process.stdin.write(f"{killed}\n")
        process.stdin.flush()

        async def runs_again() -> bool:
            rows = await store.runs(schedule.id, status="finished", limit=5)
            later = [row for row in rows if row.begun_at is not None and row.begun_at > since]
            return len(later) > 3 and any(word in told.read_text("utf-8") for word in SAID[killed])

        await until(runs_again, WITHIN)
        process.stdin.write("over\n")
        process.stdin.close()
        assert process.wait(20) == 0
    (alive,) = [line.split() for line in told.read_text("utf-8").splitlines() if line.startswith("alive:")]
    assert {"asyncio", "beat", "celery"} <= set(alive)
    assert [one for one in await store.heartbeats() if one.queues] == []

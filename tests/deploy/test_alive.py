"""The health check: a worker or beat of this host that was seen of late, by the database's clock, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.deploy.parts import ROOT
from tests.worker.processes import environment
from workflow.clock import DatabaseClock
from workflow.engine.processes import this_host
from workflow.record.database import open_database
from workflow.record.vault import make_keys, open_vault
from workflow.store import Store


@pytest.fixture
def store(engine: AsyncEngine, tmp_path: Path) -> Store:
    make_keys(tmp_path / "keys.json")
    return Store(engine, open_vault(tmp_path / "keys.json"), "test")


async def seen(store: Store, process: str, ago: timedelta, kind: str = "worker") -> None:
    real = await DatabaseClock(store.engine).real()
    await store.heartbeat(process, kind, queues=["http"], doing={}, real=real - ago)


def asked(engine: AsyncEngine, folder: Path, *words: str) -> tuple[int, str]:
    command = [sys.executable, "deploy/alive.py", *words]
    environ = environment(engine, folder)
    said = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert not (folder / "data").exists(), "a question makes no folder and no keys"
    return said.returncode, said.stdout + said.stderr


async def test_what_was_just_seen_is_alive(engine: AsyncEngine, store: Store, tmp_path: Path) -> None:
    await seen(store, f"{this_host()}/7/1", timedelta(minutes=5))
    assert asked(engine, tmp_path, "worker")[0] == 1
    await seen(store, f"{this_host()}/7/2", timedelta(seconds=3))
    code, words = asked(engine, tmp_path, "worker")
    assert code == 0
    assert "was seen" in words


async def test_others_do_not_speak_for_it(engine: AsyncEngine, store: Store, tmp_path: Path) -> None:
    await seen(store, "another/7/2", timedelta(0))
    await seen(store, f"{this_host()}/7/2/beat", timedelta(0), kind="beat")
    code, words = asked(engine, tmp_path, "worker")
    assert (code, words) == (1, f"no worker of {this_host()} was seen\n")
    assert asked(engine, tmp_path, "beat")[0] == 0


def test_before_the_first_start_nobody_was_seen_and_nothing_is_made(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'new' / 'caseward.db'}")
    (tmp_path / "new").rmdir()
    assert asked(engine, tmp_path, "worker") == (1, f"no worker of {this_host()} was seen\n")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_word_is_no_answer(engine: AsyncEngine, tmp_path: Path) -> None:
    assert asked(engine, tmp_path, "wroker") == (2, "usage: alive.py worker|beat\n")

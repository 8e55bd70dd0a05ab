"""One process without servers ends when it is interrupted, whatever is under way, and leaves nothing held."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from caseward.console.terminal.complaints import INTERRUPTED
from tests.worker.processes import ROOT, add, ask, environment, until
from tests.worker.silence import silence, take_in_registration
from workflow.store import Store

BUSY_MACHINE = 4.0
"""Seconds within which it ends here; it promises two, to people whose machine does nothing else."""


@contextmanager
def alone(environ: dict[str, str], *more: str, queues: str = "http") -> Iterator[subprocess.Popen[bytes]]:
    """An installation of one process, in a group of its own as a terminal's foreground is."""
    command = [sys.executable, "-m", "tests.worker.alone", queues, *more]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def heard(process: subprocess.Popen[bytes], word: bytes) -> None:
    assert process.stdout is not None
    while (line := process.stdout.readline()) and line.strip() != word:
        pass
    assert line


def last_words(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    return process.stdout.read().decode()


def seconds(words: str) -> float:
    found = re.search(r"took ([\d.]+)", words)
    assert found is not None, words
    return float(found[1])


async def test_a_call_without_an_answer_is_given_up_and_its_case_given_back(
    engine: AsyncEngine, store: Store, tmp_path: Path
) -> None:
    async with silence() as outside:
        environ = outside.of(environment(engine, tmp_path))
        await take_in_registration(environ)
        await add(store, environ, target="sweep copyright.unprocessed", timing="every 1 s", overlap="skip")
        with alone(environ) as process:
            await until(outside.is_asked)
            (busy,) = [run for run in await store.runs(status="running") if run.name == "tidy"]
            process.send_signal(signal.SIGINT)
            words = last_words(process)
            assert process.wait(20) == 0
        assert seconds(words) < BUSY_MACHINE
        left = await store.run(busy.id)
        assert (left.status, left.owner) == ("pending", None)
        async with engine.connect() as connection:
            assert (await connection.execute(text("SELECT id FROM cases WHERE owner IS NOT NULL"))).all() == []
        assert [one for one in await store.heartbeats() if one.queues] == []


async def test_who_interrupts_twice_waits_for_nothing(engine: AsyncEngine, store: Store, tmp_path: Path) -> None:
    async with silence() as outside:
        environ = outside.of(environment(engine, tmp_path))
        await take_in_registration(environ)
        schedule = await add(store, environ, target="sweep copyright.unprocessed", timing="0 0 3 1 1 ?")
        with alone(environ) as process:
            await ask(store, schedule)
            await until(outside.is_asked)
            process.send_signal(signal.SIGINT)
            await asyncio.to_thread(heard, process, b"stopping")
            process.send_signal(signal.SIGINT)
            words = last_words(process)
            assert process.wait(20) == INTERRUPTED
        assert words.splitlines()[-1] == "interrupted twice"


async def test_an_interrupt_is_heard_where_python_loses_it(engine: AsyncEngine, store: Store, tmp_path: Path) -> None:
    """In a __del__ and in some callbacks KeyboardInterrupt is printed and forgotten: so it was with the second one."""
    with alone(environment(engine, tmp_path), "lost") as process:
        await asyncio.to_thread(heard, process, b"stopping")
        words = last_words(process)
        assert process.wait(20) == INTERRUPTED
    assert words.splitlines()[-1] == "interrupted twice"

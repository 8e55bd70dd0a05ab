"""What driver and Chromium put aside is gone when they are, also after a kill; what is another's stays."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from adapters.browser.chromium_search import Found
from tests.worker.processes import ROOT

BROWSES = """
import asyncio, sys
from adapters.browser.chromium_process import Browser
from adapters.browser.chromium_search import Found

async def browse():
    browser = Browser(Found(**{found}))
    async with browser.context("http://127.0.0.1:9"):
        print("there", flush=True)
        sys.stdin.readline()
    await browser.close()

asyncio.run(browse())
"""
HOLDS = """
import sys
from adapters.browser.scratch import make_scratch

scratch = make_scratch()
(scratch.folder / "playwright-artifacts-1").mkdir()
print(scratch.folder, flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, since Chromium keeps a socket in it."""
    with TemporaryDirectory(prefix="cw-") as made:
        yield Path(made)


@contextmanager
def running(program: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process whose temporary files go here, when it has said its first line; it ends when it is given one."""
    environ = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", program], env=environ, stdin=pipe, stdout=pipe, text=True)
    try:
        yield process
    finally:
        process.communicate("\n", 60)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_what_a_killed_process_left_is_cleared_by_the_next_and_no_other(folder: Path) -> None:
    theirs = folder / "playwright-artifacts-theirs"
    strange = folder / "caseward-chromium-strange"
    theirs.mkdir()
    strange.mkdir()
    with running(HOLDS, folder) as killed, running(HOLDS, folder) as lives:
        left, held = Path(first_line(killed)), Path(first_line(lives))
        killed.kill()
        killed.wait(20)
        assert left.exists()
        with running(HOLDS, folder) as another:
            own = Path(first_line(another))
            assert (left.exists(), held.exists(), own.exists()) == (False, True, True)
            assert theirs.exists()
            assert strange.exists()


def test_a_browser_leaves_nothing_and_takes_along_what_a_killed_one_left(folder: Path, chromium: Found) -> None:
    browses = BROWSES.replace("{found}", repr(asdict(chromium)))
    with running(browses, folder) as killed:
        assert first_line(killed) == "there"
        killed.kill()
        killed.wait(20)
        assert os.listdir(folder)
    with running(browses, folder) as another:
        assert first_line(another) == "there"
    assert another.returncode == 0
    assert os.listdir(folder) == []

"""What a terminal showed: the commands of shown.py, run, as the transcripts in the folder beside keep them.

Written anew, to be looked through, by `python -m tests.console.transcripts`.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from caseward.app.installation import open_record
from caseward.cli import run
from tests.console.outside import standing
from tests.console.shown import COMMANDS, DOCTOR, FRESH, INCIDENT, ORDERS, OUTSIDE, RUN, TYPED, Command
from tests.console.stage import NOW, SAMPLES, set_back, staged
from tests.environment import environment
from tests.systems import addresses_at
from workflow.record.migrations import NEWEST
from workflow.settings import read_settings

FOLDER = Path(__file__).parent / "transcripts"
DATA = "caseward-data"
SHOWN = [(language, width) for language in ("zh-CN", "en") for width in (80, 120)]
WHOLE = 200
"""The width at which nothing wraps: a folder's name is as long as it is where this runs, and then made another."""
LATER = NOW + timedelta(hours=1)
ID = re.compile(r"\b[0-9a-f]{8}\b")
OTHERS = (
    (re.compile(r"\b[0-9a-f]{32,64}\b"), "REF"),
    (re.compile(r"127\.0\.0\.1:87\d\d"), "127.0.0.1:8701"),
    (re.compile(r"(Python|python)( +)3\.\d+\.\d+"), r"\1\g<2>3.11.9"),
    (re.compile(r"\d+\.\d GB"), "64.0 GB"),
    (re.compile(r"SQLite 3[.\d]+"), "SQLite 3.45.1"),
    (re.compile(r"Chromium [\d.]+.*"), "Chromium 156.0.8078.79 (system)"),
    (re.compile(r"\d+( with Chinese letters| 个含中文)"), r"4\1"),
    (re.compile(rf"((?:schema|结构|库结构) +){NEWEST}\b"), r"\1NNNN"),
    (re.compile(r"09:00:0\d(?=  (?:opened|新建))"), "09:00:00"),  # a slow machine takes seconds to open a case
    (re.compile(r"(v\d+  )\d\d:\d\d( · root)"), r"\g<1>19:48\2"),  # when the command itself was given
)
"""What differs from machine to machine or grows with each migration, and what stands for it."""


def spoken(args: Sequence[str]) -> tuple[int, str, str]:
    """A command's exit code, standard output and standard error, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(args, os.environ)
    return code, out.getvalue(), err.getvalue()


def transcript(language: str, width: int, stage: Path) -> str:
    """Every command with what it printed and its exit code."""
    os.environ.update(CASEWARD_DATA_DIR=DATA, CASEWARD_LANG=language, COLUMNS=str(width))
    parts: list[str] = []
    with office(stage):
        parts += [_shown(command) for command in COMMANDS]
    with office(stage):
        parts += [_shown(command) for command in ORDERS]
    with office(None):
        parts += [_shown(command) for command in FRESH]
    with tempfile.TemporaryDirectory() as folder, standing(Path(folder)) as url:
        parts += [_shown(command, "--url", url) for command in OUTSIDE]
        with office(stage), environment(addresses_at(url) | {"COLUMNS": str(WHOLE)}):
            asyncio.run(_later())
            parts += [_shown(command).replace(os.getcwd(), "/srv/office") for command in DOCTOR]
    return "\n".join(parts)


@contextlib.contextmanager
def office(stage: Path | None) -> Iterator[None]:
    """A working folder with the samples, and a copy of the staged record if there is to be one."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name in ("accounts.json", "registrations.json"):
            shutil.copy(SAMPLES / name, name)
        if stage is not None:
            shutil.copytree(stage, DATA)
            set_back(Path(DATA))
        yield


async def _later() -> None:
    async with open_record(read_settings()) as record:
        await record.clock.jump(LATER)


def _shown(command: Command, *unseen: str) -> str:
    """unseen: what is said to the command beside, such as the port that was free."""
    reads = command[0] != "schedule" and "--help" not in command
    typed = next((TYPED[word] for word in command if word in TYPED and reads), None)
    words = [_incident() if word == INCIDENT else word for word in command]
    before, sys.stdin = sys.stdin, io.StringIO(f"{typed}\n" if typed else "")
    try:
        code, shown = _told([*words, *unseen])
    finally:
        sys.stdin = before
    # a sender's number outside looks like the beginning of an id
    text = shown if command[0] == "sandbox" else ID.sub(RUN if command[0] == "schedule" else INCIDENT, shown)
    for pattern, other in OTHERS:
        text = pattern.sub(other, text)
    left = f"exit {code}\n" if code else ""
    said = " ".join(f"'{word}'" if " " in word else word for word in command)
    return f"$ caseward {said}{' < secret.txt' if typed else ''}\n{text}{left}"


def _told(args: Sequence[str]) -> tuple[int, str]:
    """Both streams as they come to one terminal."""
    both = io.StringIO()
    with contextlib.redirect_stdout(both), contextlib.redirect_stderr(both):
        code = run(args, os.environ)
    return code, both.getvalue()


def _incident() -> str:
    """The id of the staged incident, which is another each time."""
    return str(json.loads(spoken(["incident", "list", "--json"])[1])["data"][0]["id"])


def path(language: str, width: int) -> Path:
    return FOLDER / f"{language}.{width}.txt"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        staged(Path(made))
        FOLDER.mkdir(exist_ok=True)
        for language, width in SHOWN:
            path(language, width).write_text(transcript(language, width, Path(made)), "utf-8")

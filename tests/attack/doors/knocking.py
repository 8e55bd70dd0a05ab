"""Knocks at a door in a process of its own, measured from outside, and judges what came back; no code of the engine."""

from __future__ import annotations

import hashlib
import os
import re
import resource
import select
import signal
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.attack.doors.hostile import CARD, PHONE, SECRET

SECONDS, MEGABYTES = 60.0, 700
"""A knock that takes more is a shortcoming."""
ENDS = {0, 1, 2, 3, 5, 6, 7}
CURES = re.compile(r"cure|hint|办法|解决|处理", re.IGNORECASE)
UNKNOWN = ("Traceback", "failed in a way it does not know", "出现未知故障", "ResourceWarning")


@dataclass(frozen=True)
class Answer:
    """What came back. code is negative where a signal ended it, None where it had to be stopped."""

    code: int | None
    said: str
    seconds: float
    megabytes: float


def knock(args: Sequence[str], folder: Path, line: str = "") -> Answer:
    """Run the command in a child of this process, which has read all that it needs before."""
    told, typed = folder / "told", folder / "typed"
    typed.write_bytes(line.encode("utf-8", "surrogateescape"))
    begun, child = time.monotonic(), os.fork()
    if child == 0:
        _run(args, told, typed)
    handle, ends = os.pidfd_open(child), select.poll()
    ends.register(handle, select.POLLIN)
    late = not ends.poll(SECONDS * 1000)
    os.close(handle)
    if late:
        os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    took, said = time.monotonic() - begun, told.read_text("utf-8", "replace")
    return Answer(None if late else os.waitstatus_to_exitcode(status), said, took, used.ru_maxrss / 1024)


def _run(args: Sequence[str], told: Path, typed: Path) -> None:
    """Never comes back."""
    code = 99
    try:
        out, into = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), os.open(typed, os.O_RDONLY)
        for number, source in ((0, into), (1, out), (2, out)):
            os.dup2(source, number)
        for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
            setattr(sys, name, open(number, mode, encoding="utf-8", errors="replace", closefd=False))  # noqa: SIM115
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        from caseward.cli import run

        code = run([*args, "--no-input"] if "--" not in args else ["--no-input", *args], os.environ)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def shortcomings(answer: Answer, before: str, after: str) -> list[str]:
    """What is wrong with an answer; nothing where it was taken, or refused with its cure and without a trace."""
    found = []
    if answer.code not in ENDS:
        found.append(f"it ended with {answer.code}")
    if answer.seconds > SECONDS or answer.megabytes > MEGABYTES:
        found.append(f"it took {answer.seconds:.1f} s and {answer.megabytes:.0f} MB")
    if any(word in answer.said for word in UNKNOWN):
        found.append("it does not know what happened")
    if answer.code:
        if not CURES.search(answer.said):
            found.append("it names no cure")
        if before != after:
            found.append("it left a trace")
        found += [f"it shows {canary[:3]}… whole" for canary in (CARD, PHONE, SECRET) if canary in answer.said]
    return found


def record_of(data: Path) -> str:
    """Everything that is on record, as one digest; signs of life and clocks aside."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(data / "caseward.db")) as database:
        names = [name for (name,) in database.execute("select name from sqlite_master where type = 'table' order by 1")]
        for name in names:
            if name not in ("clock", "heartbeats"):
                for line in sorted(map(repr, database.execute(f'select * from "{name}"'))):
                    digest.update(f"{name}{line}\n".encode("utf-8", "replace"))
    for path in sorted((data / "documents").rglob("*")):
        digest.update(str(path).encode())
    return digest.hexdigest()

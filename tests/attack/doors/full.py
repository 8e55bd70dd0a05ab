"""Every door flooded at full size: each value at each door, each file at each door that takes one, both languages."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from tests.attack.doors.doors import Door, doors
from tests.attack.doors.hostile import LINES, VALUES, files
from tests.attack.doors.knocking import Answer, knock, record_of, shortcomings
from tests.console.stage import staged
from tests.environment import environment
from tests.intake.papers import paper, picture
from tests.registration.particulars import file, row

SECRETS = [
    ["case", "code", "RZ-0003", "--owner", "o1"],
    ["account", "add", "office-77"],
    ["account", "set-password", "office-01"],
    ["account", "answer", "office-01"],
]
"""Commands that read a line from standard input."""


@dataclass
class Tally:
    """What came of all knocks."""

    knocks: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0
    largest: float = 0
    wrong: list[str] = field(default_factory=list)
    record: str = ""
    """What was on record before the knock."""

    def take(self, called: str, given: str, answer: Answer, wrong: list[str]) -> None:
        self.knocks += 1
        self.codes[str(answer.code)] += 1
        self.slowest, self.largest = max(self.slowest, answer.seconds), max(self.largest, answer.megabytes)
        self.wrong += [f"{called} <- {given[:60]!r}: {one}: {answer.said[-200:]!r}" for one in wrong]


async def attack() -> dict[str, Any]:
    """Figures, and what did not hold."""
    with tempfile.TemporaryDirectory(prefix="doors-") as made:
        return await asyncio.to_thread(flood, Path(made), lambda door, given: True)


def flood(folder: Path, chosen: Callable[[Door | None, str], bool]) -> dict[str, Any]:
    """Knock wherever `chosen` says yes (no door: what is typed unseen), on a copy of the staged record each time."""
    stage, tally = folder / "stage", Tally()
    staged(stage)
    (folder / "files").mkdir()
    (folder / "desk" / "folder").mkdir(parents=True)
    for name, content in (("good.pdf", paper()), ("good.png", picture()), ("good.json", file(row()))):
        (folder / "desk" / name).write_bytes(content)
    odd = [str(path) for path in files(folder / "files")]
    found, languages = doors(), cycle(("en", "zh-CN"))
    here = os.getcwd()
    os.chdir(folder / "desk")
    try:
        for called, given, args, line in _knocks(found, odd, chosen):
            _knock(tally, folder, stage, next(languages), called, given, args, line)
    finally:
        os.chdir(here)
    return {
        "doors": len(found),
        "doors_for_files": sum(door.file for door in found),
        "values": len(VALUES),
        "files": len(odd),
        "knocks": tally.knocks,
        "by_exit_code": dict(sorted(tally.codes.items())),
        "slowest_s": round(tally.slowest, 1),
        "largest_mb": round(tally.largest),
        "shortcomings": tally.wrong,
    }


def _knocks(
    found: list[Door], odd: list[str], chosen: Callable[[Door | None, str], bool]
) -> Iterator[tuple[str, str, list[str], str]]:
    for door in found:
        for given in odd if door.file else VALUES:
            if chosen(door, given):
                yield door.called, given, door.knock(given), ""
    for args in SECRETS:
        for line in LINES:
            if chosen(None, line):
                yield " ".join(args), line, args, line


def _knock(
    tally: Tally, folder: Path, stage: Path, language: str, called: str, given: str, args: list[str], line: str
) -> None:
    data = folder / "data"
    if not data.exists():
        shutil.copytree(stage, data)
        tally.record = record_of(data)
    with environment({"CASEWARD_DATA_DIR": str(data), "CASEWARD_LANG": language, "COLUMNS": "100"}):
        answer = knock(args, folder, line)
    after = record_of(data)
    tally.take(called, given, answer, shortcomings(answer, tally.record, after))
    if after != tally.record:
        shutil.rmtree(data)

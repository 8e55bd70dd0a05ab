"""Each file of the data folder on a real disk that is full: named with its cure, never left half, and well again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from caseward.app.installation import open_record
from caseward.demonstration.up import write_settings
from workflow.engine.processes import mark
from workflow.errors import DatabaseUnusable, DiskUnusable
from workflow.record.anchors import anchor, read_anchors
from workflow.record.journal import Journal
from workflow.record.values import Effect, EffectStatus, Epoch
from workflow.record.vault import add_key, make_keys, open_vault
from workflow.settings import read_settings
from workflow.store import Filters, NewCase

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CALL = Effect("k1", "confirm", "", None, 0, 1, 1, EffectStatus.intended, Epoch(0, 3), "host/1/2", NOW)
MOST = 500
"""A file has some room left in its last page: it is written so often until the disk says no."""


@contextmanager
def small(folder: Path, size: str = "128k", inodes: int = 40) -> Iterator[Path]:
    """A disk of its own, which this user may not be allowed to mount."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},nr_inodes={inodes},mode=700", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk can be mounted here: {getattr(error, 'stderr', b'') or error}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> list[Path]:
    """Every byte of it, and every file that it could have."""
    made = [folder / "ballast"]
    with suppress(OSError), made[0].open("wb", buffering=0) as ballast:
        while ballast.write(bytes(4096)):
            pass
    with suppress(OSError):
        while True:
            more = folder / f"ballast-{len(made)}"
            more.touch()
            made.append(more)
    return made


@contextmanager
def full(error: type[DiskUnusable] | type[DatabaseUnusable], file: str) -> Iterator[None]:
    """What is written inside is refused at last: with the file, what is wrong with it, and the cure."""
    with pytest.raises(error) as raised:
        yield
    found = raised.value
    assert isinstance(found, DiskUnusable | DatabaseUnusable)
    assert file in found.where
    assert (found.what, found.cure[:9]) == ("its disk is full", "make room")


def make_room(made: list[Path]) -> None:
    for file in made:
        file.unlink()


def files(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file() and file.name[:7] != "ballast"}


Once = Callable[[Path, int], None]


def nothing(folder: Path, number: int) -> None:
    return None


def keys(folder: Path, number: int) -> None:
    make_keys(folder / "keys.json")
    open_vault(folder / "keys.json")


def further_key(folder: Path, number: int) -> None:
    add_key(folder / "keys.json")


def settings(folder: Path, number: int) -> None:
    write_settings(folder)


def process(folder: Path, number: int) -> None:
    held = mark(f"host/{os.getpid()}/{number}/place", folder / "processes")
    assert held is not None


WRITERS: dict[str, tuple[Once, Once]] = {
    "keys.json": (nothing, keys),
    "keys.json again": (keys, further_key),
    "settings.env": (nothing, settings),
    "settings.env again": (settings, settings),
    "processes": (nothing, process),
    "processes again": (process, process),
}
"""By the file's name: what is written before the disk is full, and what is then to be written to it."""


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_that_does_not_fit_is_named_and_nothing_is_left_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("CASEWARD_COPYRIGHT_PORTAL_URL", "http://127.0.0.1:8701/portal")
    before, write = WRITERS[name]
    with small(tmp_path / "disk") as folder:
        before(folder, 0)
        kept, ballast = files(folder), fill(folder)
        with full(DiskUnusable, name.split()[0]):
            write(folder, 1)
        assert files(folder) == kept
        make_room(ballast)
        write(folder, 1)
        assert len(files(folder)) == len(kept) + (0 if name in ("keys.json again", "settings.env again") else 1)


async def test_a_call_that_cannot_be_noted_is_named_and_the_journal_goes_on(tmp_path: Path) -> None:
    with small(tmp_path / "disk") as folder:
        journal = Journal(folder / "journal.jsonl")
        await journal.note("c1", CALL)
        ballast, noted = fill(folder), 1
        with full(DiskUnusable, "journal.jsonl"):
            while noted < MOST:
                await journal.note("c1", CALL)
                noted += 1
        assert len(list(journal.read())) == noted
        make_room(ballast)
        await journal.note("c1", CALL)
        assert len(list(journal.read())) == noted + 1


async def test_a_journal_that_cannot_be_cleared_stays_whole(tmp_path: Path) -> None:
    later = NOW + timedelta(days=60)
    with small(tmp_path / "disk") as folder:
        journal = Journal(folder / "journal.jsonl")
        for at in (NOW, later - timedelta(days=2), later):
            await journal.note("c1", replace(CALL, intended_at=at))
        kept, ballast = files(folder), fill(folder)
        with full(DiskUnusable, "journal.jsonl"):
            journal.forget(later)
        assert files(folder) == kept
        make_room(ballast)
        journal.forget(later)
        assert len(list(journal.read())) == 2
        assert files(folder).keys() == kept.keys()


def test_an_anchor_that_does_not_fit_is_named_and_those_before_it_hold(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys.json")
    ring = open_vault(tmp_path / "keys.json").chain
    with small(tmp_path / "disk") as folder:
        file, set_down = folder / "anchors.jsonl", 1
        anchor(file, {"case": (1, b"1" * 32)}, ring, at=NOW)
        ballast = fill(folder)
        with full(DiskUnusable, "anchors.jsonl"):
            for number in range(2, MOST):
                anchor(file, {"case": (number, bytes([number % 256]) * 32)}, ring, at=NOW)
                set_down = number
        read = read_anchors(file, ring)
        assert (read.newest.number, read.damages) == (set_down, [])
        make_room(ballast)
        anchor(file, {"case": (MOST, b"9" * 32)}, ring, at=NOW)
        read = read_anchors(file, ring)
        assert (read.newest.number, read.damages) == (set_down + 1, [])


async def test_a_database_that_does_not_fit_is_named_and_holds_what_it_held(tmp_path: Path) -> None:
    with small(tmp_path / "disk", "6m", 200) as folder:
        async with open_record(read_settings(data_dir=folder / "data")) as record:

            async def opened(number: int) -> None:
                new = NewCase("copyright", 1, f"R{number}", "unprocessed", {"text": "x" * 2000})
                await record.store.create([new], actor="person:clerk", reason=None, now=NOW)

            await opened(0)
            ballast, made = fill(folder), 1
            with full(DatabaseUnusable, "caseward.db"):
                for number in range(1, MOST):
                    await opened(number)
                    made += 1
            assert len(await record.store.cases(Filters(), limit=MOST)) == made
            make_room(ballast)
            await opened(MOST)
            assert len(await record.store.cases(Filters(), limit=MOST)) == made + 1


@pytest.mark.parametrize("room", ["none", "no file more", "a little"])
async def test_a_record_that_nobody_holds_open_says_that_its_disk_is_full(tmp_path: Path, room: str) -> None:
    """SQLite has no room for its log then, and calls that an I/O error or a file that it cannot open."""
    with small(tmp_path / "disk", "6m", 200) as folder:
        settings = read_settings(data_dir=folder / "data")
        async with open_record(settings) as record:
            new = NewCase("copyright", 1, "R1", "unprocessed", {"text": "x"})
            await record.store.create([new], actor="person:clerk", reason=None, now=NOW)
        made = fill(folder)
        if room == "a little":
            made[0].open("r+b").truncate(made[0].stat().st_size - (8 << 10))
        elif room == "no file more":
            made[0].open("r+b").truncate(0)
        with full(DatabaseUnusable, "caseward.db"):
            async with open_record(settings):
                pass
        make_room(made)
        async with open_record(settings) as record:
            assert len(await record.store.cases(Filters(), limit=MOST)) == 1


LOGGING = """
import sys
import structlog
from caseward.console.terminal.logs import warnings_to_stderr
warnings_to_stderr()
log = structlog.get_logger()
for number in range(400):
    log.warning("case.failed", number=number, why="x" * 60)
print("went on", flush=True)
sys.stdin.readline()
log.warning("case.failed", number="last")
print("ended", flush=True)
"""


def test_a_log_that_does_not_fit_stops_nobody_and_says_what_it_lacks(tmp_path: Path) -> None:
    with small(tmp_path / "disk") as folder, (folder / "caseward.log").open("wb") as log:
        ballast = fill(folder)
        told = subprocess.Popen(
            [sys.executable, "-c", LOGGING], stderr=log, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
        )
        assert told.stdout is not None
        assert told.stdout.readline() == "went on\n"
        make_room(ballast)
        rest, _ = told.communicate("\n", timeout=60)
        assert (rest, told.returncode) == ("ended\n", 0)
        lines = (folder / "caseward.log").read_text()
        assert "log.lacks" in lines
        assert "number=last" in lines

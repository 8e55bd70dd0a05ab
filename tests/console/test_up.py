"""`caseward up` as a process of its own: what it says, how it stops, what it keeps, and what it will not touch."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it ships no types
import pytest

from adapters.browser.chromium_search import Found
from caseward.demonstration.up import WRITTEN
from tests.console.conftest import ROOT

RUN = [sys.executable, "-c", "from caseward.cli import main; main()"]
DEADLINE = 120


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CASEWARD_", "COLUMNS"))}
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return {
        **kept, "HOME": str(home), "LANG": "C", "CASEWARD_LANG": "en", "CASEWARD_DATA_DIR": str(folder / "data"),
        "CASEWARD_CHROMIUM": str(folder / "none"), "PYTHONWARNINGS": "default", **more,
    }  # fmt: skip


def caseward(environ: dict[str, str], *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*RUN, *args], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=DEADLINE)


class Up:
    """A running `caseward up`, without a terminal."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.lines = process, list[str]()

    def until(self, word: str) -> list[str]:
        """The lines up to the one that holds the word."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if word in line:
                return self.lines
        raise AssertionError(f"it ended without {word!r}: {self.lines}")

    def stop(self, times: int = 1) -> tuple[int, str]:
        """Its exit code and last words; whatever it started is gone."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        for _ in range(times):
            self.process.send_signal(signal.SIGINT)
        said, _ = self.process.communicate(timeout=DEADLINE)
        assert [one for one in children if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []
        return self.process.returncode, said


@contextmanager
def up(environ: dict[str, str], *args: str) -> Iterator[Up]:
    process = subprocess.Popen(
        [*RUN, "up", *args], cwd=ROOT, env=environ, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield Up(process)
    finally:
        process.kill()
        process.wait()


def test_it_says_what_is_up_without_a_warning_and_keeps_its_state_between_runs(tmp_path: Path) -> None:
    environ = environment(tmp_path)
    with up(environ) as first:
        lines = [line for line in first.until("Ctrl-C stops it") if not line.startswith("! port")]
        assert lines[0].startswith("caseward 0.1 · embedded · data ")
        assert [line[0] for line in lines[1:-1]] == ["✓", "✓", "✓", "✓", "✓", "!"]
        assert lines[4] == "✓ cases     12 samples"
        assert not [line for line in lines if "arning" in line]
        mode = (tmp_path / "data" / "settings.env").stat().st_mode
        assert mode & 0o077 == 0
        seen = caseward(
            {**environ, "CASEWARD_COPYRIGHT_PORTAL_URL": ""}, "case", "list", "--json", "--fields", "number"
        )
        assert seen.stdout.count("RZ-00") == 12
        kept = (tmp_path / "data" / "settings.env").read_text("utf-8")
        assert caseward(environ, "up").returncode == 5
        assert (tmp_path / "data" / "settings.env").read_text("utf-8") == kept, "other terminals go on with it"
        code, said = first.stop()
    assert code == 0
    assert "stopped; everything is kept" in said
    assert "Traceback" not in said
    assert not (tmp_path / "data" / "settings.env").exists()
    with up(environ) as second:
        assert "✓ cases     12, as they were left" in second.until("Ctrl-C stops it")
        second.stop()


def test_a_variable_that_sets_nothing_is_said_at_once(tmp_path: Path) -> None:
    """With an address misspelt, the outside was simulated, and doctor alone told why."""
    with up(environment(tmp_path, CASEWARD_COPYRIGHT_PORTAL_ULR="https://bureau.example")) as running:
        running.until("! CASEWARD_COPYRIGHT_PORTAL_ULR sets nothing; CASEWARD_COPYRIGHT_PORTAL_URL is perhaps meant")
        running.until("Ctrl-C stops it")
        running.stop()


def test_what_a_killed_one_left_for_other_terminals_stops_no_other(tmp_path: Path) -> None:
    """The system that it names may be elsewhere by now."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "settings.env").write_text(f"{WRITTEN}\nCASEWARD_APP='gone.system:system'\n")
    with up(environment(tmp_path)) as running:
        running.until("Ctrl-C stops it")
        assert "gone.system" not in (data / "settings.env").read_text("utf-8")
        running.stop()


def test_a_taken_port_is_said_and_the_next_one_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        with suppress(OSError):  # somebody else has it: all the better
            taken.bind(("127.0.0.1", 8701))
            taken.listen()
        with up(environment(tmp_path)) as running:
            lines = running.until("✓ sandbox")
            said = [line for line in lines if line.startswith("! port 8701 is taken; taking ")]
            assert bool(said) == ("http://127.0.0.1:8701 " not in lines[-1])
            assert said or taken.getsockname()[1] != 8701
            running.until("Ctrl-C stops it")
            running.stop()


def test_two_signals_end_it_at_once(tmp_path: Path) -> None:
    with up(environment(tmp_path)) as running:
        running.until("Ctrl-C stops it")
        code, _ = running.stop(times=2)
    assert code in (0, 130)


def test_cases_of_somebody_else_are_neither_jumped_over_nor_deleted(tmp_path: Path) -> None:
    environ = environment(tmp_path)
    samples = ROOT / "states" / "copyright" / "samples"
    assert caseward(environ, "account", "import", str(samples / "accounts.json")).returncode == 0
    for args in (("up",), ("up", "--fresh")):
        refused = caseward(environ, *args)
        assert refused.returncode == 6
        assert len(refused.stderr.splitlines()) == 2
    assert caseward(environ, "account", "list", "--json").stdout.count("lanxi-rz-0") == 3


def test_fresh_begins_anew(tmp_path: Path) -> None:
    environ = environment(tmp_path)
    with up(environ) as first:
        first.until("Ctrl-C stops it")
        first.stop()
    with up(environ, "--fresh") as second:
        assert "✓ cases     12 samples" in second.until("Ctrl-C stops it")
        second.stop()


def test_a_wrong_setting_is_said_in_two_lines_before_anything_is_made(tmp_path: Path) -> None:
    refused = caseward(environment(tmp_path, CASEWARD_LEASE_SECONDS="soon"), "up")
    assert refused.returncode == 2
    assert "CASEWARD_LEASE_SECONDS" in refused.stderr
    assert len(refused.stderr.splitlines()) == 2
    assert not (tmp_path / "data").exists()


@pytest.mark.browser
def test_the_cast_plays_and_what_is_left_is_printed_with_its_command(tmp_path: Path, chromium: Found) -> None:
    assert chromium.executable is not None
    with up(environment(tmp_path, CASEWARD_CHROMIUM=chromium.executable), "--by-hand") as running:
        lines = running.until("caseward account login lanxi-rz-0")
        assert [line for line in lines if "✓ browser   Chromium" in line]
        assert [line for line in lines if "→ Generating" in line]
        code, _ = running.stop()
    assert code == 0

"""The command as a process: exit codes, no traceback, pipes that close, interrupts, languages, colours."""

import fcntl
import os
import pty
import signal
import sqlite3
import subprocess
import sys
import termios
from array import array
from contextlib import closing
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it ships no types
import pytest

from caseward.cli import run
from caseward.console.terminal.complaints import complaint_of
from caseward.console.wording.texts import Texts
from caseward.console.wording.words import LANGUAGES as LANGUAGES_SPOKEN
from caseward.console.wording.words import Language
from tests.console.conftest import ROOT, Caseward
from tests.console.transcripts import spoken

# a shell's background job ignores interrupts, and with it all that it starts
HEARS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
RUN = [sys.executable, "-c", "from caseward.cli import main; main()"]


def test_each_kind_of_end_has_its_exit_code(on_stage: Path, caseward: Caseward) -> None:
    ends = {
        ("case", "list"): 0,
        ("case", "why", "RZ-0099"): 3,
        ("case", "wy"): 2,
        ("case", "list", "--limit", "0"): 2,
    }
    for args, code in ends.items():
        ran = caseward(*args)
        assert (args, ran.returncode) == (args, code)
        assert "Traceback" not in ran.stderr
        assert (ran.stdout == "") == (code != 0), "what is wrong goes to standard error alone"


def test_without_a_record_it_says_so_and_how_to_begin_and_makes_none(environment: Path, caseward: Caseward) -> None:
    ran = caseward("case", "list")
    assert ran.returncode == 3
    assert ran.stderr.splitlines()[1].startswith("  cure: begin with: caseward case import FILE")
    assert not environment.exists()


def test_a_record_with_a_column_of_another_name_ends_a_command_with_words(copied: Path) -> None:
    """It sought the library that is perhaps missing, from cause to cause, without an end."""
    with closing(sqlite3.connect(copied / "caseward.db")) as record, record:
        record.execute("ALTER TABLE cases RENAME COLUMN due_at TO due_from")
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([*RUN, "case", "list"], capture_output=True, text=True, env=environ, timeout=60, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "no such column: cases.due_at" in ran.stderr


def test_a_reader_that_has_enough_is_no_error(on_stage: Path) -> None:
    with subprocess.Popen(
        [*RUN, "case", "history", "RZ-0001", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(60) == 0
    assert said == b""


@pytest.mark.parametrize(
    "args", [["case", "list"], ["case", "list", "--json"], ["flow", "page"], ["--help"], ["settings", "list"]]
)
def test_a_disk_that_is_full_is_said_and_no_traceback(on_stage: Path, args: list[str]) -> None:
    with open("/dev/full", "w") as full:
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        ran = subprocess.run([*RUN, *args], stdout=full, stderr=subprocess.PIPE, text=True, env=environ, check=False)
        silent = subprocess.run([*RUN, *args], stdout=full, stderr=full, env=environ, check=False)
    assert (ran.returncode, silent.returncode) == (1, 1)
    assert "the disk is full" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr


def _until_it_waits(process: subprocess.Popen[bytes]) -> None:
    """Wait until the pipe is empty and the command sleeps: a signal just before a read does not end that read."""
    assert process.stdin is not None
    left = array("i", [1])
    while left[0] or psutil.Process(process.pid).status() != psutil.STATUS_SLEEPING:
        fcntl.ioctl(process.stdin.fileno(), termios.FIONREAD, left)


def test_an_interrupt_ends_with_130_and_two_lines(environment: Path) -> None:
    with subprocess.Popen(
        [*RUN[:-1], HEARS + RUN[-1], "case", "import", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stderr is not None
        # larger than a pipe holds: once it is taken, the command has begun to read
        process.stdin.write(b" " * 200_000)
        process.stdin.flush()
        _until_it_waits(process)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
        assert process.wait(60) == 130
    assert said.splitlines()[0] == "error: interrupted"
    assert "Traceback" not in said
    assert not environment.exists()


def test_a_watch_tells_what_happens_elsewhere_and_an_interrupt_ends_it(copied: Path) -> None:
    with subprocess.Popen(
        [*RUN[:-1], HEARS + RUN[-1], "case", "watch", "RZ-0010"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stderr.readline().decode().startswith("RZ-0010  ")
        assert spoken(["case", "hold", "RZ-0010", "--reason", "等专利"])[0] == 0
        assert "等专利" in process.stdout.readline().decode()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
@pytest.mark.parametrize("args", ["case list", "account add lanxi-rz-09", "case import -", "case lst"])
def test_a_stream_that_the_shell_closed_is_an_empty_one(on_stage: Path, args: str, closed: str) -> None:
    command = f"'{RUN[0]}' -c 'from caseward.cli import main; main()' {args} {closed}"
    ran = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert ran.returncode == (0 if args == "case list" else 2)
    assert "unexpected" not in ran.stderr
    assert "Traceback" not in ran.stderr


def test_in_a_plain_locale_without_a_terminal_every_line_is_plain(on_stage: Path, caseward: Caseward) -> None:
    for args in (["case", "why", "RZ-0001"], ["schedule", "list"], ["doctor", "--fields", "check"]):
        ran = caseward(*args, CASEWARD_LANG="", LANG="C", LC_ALL="C", NO_COLOR="1", TERM="")
        assert (ran.returncode, "\x1b" in ran.stdout + ran.stderr, "Traceback" in ran.stderr) == (0, False, False)


LANGUAGES: list[tuple[list[str], dict[str, str], str]] = [
    (["--lang", "zh-CN"], {}, "错误"),
    (["--lang=en"], {"CASEWARD_LANG": "zh-CN"}, "error"),
    ([], {"CASEWARD_LANG": "zh-CN", "LANG": "en_US.UTF-8"}, "错误"),
    ([], {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "错误"),
    ([], {"LANG": "C"}, "error"),
    ([], {"LANG": "de_DE.UTF-8"}, "error"),
    ([], {}, "error"),
]


@pytest.mark.parametrize(("options", "environ", "said"), LANGUAGES)
def test_option_before_variable_before_locale_says_the_language(
    options: list[str], environ: dict[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for args in (["case", "list", *options], [*options, "case", "list"]):
        assert run(args, environ) == 3
        assert capsys.readouterr().err.startswith(said)


def test_a_language_that_is_not_spoken_is_refused_with_the_ones_that_are(caseward: Caseward) -> None:
    unspoken = caseward("case", "list", "--lang", "tlh")
    assert unspoken.returncode == 2
    assert "cure: write --lang=zh-CN or --lang=en" in unspoken.stderr
    assert caseward("case", "list", CASEWARD_LANG="tlh").returncode == 2


def test_a_terminal_that_knows_no_chinese_still_gets_its_answer(on_stage: Path, caseward: Caseward) -> None:
    ran = caseward("case", "why", "RZ-0001", "--lang", "zh", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "RZ-0001" in ran.stdout


@pytest.mark.parametrize(("environ", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_a_terminal_gets_colours_unless_it_says_no(on_stage: Path, environ: dict[str, str], coloured: bool) -> None:
    ours, theirs = pty.openpty()
    found = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(ROOT), **environ}
    with subprocess.Popen([*RUN, "case", "list"], stdout=theirs, env=found) as process:
        assert process.wait(60) == 0
    os.close(theirs)
    shown = os.read(ours, 65536)
    os.close(ours)
    assert (b"\x1b[" in shown) is coloured


def test_a_pipe_gets_whole_lines_without_colours(on_stage: Path, caseward: Caseward) -> None:
    ran = caseward("case", "list", COLUMNS="")
    assert "…" not in ran.stdout
    assert "\x1b" not in ran.stdout


def test_help_reads_no_engine() -> None:
    code = "import sys; from caseward.cli import run; run(['--help'], {}); print('sqlalchemy' in sys.modules)"
    found = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=found, check=True)
    assert ran.stdout.splitlines()[-1] == "False"


def test_a_data_folder_that_is_a_file_is_two_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "letter").touch()
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path / "letter"))
    code, _, err = spoken(["account", "import", str(ROOT / "states" / "copyright" / "samples" / "accounts.json")])
    assert (code, len(err.splitlines())) == (2, 2)  # a setting is wrong


@pytest.mark.parametrize("language", LANGUAGES_SPOKEN)
def test_what_nobody_foresaw_is_named_and_asked_to_be_reported(language: Language) -> None:
    found = complaint_of(ZeroDivisionError("division by zero\nin the second line"), Texts(language))
    assert (found.code, found.exit) == ("unexpected", 1)
    assert "ZeroDivisionError" in found.cause
    assert "second line" not in found.cause
    assert "--debug" in found.cure

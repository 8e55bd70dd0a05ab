"""The logins of the office: kept and changed from standard input, tested against the bureau, never shown."""

import asyncio
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from caseward.app.installation import open_record
from caseward.console.commands.account.login import Typed
from tests.console.conftest import ROOT
from tests.console.stage import NOW, SAMPLES
from tests.console.transcripts import spoken
from tests.systems import addresses_at
from workflow.settings import read_settings

ACCOUNT = {
    "login", "remote", "number", "state", "state_label", "headline", "session", "usable", "retired", "cases",
    "password_version", "leased_by", "lease_until",
}  # fmt: skip
COMMAND = [sys.executable, "-c", "from caseward.cli import main; main()"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def answered(*args: str, code: int = 0) -> Any:
    ended, out, err = spoken([*args, "--json", "--no-input"])
    assert ended == code, err
    return json.loads(out) if code == 0 else json.loads(err)["error"]


def types(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.mark.usefixtures("copied")
def test_each_account_says_how_it_stands_and_how_many_cases_lean_on_it() -> None:
    rows = answered("account", "list")["data"]
    assert [row["number"] for row in rows] == ["ZH-0001", "ZH-0002", "ZH-0003"]
    assert all(set(row) == ACCOUNT for row in rows)
    # one of the ten has ended and leans on nothing any more
    assert sum(row["cases"] for row in rows) == 9
    assert "password" not in {name for row in rows for name in row}


def test_a_login_is_added_with_a_case_of_its_own(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    types(monkeypatch, "geheim-7319\n")
    case = answered("account", "add", "lanxi-rz-09", "--region", "重庆")
    assert (case["number"], case["title"], case["state"]) == ("ZH-0001", "lanxi-rz-09", "lapsed")
    stored = b"".join(file.read_bytes() for file in environment.iterdir() if file.is_file())
    assert b"geheim-7319" not in stored
    types(monkeypatch, "another\n")
    assert answered("account", "add", "LANXI-RZ-09", code=5)["code"] == "conflict"


@pytest.mark.parametrize("typed", ["", "\n", "   \n", "x" * 200 + "\n"])
def test_an_account_without_a_fitting_password_leaves_no_record(
    environment: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    types(monkeypatch, typed)
    error = answered("account", "add", "lanxi-rz-09", code=2)
    assert "xxx" not in json.dumps(error)
    assert not environment.exists()


@pytest.mark.usefixtures("copied")
def test_a_new_password_is_another_version_and_has_the_account_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    types(monkeypatch, "neu-5502\n")
    assert answered("account", "set-password", "lanxi-rz-02")["number"] == "ZH-0002"
    versions = {row["login"]: row["password_version"] for row in answered("account", "list")["data"]}
    assert versions == {"lanxi-rz-01": 1, "lanxi-rz-02": 2, "lanxi-rz-03": 1}
    assert "neu-5502" not in spoken(["case", "history", "ZH-0002", "--json"])[1]
    assert answered("account", "set-password", "nobody", code=3)["code"] == "not_found"


def test_an_answer_that_no_login_waits_for_is_refused(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    types(monkeypatch, "7K2M\n")
    assert "account login" in answered("account", "answer", "lanxi-rz-01", code=6)["hint"]


def test_a_workers_address_that_is_not_set_is_named(copied: Path) -> None:
    assert "CASEWARD_COPYRIGHT_PORTAL_URL" in answered("account", "refresh", code=2)["detail"]


@pytest.fixture
def bureau(copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The sandbox as its command starts it, and the settings that it prints; business time is in opening hours."""
    folder = tmp_path / "outside"
    args = ["sandbox", "start", "--port", "8771", "--data", str(folder), "--world", str(SAMPLES / "world.json")]
    with subprocess.Popen(
        [*COMMAND, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT
    ) as process:
        assert process.stderr is not None
        # the line before it may say that the port was taken
        url = next(found for line in process.stderr if (found := re.search(r"http://\S+\d", line.decode())))
        for name, value in addresses_at(url.group()).items():
            monkeypatch.setenv(name, value)
        asyncio.run(_at_noon())
        yield url.group()
        process.terminate()


async def _at_noon() -> None:
    async with open_record(read_settings()) as record:
        await record.clock.jump(NOW.replace(day=8, hour=4))


@pytest.mark.browser
def test_a_person_logs_in_and_a_refresh_sees_a_login_elsewhere(bureau: str, copied: Path) -> None:
    """The picture lies in a file, the answer is given in another process."""
    picture = copied / "captchas" / "ZH-0001.png"
    with subprocess.Popen(
        [*COMMAND, "account", "login", "lanxi-rz-01", "--json"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, **ENVIRONMENT, **addresses_at(bureau), "CASEWARD_DATA_DIR": str(copied)},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        lines = [process.stderr.readline().decode() for _ in range(3)]
        assert str(picture) in lines[1]
        assert picture.stat().st_mode & 0o777 == 0o600
        read = httpx.post(
            f"{bureau}/control/captcha", content=picture.read_bytes(), headers={"content-type": "image/png"}
        )
        answer = subprocess.run(
            [*COMMAND, "account", "answer", "ZH-0001"], input=read.json()["text"] + "\n", text=True, check=True,
            capture_output=True, env={**ENVIRONMENT, "CASEWARD_DATA_DIR": str(copied), "CASEWARD_LANG": "en"},
        )  # fmt: skip
        assert read.json()["text"] not in answer.stdout + answer.stderr
        shown = process.stdout.read()
        assert process.wait(120) == 0
    assert json.loads(shown)["state"] == "alive"
    assert not picture.exists()
    (row,) = answered("account", "refresh", "lanxi-rz-01")["data"]
    assert (row["before"], row["state"], row["session"]["held"]) == ("alive", "alive", True)
    assert answered("sandbox", "kick", "lanxi-rz-01", "--url", bureau) == {"kicked": True}
    (row,) = answered("account", "refresh", "lanxi-rz-01", "--fields", "before,state")["data"]
    assert row == {"before": "alive", "state": "lapsed"}


@pytest.mark.browser
def test_an_answer_that_is_piped_in_is_taken_for_the_picture(bureau: str, copied: Path) -> None:
    """What stood in the pipe was never read, and the login was given up after three minutes."""
    picture = copied / "captchas" / "ZH-0001.png"
    with subprocess.Popen(
        [*COMMAND, "account", "login", "lanxi-rz-01", "--json", "--no-input"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, **ENVIRONMENT, **addresses_at(bureau), "CASEWARD_DATA_DIR": str(copied)},
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        lines = [process.stderr.readline().decode() for _ in range(3)]
        assert str(picture) in lines[1]
        read = httpx.post(
            f"{bureau}/control/captcha", content=picture.read_bytes(), headers={"content-type": "image/png"}
        )
        process.stdin.write(f"\n{read.json()['text']}\n".encode())
        process.stdin.flush()
        shown = process.stdout.read()
        assert process.wait(120) == 0
    assert json.loads(shown)["state"] == "alive"


@pytest.mark.parametrize(("content", "lines"), [("", []), ("\n  \nAB7K\n C2D4 ", ["AB7K", "C2D4"])])
async def test_answers_may_stand_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, lines: list[str]
) -> None:
    (tmp_path / "answers").write_text(content)
    with (tmp_path / "answers").open() as file:
        monkeypatch.setattr("sys.stdin", file)
        typed = Typed()
        found = list(iter(typed.line, None))
        typed.close()
    assert found == lines
    assert not typed.may_come


def test_the_sandbox_is_turned_at_the_console(bureau: str) -> None:
    at = ("--url", bureau)
    before = answered("sandbox", "clock", *at)["now"]
    assert answered("sandbox", "clock", "--advance", "1d6h", *at)["now"] > before
    assert answered("sandbox", "clock", "--to", "2020-01-01T00:00+08:00", *at, code=5)["code"] == "sandbox"
    for wrong in (
        ("--advance", "soon"),
        ("--to", "tomorrow"),
        ("--to", "2090-01-01"),
        ("--advance", "1h", "--to", "x"),
    ):
        assert answered("sandbox", "clock", *wrong, *at, code=2)["code"] == "usage"
    assert answered("sandbox", "inbox", "13800000000", *at) == {
        "data": [], "next_cursor": None, "phone": "13800000000", "carrier": "移动",
    }  # fmt: skip
    made = answered("sandbox", "fault", "confirm", "hang", "--count", "2", *at)
    assert made["name"] in [one["name"] for one in answered("sandbox", "faults", *at)["data"]]
    left = answered("sandbox", "mend", made["name"], *at)["data"]
    assert made["name"] not in [one["name"] for one in left]
    assert answered("sandbox", "mend", made["name"], *at, code=3)["code"] == "sandbox"
    assert "known are" in answered("sandbox", "fault", "confirm", "nonsense", *at, code=2)["detail"]
    assert answered("sandbox", "kick", "nobody", *at, code=3)["code"] == "sandbox"


def test_where_no_sandbox_answers_it_says_how_to_start_one() -> None:
    error = answered("sandbox", "clock", "--url", "http://127.0.0.1:9", code=3)
    assert "caseward sandbox start" in error["hint"]

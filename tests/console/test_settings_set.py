"""Settings changed at run time: which can be, with who and why; what does not fit, and what no process would take."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.console.transcripts import spoken

URL, TOKEN = "CASEWARD_COPYRIGHT_PORTAL_URL", "CASEWARD_COPYRIGHT_SMS_TOKEN"
WHY = "the office moved"


def told(*args: str, code: int = 0) -> Any:
    ended, out, err = spoken(["settings", *args, "--json"])
    assert ended == code, err
    return json.loads(out) if code == 0 else json.loads(err)["error"]


def row(name: str) -> Any:
    return next(one for one in told("list")["data"] if one["name"] == name)


def test_a_value_set_at_run_time_counts_before_the_environment_and_names_its_person(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL, "https://old.example")
    assert (row(URL)["value"], row(URL)["origin"], row(URL)["change"]) == ("https://old.example", "environment", None)
    told("set", "copyright_portal_url", "https://new.example", "--reason", WHY)
    found = row(URL)
    assert (found["value"], found["origin"], found["live"]) == ("https://new.example", "run_time", True)
    assert (found["change"]["reason"], found["change"]["version"]) == (WHY, 1)
    assert found["change"]["actor"].startswith("person:")
    _, out, _ = spoken(["settings", "list"])
    assert "run time: " in out
    told("set", URL, "--unset", "--reason", "it moved back")
    assert (row(URL)["value"], row(URL)["origin"]) == ("https://old.example", "environment")


def test_a_secret_comes_by_standard_input_and_is_shown_to_nobody(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("canary-token\n"))
    found = told("set", TOKEN, "--reason", "rotated")
    assert (found["value"], found["secret"], found["bytes"]) == (None, True, 12)
    for args in (["settings", "list"], ["settings", "list", "--json"]):
        assert "canary" not in "".join(map(str, spoken(args)))
    assert b"canary-token" not in (copied / "caseward.db").read_bytes()
    refused = told("set", TOKEN, "typed-token", "--reason", "rotated", code=2)
    assert "read from standard input" in refused["detail"]


@pytest.mark.parametrize(
    ("args", "code", "cause", "cure"),
    [
        ((URL, "ftp://new.example"), 2, "'ftp://new.example' is no address", "correct it"),
        (("COPYRIGHT_GENERATOR_PRICE", "0"), 2, "it should be at least 0.01", "which means 300.00"),
        (("LOOK_AGAIN_MINUTES", "0"), 2, "it should be at least 1", "which means 10"),
        (("DATA_DIR", "elsewhere"), 6, "is how the record itself is found", "in the environment of each process"),
        (("BROKER_URL", "redis://host"), 6, "is read when a process starts", "start them again"),
        (("COPYRIGHT_PORTAL_URI", "https://new.example"), 3, "there is no setting", URL),
        ((URL,), 2, "VALUE", "caseward settings set --help"),
        ((URL, "--unset"), 2, "was not changed at run time", "caseward settings set --help"),
        ((URL, "https://new.example", "--unset"), 2, "--unset", "caseward settings set --help"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_cure(
    copied: Path, args: tuple[str, ...], code: int, cause: str, cure: str
) -> None:
    found = told("set", *args, "--reason", WHY, code=code)
    assert cause in found["detail"]
    assert cure in found["hint"]
    assert all(one["change"] is None for one in told("list")["data"])


def test_a_setting_of_the_engine_that_processes_take_is_changed_too(copied: Path) -> None:
    assert told("set", "look_again_minutes", "7", "--reason", WHY)["value"] == 7
    assert row("CASEWARD_LOOK_AGAIN_MINUTES")["origin"] == "run_time"


def test_without_a_record_the_environment_alone_is_told(environment: Path) -> None:
    assert all(one["change"] is None for one in told("list")["data"])
    assert not environment.exists()


def test_a_record_that_cannot_be_read_is_said_beside_the_list(copied: Path) -> None:
    (copied / "caseward.db").write_bytes(b"no database at all, and long enough to be looked at")
    code, out, err = spoken(["settings", "list"])
    assert (code, "CASEWARD_LEASE_SECONDS" in out) == (0, True)
    assert "What was changed at run time is not shown" in err
    code, out, err = spoken(["system", "check"])
    assert (code, "copyright: flows 2" in out) == (0, True)
    assert "What was changed at run time is not shown" in err


def test_system_check_knows_what_was_set_at_run_time(copied: Path) -> None:
    def lacks() -> Any:
        code, out, _ = spoken(["system", "check", "--json"])
        found = {row["name"]: row for row in json.loads(out)["data"]}["copyright"]
        assert (code, found["wrong"], found["wrong_schedules"]) == (0, [], {})
        return found["lacks"]

    assert "CASEWARD_COPYRIGHT_SMS_URL" in lacks()
    spoken(["settings", "set", "copyright_sms_url", "http://127.0.0.1:9", "--reason", "it moved"])
    assert "CASEWARD_COPYRIGHT_SMS_URL" not in lacks()


UNFIT = """
from dataclasses import replace
from pydantic import Field
from tests.worker.test_unfit_changes import SYSTEM, Shared

class Now(Shared):
    shares: int = Field(2, ge=0 if {free} else 1)

system = replace(SYSTEM, settings=Now, flow_settings=lambda said: {{"payments": said.shares}})
"""


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_change_that_fits_no_more_is_told_and_not_shown_as_if_it_counted(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    name = "CASEWARD_SHARED_SHARES"
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("CASEWARD_SYSTEMS", "copyright")
    monkeypatch.setenv("CASEWARD_LANG", language)
    for free in (True, False):
        (tmp_path / f"sharing_{free}.py".lower()).write_text(UNFIT.format(free=free), "utf-8")
    monkeypatch.setenv("CASEWARD_APP", "sharing_true:system")
    told("set", name, "0", "--reason", WHY)
    monkeypatch.setenv("CASEWARD_APP", "sharing_false:system")
    assert (row(name)["value"], row(name)["origin"], row(name)["change"]) == (2, "default", None)
    _, out, err = spoken(["settings", "list"])
    assert "setting.unfit" not in out + err
    assert f"caseward settings set {name} --unset" in " ".join(err.split())
    found = json.loads(spoken(["doctor", "--json"])[1])["data"]
    assert any(one["check"] == "settings" and name in one["said"][language] for one in found)


def test_a_record_that_cannot_be_read_is_said_in_the_readers_language(copied: Path) -> None:
    (copied / "caseward.db").write_bytes(b"no database at all, and long enough to be looked at")
    err = spoken(["--lang", "zh-CN", "settings", "list"])[2]
    why = err.partition("无法读取记录")[2]
    assert (why != "", "数据库" in why) == (True, True), err

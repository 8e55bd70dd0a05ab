"""What the command line says about flows, record, settings and machine; nothing of it changes a thing."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from caseward.console.commands.system.findings import Mark
from caseward.console.commands.system.health import clocks, data_folder, database, disk, keys
from caseward.console.commands.system.origins import example, meaning
from caseward.console.wording.words import LANGUAGES
from tests.console.conftest import ROOT
from tests.console.transcripts import spoken
from tests.systems import SYSTEMS
from workflow.settings import PREFIX, Settings, read_settings


def answered(*args: str, code: int = 0) -> Any:
    ended, out, err = spoken([*args, "--json"])
    assert ended == code, err
    return json.loads(err if code and err else out)


def test_every_setting_says_in_both_languages_what_it_is_for() -> None:
    fields = [
        *((field, None) for field in Settings.model_fields),
        *((field, one.system) for one in SYSTEMS.installed for field in one.system.variables),
    ]
    said = [(field, language) for field, system in fields for language in LANGUAGES if meaning(field, language, system)]
    assert len(said) == len(fields) * len(LANGUAGES)


def test_the_example_of_an_environment_is_what_the_model_makes() -> None:
    """Made anew by `python -m caseward.console.commands.system.origins > .env.example`."""
    assert (ROOT / ".env.example").read_text("utf-8") == example()


def test_each_setting_shows_where_its_value_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_LEASE_SECONDS", "90")
    rows = {row["name"]: row for row in answered("settings", "list")["data"]}
    of_systems = {name for one in SYSTEMS.installed for name in one.system.variables.values()}
    assert set(rows) == {f"{PREFIX}{field.upper()}" for field in Settings.model_fields} | of_systems
    assert (rows["CASEWARD_LEASE_SECONDS"]["value"], rows["CASEWARD_LEASE_SECONDS"]["origin"]) == (90, "environment")
    assert (rows["CASEWARD_FACT_SECONDS"]["value"], rows["CASEWARD_FACT_SECONDS"]["origin"]) == (60, "default")


def test_a_setting_that_the_data_folder_keeps_is_said_to_come_from_there(environment: Path) -> None:
    environment.mkdir()
    (environment / "settings.env").write_text("CASEWARD_POLL_SECONDS=7\n")
    rows = {row["name"]: row for row in answered("settings", "list")["data"]}
    assert (rows["CASEWARD_POLL_SECONDS"]["value"], rows["CASEWARD_POLL_SECONDS"]["origin"]) == (7, "folder")
    assert rows["CASEWARD_DATA_DIR"]["origin"] == "environment"


def test_no_secret_of_a_setting_is_shown_only_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_COPYRIGHT_SMS_TOKEN", "canary-token")
    monkeypatch.setenv("CASEWARD_DATABASE_URL", "postgresql://office:canary-word@host/name")
    for args in (["settings", "list"], ["settings", "list", "--json"]):
        _, out, _ = spoken(args)
        assert "canary" not in out
        assert "postgresql://office:••••••@host/name" in out
    assert "set, 12 bytes" in spoken(["settings", "list"])[1]


def test_a_flow_is_checked_with_and_without_a_record(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = answered("flow", "check")
    assert ([row["flow"] for row in found["data"]], found["live_cases_checked"]) == (["copyright", "accounts"], True)
    # a line that could run at night but stands below one that cannot is worth a look, and no error
    assert all(
        "waits below" in told["en"] and "夜间" in told["zh-CN"] for row in found["data"] for told in row["warnings"]
    )
    # what stands below draft_missed waits only where the list of drafts did not show ours, and then it shall
    worth = [[one for one in row["warnings"] if "draft_missed" not in one["en"]] for row in found["data"]]
    assert [len(one) for one in worth] == [0, 1]
    monkeypatch.setenv("CASEWARD_DATA_DIR", str(tmp_path / "none"))
    assert answered("flow", "check")["live_cases_checked"] is False
    assert not (tmp_path / "none").exists()


def test_a_flows_page_is_the_one_in_the_docs(tmp_path: Path) -> None:
    _, out, _ = spoken(["flow", "page", "accounts"])
    assert out == (ROOT / "docs" / "flows" / "accounts.md").read_text("utf-8")
    files = answered("flow", "page", "--out", str(tmp_path / "pages"))["files"]
    assert [Path(file).name for file in files] == ["copyright.md", "accounts.md"]
    assert answered("flow", "page", "lost", code=2)["error"]["code"] == "usage"


def test_migrating_makes_a_database_and_then_leaves_it(environment: Path) -> None:
    assert answered("migrate")["made"] is True
    again = answered("migrate")
    assert (again["made"], Path(again["database"]).name) == (False, "caseward.db")


def test_a_record_that_was_changed_is_named_by_case_and_event(copied: Path) -> None:
    assert answered("audit", "verify")["verified"] is True
    with sqlite3.connect(copied / "caseward.db") as tampered:
        tampered.execute("UPDATE events SET actor = 'person:nobody' WHERE seq = 2 AND kind = 'held'")
    error = answered("audit", "verify", code=1)["error"]
    assert (error["code"], "RZ-0002" in error["detail"], "event 2" in error["detail"]) == ("broken_record", True, True)


def test_a_doctor_looks_at_everything_and_changes_nothing(copied: Path) -> None:
    before = {file.name: file.read_bytes() for file in copied.iterdir() if file.is_file()}
    found = answered("doctor")
    marks = {one["check"]: one["mark"] for one in found["data"]}
    assert found["ok"] is True
    assert {"python", "data", "disk", "keys", "database", "clock", "browser", "fonts", "portal", "sms"} <= set(marks)
    assert (marks["database"], marks["keys"], marks["portal"]) == ("well", "well", "mind")
    assert all(one["cure"] for one in found["data"] if one["mark"] != "well" and one["check"] != "keys")
    after = {file.name: file.read_bytes() for file in copied.iterdir() if file.is_file()}
    assert {name: after[name] for name in before if "-shm" not in name} == {
        name: content for name, content in before.items() if "-shm" not in name
    }


def test_a_doctor_ends_with_one_where_something_cannot_work(copied: Path) -> None:
    (copied / "keys.json").chmod(0o644)
    found = answered("doctor", code=1)
    (keys_,) = [one for one in found["data"] if one["check"] == "keys"]
    assert (keys_["mark"], "chmod 600" in keys_["cure"]["en"], "0644" in keys_["said"]["zh-CN"]) == ("ill", True, True)
    assert spoken(["doctor", "--fields", "check,mark"])[0] == 1


async def test_what_is_gone_or_damaged_is_ill(copied: Path) -> None:
    settings = read_settings()
    (copied / "keys.json").unlink()
    assert [(one.mark, one.what) for one in await keys(settings)] == [(Mark.ill, "gone")]
    assert not (copied / "keys.json").exists()
    (copied / "caseward.db").write_bytes(b"no database at all" * 100)
    assert [(one.mark, one.what) for one in await database(settings)] == [(Mark.ill, "unusable")]


async def test_before_the_first_use_nothing_is_ill(environment: Path) -> None:
    settings = read_settings()
    checks = [await check(settings) for check in (data_folder, disk, keys, database, clocks)]
    assert all(one.mark is not Mark.ill for found in checks for one in found)
    assert not environment.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write what is read-only")
async def test_a_folder_that_may_not_be_written_is_ill(environment: Path) -> None:
    environment.mkdir()
    environment.chmod(0o500)
    assert [one.mark for one in await data_folder(read_settings())] == [Mark.ill]


def test_a_chromium_that_is_not_there_is_named_with_its_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_CHROMIUM", str(tmp_path / "no-chromium"))
    error = answered("browser", "find", code=3)["error"]
    assert (error["code"], error["errors"][0]["source"]) == ("no_browser", "setting")


@pytest.mark.usefixtures("on_stage")
def test_fields_narrow_every_row_and_a_mistyped_one_names_the_others() -> None:
    rows = answered("case", "list", "--fields", "number,state")["data"]
    assert all(list(row) == ["number", "state"] for row in rows)
    error = answered("case", "list", "--fields", "number,colour", code=2)["error"]
    assert (error["detail"], "headline" in error["hint"]) == ("there is no field colour", True)
    assert list(answered("case", "why", "RZ-0001", "--fields", "reason,who")) == ["reason", "who"]
    assert answered("case", "list", "--fields", ",", code=2)["error"]["code"] == "usage"
    looked = answered("case", "history", "RZ-0001", "--fields", "kind,looks,actor")["data"]
    assert [row["looks"] for row in looked] == [None, None, None, None, 48]


def test_who_installed_no_extras_is_told_what_each_system_lacks(environment: Path) -> None:
    """By pip without an extra, and CASEWARD_SYSTEMS unset: doctor and system check ended in a library's name alone."""
    code = (
        "import sys\n"
        "for name in ('playwright', 'stdnum', 'phonenumbers', 'fpdf', 'pypdf'): sys.modules[name] = None\n"
        "from caseward.cli import main; main()"
    )

    def ran(*args: str) -> "subprocess.CompletedProcess[str]":
        said = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [sys.executable, "-c", code, *args], capture_output=True, text=True, env=said, check=False
        )

    doctor = ran("doctor", "--json")
    found = {one["check"]: one for one in json.loads(doctor.stdout)["data"]}
    assert (doctor.returncode, doctor.stderr.count("never awaited")) == (0, 0)
    assert found["browser"]["mark"] == "mind"
    assert "playwright is not installed" in found["browser"]["said"]["en"]
    assert "CASEWARD_SYSTEMS" in found["browser"]["cure"]["zh-CN"]
    check = ran("system", "check", "--json")
    (row,) = [one for one in json.loads(check.stdout)["data"] if one["name"] == "copyright"]
    assert (check.returncode, row["wrong_samples"]) == (0, [])
    assert any("stdnum is not installed" in said or "phonenumbers is not installed" in said for said in row["warnings"])

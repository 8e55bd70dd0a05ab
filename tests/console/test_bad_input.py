"""Whatever is handed in wrong is named with its cure, in two lines and an exit code; nothing is half taken in."""

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.console.conftest import Caseward
from tests.console.stage import SAMPLES
from tests.console.transcripts import spoken
from tests.intake.test_tables import as_csv, as_xlsx, flat, lined
from tests.registration.particulars import row

FIRST: dict[str, Any] = {
    name: value
    for name, value in json.loads((SAMPLES / "registrations.json").read_text("utf-8"))[0].items()
    if name != "account"
}


def file_of(folder: Path, rows: object) -> Path:
    path = folder / "rows.json"
    path.write_text(rows if isinstance(rows, str) else json.dumps(rows, ensure_ascii=False), "utf-8")
    return path


def wrong(key: str, value: object) -> list[dict[str, Any]]:
    return [{**FIRST, key: value}]


BAD: dict[str, tuple[object, str]] = {
    "broken JSON": ('[{"full_name": "x",}]', "row 1, line 1, column"),
    "no list": ({"full_name": "x"}, "the file is to be a list"),
    "a missing field": (
        [{name: FIRST[name] for name in FIRST if name != "version"}],
        "version: this field is required",
    ),
    "an unknown field": (wrong("colour", "red"), 'colour = "red": this field is not known'),
    "a wrong type": (wrong("source_lines", "many"), 'source_lines = "many": it is to be a whole number'),
    "a day to come": (wrong("completed_on", "2999-01-01"), 'completed_on = "2999-01-01"'),
    "a title twice": ([FIRST, {**FIRST, "short_name": "y"}], "the same stands in row 1 and row 2"),
    "a login nobody holds": (wrong("account", "nobody"), "the office holds no such login"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_named_by_row_field_value_and_rule_and_nothing_is_taken_in(what: str, tmp_path: Path) -> None:
    rows, named = BAD[what]
    code, out, err = spoken(["case", "import", str(file_of(tmp_path, rows))])
    assert (code, out) == (2, "")
    assert named in err
    assert err.splitlines()[-1].startswith("  cure: ")
    _, listed, _ = spoken(["case", "list", "--json"])
    assert not listed or json.loads(listed)["data"] == []


def test_a_row_is_the_same_in_json_and_in_a_table(tmp_path: Path) -> None:
    table, book = tmp_path / "rows.csv", tmp_path / "rows.xlsx"
    table.write_text(as_csv(lined(flat(FIRST))), "utf-8")
    book.write_bytes(as_xlsx(lined(flat(FIRST))))
    assert "opened 1, already there 0" in spoken(["case", "create", str(table)])[1]
    for path in (file_of(tmp_path, [FIRST]), book):
        assert "opened 0, already there 1" in spoken(["case", "import", str(path)])[1]


def test_a_bad_file_leaves_no_record_behind(tmp_path: Path, environment: Path) -> None:
    assert spoken(["case", "import", str(file_of(tmp_path, "[{]"))])[0] == 2
    assert not environment.exists()


def test_problems_are_named_in_chinese_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_LANG", "zh-CN")
    _, _, err = spoken(["case", "import", str(file_of(tmp_path, wrong("source_lines", "多")))])
    assert "第1条「拾光手账时间管理软件 V1.0」" in err
    assert "应为不加引号的整数" in err


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = str(file_of(tmp_path, [FIRST]))
    assert "opened 1, already there 0" in spoken(["case", "import", path])[1]
    assert "opened 0, already there 1" in spoken(["case", "import", path])[1]


def test_a_dry_import_says_what_would_be_opened_and_writes_nothing(tmp_path: Path, environment: Path) -> None:
    rows = [FIRST, {**FIRST, "version": "V9"}]
    path = str(file_of(tmp_path, rows))
    code, out, _ = spoken(["case", "import", path, "--dry"])
    assert (code, "would open 2, already there 0" in out, "Nothing was changed (--dry)." in out) == (0, True, True)
    assert spoken(["case", "import", str(file_of(tmp_path, wrong("account", "nobody"))), "--dry"])[0] == 2
    assert spoken(["case", "import", str(file_of(tmp_path, wrong("source_lines", "many"))), "--dry"])[0] == 2
    assert not environment.exists(), "no record is begun"
    assert spoken(["case", "import", str(file_of(tmp_path, [FIRST]))])[0] == 0
    found = json.loads(spoken(["case", "import", str(file_of(tmp_path, rows)), "--dry", "--json"])[1])
    assert [(row["number"], row["already"]) for row in found["data"]] == [("RZ-0001", True), (None, False)]
    assert found["dry"] is True
    code, _, err = spoken(["case", "import", str(file_of(tmp_path, [{**FIRST, "short_name": "其他"}])), "--dry"])
    assert (code, "RZ-0001" in err) == (5, True)
    assert spoken(["case", "import", str(file_of(tmp_path, wrong("account", "nobody"))), "--dry"])[0] == 2
    assert len(json.loads(spoken(["case", "list", "--json"])[1])["data"]) == 1


def test_a_duplicate_of_a_live_case_names_both_and_takes_in_no_row(tmp_path: Path) -> None:
    spoken(["case", "import", str(file_of(tmp_path, [FIRST]))])
    rows = [{**FIRST, "version": "V9"}, {**FIRST, "short_name": "其他"}]
    code, _, err = spoken(["case", "import", str(file_of(tmp_path, rows))])
    assert code == 5
    assert "row 2 (拾光手账时间管理软件 V1.0)" in err
    assert "RZ-0001" in err
    assert len(json.loads(spoken(["case", "list", "--json"])[1])["data"]) == 1


def test_a_file_of_logins_in_the_wrong_place_shows_no_password() -> None:
    for style in ([], ["--json"]):
        code, out, err = spoken(["case", "import", str(SAMPLES / "accounts.json"), *style])
        assert code == 2
        assert "Lx-wuyue" not in out + err
        assert "caseward account import FILE" in err


def test_samples_are_taken_in_once_the_logins_are_known() -> None:
    assert spoken(["account", "import", str(SAMPLES / "accounts.json")])[0] == 0
    assert "already there 3" in spoken(["account", "import", str(SAMPLES / "accounts.json")])[1]
    _, out, _ = spoken(["case", "import", str(SAMPLES / "registrations.json"), "--json"])
    assert [row["number"] for row in json.loads(out)["data"]] == [f"RZ-{n:04d}" for n in range(1, 13)]


SETTINGS = {
    "CASEWARD_TIMEZONE": ("Mars/Olympus", "no time zone"),
    "CASEWARD_LEASE_SECONDS": ("soon", "it should be a whole number"),
    "CASEWARD_LOOK_AGAIN_MINUTES": ("0", "it should be at least 1"),
    "CASEWARD_COPYRIGHT_PORTAL_URL": ("bureau", "no address"),
    "CASEWARD_DATABASE_URL": ("mysql://host/db", "mysql is not supported"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_wrong_setting_is_named_with_its_variable_and_cure(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value, said = SETTINGS[name]
    monkeypatch.setenv(name, value)
    code, out, err = spoken(["case", "list"])
    assert (code in (1, 2), out) == (True, "")
    assert name.removeprefix("CASEWARD_") in err
    assert said in err
    assert len(err.splitlines()) == 2


def locked(data: Path) -> None:
    connection = sqlite3.connect(data / "caseward.db", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    HELD.append(connection)


def no_database(data: Path) -> None:
    for beside in data.glob("caseward.db-*"):
        beside.unlink()
    (data / "caseward.db").write_bytes(b"this is a letter to the bureau" * 200)


def keys_for_everyone(data: Path) -> None:
    (data / "keys.json").chmod(0o644)


def keys_torn(data: Path) -> None:
    (data / "keys.json").write_text("{}", "utf-8")


def newer(data: Path) -> None:
    with sqlite3.connect(data / "caseward.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


HELD: list[sqlite3.Connection] = []
BROKEN: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "no database": (no_database, "is not a database", "不是数据库"),
    "keys that others may read": (keys_for_everyone, "has mode 0644", "权限为 0644"),
    "keys that are none": (keys_torn, "this is not a key file", "不是密钥文件"),
    "a newer schema": (newer, "newer than this code's", "新于本程序"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_record_that_cannot_be_opened_is_named_with_its_cure(
    what: str, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks, english, chinese = BROKEN[what]
    breaks(copied)
    for language, said in (("en", english), ("zh-CN", chinese)):
        monkeypatch.setenv("CASEWARD_LANG", language)
        code, out, err = spoken(["case", "list"])
        assert (code in (1, 2), out, len(err.splitlines())) == (True, "", 2)
        assert said in err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write what is read-only")
def test_a_read_only_record_is_named_with_its_cure(copied: Path, tmp_path: Path) -> None:
    (copied / "caseward.db").chmod(0o444)
    copied.chmod(0o555)
    try:
        code, _, err = spoken(["case", "import", str(file_of(tmp_path, [FIRST]))])
    finally:
        copied.chmod(0o755)
    assert code == 1
    assert "read-only" in err


def test_a_changed_record_is_said_and_is_an_error(copied: Path) -> None:
    with sqlite3.connect(copied / "caseward.db") as connection:
        connection.execute("UPDATE events SET actor = 'person:nobody' WHERE seq = 3")
    code, out, err = spoken(["case", "history", "RZ-0001"])
    assert code == 1
    assert "by            nobody" in out
    assert "THE RECORD WAS CHANGED at event 3" in err


@pytest.mark.parametrize("name", ["nothing.json", "."])
def test_a_file_that_is_not_there_or_is_a_folder_is_named(name: str, tmp_path: Path) -> None:
    code, _, err = spoken(["case", "import", str(tmp_path / name)])
    assert code == 2
    assert str(tmp_path) in err


def test_a_locked_record_is_named_and_not_waited_for_without_end(copied: Path, caseward: Caseward) -> None:
    locked(copied)
    try:
        ran = caseward("case", "import", str(SAMPLES / "registrations.json"))
    finally:
        HELD.pop().close()
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "another program holds it locked" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_what_is_taken_with_a_doubt_is_told_and_taken(tmp_path: Path) -> None:
    for language, said in (("en", "note: read as GBK"), ("zh", "注意：已按 GBK 编码读取")):
        file = tmp_path / f"{language}.json"
        file.write_bytes(json.dumps([row(version=f"V9.{len(language)}{language}")], ensure_ascii=False).encode("gbk"))
        code, out, err = spoken(["--lang", language, "case", "import", str(file)])
        assert (code, said in err, "RZ-" in out) == (0, True, True)


def test_whether_a_day_has_come_is_judged_where_the_systems_office_is(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the evening of 7 March there, and the small hours of 8 March where the people are."""
    monkeypatch.setenv("CASEWARD_TIMEZONE", "Pacific/Kiritimati")
    rows = file_of(tmp_path, [row(full_name="潮汐记录软件", completed_on="2090-03-08")])
    code, _, err = spoken(["case", "import", str(rows)])
    assert (code, 'completed_on = "2090-03-08"' in err) == (2, True)

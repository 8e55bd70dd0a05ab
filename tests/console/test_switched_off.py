"""A terminal where nobody said CASEWARD_APP: rows, variables and schedules of a system that is off are told as such."""

import sqlite3
from pathlib import Path

import pytest

from caseward.console.commands.system.findings import Mark
from caseward.console.commands.system.health import variables
from caseward.console.wording.texts import Texts
from tests.console.test_liveness import looked
from tests.console.transcripts import spoken
from workflow.settings import read_settings

BOTH = ("CASEWARD_APP", "CASEWARD_SYSTEMS")


def changed(data: Path, what: str, *values: str) -> None:
    with sqlite3.connect(data / "caseward.db") as record:
        record.execute(what, values)
    record.close()


def test_rows_that_do_not_fit_are_not_all_that_is_said_where_the_record_has_cases_of_a_flow_that_is_off(
    copied: Path, tmp_path: Path
) -> None:
    (tmp_path / "visas.csv").write_text("passport,name\nE123,Ada\n", "utf-8")
    rows = ["case", "import", str(tmp_path / "visas.csv")]
    before = spoken(rows)
    assert (before[0], "CASEWARD_APP" in before[2]) == (2, False)
    changed(copied, "UPDATE cases SET flow = 'visas' WHERE flow = 'copyright'")
    code, _, err = spoken(rows)
    said = " ".join(err.split())
    assert code == 2
    assert "read as rows of copyright" in said
    assert "On here: copyright; of the cases on record, those of visas belong to a system that is off" in said
    assert all(name in said.partition("cure:")[2] for name in (*BOTH, "--system copyright"))
    assert spoken([*rows, "--system", "copyright"])[2] == before[2], "who names the system is told of his file alone"
    code, _, err = spoken([*rows, "--system", "visas"])
    assert (code, all(name in err for name in BOTH)) == (2, True)


async def test_a_variable_that_nothing_reads_may_be_of_a_system_that_is_off(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWARD_VISAS_CENTRE_URL", "http://127.0.0.1:8799")
    monkeypatch.setenv("CASEWARD_LEASE_SECOND", "60")
    misspelt, unread = await variables(read_settings())
    for texts in (Texts("en"), Texts("zh-CN")):
        assert "CASEWARD_LEASE_SECOND (CASEWARD_LEASE_SECONDS?)" in misspelt.said(texts)
        assert "CASEWARD_APP" not in (misspelt.cured(texts) or "")
        assert "CASEWARD_VISAS_CENTRE_URL" in unread.said(texts)
        assert all(name in (unread.cured(texts) or "") for name in BOTH)


async def test_a_schedule_of_a_flow_that_is_off_names_what_switches_it_on(copied: Path) -> None:
    changed(copied, "UPDATE schedules SET target = 'sweep visas.draft' WHERE name = 'unprocessed'")
    found = (await looked())["schedules"]
    assert (found.mark, found.what) == (Mark.ill, "off")
    for texts in (Texts("en"), Texts("zh-CN")):
        assert all(name in (found.cured(texts) or "") for name in BOTH)


def test_the_list_names_it_too_and_a_schedule_of_a_state_that_is_gone_with_what_ends_it(copied: Path) -> None:
    """It stood in doctor as one that cannot be read, for ever."""
    changed(copied, "UPDATE schedules SET target = 'sweep visas.draft' WHERE name = 'unprocessed'")
    _, _, err = spoken(["schedule", "list"])
    assert all(name in err for name in BOTH)
    changed(copied, "UPDATE schedules SET target = 'sweep copyright.bygone' WHERE name = 'unprocessed'")
    _, _, err = spoken(["schedule", "list"])
    assert "caseward schedule delete unprocessed" in " ".join(err.split())
    assert spoken(["schedule", "delete", "unprocessed", "--reason", "该状态已取消"])[0] == 0
    assert "unprocessed" not in spoken(["schedule", "list"])[2]


async def test_doctor_names_what_ends_it(copied: Path) -> None:
    changed(copied, "UPDATE schedules SET target = 'sweep copyright.bygone' WHERE name = 'unprocessed'")
    found = (await looked())["schedules"]
    assert (found.mark, found.what) == (Mark.ill, "gone")
    for texts in (Texts("en"), Texts("zh-CN")):
        assert "caseward schedule delete unprocessed" in (found.cured(texts) or "")


@pytest.mark.parametrize(
    "line",
    [
        "CASEWARD_APP='gone.system:system'",
        "CASEWARD_SYSTEMS='gone'",
        "CASEWARD_LEASE_SECONDS='7'",
        "CASEWARD_COPYRIGHT_PORTAL_URL='nowhere at all'",
    ],
)
def test_what_a_killed_up_left_is_named_by_its_file(environment: Path, line: str) -> None:
    """The cure spoke of a variable that nobody had set."""
    environment.mkdir(mode=0o700)
    (environment / "settings.env").write_text(f"# Written by caseward up\n{line}\n")
    for language, word in (("en", "take it out of there"), ("zh-CN", "请从中删除")):
        code, _, err = spoken(["--lang", language, "case", "list"])
        assert code == 2
        assert str(environment / "settings.env") in err
        assert word in err


def test_a_variable_of_the_environment_is_not_laid_to_the_file(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.mkdir(mode=0o700)
    (environment / "settings.env").write_text("CASEWARD_APP='one.system:system'\n")
    monkeypatch.setenv("CASEWARD_APP", "gone.system:system")
    assert "settings.env" not in spoken(["case", "list"])[2]

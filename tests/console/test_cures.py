"""What cures are shown: a command that can be copied as it stands, and every setting that is missing or wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from caseward.console.commands.system.doctor import shape
from caseward.console.commands.system.findings import Mark
from caseward.console.commands.system.health import remotes
from tests.adapters.outside import running
from tests.console.stage import NOW, at, check
from tests.console.test_reasons import NEW, done, edited, told, why, written
from tests.console.transcripts import spoken
from workflow.record.values import Commit
from workflow.settings import read_settings

pytestmark = pytest.mark.usefixtures("copied")


def test_a_command_that_helps_is_one_line_however_narrow_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken over lines, a shell would take it for several."""
    monkeypatch.setenv("COLUMNS", "40")
    done(edited(enabled=False))
    for language in ("en", "zh"):
        lines = spoken(["--lang", language, "case", "why", NEW])[1].splitlines()
        assert any(line.endswith("caseward schedule resume unprocessed --reason TEXT") for line in lines)


def test_settings_that_are_missing_are_named_with_where_each_is_told() -> None:
    names = ["CASEWARD_COPYRIGHT_RECORDS_URL", "CASEWARD_COPYRIGHT_SMS_URL"]
    look = check(at(34), NOW, 1, why="unset", state="unprocessed", settings=names)
    done(written(NEW, Commit("version", check=look, due_at=NOW + timedelta(hours=1))))
    assert told() == ("unset", "operator", "caseward doctor")
    assert (
        why()["headline"]["en"]
        == "Waits until these are set: CASEWARD_COPYRIGHT_RECORDS_URL, CASEWARD_COPYRIGHT_SMS_URL"
    )


async def test_who_sets_what_is_missing_is_told_the_command_that_running_workers_hear() -> None:
    """It said "start workers again", which has not been needed since settings are changed at run time."""
    cures = [shape(finding)["cure"] for finding in await remotes(read_settings())]
    assert len(cures) == 5
    told = ("running workers take it too", "运行中的工作进程也会读到")
    assert all("caseward settings set" in cure[each] for cure in cures for each in ("en", "zh-CN"))
    assert all(said in cure[each] for cure in cures for each, said in zip(("en", "zh-CN"), told, strict=True))


async def test_a_doctor_tells_an_address_that_leads_to_another_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answered something, and all four were called well."""
    with running(tmp_path) as outside:
        for name in ("portal", "generator", "records", "sms"):
            monkeypatch.setenv(f"CASEWARD_{name.upper()}_URL", f"{outside.origin}/{name}")
            if name != "portal":
                monkeypatch.setenv(f"CASEWARD_{name.upper()}_TOKEN", f"sandbox-{name}")
        asked = {one.check: one.mark for one in await remotes(read_settings()) if one.check != "notices"}
        assert asked == dict.fromkeys(("portal", "generator", "records", "sms"), Mark.well)
        monkeypatch.setenv("CASEWARD_COPYRIGHT_SMS_URL", f"{outside.origin}/generator")
        monkeypatch.setenv("CASEWARD_COPYRIGHT_RECORDS_TOKEN", "old")
        told = {one.check: shape(one) for one in await remotes(read_settings())}
    assert told["sms"]["mark"] == told["records"]["mark"] == "ill"
    assert "another system answers here: status 404" in told["sms"]["said"]["en"]
    assert "这里应答的是另一个系统" in told["sms"]["said"]["zh-CN"]
    assert "CASEWARD_COPYRIGHT_SMS_URL" in told["sms"]["cure"]["en"]
    assert "it does not let us in" in told["records"]["said"]["en"]


def test_an_option_of_two_names_is_told_without_quotes() -> None:
    code, _, err = spoken(["worker", "-c", "many"])
    assert code == 2
    assert "'" not in err.splitlines()[0], err

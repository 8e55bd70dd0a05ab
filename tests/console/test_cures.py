"""What `case why` shows of a reason: a command that can be copied as it stands, and every setting that is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from caseward.console.commands.system.doctor import shape
from caseward.console.commands.system.health import remotes
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
    names = ["CASEWARD_RECORDS_URL", "CASEWARD_SMS_URL"]
    look = check(at(34), NOW, 1, why="unset", state="unprocessed", settings=names)
    done(written(NEW, Commit("version", check=look, due_at=NOW + timedelta(hours=1))))
    assert told() == ("unset", "operator", "caseward doctor")
    assert why()["headline"]["en"] == "Waits until these are set: CASEWARD_RECORDS_URL, CASEWARD_SMS_URL"


async def test_who_sets_what_is_missing_is_told_that_workers_read_it_at_their_start() -> None:
    """A worker that runs goes on with what it read; its cases would wait for ever."""
    cures = [shape(finding)["cure"] for finding in await remotes(read_settings())]
    assert len(cures) == 5
    assert all("start workers again" in cure["en"] and "重启工作进程" in cure["zh-CN"] for cure in cures)

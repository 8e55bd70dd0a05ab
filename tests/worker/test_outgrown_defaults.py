"""A default schedule that the code changed reaches no installation that has its row: doctor tells which differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from caseward.app.default_schedules import outgrown_defaults, put_defaults
from caseward.app.installation import open_record
from caseward.app.systems import Installed, Systems, read_systems
from caseward.console.commands.system.findings import Finding, Mark
from caseward.console.commands.system.liveness import running
from tests.record.test_settings import _bare_environment  # noqa: F401 - nothing is set before
from workflow.settings import read_settings

ZONE = "Asia/Shanghai"


def earlier(systems: Systems) -> Systems:
    """As an older version brought them: codes were fetched less often."""

    def was(one: Installed) -> Installed:
        old = [
            replace(schedule, timing="0 0/30 * * * ?") if schedule.name == "sync_codes" else schedule
            for schedule in one.system.schedules
        ]
        return replace(one, system=replace(one.system, schedules=tuple(old)))

    return Systems(tuple(was(one) for one in systems.installed))


async def told(data: Path) -> list[Finding]:
    return [one for one in await running(read_settings(data_dir=data)) if one.what == "outgrown"]


async def test_a_default_that_the_code_changed_is_told_until_somebody_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWARD_SYSTEMS", "copyright")
    settings = read_settings(data_dir=tmp_path / "data")
    systems = read_systems(settings)
    async with open_record(settings, earlier(systems)) as record:
        await put_defaults(record)
        assert await outgrown_defaults(record.store, record.systems, ZONE) == []
        (found,) = await outgrown_defaults(record.store, systems, ZONE)
        assert (found.kept.timing, found.brought.timing, found.fields) == (
            *("0 0/30 * * * ?", "0 0/5 * * * ?"),
            ["timing"],
        )
        (finding,) = await told(settings.data_dir)
        assert finding.mark is Mark.mind
        assert finding.parts == {"n": 1, "names": "sync_codes (timing: 0 0/30 * * * ? → 0 0/5 * * * ?)"}
        await record.timetable("person:clerk").edit("sync_codes", {"batch": 50}, "it is enough")
        assert await told(settings.data_dir) == []


async def test_a_schedule_that_a_person_added_is_no_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_SYSTEMS", "copyright")
    settings = read_settings(data_dir=tmp_path / "data")
    systems = read_systems(settings)
    async with open_record(settings, systems) as record:
        own = next(schedule for schedule, _ in earlier(systems).schedules.values() if schedule.name == "sync_codes")
        await record.timetable("person:clerk").add(own.definition(ZONE, "registration"), "by hand")
        await put_defaults(record)
        assert await outgrown_defaults(record.store, systems, ZONE) == []

"""What people do with schedules is checked before it reaches the table, and every edit is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.schedules.office import Office
from workflow.cron import CronError
from workflow.errors import Conflict, NotAllowed
from workflow.schedules.schedule import BadSchedule
from workflow.schedules.targets import BadTarget
from workflow.store import NewCase

TEN = timedelta(minutes=10)

WRONG_TARGETS = [
    ("sweep copyrigth.generating", 6, "flow", "sweep copyright.generating"),
    ("sweep copyright.generatin", 16, "state", "sweep copyright.generating"),
    ("sweep copyright.generating,submited", 27, "state", "sweep copyright.generating,submitted"),
    ("sweep copyright.granted", 16, "final", None),
    ("sweep copyright", 6, "shape", None),
    ("line copyright.request_code", 15, "line", "line copyright.request_codes"),
    ("job notice", 4, "job", "job notices"),
    ("job retention(dys=3)", 14, "parameter", "job retention(days=3)"),
    ("job retention(days=0)", 19, "value", None),
    ('job retention(days="3")', 19, "value", None),
    ("job retention(days=__import__)", 19, "value", None),
    ("job retention(3)", 14, "shape", None),
    ("os.system('true')", 0, "shape", None),
    ("postTask.runYtj(24,-1)", 0, "shape", None),
    ("", 0, "shape", None),
    ("job notices; job notice", 17, "job", "job notices; job notices"),
    ("sweep copyright.generating;  sweep copyright.granted", 45, "final", None),
    ('job retention(days="1;2"); job notices', 19, "value", None),
    ("job notices; job retention(dys=3)", 27, "parameter", "job notices; job retention(days=3)"),
    ("job notices; os.system()", 13, "shape", None),
    ("job notices;", 12, "empty", None),
    ("job notices; ;job notices", 13, "empty", None),
    (";", 0, "empty", None),
    ("job notices(" + "x=1," * 200 + ")", 400, "too_long", None),
]


@pytest.mark.parametrize(("text", "position", "reason", "suggestion"), WRONG_TARGETS)
async def test_a_wrong_target_is_refused_with_its_place(
    office: Office, text: str, position: int, reason: str, suggestion: str | None
) -> None:
    with pytest.raises(BadTarget) as refused:
        await office.add(target=text)
    assert (refused.value.position, refused.value.reason, refused.value.suggestion) == (position, reason, suggestion)
    assert refused.value.told("zh-CN") != refused.value.told("en")
    assert await office.store.schedules() == []


@pytest.mark.parametrize(
    "text",
    [
        "sweep copyright.unprocessed",
        "sweep accounts.alive,lapsed",
        "line copyright.request_codes",
        "job notices",
        "job retention(days=30)",
        "sweep copyright.generating; job retention(days=30); line copyright.request_codes",
    ],
)
async def test_a_target_is_kept_as_people_write_it(office: Office, text: str) -> None:
    schedule = await office.add(target=text)
    assert schedule.definition.target == text


@pytest.mark.parametrize(
    "wrong",
    [
        {"calendar": "office"},
        {"overlap": "queue"},
        {"misfire": "ignore"},
        {"batch": 0},
        {"retries": -1},
        {"retries": 11},
        {"recheck": timedelta(seconds=1)},
        {"timeout": timedelta(0)},
        {"catch_up": timedelta(days=-1)},
        {"name": " "},
        {"group": ""},
    ],
)
async def test_a_wrong_field_never_reaches_the_table(office: Office, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadSchedule) as refused:
        await office.add(**wrong)
    assert refused.value.told("zh-CN") != refused.value.told("en")
    await office.add()
    with pytest.raises(BadSchedule):
        await office.timetable.edit("notices", wrong, "to see what happens")
    assert (await office.store.schedule("notices")).version == 1


@pytest.mark.parametrize("timing", ["0 10 0 1 ?", "0 30 23 ?", "0 0 0 31 2 ?", "often", "0 0 0 1 1 ? 2020"])
async def test_a_wrong_timing_never_reaches_the_table(office: Office, timing: str) -> None:
    with pytest.raises(CronError):
        await office.add(timing=timing)
    with pytest.raises(CronError):
        await office.add(zone="Asia/Beijing")
    assert await office.store.schedules() == []


async def test_every_edit_is_kept_with_who_and_why(office: Office) -> None:
    await office.add()
    await office.timetable.edit("notices", {"timing": "0 0/5 * * * ?"}, "the owners wait")
    await office.timetable.pause("notices", await office.clock.business() + TEN, "repairs")
    await office.timetable.resume("notices", "repaired")
    await office.timetable.delete("notices", "no longer wanted")
    await office.timetable.restore("notices", "wanted after all")
    schedule = await office.store.schedule("notices")
    kept = await office.store.schedule_versions(schedule.id)
    assert [(one.version, one.kind, one.reason) for one in kept] == [
        (1, "created", None),
        (2, "edited", "the owners wait"),
        (3, "paused", "repairs"),
        (4, "resumed", "repaired"),
        (5, "deleted", "no longer wanted"),
        (6, "restored", "wanted after all"),
    ]
    assert {one.actor for one in kept} == {"person:clerk"}
    assert kept[-1].definition == schedule.definition


async def test_an_edit_of_an_older_version_is_refused(office: Office) -> None:
    await office.add()
    await office.timetable.edit("notices", {"batch": 10}, "fewer at once", version=1)
    with pytest.raises(Conflict):
        await office.timetable.edit("notices", {"batch": 20}, "more at once", version=1)


async def test_two_schedules_may_not_have_one_name(office: Office) -> None:
    await office.add()
    with pytest.raises(Conflict):
        await office.add()
    await office.add(name="other")
    with pytest.raises(Conflict):
        await office.timetable.edit("other", {"name": "notices"}, "a better name")


async def test_what_has_no_such_field_cannot_be_edited(office: Office) -> None:
    await office.add()
    with pytest.raises(BadSchedule):
        await office.timetable.edit("notices", {"next_run_at": None}, "never")


async def test_what_had_come_before_an_edit_goes_by_the_old_timing(office: Office) -> None:
    await office.add(misfire="run_all", overlap="allow")
    office.clock.advance(timedelta(minutes=22))
    await office.timetable.edit("notices", {"timing": "0 0 * * * ?"}, "once an hour will do")
    await office.pass_time(timedelta(minutes=40))
    assert [row[0][3:8] for row in await office.log()] == ["20:10", "20:20", "21:00"]


async def test_a_deleted_schedule_runs_no_more_and_comes_back_with_its_log(office: Office) -> None:
    await office.add(overlap="allow")
    await office.pass_time(TEN)
    await office.run_all()
    await office.timetable.delete("notices", "by mistake")
    assert await office.store.schedules() == []
    assert [one.definition.name for one in await office.store.schedules(deleted=True)] == ["notices"]
    with pytest.raises(NotAllowed):
        await office.timetable.run_now("notices")
    await office.pass_time(3 * TEN)
    await office.timetable.restore("notices", "it was a mistake")
    await office.pass_time(TEN)
    assert await office.log() == [
        ("02 20:10:00", "02 20:10:00", "finished", 1),
        ("02 20:20:00", "02 20:40:00", "deleted", 3),
        ("02 20:50:00", "02 20:50:00", "pending", 1),
    ]


async def test_a_schedule_with_an_open_run_is_not_deleted(office: Office) -> None:
    await office.add()
    await office.pass_time(TEN)
    with pytest.raises(Conflict, match="pending"):
        await office.timetable.delete("notices", "no longer wanted")


async def test_the_next_instants_are_shown_with_those_the_calendar_skips(office: Office) -> None:
    await office.add(timing="0 0 * * * ?", calendar="bureau")
    shown = await office.timetable.preview("notices")
    assert [(one.at.hour + 8, one.skipped) for one in shown] == [
        (21, None),
        (22, None),
        (23, "calendar"),
        (24, "calendar"),
        (25, "calendar"),
    ]


async def test_a_dry_run_names_the_cases_that_would_be_taken(office: Office) -> None:
    new = [NewCase("copyright", 1, "RZ", "generating", {"title": "A"}) for _ in range(3)]
    await office.store.create(new, actor="person:clerk", reason=None, now=await office.clock.business())
    await office.add(target="sweep copyright.generating", batch=2)
    await office.add(name="lines", target="line copyright.request_codes")
    await office.add(name="job")
    await office.add(name="several", target="job notices; sweep copyright.generating; sweep copyright.generating")
    taken = await office.timetable.would_take("notices")
    assert [(one.state, one.number in ("RZ-0001", "RZ-0002", "RZ-0003")) for one in taken] == [("generating", True)] * 2
    assert await office.timetable.would_take("lines") == []
    assert await office.timetable.would_take("job") == []
    assert len(await office.timetable.would_take("several")) == 3

"""Calendars from the keyboard: shown, changed with a preview of what that blocks and opens, refused where wrong."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.console.transcripts import spoken

WHY = "版权中心公告"
TOMORROW, IN_A_WEEK = "2090-03-08", "2090-03-14"
"""The stage is set on a Tuesday, 2090-03-07, 19:47 in Shanghai."""


def told(*args: str, code: int = 0) -> Any:
    ended, out, err = spoken(["calendar", *args, "--json"])
    assert ended == code, err
    return json.loads(out) if code == 0 else json.loads(err)["error"]


def due(folder: Path, number: str) -> str:
    with closing(sqlite3.connect(folder / "caseward.db")) as record:
        [(at,)] = record.execute("SELECT due_at FROM cases WHERE number = ?", (number,)).fetchall()
    return str(at)


@pytest.mark.usefixtures("on_stage")
def test_a_calendar_says_its_hours_who_keeps_them_and_when_it_opens_next() -> None:
    [row] = told("list")["data"]
    assert (row["name"], row["version"], row["open"]) == ("bureau", 1, True)
    assert row["changes_at"] == "2090-03-07T23:00:00+08:00"
    found = told("show", "bureau")
    assert found["remotes"] == ["sessions", "portal", "sign_in"]
    assert set(found["schedules"]) >= {"unprocessed", "fill_center_ids"}
    assert found["week"]["sun"] == "08:00-23:00"
    assert [one["from"] for one in found["openings"]] == [f"2090-03-0{day}T08:00:00+08:00" for day in (7, 8, 9)]
    assert found["versions"] == []


def test_a_dry_edit_shows_what_it_blocks_and_changes_nothing(copied: Path) -> None:
    week = f"{TOMORROW}..{IN_A_WEEK}=Flood (invented)"
    found = told("edit", "bureau", "--holiday", week, "--reason", WHY, "--dry")
    assert found["openings"]["before"][1]["from"] == f"{TOMORROW}T08:00:00+08:00"
    assert found["openings"]["after"][1]["from"] == "2090-03-15T08:00:00+08:00"
    hourly = next(one for one in found["schedules"] if one["name"] == "fill_center_ids")
    assert hourly["before"] == hourly["after"] == "2090-03-07T20:05:00+08:00"
    # the one that found the bureau closed would be looked at tomorrow morning
    assert found["cases"] == {"later": 1, "sooner": 0}
    assert found["dry"] is True
    [row] = told("list")["data"]
    assert (row["version"], row["holidays"]) == (1, [])


def test_an_edit_is_a_version_with_who_and_why_and_the_next_runs_move(copied: Path) -> None:
    shut = ("--hours", "tue=closed", "--workday", "2090-03-11", "--until", "2090-12-31")
    found = told("edit", "bureau", *shut, "--reason", WHY)
    assert {one["name"]: one["after"][:16] for one in found["schedules"]}["fill_center_ids"] == "2090-03-08T08:05"
    shown = told("show", "bureau")
    [version] = shown["versions"]
    assert (version["version"], version["reason"], version["sound"]) == (2, WHY, True)
    assert version["actor"].startswith("person:")
    assert (shown["week"]["tue"], shown["until"], shown["open"]) == ("closed", "2090-12-31", False)
    _, out, _ = spoken(["calendar", "show", "bureau"])
    assert "+ make-up day 2090-03-11" in out
    assert "v1  as its system brings it" in out
    # a case that found the bureau closed is told by the calendar as it is now
    detail = json.loads(spoken(["case", "why", "RZ-0005", "--json"])[1])["detail"]
    assert detail["hours"] == "Mon,Wed-Sun 08:00-23:00 Asia/Shanghai; open 2090-03-11"
    assert detail["hours_zh"].startswith("周一、周三至周日 08:00-23:00")
    assert detail["until"].startswith("2090-03-08T00:00:00")


def test_what_waits_for_an_opening_that_now_comes_sooner_is_due_by_then(copied: Path) -> None:
    waits = "RZ-0005"
    told("edit", "bureau", "--holiday", f"{TOMORROW}..{IN_A_WEEK}", "--reason", WHY)
    with closing(sqlite3.connect(copied / "caseward.db")) as record, record:
        # as the look at it would have left it
        record.execute("UPDATE cases SET due_at = '2090-03-15T00:00:00.000000Z' WHERE number = ?", (waits,))
    found = told("edit", "bureau", "--no-holiday", TOMORROW, "--reason", WHY, "--dry")
    assert (found["cases"]["sooner"], due(copied, waits)[:10]) == (1, "2090-03-15")
    told("edit", "bureau", "--reset", "--reason", WHY)
    assert due(copied, waits)[:13] == "2090-03-08T00", "when the bureau opens that would have been closed"


@pytest.mark.parametrize(
    ("args", "code", "cause", "cure"),
    [
        (["--hours", "closed"], 2, "it would never be open", "give a weekday hours, as in mon-fri=09:00-17:00"),
        (["--hours", "noon"], 2, "'noon' is no span of a day", "write 08:00-23:00, two of them"),
        (["--hours", "08:00-08:01"], 2, "takes up to 180 s and would never be through", "leave a longer span"),
        (["--holiday", "2090-02-30"], 2, "'2090-02-30' is no day", "write 2026-10-01"),
        (["--no-workday", "2090-03-11"], 2, "2090-03-11 is not in it", "lists what is"),
        (["--until", "none"], 2, "bureau is like that already", "caseward calendar show bureau"),
        ([], 2, "no option says what is to change", "caseward calendar edit --help"),
        (["--reset", "--zone", "UTC"], 2, "--reset", "caseward calendar edit --help"),
        (["--zone", "UTC", "--version", "7"], 5, "somebody changed it meanwhile", "caseward calendar show bureau"),
    ],
)
def test_what_is_no_calendar_is_refused_with_its_cure(
    copied: Path, args: list[str], code: int, cause: str, cure: str
) -> None:
    found = told("edit", "bureau", *args, "--reason", WHY, code=code)
    assert cause in found["detail"]
    assert cure in found["hint"]
    assert told("list")["data"][0]["version"] == 1


@pytest.mark.usefixtures("on_stage")
def test_a_calendar_that_is_not_there_is_named_with_where_to_look() -> None:
    assert told("show", "moon", code=3)["hint"] == "see which there are: caseward calendar list"


def test_a_row_that_another_hand_changed_counts_for_nothing_and_is_said(copied: Path) -> None:
    told("edit", "bureau", "--holiday", TOMORROW, "--reason", WHY)
    with closing(sqlite3.connect(copied / "caseward.db")) as record, record:
        record.execute("UPDATE configuration SET value = NULL")
    found = told("show", "bureau")
    assert (found["version"], found["holidays"], found["versions"][0]["sound"]) == (1, [], False)
    assert "changed by another hand" in spoken(["calendar", "show", "bureau"])[1]
    told("edit", "bureau", "--holiday", TOMORROW, "--reason", "written anew")
    assert told("show", "bureau")["version"] == 3


def test_everything_is_said_in_chinese_too(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_LANG", "zh-CN")
    args = ["--hours", "sat,sun=closed", "--holiday", f"{TOMORROW}=放水节", "--workday", "2090-03-11", "--reason", WHY]
    _, out, _ = spoken(["calendar", "edit", "bureau", *args])
    assert "日历 bureau：v1 → v2" in out
    assert "+ 假日 2090-03-08  放水节" in out
    assert "+ 调休上班 2090-03-11" in out
    _, out, _ = spoken(["calendar", "list"])
    assert "周一至周五 08:00-23:00 Asia/Shanghai；休 2090-03-08" in out
    _, _, err = spoken(["calendar", "edit", "bureau", "--hours", "closed", "--reason", WHY])
    assert "这样永远不会开放" in err

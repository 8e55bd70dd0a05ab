"""Schedules from the keyboard: seen, changed with a reason, refused where wrong; worker and beat as processes."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from caseward.app.installation import open_record
from tests.console.conftest import ROOT
from tests.console.transcripts import spoken
from tests.systems import LABELS
from tests.worker.processes import ADDRESSES, NOBODY, until
from workflow.settings import read_settings

WHY = "降低查询频率"


def told(*args: str, code: int = 0) -> Any:
    ended, out, err = spoken(["schedule", *args, "--json"])
    assert ended == code, err
    return json.loads(out) if code == 0 else json.loads(err)["error"]


@pytest.mark.usefixtures("on_stage")
def test_the_list_holds_each_default_schedule_in_its_order_with_both_names_and_sentences() -> None:
    rows = told("list")["data"]
    assert [row["name"] for row in rows] == [name for name in LABELS if name != "retention"]
    sixth = rows[5]
    assert (sixth["number"], sixth["state"], sixth["group"]) == (6, "on", "registration")
    assert sixth["label"] == {"zh-CN": "查询-已提交", "en": "Submitted cases"}
    assert sixth["sentence"] == {"zh-CN": "每 30 分钟", "en": "every 30 minutes"}
    assert sixth["next_run_at"] == "2090-03-07T20:00:00+08:00"
    assert sixth["last_run"]["error"] == "TimeoutError: 1800 s"
    assert rows[7]["state"] == "paused"


@pytest.mark.usefixtures("on_stage")
def test_a_schedule_is_named_by_its_number_too_and_its_versions_say_why() -> None:
    found = told("show", "11")
    assert (found["name"], found["calendar"], found["version"]) == ("fill_center_ids", "bureau", 2)
    first, second = found["versions"]
    assert (first["kind"], second["kind"]) == ("created", "edited")
    assert (second["actor"], second["reason"]) == ("person:何清", "版权中心夜间不开放")
    assert (first["definition"]["calendar"], second["definition"]["calendar"]) == (None, "bureau")


@pytest.mark.usefixtures("on_stage")
def test_next_shows_five_instants_and_which_the_calendar_will_skip() -> None:
    rows = told("next", "fill_center_ids")["data"]
    assert [row["at"][11:16] for row in rows] == ["20:05", "21:05", "22:05", "23:05", "00:05"]
    assert [row["skipped"] for row in rows] == [None, None, None, "calendar", "calendar"]


@pytest.mark.usefixtures("copied")
def test_where_the_calendar_skips_what_comes_next_the_first_that_runs_is_told() -> None:
    args = ("fill_center_ids", "--cron", "0 5 4,23 * * ?", "--reason", WHY)
    told("edit", *args)
    rows = told("next", "fill_center_ids", "-n", "3")["data"]
    assert [row["skipped"] for row in rows] == ["calendar"] * 3, "it runs at night, the office is closed"
    assert told("show", "fill_center_ids")["first_run_at"] is None
    told("edit", "fill_center_ids", "--cron", "0 5 0-9 * * ?", "--reason", WHY)
    rows = told("next", "fill_center_ids", "-n", "2")["data"]
    assert [(row["at"][11:16], row["skipped"]) for row in rows] == [
        ("00:05", "calendar"), ("01:05", "calendar"), ("08:05", None),
    ]  # fmt: skip
    row = next(one for one in told("list")["data"] if one["name"] == "fill_center_ids")
    assert (row["next_run_at"][11:16], row["first_run_at"][11:16]) == ("00:05", "08:05")
    line = next(one for one in spoken(["schedule", "list"])[1].splitlines() if "fill_center_ids" in one)
    assert ("08:05" in line, "00:05" in line) == (True, False)


@pytest.mark.usefixtures("on_stage")
def test_the_log_tells_duration_outcomes_and_why_instants_were_skipped_page_by_page() -> None:
    page = told("log", "submitted", "--limit", "1")
    assert page["data"][0]["error"] == "TimeoutError: 1800 s"
    older = told("log", "submitted", "--limit", "1", "--cursor", page["next_cursor"])
    assert older["next_cursor"] is None
    assert (older["data"][0]["counts"], older["data"][0]["seconds"]) == ({"moved": 1, "waiting": 5}, 3.25)
    [night] = told("log", "fill_center_ids", "--status", "skipped")["data"]
    assert (night["instants"], night["why"], night["begun_at"]) == (10, "calendar", None)
    assert "日历" in night["result"]["zh-CN"]


@pytest.mark.usefixtures("on_stage")
def test_the_log_tells_what_broke_a_run_off_and_when_it_is_begun_again() -> None:
    [run] = told("log", "awaiting_agreement")["data"]
    assert (run["status"], run["error"], run["tries"]) == ("pending", None, 1)
    assert [one["error"] for one in run["failures"]] == ["OSError: the disk is slow"]
    assert run["again_at"] > run["begun_at"]
    assert "again at" in run["result"]["en"]
    assert "重试" in run["result"]["zh-CN"]


@pytest.mark.usefixtures("on_stage")
def test_a_dry_run_lists_the_cases_and_asks_for_nothing() -> None:
    assert "RZ-0010" in [row["number"] for row in told("run", "unprocessed", "--dry")["data"]]
    assert told("run", "adapter_health", "--dry")["data"] == []
    assert told("log", "unprocessed")["data"] == []


@pytest.mark.usefixtures("copied")
def test_an_edit_is_a_new_version_with_its_reason_and_moves_the_next_instant() -> None:
    edited = told("edit", "submitted", "--every", "2h", "--recheck", "none", "--batch", "50", "--reason", WHY)
    assert (edited["timing"], edited["recheck_s"], edited["batch"], edited["version"]) == ("every 2 h", None, 50, 2)
    last = told("show", "submitted")["versions"][-1]
    assert (last["kind"], last["reason"]) == ("edited", WHY)
    assert last["actor"].startswith("person:")
    assert told("edit", "submitted", "--every", "90m", "--reason", WHY)["sentence"]["en"] == "every 90 minutes"
    assert told("edit", "submitted", "--batch", "all", "--disable", "--reason", WHY)["state"] == "disabled"
    assert told("edit", "submitted", "--retries", "3", "--reason", WHY)["retries"] == 3


@pytest.mark.usefixtures("copied")
def test_a_dry_edit_foresees_and_changes_nothing() -> None:
    foreseen = told("edit", "submitted", "--calendar", "bureau", "--cron", "0 0 22,23 * * ?", "--reason", WHY, "--dry")
    assert [one["skipped"] for one in foreseen["next"]][:2] == [None, "calendar"]
    assert told("show", "submitted")["version"] == 1


@pytest.mark.parametrize(
    ("wrong", "code", "said"),
    [
        (("--cron", "0 0/61 * * * ?"), 2, "character 5"),
        (("--every", "soon"), 2, "soon"),
        (("--every", "1m", "--cron", "* * * * *"), 2, "exclude"),
        (("--zone", "Mars/Olympus"), 2, "Mars"),
        (("--target", "sweep copyright.submited"), 2, "submited"),
        (("--calendar", "moon"), 2, "moon"),
        (("--overlap", "twice"), 2, "twice"),
        (("--timeout", "2d"), 2, "1 day"),
        (("--batch", "0"), 2, "batch"),
        (("--batch", "many"), 2, "many"),
        (("--batch", "all"), 2, "already"),
        (("--retries", "11"), 2, "0 to 10"),
        (("--retries", "few"), 2, "--retries"),
        ((), 2, "no option"),
        (("--every", "2h", "--version", "7"), 5, "version 1"),
    ],
)
@pytest.mark.usefixtures("copied")
def test_what_is_wrong_with_an_edit_is_named_and_nothing_changes(wrong: tuple[str, ...], code: int, said: str) -> None:
    assert said in told("edit", "submitted", *wrong, "--reason", WHY, code=code)["detail"]
    assert told("show", "submitted")["version"] == 1


@pytest.mark.usefixtures("on_stage")
def test_a_mistyped_target_is_answered_with_the_one_that_may_be_meant() -> None:
    error = told("edit", "submitted", "--target", "sweep copyright.submited", "--reason", WHY, code=2)
    assert "sweep copyright.submitted" in error["hint"]


@pytest.mark.usefixtures("copied")
def test_a_run_by_hand_is_one_run_and_keeps_its_schedule_from_being_deleted() -> None:
    before = told("show", "submitted")["next_run_at"]
    first = told("run", "submitted", "--reason", "客户来电")
    again = told("run", "submitted")
    assert (first["already"], again["already"], again["id"]) == (False, True, first["id"])
    assert (first["status"], first["reason"]) == ("pending", "客户来电")
    assert told("show", "submitted")["next_run_at"] == before
    assert "pending" in told("delete", "submitted", "--reason", "不用了", code=5)["detail"]


@pytest.mark.usefixtures("copied")
def test_a_pause_ends_by_itself_or_by_resume() -> None:
    paused = told("pause", "unprocessed", "--until", "2090-03-08T09:00+08:00", "--reason", "检修")
    assert (paused["state"], paused["paused_until"]) == ("paused", "2090-03-08T09:00:00+08:00")
    assert paused["paused_reason"] == "检修"
    assert told("next", "unprocessed")["data"][0]["skipped"] == "paused"
    assert told("resume", "unprocessed", "--reason", "修好了")["state"] == "on"
    assert told("pause", "unprocessed", "--for", "90m", "--reason", "检修")["state"] == "paused"


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        ("--for", "2h", "--until", "2090-03-08T09:00+08:00"),
        ("--until", "2026-03-08T09:00+08:00"),
        ("--until", "2090-03-08T09:00"),
        ("--until", "9999-12-31T23:59:59-12:00"),
        ("--for", "0s"),
    ],
)
@pytest.mark.usefixtures("on_stage")
def test_a_pause_without_one_clear_end_to_come_is_refused(wrong: tuple[str, ...]) -> None:
    told("pause", "submitted", *wrong, "--reason", "检修", code=2)
    assert told("show", "submitted")["version"] == 1


@pytest.mark.usefixtures("on_stage")
def test_a_schedule_that_runs_is_not_resumed() -> None:
    assert "neither paused nor disabled" in told("resume", "submitted", "--reason", "修好", code=6)["detail"]
    assert told("show", "submitted")["version"] == 1


@pytest.mark.usefixtures("copied")
def test_a_deleted_schedule_leaves_the_list_and_comes_back_as_it_was() -> None:
    told("delete", "audit", "--reason", "不用了")
    assert "audit" not in [row["name"] for row in told("list")["data"]]
    assert [row["name"] for row in told("list", "--deleted")["data"]] == ["retention", "audit"]
    told("edit", "audit", "--every", "2h", "--reason", WHY, code=6)
    told("resume", "audit", "--reason", "再用", code=6)
    back = told("restore", "audit", "--reason", "再用")
    assert (back["state"], back["timing"], back["version"]) == ("on", "0 15 * * * ?", 3)
    told("restore", "audit", "--reason", "再用", code=6)


@pytest.mark.usefixtures("on_stage")
@pytest.mark.parametrize("order", ["add", "edit", "pause", "resume", "delete", "restore"])
def test_who_acts_says_why(order: str) -> None:
    assert spoken(["schedule", order, "submitted"])[0] == 2
    more = ("--batch", "5") if order in ("add", "edit") else ("--for", "2h") if order == "pause" else ()
    assert told(order, "submitted", *more, "--reason", " ", code=2)["code"] == "reason_required"


@pytest.mark.usefixtures("on_stage")
def test_a_schedule_or_status_that_does_not_exist_is_said_with_those_that_do() -> None:
    assert "schedule list" in told("show", "nobody", code=3)["hint"]
    assert told("show", "99", code=3)["code"] == "not_found"
    assert "finished" in told("log", "submitted", "--status", "done", code=2)["hint"]


@pytest.mark.parametrize(
    "wrong",
    [("worker", "-Q", "fax"), ("worker", "-Q", ","), ("worker", "-l", "loud"), ("beat", "-l", "loud")],
)
def test_a_worker_or_beat_that_is_told_nonsense_does_not_begin(wrong: tuple[str, ...]) -> None:
    assert spoken(wrong)[0] == 2


def test_a_wrong_setting_is_said_before_a_worker_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWARD_POLL_SECONDS", "often")
    code, _, err = spoken(["worker"])
    assert code == 2
    assert "CASEWARD_POLL_SECONDS" in err or "poll_seconds" in err


def test_beat_and_worker_become_processes_that_fire_and_work(tmp_path: Path, environment: Path) -> None:
    """From any folder; the beat puts in the default schedules."""
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "CASEWARD_POLL_SECONDS": "1",
        "CASEWARD_GRACE_SECONDS": "5",
        **{f"CASEWARD_{name}_URL": f"{NOBODY}/{name.lower()}" for name in ADDRESSES},
        "CASEWARD_COPYRIGHT_CODES_ADDRESS": "codes.example",
        "CASEWARD_COPYRIGHT_PROGRESS_ADDRESS": "progress.example",
    }
    caseward = [sys.executable, "-c", "from caseward.cli import main; main()"]

    async def seen() -> None:
        async with open_record(read_settings()) as record:

            async def kinds() -> bool:
                return {one.kind for one in await record.store.heartbeats()} == {"beat", "worker"}

            async def ran() -> bool:
                return bool(await record.store.runs((await record.store.schedule("notices")).id, status="finished"))

            await until(kinds)
            await until(ran)

    asyncio.run(_opened())
    commands = (["beat", "-l", "warning"], ["worker", "-Q", "http", "-c", "2", "-l", "warning"])
    with (tmp_path / "words.log").open("wb") as words:
        processes = [
            subprocess.Popen([*caseward, *command], cwd=tmp_path, env=environ, stdout=words, stderr=words)
            for command in commands
        ]
        try:
            asyncio.run(seen())
        finally:
            for process in processes:
                process.terminate()
            ends = [process.wait(20) for process in processes]
    assert ends == [0, 0], (tmp_path / "words.log").read_text("utf-8")
    assert len(told("list")["data"]) == len(LABELS)


async def _opened() -> None:
    """The schema is there before two processes would make it at once."""
    async with open_record(read_settings()):
        pass

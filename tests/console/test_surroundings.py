"""What stands around a case is taken as it is now: no run of a dead worker, no silence of long ago."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from caseward.app.installation import Record
from tests.console.stage import NOW
from tests.console.test_reasons import MINUTE, NEW, alive, done, jumped, pending, told, waits, why
from tests.console.transcripts import spoken
from workflow.sentence import Quote

pytestmark = pytest.mark.usefixtures("copied")


def test_a_run_whose_worker_is_gone_hides_nothing(copied: Path) -> None:
    done(pending(2 * MINUTE), jumped(timedelta(hours=1)))
    for lease, reason in (("2099-01-01", "not_looked_at"), ("2001-01-01", "beat_down")):
        with contextlib.closing(sqlite3.connect(copied / "caseward.db")) as record, record:
            changed = record.execute(
                "UPDATE runs SET status = 'running', lease_until = ? WHERE due_at = (SELECT max(due_at) FROM runs "
                "WHERE schedule = (SELECT id FROM schedules WHERE name = 'unprocessed'))",
                (f"{lease} 00:00:00.000000",),
            )
            assert changed.rowcount == 1
        assert told()[0] == reason


def test_a_remote_that_was_not_asked_of_late_is_not_called_silent() -> None:
    async def down(record: Record) -> None:
        for _ in range(5):
            await record.store.note_health(
                "generator", "down", Quote("no answer"), latency_ms=None, now=NOW - timedelta(minutes=6)
            )

    done(down)
    assert told()[0] == "not_looked_at"


def test_a_state_that_no_schedule_sweeps_is_unscheduled_whatever_becomes_of_its_lines(copied: Path) -> None:
    done(
        waits(NEW, "awaiting_seal", None, due_at=NOW),
        lambda record: record.timetable("person:何清").edit("fill_center_ids", {"enabled": False}, "检修"),
        lambda record: record.timetable("person:何清").edit("notice_filings", {"enabled": False}, "检修"),
    )
    with contextlib.closing(sqlite3.connect(copied / "caseward.db")) as record, record:
        record.execute("UPDATE schedules SET target = 'job retention' WHERE name = 'awaiting_seal'")
    found = why()
    assert (found["reason"], found["who"]) == ("unscheduled", "operator")


def test_a_run_that_waits_for_another_schedule_names_it_wherever_it_is_seen() -> None:
    done(
        lambda record: record.timetable("person:何清").edit("unprocessed", {"after": "audit"}, "先自检"),
        pending(2 * MINUTE, name="audit"),
        pending(2 * MINUTE),
        alive("worker", "http"),
    )
    assert told() == ("schedule_waits", "system", "caseward schedule log audit")
    for command in (["show", "unprocessed"], ["log", "unprocessed"]):
        assert "waits until the runs of audit have ended" in " ".join(spoken(["schedule", *command])[1].split())
    shown = json.loads(spoken(["schedule", "show", "unprocessed", "--json"])[1])
    assert (shown["after"], shown["waiting_run"]["waits_for"]) == ("audit", "audit")
    assert "once those of audit" in " ".join(spoken(["schedule", "next", "unprocessed"])[1].split())

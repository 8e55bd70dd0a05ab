"""What another hand or a clock that is no more wrote around a case hides neither it nor another."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tests.console.stage import NOW
from tests.console.test_reasons import MINUTE, NEW, alive, done, pending, told
from tests.console.transcripts import spoken
from workflow.flow.surroundings import ScheduleSeen, Surroundings, unserved

ODD_CHECKS = (
    '{"why": "closed", "state": "unprocessed", "remote": "portal", "until": "soon"}',
    '{"why": "closed", "state": "unprocessed"}',
    '{"why": "closed", "state": "unprocessed", "remote": "portal", "until": "2090-01-01T00:00:00"}',
    '{"why": "guards", "state": "unprocessed", "lines": [{"line": "x"}]}',
    '{"why": "guards", "state": "unprocessed", "lines": 3}',
    '{"why": "guards", "state": "unprocessed", "lines": [{"line": "x", "guards": [{"guard": 1}]}]}',
    '{"why": "unset", "state": "unprocessed"}',
)


@pytest.mark.parametrize("body", ODD_CHECKS)
def test_a_last_look_that_another_hand_wrote_says_nothing_and_hides_no_case(copied: Path, body: str) -> None:
    with sqlite3.connect(copied / "caseward.db") as database:
        changed = (
            "check_body = ?, check_digest = 'x', check_first = entered_at, check_last = entered_at, check_count = 1"
        )
        database.execute(f"UPDATE cases SET {changed} WHERE number = ?", [body, NEW])
    database.close()
    assert told() == ("not_looked_at", "system", None)
    code, out, _ = spoken(["case", "list", "--json"])
    assert code == 0
    assert NEW in out


@pytest.mark.usefixtures("copied")
def test_a_run_that_was_made_by_a_clock_ahead_of_this_one_waits_all_the_same() -> None:
    done(pending(-2 * MINUTE), alive("beat"), alive("worker", "browser"))
    assert told()[0] == "no_worker"


def test_a_schedule_without_an_instant_does_not_hide_that_the_other_is_late() -> None:
    """It runs when a person asks, and looks at nothing by itself."""
    late = ScheduleSeen("hourly", next_at=NOW - 2 * MINUTE)
    around = Surroundings(NOW, (late, ScheduleSeen("by hand")), has_beat=False, served=frozenset(), pending={})
    assert [reason for reason, _, _ in unserved(around, NOW)] == ["beat_down"]
    alone = replace(around, schedules=(ScheduleSeen("by hand"),))
    assert not list(unserved(alone, NOW))

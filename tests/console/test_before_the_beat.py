"""A record on which no beat has run, and a state at which no schedule looks: what is said, and what begins it."""

import json
import sqlite3
from pathlib import Path

import pytest

from caseward.app.default_schedules import put_defaults
from tests.console.stage import SAMPLES
from tests.console.test_reasons import NEW, alive, done, told, why
from tests.console.transcripts import spoken

BOTH = "caseward beat and caseward worker; or caseward up, which is both"


def first_row(folder: Path) -> str:
    row = json.loads((SAMPLES / "registrations.json").read_text("utf-8"))[0]
    file = folder / "row.json"
    file.write_text(json.dumps([{**row, "account": None}], ensure_ascii=False), "utf-8")
    return str(file)


def test_before_the_first_beat_a_case_says_that_nobody_looks_and_a_schedule_that_it_is_not_there(
    tmp_path: Path,
) -> None:
    """It had said for ever that the case was due now, and that a default schedule does not exist."""
    assert spoken(["case", "import", first_row(tmp_path)])[0] == 0
    assert told("RZ-0001") == ("beat_never", "operator", BOTH)
    found = why("RZ-0001")
    assert (found["next_look"], found["standing"], found["further"]) == (None, "blocked", [])
    assert found["headline"]["en"].startswith("No beat has run on this record yet and no worker is alive")
    assert "none until a beat runs" in spoken(["case", "why", "RZ-0001"])[1]
    for command in (["show"], ["next"], ["log"], ["run"], ["edit", "--recheck", "1h", "--reason", "降频降频"]):
        code, _, err = spoken(["schedule", command[0], "unprocessed", *command[1:]])
        assert code == 3
        assert "schedule unprocessed is not on this record yet: a beat lays it down as it starts" in err
        assert "caseward beat, with caseward worker beside it" in err
    assert "there is no schedule unproccessed" in spoken(["schedule", "show", "unproccessed"])[2]
    done(alive("worker", "http"))
    assert why("RZ-0001")["headline"]["en"].startswith("No beat has run on this record yet, so no schedule looks")
    done(put_defaults)
    assert told("RZ-0001")[0] == "not_looked_at"


@pytest.mark.usefixtures("copied")
def test_a_state_at_which_no_schedule_looks_is_not_called_due(copied: Path) -> None:
    def changed(what: str) -> None:
        with sqlite3.connect(copied / "caseward.db") as record:
            record.execute(f"UPDATE schedules SET {what} WHERE name = 'unprocessed'")
        record.close()

    changed("target = 'job retention'")
    cure = "caseward schedule add NAME --target 'sweep copyright.unprocessed' --every 1m --reason TEXT"
    assert told() == ("unscheduled", "operator", cure)
    assert why()["next_look"] is None
    assert "none: no schedule looks at this state" in spoken(["case", "why", NEW])[1]
    changed("name = 'tidy'")
    assert told() == ("unscheduled", "operator", "caseward beat, started anew: it lays down schedule unprocessed")

"""A record that newer code brings on: who runs ends in two lines with the cure, and who brings one on says so."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from pathlib import Path

import pytest

from tests.console.test_up import DEADLINE, environment, up
from tests.console.transcripts import spoken
from tests.schedules.test_upgrade import _upgrade_to
from workflow.record.database import file_url, open_database
from workflow.record.migrations import NEWEST

REMOTES = {f"CASEWARD_{name}_URL": "http://127.0.0.1:9/x" for name in ("PORTAL", "GENERATOR", "RECORDS", "SMS")}
OTHERWISE = {
    "cases": "ALTER TABLE cases RENAME COLUMN due_at TO due_from",
    "schedules": "ALTER TABLE schedules RENAME COLUMN next_run_at TO due_from",
    "events": "ALTER TABLE events RENAME COLUMN seq TO place",
    "runs": "ALTER TABLE runs RENAME TO jobs",
    "processes": "ALTER TABLE heartbeats ADD COLUMN place TEXT NOT NULL DEFAULT '' CHECK (place <> '')",
}
"""By what it is about: what a newer schema may have of it."""


def grow(folder: Path, *changes: str) -> None:
    with sqlite3.connect(folder / "data" / "caseward.db", timeout=30) as record:
        for change in changes:
            record.execute(change)
        record.execute("UPDATE alembic_version SET version_num = '9999'")


@pytest.mark.parametrize(
    ("what", "remotes"),
    [("cases", {}), ("schedules", {}), ("events", {}), ("runs", REMOTES), ("processes", REMOTES)],
    ids=OTHERWISE,
)
def test_one_process_of_older_code_ends_in_two_lines(tmp_path: Path, what: str, remotes: dict[str, str]) -> None:
    """It ended with tracebacks, and said that it fails in a way that it does not know."""
    with up(environment(tmp_path, **remotes), *([] if remotes else ["--real-time"])) as process:
        process.until("on the remotes" if remotes else "Ctrl-C stops it")
        grow(tmp_path, OTHERWISE[what])
        said, _ = process.process.communicate(timeout=DEADLINE)
        lines = said.strip().splitlines()
    told = f"schema is version 9999, newer than this code's {NEWEST}"
    assert process.process.returncode == 1
    assert [told in line for line in lines[-2:]] == [True, False], said
    assert "update Caseward" in lines[-1]
    assert not re.search(r"Traceback|does not know|failed|died", said), said


def test_a_command_that_brings_a_record_on_says_so_once(environment: Path) -> None:
    environment.mkdir(mode=0o700)

    async def older() -> None:
        engine = open_database(file_url(environment / "caseward.db"))
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade_to, "0010")
        await engine.dispose()

    asyncio.run(older())
    (environment / "caseward.db").chmod(0o600)
    code, _, err = spoken(["--lang", "en", "case", "list"])
    told = f"the record's schema is brought from version 0010 to {NEWEST}"
    assert (code, [line.startswith(told) for line in err.splitlines()].count(True)) == (0, 1), err
    assert told not in spoken(["--lang", "en", "case", "list"])[2]

"""What ends one look of a worker or a beat: a database's trouble is said once, a mistake of ours with its traceback."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy.exc import InvalidRequestError, OperationalError, ProgrammingError
from structlog.testing import capture_logs

from workflow.errors import DatabaseUnusable
from workflow.scheduler.silences import Silence
from workflow.sentence import Sentence

AWAY = (
    DatabaseUnusable("here", Sentence("silent", "nothing answers there"), Sentence("start", "start it")),
    ConnectionResetError("by peer"),
    OperationalError("SELECT", None, sqlite3.OperationalError("database is locked")),
)
OURS = (
    ProgrammingError("SELEC", None, sqlite3.ProgrammingError("no such thing")),
    OperationalError("SELECT", None, sqlite3.OperationalError("no such column: x")),
    InvalidRequestError("this is no statement"),
    KeyError("x"),
)


@pytest.mark.parametrize("error", AWAY)
def test_a_database_that_is_away_is_said_without_a_traceback(error: Exception) -> None:
    trouble = Silence("worker.database", "others go on")
    with capture_logs() as said:
        for second in range(3):
            trouble.failed(error, timedelta(seconds=second))
    assert [(line["event"], line["log_level"], "traceback" in line) for line in said] == [
        ("worker.database", "warning", False)
    ]


@pytest.mark.parametrize("error", OURS)
def test_a_mistake_of_ours_is_said_once_with_its_traceback(error: Exception) -> None:
    trouble = Silence("beat.database", "others go on")
    with capture_logs() as said:
        for second in range(3):
            try:
                raise error
            except Exception as raised:  # noqa: BLE001 - as one look ends
                trouble.failed(raised, timedelta(seconds=second))
        assert [(line["event"], line["log_level"]) for line in said] == [("beat.failed", "error")]
        assert "in test_a_mistake_of_ours" in said[0]["traceback"]
        trouble.is_well(timedelta(seconds=4))
        trouble.failed(error, timedelta(seconds=5))
    assert len(said) == 2, "once it was well, the same is news"

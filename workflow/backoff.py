"""How long to wait after a failure, and after how many of them a person is told: all such figures stand here."""

from __future__ import annotations

from datetime import timedelta

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=1)
LONGEST_LATER = timedelta(hours=4)
LATER = timedelta(days=1)
"""What has failed for a day, and was told long ago, is tried less often."""

REFUSALS = 3
"""The same action may be refused this often in a round before a person is asked."""
FAILURES = 5
"""A tick or an action may fail this often in a row before a person is asked."""
STUCK_TRIES = 8
STUCK_FOR = timedelta(hours=2)
"""What fails this often and this long in a row, though nothing is wrong with the case itself, is told.

The tries go on, since an unreachable remote may come back.
"""
LOGINS = 5
LOGINS_FOR = timedelta(minutes=30)
"""A login may be needed again directly after one this often and this long in a row: sites lock who goes on."""
CLOSED_FOR = timedelta(hours=36)
"""A remote that says it is closed for longer than two nights is told: it is not closed for the night."""
FAILED_RUNS = 3
FAILED_RUNS_FOR = timedelta(minutes=30)
"""This many runs of a schedule may fail in a row, for this long, before it is told: a database restart takes less."""
FAILED_RUNS_AT_LATEST = timedelta(hours=12)
"""Of a schedule that runs once a day, failing runs are told after this at the latest."""
RECEIPT_AFTER = timedelta(minutes=15)
RECEIPT_LONGEST = timedelta(hours=6)
RECEIPT_UNTIL = timedelta(hours=72)
"""A receipt is asked for this long: carriers keep a text two or three days for a phone that is off, then drop it."""
PERSON_AFTER = timedelta(minutes=30)
"""A case may wait this long for a person before he is told: what is only late at a remote has come by then."""
NOTICE_FOR = timedelta(hours=72)
"""A notice that cannot be sent is tried for this long, in which our access to the gateway can be mended."""
HANGS = 3
"""A look at a case may run out of its time this often before a person is asked."""
DEATHS = 3
"""A worker may die this often over a case alone, without progress, before the case is parked."""


def backoff(failures: int, lasted: timedelta = timedelta(0)) -> timedelta:
    """1, 2, 4 … minutes after each failure; at most an hour, and at most four hours once it has lasted a day."""
    return min(FIRST * int(2 ** min(max(failures - 1, 0), 10)), LONGEST if lasted < LATER else LONGEST_LATER)

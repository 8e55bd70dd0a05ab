"""How long to wait after a failure: the only place that knows."""

from __future__ import annotations

from datetime import timedelta

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=1)

REFUSALS = 3
"""So often may the same action be refused in a round before a person is asked."""
FAILURES = 5
"""So often may a tick or an action fail in a row before a person is asked."""
STUCK_TRIES = 8
STUCK_FOR = timedelta(hours=2)
"""What fails so often and so long in a row, though nothing is known to be wrong with the case itself, is told: an
unreachable remote may come back, so the tries go on."""
CLOSED_FOR = timedelta(hours=36)
"""A remote that says it is closed for longer than two of its nights is not closed for the night."""
FAILED_RUNS = 3
FAILED_RUNS_FOR = timedelta(minutes=30)
"""So many runs of a schedule may fail in a row, and so long, before it is told: a database that is started anew takes
less."""
FAILED_RUNS_AT_LATEST = timedelta(hours=12)
"""A schedule that runs once a day has failed for good long before its third run."""
RECEIPT_AFTER = timedelta(minutes=15)
RECEIPT_LONGEST = timedelta(hours=6)
RECEIPT_UNTIL = timedelta(hours=72)
"""A phone that is off gets its text when it is on again; carriers keep one for two or three days, and then drop it."""
DEATHS = 3
"""So often may a worker die over a case alone, without progress, before it is parked."""


def backoff(failures: int) -> timedelta:
    """1, 2, 4 ... minutes, an hour at most."""
    return min(FIRST * int(2 ** min(max(failures - 1, 0), 10)), LONGEST)

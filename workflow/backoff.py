"""How long to wait after a failure: the only place that knows."""

from __future__ import annotations

from datetime import timedelta

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=1)
LONGEST_LATER = timedelta(hours=4)
LATER = timedelta(days=1)
"""What has failed for a day, and was told long ago, is tried more seldom."""

REFUSALS = 3
"""So often may the same action be refused in a round before a person is asked."""
FAILURES = 5
"""So often may a tick or an action fail in a row before a person is asked."""
STUCK_TRIES = 8
STUCK_FOR = timedelta(hours=2)
"""What fails so often and so long in a row, though nothing is known to be wrong with the case itself, is told: an
unreachable remote may come back, so the tries go on."""
LOGINS = 5
LOGINS_FOR = timedelta(minutes=30)
"""So often and so long in a row may a login be asked for again just after it was made. A site locks who goes on."""
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
PERSON_AFTER = timedelta(minutes=30)
"""So long may a case wait for a person before he is told: what is only late at a remote has come by then."""
NOTICE_FOR = timedelta(hours=72)
"""So long a notice that cannot be sent is tried: what is wrong with our access to the gateway is mended by then."""
HANGS = 3
"""So often may a look at a case come to no end in its time before a person is asked."""
DEATHS = 3
"""So often may a worker die over a case alone, without progress, before it is parked."""


def backoff(failures: int, lasted: timedelta = timedelta(0)) -> timedelta:
    """1, 2, 4 ... minutes, an hour at most, and four hours at most once it has lasted a day."""
    return min(FIRST * int(2 ** min(max(failures - 1, 0), 10)), LONGEST if lasted < LATER else LONGEST_LATER)

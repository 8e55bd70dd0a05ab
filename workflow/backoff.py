"""How long to wait after a failure: the only place that knows."""

from __future__ import annotations

from datetime import timedelta

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=1)

REFUSALS = 3
"""So often may the same action be refused in a round before a person is asked."""
FAILURES = 5
"""So often may a tick or an action fail in a row before a person is asked."""
DEATHS = 3
"""So often may a worker die over a case alone, without progress, before it is parked."""


def backoff(failures: int) -> timedelta:
    """1, 2, 4 ... minutes, an hour at most."""
    return min(FIRST * int(2 ** min(max(failures - 1, 0), 10)), LONGEST)

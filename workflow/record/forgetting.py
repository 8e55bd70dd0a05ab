"""How old a row must be before it is deleted: measured by what was written, not by a clock that may be wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

STOOD_FOR = timedelta(days=1)
"""A clock must have stood for so long before it counts: one that is wrong is put right sooner."""


def oldest_kept(now: datetime, kept: timedelta, lived: datetime | None) -> datetime | None:
    """Rows older than this instant are deleted; None: none is.

    lived: the newest instant on record that lies at least STOOD_FOR before now. Where nothing was written for long,
    because the clock jumped or the machine stood still, nothing has grown old meanwhile.
    """
    return None if lived is None else min(now, lived + STOOD_FOR) - kept

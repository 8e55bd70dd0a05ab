"""How old a row must be before it is forgotten: measured by what was written down, not by what a clock says once."""

from __future__ import annotations

from datetime import datetime, timedelta

STOOD_FOR = timedelta(days=1)
"""So long a clock must have stood before it is believed that time went by: one that is wrong is put right sooner."""


def oldest_kept(now: datetime, kept: timedelta, lived: datetime | None) -> datetime | None:
    """What is older than this is forgotten; None: nothing is.

    lived: the newest instant on record that lies STOOD_FOR before now at least. Where nothing was written down for
    long, whether the clock jumped or the machine stood still, nothing has grown old meanwhile.
    """
    return None if lived is None else min(now, lived + STOOD_FOR) - kept

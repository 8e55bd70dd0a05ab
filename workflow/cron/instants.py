"""When a timing is due: the next instant after another, over the hours that a time zone leaves out or repeats.

A wall time that does not exist, where a schedule names its hours, is due at the first instant after the gap; all of one
gap is due once. A schedule that runs in every hour goes by elapsed time: nothing is made up for a gap.
A wall time that comes twice is due the first time, where a schedule names its hours and runs at most once in each of
them; every other goes by elapsed time through both. Intervals know elapsed time only.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from workflow.cron.plan import Plan, next_wall, plan_of
from workflow.cron.values import FIRST_YEAR, LAST_YEAR, Cron, Interval, Timing

FIRST, END = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def next_after(timing: Timing, instant: datetime) -> datetime | None:
    """The first due instant later than this one, in UTC; None when none is left until the end of 2099.

    The instant is aware; before 1970 counts as the start of 1970. A cron's years are those of its own zone.
    """
    if instant.tzinfo is None:
        raise ValueError(f"an instant without a zone is not an instant: {instant}")
    if instant >= END:
        return None
    since = max(instant, FIRST - SECOND).astimezone(UTC)
    if isinstance(timing, Interval):
        due: datetime | None = FIRST + ((since - FIRST) // timing.every + 1) * timing.every
    else:
        due = _next(plan_of(timing), since, ZoneInfo(timing.zone))
    return due if due is not None and due < END else None


def instants(timing: Timing, after: datetime, n: int) -> tuple[datetime, ...]:
    """The next n due instants, in UTC; fewer when no more are left."""
    found: list[datetime] = []
    latest: datetime | None = after
    while len(found) < n and latest is not None:
        latest = next_after(timing, latest)
        if latest is not None:
            found.append(latest)
    return tuple(found)


@lru_cache(maxsize=1024)
def fires_ever(cron: Cron) -> bool:
    """Whether it is due at all from 1970 to 2099."""
    return next_after(cron, FIRST - SECOND) is not None


def _next(plan: Plan, since: datetime, zone: ZoneInfo) -> datetime | None:
    wall = _wall(since, zone)
    second_pass = None if plan.once else _second_pass(since, zone)
    later = _due(plan, wall, since, zone)
    if second_pass is not None:
        # its walls lie behind where the first pass stands
        repeated = _due(plan, _wall(second_pass, zone) - SECOND, second_pass - SECOND, zone)
        return min((due for due in (later, repeated) if due is not None), default=None)
    return later


def _due(plan: Plan, wall: datetime, since: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant after `since` that a wall time after `wall` means."""
    found = next_wall(plan, wall)
    while found is not None:
        early, late = (found.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        if early > late:
            gap_end = turn(late, early, zone)
            if plan.names_hours and gap_end > since:
                return gap_end
            found = next_wall(plan, _wall(gap_end, zone) - SECOND)
            continue
        for due in (early,) if plan.once else (early, late):
            if due > since:
                return due
        found = next_wall(plan, found)
    return None


def _second_pass(since: datetime, zone: ZoneInfo) -> datetime | None:
    """Where `since` lies in the first pass of a repeated hour, the instant at which the second pass begins."""
    wall = _wall(since, zone)
    early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early < late and since < late:
        return turn(early, late, zone)
    return None


def turn(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant, later than `before` and not later than `after`, from which the zone's offset is another."""
    offset = before.astimezone(zone).utcoffset()
    low, high = 0, (after - before) // SECOND
    while high - low > 1:
        middle = (low + high) // 2
        if (before + middle * SECOND).astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return before + high * SECOND


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    """What a clock on the wall shows, to the second."""
    return instant.astimezone(zone).replace(tzinfo=None, microsecond=0, fold=0)

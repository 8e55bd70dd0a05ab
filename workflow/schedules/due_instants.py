"""Which instants of a schedule have come or will, which of them run, and why the others do not; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workflow.calendars import Calendar
from workflow.cron import Interval, Timing, next_after, parse
from workflow.schedules.schedule import Definition, Preview, Rules, barred

MICROSECOND = timedelta(microseconds=1)
ON_TIME = timedelta(seconds=30)
"""An instant that is later than this was missed, and its schedule says what becomes of it."""
LONG = timedelta(days=31)
"""A gap that is longer, before what may still be made up, is told in one row, its instants uncounted."""
MOST_LOOKS = 400
"""So often is the next opening tried before a schedule is said never to run."""
MOST = 20_000
"""One row stands for this many instants at most; a longer gap has several."""


@dataclass(frozen=True)
class Row:
    """One row of the log: an instant to run, or the instants from due_at to until that did not, and why.

    count: 0 where nobody counted them.
    """

    due_at: datetime
    until: datetime
    count: int = 1
    why: str | None = None


@dataclass(frozen=True)
class DueInstants:
    """The rows to write, oldest first, and the next instant; None: no more."""

    rows: tuple[Row, ...]
    next_run_at: datetime | None


def due_instants(
    schedule: Definition,
    timing: Timing,
    first: datetime,
    now: datetime,
    calendars: Mapping[str, Calendar],
    *,
    gap: str = "process_down",
) -> DueInstants:
    """The instants that have come from the first to now. gap: why the instants at which nobody was there went by."""
    oldest = now - max(schedule.catch_up, ON_TIME)
    if first < oldest - LONG:
        # they cannot run any more, and ten years of them would take minutes to count
        rest = next_after(timing, oldest - MICROSECOND)
        gone = Row(first, oldest, 0, gap)
        if rest is None or rest > now:
            return DueInstants((gone,), rest)
        near = due_instants(schedule, timing, rest, now, calendars, gap=gap)
        return DueInstants((gone, *near.rows), near.next_run_at)
    came, onward = _came(timing, first, now)
    reasons = [barred(schedule, at, calendars) for at in came]
    runs = _runs(schedule, [at for at, why in zip(came, reasons, strict=True) if why is None], now)
    rows: list[Row] = []
    for at, why in zip(came, reasons, strict=True):
        if at in runs:
            rows.append(Row(at, at))
        elif rows and rows[-1].why == (why or gap):
            rows[-1] = replace(rows[-1], until=at, count=rows[-1].count + 1)
        else:
            rows.append(Row(at, at, why=why or gap))
    return DueInstants(tuple(rows), onward)


def gone_by(timing: Timing, first: datetime, now: datetime, why: str) -> tuple[Row, datetime | None]:
    """All instants from the first on in one row, and the next one. The first is not later than now."""
    came, onward = _came(timing, first, now)
    return Row(came[0], came[-1], len(came), why), onward


def _came(timing: Timing, first: datetime, now: datetime) -> tuple[Sequence[datetime], datetime | None]:
    came: list[datetime] = []
    at: datetime | None = first
    while at is not None and at <= now and len(came) < MOST:
        came.append(at)
        at = at + timing.every if isinstance(timing, Interval) else next_after(timing, at)
    if isinstance(timing, Interval) and came:
        at = next_after(timing, came[-1])  # back on the grid, whatever the first was
    return came, at


def _runs(schedule: Definition, free: Sequence[datetime], now: datetime) -> frozenset[datetime]:
    """Which of the instants that nothing bars are run."""
    in_time = [at for at in free if now - at <= max(schedule.catch_up, ON_TIME)]
    match schedule.misfire:
        case "run_all":
            return frozenset(in_time)
        case "skip":
            return frozenset([at for at in free if now - at <= ON_TIME][-1:])
    return frozenset(in_time[-1:])


def first_run(
    schedule: Definition, timing: Timing, after: datetime, calendars: Mapping[str, Calendar]
) -> datetime | None:
    """The first instant later than this one that nothing bars; None where none is found."""
    for _ in range(MOST_LOOKS):
        at = next_after(timing, after)
        why = None if at is None else barred(schedule, at, calendars)
        if at is None or why is None:
            return at
        if why == "paused" and schedule.paused_until is not None:
            after = schedule.paused_until - MICROSECOND
        elif why == "calendar" and schedule.calendar is not None and schedule.calendar in calendars:
            after = calendars[schedule.calendar].opening(at) - MICROSECOND
        else:
            return None
    return None


def foreseen(rules: Rules, schedule: Definition, after: datetime, n: int) -> tuple[Preview, ...]:
    """The next n instants; where each of them is skipped, the first that runs as well."""
    found = rules.preview(schedule, after, n)
    if not found or any(one.skipped is None for one in found):
        return found
    runs = first_run(schedule, parse(schedule.timing, schedule.zone), found[-1].at, rules.calendars)
    return found if runs is None else (*found, Preview(runs, None))

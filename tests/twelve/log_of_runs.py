"""Whether the log of runs has each instant of each schedule once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from workflow.cron import next_after, parse
from workflow.schedules.run import Run
from workflow.schedules.schedule import Rules, Schedule


def holes(rules: Rules, schedules: Sequence[Schedule], rows: Sequence[Run]) -> list[str]:
    """Where a row does not begin with the instant after its predecessor's last, or holds another count than it has."""
    by_schedule: defaultdict[str, list[Run]] = defaultdict(list)
    for row in rows:
        if row.actor.startswith(
            "schedule:"
        ):  # a command that makes a case due writes a run of its own between two instants
            by_schedule[row.schedule].append(row)
    found = []
    for schedule in schedules:
        timing = parse(schedule.definition.timing, schedule.definition.zone)
        log = sorted(by_schedule[schedule.id], key=lambda row: row.due_at)
        if not log:
            found.append(f"{schedule.definition.name} has no row at all")
        for row in log:
            at: datetime | None = row.due_at
            count = 1
            while at is not None and at < row.until:
                at, count = next_after(timing, at), count + 1
            if (at, count) != (row.until, row.count):
                found.append(f"{row.name} at {row.due_at}: {row.count} instants until {row.until}, found {count}")
        for earlier, later in pairwise(log):
            if next_after(timing, earlier.until) != later.due_at:
                found.append(f"{later.name}: {later.due_at} does not come after {earlier.until}")
    return found

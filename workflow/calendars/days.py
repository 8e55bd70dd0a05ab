"""What a calendar is made of: spans of a day in wall time, holidays, and days that make up for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflow.cron.instants import turn

DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Span:
    """From opens (included) to closes (excluded); one that closes no later than it opens goes on past midnight."""

    opens: time
    closes: time

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The instants, in UTC, from which until which it is open, where it begins on this day."""
        ends = day if self.opens < self.closes else day + DAY
        return instant_of(day, self.opens, zone), instant_of(ends, self.closes, zone)

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


def _clock(at: time) -> str:
    return at.isoformat("minutes" if not (at.second or at.microsecond) else "auto")


Hours = tuple[Span, ...]
"""The spans of a day, in order; none: closed."""


@dataclass(frozen=True, order=True)
class Holiday:
    """No hours begin from the first day to the last; what began the evening before goes on to its end."""

    first: date
    last: date
    name: str = ""

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first}..{self.last}"


@dataclass(frozen=True, order=True)
class Workday:
    """A day that is open whatever its weekday says (调休). hours: without them those of the first open weekday."""

    day: date
    hours: Hours = ()

    def __str__(self) -> str:
        return f"{self.day}" if not self.hours else f"{self.day}={'+'.join(map(str, self.hours))}"


def instant_of(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """A wall time as an instant, in UTC; of one that comes twice the first.

    For one that the zone skips, the instant from which its clocks show something later.
    """
    here = datetime.combine(day, wall, zone)
    early, late = (here.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return turn(late, early, zone) if early > late else early

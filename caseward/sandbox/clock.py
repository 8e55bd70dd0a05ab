"""The sandbox's own clock: real time plus an offset, or standing still until it is moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = time(8), time(23)


@dataclass
class Clock:
    """`stands_at` is None while the clock runs."""

    offset: timedelta
    stands_at: datetime | None = None

    def now(self) -> datetime:
        if self.stands_at is not None:
            return self.stands_at
        return datetime.now(UTC) + self.offset

    def move(self, to: datetime) -> None:
        self.offset = to - datetime.now(UTC)
        if self.stands_at is not None:
            self.stands_at = to


def portal_open(now: datetime) -> bool:
    """The bureau's site serves from 08:00, and no longer at 23:00."""
    return OPENS <= now.astimezone(SHANGHAI).time() < CLOSES


def open_throughout(begin: datetime, end: datetime) -> bool:
    """No closing lies between the two."""
    return portal_open(begin) and portal_open(end) and day(begin) == day(end)


def shown(now: datetime) -> str:
    return now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def day(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()

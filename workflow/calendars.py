"""When a remote system is open: half-open daily hours in its own time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Calendar:
    """Open every day from opens (included) to closes (excluded); opens > closes spans midnight.

    Instants are aware; answers are in the instant's own zone.
    """

    name: str
    opens: time
    closes: time
    zone: str
    version: int = 1

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(ZoneInfo(self.zone)).time()
        if self.opens < self.closes:
            return self.opens <= local < self.closes
        return local >= self.opens or local < self.closes

    def opening(self, after: datetime) -> datetime:
        """The next instant from which it is open; the instant itself when it is."""
        return after if self.is_open(after) else self._next(after, self.opens)

    def closing(self, after: datetime) -> datetime:
        """The next instant at which it closes, seen from an open one."""
        return self._next(after, self.closes)

    def fits(self, at: datetime, takes: timedelta) -> bool:
        """Whether something that takes so long, begun now, ends before closing."""
        return self.is_open(at) and at + takes <= self.closing(at)

    def next_fit(self, at: datetime, takes: timedelta) -> datetime:
        """The first instant at which it fits; the next opening when today's hours are too short by now."""
        return at if self.fits(at, takes) else self._next(at, self.opens)

    def describe(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M} {self.zone}"

    def _next(self, after: datetime, at: time) -> datetime:
        local = after.astimezone(ZoneInfo(self.zone))
        day = local.date()
        while True:
            instant = datetime.combine(day, at, ZoneInfo(self.zone))
            if instant > after:
                return instant.astimezone(after.tzinfo)
            day += timedelta(days=1)

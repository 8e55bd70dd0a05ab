"""Instants and spans as people read them: in the office's zone, which is named, and in their language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from caseward.console.wording.texts import Texts


@dataclass(frozen=True)
class Moments:
    """now is business time; every instant that is shown is business time unless it is said otherwise."""

    now: datetime
    zone: ZoneInfo
    texts: Texts

    def whole(self, at: datetime) -> str:
        """2026-11-21 19:50:07"""
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"

    def short(self, at: datetime) -> str:
        """19:50 today, 11-22 08:00 this year, 2027-01-04 08:00 else."""
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone)
        if local.date() == today.date():
            return f"{local:%H:%M}"
        return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"

    def zoned(self, at: datetime) -> str:
        """The same with the zone's name."""
        return f"{self.short(at)} ({self.zone.key})"

    def iso(self, at: datetime | None) -> str | None:
        """For JSON: with the zone's offset."""
        return None if at is None else at.astimezone(self.zone).isoformat()

    def since(self, at: datetime) -> str:
        return self.span(self.now - at)

    def limit(self, time: timedelta) -> str:
        """A time-out as it was told: below a second to the thousandth."""
        seconds = time.total_seconds()
        return self.span(time) if seconds >= 1 else self.texts("span.seconds", n=f"{seconds:g}")

    def span(self, time: timedelta) -> str:
        """The two largest parts: 9h45m, 3d2h, 40s."""
        seconds = max(int(time.total_seconds()), 0)
        parts = [("days", seconds // 86400), ("hours", seconds // 3600 % 24), ("minutes", seconds // 60 % 60)]
        while parts and not parts[0][1]:
            parts.pop(0)
        if not parts:
            return self.texts("span.seconds", n=seconds)
        return "".join(self.texts(f"span.{name}", n=count) for name, count in parts[:2] if count)

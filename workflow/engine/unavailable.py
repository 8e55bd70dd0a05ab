"""Why what comes next cannot be begun here and now: its remote is closed or not configured, or another queue's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workflow.calendars import Calendar


class Unavailable(Exception):
    """The look is put off; nothing of what comes next was begun, and no later line is tried."""


class Shut(Unavailable):
    """What comes next needs a remote that is closed, or would not be through before closing."""

    def __init__(self, remote: str, hours: str, until: datetime, calendar: Calendar | None = None) -> None:
        """calendar: the one that says so; without it the remote itself does."""
        super().__init__(f"{remote} is open {hours}")
        self.remote, self.hours, self.until, self.calendar = remote, hours, until, calendar

    @classmethod
    def by(cls, calendar: Calendar, remote: str, now: datetime, until: datetime) -> Shut:
        """By a calendar, with what differs from its hours soon."""
        return cls(remote, calendar.describe(on=calendar.day_of(now)), until, calendar)


class Unset(Unavailable):
    """What comes next needs settings that this process does not have."""

    def __init__(self, settings: Sequence[str]) -> None:
        super().__init__(f"{', '.join(settings)} is not set")
        self.settings = tuple(settings)


class OtherQueue(Unavailable):
    """What comes next is another queue's work."""

    def __init__(self, queue: str) -> None:
        super().__init__(queue)
        self.queue = queue

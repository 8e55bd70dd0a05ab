"""Why the next step cannot begin here and now: its remote is closed or lacks settings, or is another queue's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workflow.calendars import Calendar
from workflow.sentence import Sentence


class Unavailable(Exception):
    """The look is deferred; the next step did not begin, and no later line is tried."""


class Shut(Unavailable):
    """The next step needs a remote that is closed, or that would close before the step ends."""

    def __init__(self, remote: str, hours: str, until: datetime, calendar: Calendar | None = None) -> None:
        """calendar: the one that says closed; None where the remote itself said so."""
        super().__init__(f"{remote} is open {hours}")
        self.remote, self.hours, self.until, self.calendar = remote, hours, until, calendar

    @classmethod
    def by(cls, calendar: Calendar, remote: str, now: datetime, until: datetime) -> Shut:
        """Closed by a calendar; its next hours are named where they differ soon."""
        return cls(remote, calendar.describe(on=calendar.day_of(now)), until, calendar)


class Unset(Unavailable):
    """The next step needs settings that this process does not have."""

    def __init__(self, settings: Sequence[str]) -> None:
        self.said = Sentence("settings_unset", "{settings} is not set", settings=", ".join(settings))
        super().__init__(self.said)
        self.settings = tuple(settings)


class OtherQueue(Unavailable):
    """The next step belongs to another queue or seat. remote: the one by whose accounts it is entered, if by any."""

    def __init__(self, queue: str, remote: str | None = None) -> None:
        super().__init__(queue)
        self.queue, self.remote = queue, remote

"""Why what comes next cannot be begun here and now: its remote is closed or not configured, or another queue's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


class Unavailable(Exception):
    """The look is put off; nothing of what comes next was begun, and no later line is tried."""


class Shut(Unavailable):
    """What comes next needs a remote that is closed, or would not be through before closing."""

    def __init__(self, remote: str, hours: str, until: datetime) -> None:
        super().__init__(f"{remote} is open {hours}")
        self.remote, self.hours, self.until = remote, hours, until


class Unset(Unavailable):
    """What comes next needs settings that this process started without."""

    def __init__(self, settings: Sequence[str]) -> None:
        super().__init__(f"{', '.join(settings)} is not set")
        self.settings = tuple(settings)


class OtherQueue(Unavailable):
    """What comes next is another queue's work."""

    def __init__(self, queue: str) -> None:
        super().__init__(queue)
        self.queue = queue

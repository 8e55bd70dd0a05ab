"""A circuit breaker whose state can be read: after enough failures in a row it lets nothing through for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal


@dataclass
class Breaker:
    """One a remote. Times are seconds of a monotonic clock; nothing of business hangs on them."""

    limit: int = 5
    """Failures in a row until it opens."""
    rest: float = 30.0
    """How long it stays open before one call may try."""
    monotonic: Callable[[], float] = field(default=time.monotonic, repr=False)
    failures: int = 0
    first: str = ""
    """Why the first of the failures in a row failed: who is told that it rests wants to know why it does."""
    opened_at: float | None = None
    _tried_at: float | None = field(default=None, repr=False)

    @property
    def state(self) -> Literal["closed", "open", "half_open"]:
        if self.opened_at is None:
            return "closed"
        return "open" if self.monotonic() - (self._tried_at or self.opened_at) < self.rest else "half_open"

    @property
    def open_for(self) -> float:
        """Seconds since it opened; 0 while it is closed."""
        return 0.0 if self.opened_at is None else self.monotonic() - self.opened_at

    def lets_through(self) -> bool:
        """Half open, it lets one call try and is open again for the rest."""
        if self.state == "half_open":
            self._tried_at = self.monotonic()
            return True
        return self.state == "closed"

    def succeeded(self) -> None:
        self.failures, self.first, self.opened_at, self._tried_at = 0, "", None, None

    def failed(self, why: str) -> None:
        self.first = self.first if self.failures else why
        self.failures += 1
        if self.opened_at is None and self.failures >= self.limit:
            self.opened_at = self.monotonic()

"""A circuit breaker: after enough failures in a row it lets no call through for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal


@dataclass
class Breaker:
    """The breaker of one remote. Times are seconds of a monotonic clock."""

    limit: int = 5
    """Failures in a row until it opens."""
    rest: float = 30.0
    """How long it stays open before one call may try."""
    monotonic: Callable[[], float] = field(default=time.monotonic, repr=False)
    failures: int = 0
    first: str = ""
    """The first failure of the series, for the error that a resting breaker raises."""
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
        """Whether a call may go out. Half open, it lets one call try, and stays open for the others."""
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

"""How much the sweeps of a run may take: so many cases, and none once the run or its process is to stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

Tell = Callable[[Mapping[str, int]], Awaitable[None]]


class Stop:
    """Whether a run, or the process that it is part of, is to end; looked at before each claim and each action."""

    def __init__(self, beyond: Stop | None = None) -> None:
        self._beyond, self._asked = beyond, False

    @property
    def asked(self) -> bool:
        return self._asked or (self._beyond is not None and self._beyond.asked)

    def ask(self) -> None:
        self._asked = True


class Allowance:
    """What the sweeps of one run may still take together, and what they came to so far, by outcome.

    most: cases in all; -1: as many as there are. tell: hears after each batch what it all came to by then.
    """

    def __init__(self, stop: Stop | None = None, most: int = -1, tell: Tell | None = None) -> None:
        self.stop, self.counts = stop or Stop(), Counter[str]()
        self._left, self._tell = most, tell

    def of(self, wanted: int) -> int:
        """How many of so many cases may be claimed now."""
        if self.stop.asked:
            return 0
        return wanted if self._left < 0 else min(wanted, self._left)

    def took(self, cases: int) -> None:
        if self._left > 0:
            self._left -= cases

    async def came_to(self, counts: Mapping[str, int]) -> None:
        """One batch more."""
        self.counts.update(counts)
        if self._tell is not None:
            await self._tell(self.counts)

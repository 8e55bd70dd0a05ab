"""How many cases the sweeps of one run may take; none once the run or its process is to stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

Tell = Callable[[Mapping[str, int]], Awaitable[None]]


class Stop:
    """Whether a run, or its process, is to stop. It is read before each claim and before each action."""

    def __init__(self, beyond: Stop | None = None) -> None:
        self._beyond, self._asked = beyond, False

    @property
    def asked(self) -> bool:
        return self._asked or (self._beyond is not None and self._beyond.asked)

    def ask(self) -> None:
        self._asked = True


class Allowance:
    """How many cases the sweeps of one run may still take together, and their outcomes so far.

    most: cases in all; -1: no limit. tell: called after each batch with the outcomes so far.
    """

    def __init__(self, stop: Stop | None = None, most: int = -1, tell: Tell | None = None) -> None:
        self.stop, self.counts = stop or Stop(), Counter[str]()
        self._left, self._tell = most, tell

    @property
    def is_used_up(self) -> bool:
        return self.stop.asked or self._left == 0

    def take(self, wanted: int) -> int:
        """Take at most this many cases from the allowance and return how many may be claimed now."""
        if self.is_used_up or self._left < 0:
            return 0 if self.is_used_up else wanted
        taken = min(wanted, self._left)
        self._left -= taken
        return taken

    def give_back(self, cases: int) -> None:
        """Return what was taken and not claimed."""
        if self._left >= 0:
            self._left += cases

    async def came_to(self, counts: Mapping[str, int]) -> None:
        """Count one batch."""
        self.counts.update(counts)
        if self._tell is not None:
            await self._tell(self.counts)

"""Jumps over idle time: when nothing is left to do now, both clocks move to the next instant at which something is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.demonstration.cast import Cast
from console.demonstration.outside import Outside
from record import BUREAU_HOURS, Record
from workflow.store import CaseRow, Filters

SWEEPS = timedelta(minutes=10)
"""How often states are swept: an instant is seen at the next sweep after it, not before."""
STRIDE = timedelta(minutes=20)
"""At most so far at once while sessions are alive: the bureau ends one that is idle for half an hour."""


@dataclass
class Jumps:
    """Moves business time and the sandbox's clock together; real time goes on as it does."""

    record: Record
    outside: Outside
    cast: Cast
    keep_alive: Callable[[], Awaitable[None]]

    async def to_next(self) -> datetime | None:
        """The instant that was jumped to; None when nothing will ever happen by itself."""
        target = await self._next()
        if target is None:
            return None
        while (now := await self.record.clock.business()) < target:
            stride = min(target, now + STRIDE) if BUREAU_HOURS.is_open(now) else target
            await self.outside.set_clock(stride)
            await self.record.clock.jump(stride)
            if stride < target:
                await self.keep_alive()
        return target

    async def _next(self) -> datetime | None:
        """The next event outside, act of a person, or due time that is more than another look at what stands still."""
        rows = await self.record.store.cases(Filters(final=False), limit=10_000)
        firm = [row.due_at for row in rows if row.due_at and self._is_awake(row) and not self._is_a_look_again(row)]
        looks = [row.due_at for row in rows if row.due_at and self._is_awake(row)]
        others = [await self.outside.next_event(), await self.cast.next()]
        instants = [*firm, *(at for at in others if at is not None)]
        first = min(instants or looks, default=None)
        return None if first is None else _next_sweep(first)

    def _is_awake(self, row: CaseRow) -> bool:
        return not (row.deferred or row.barred or row.claim.held or not row.claim.auto)

    def _is_a_look_again(self, row: CaseRow) -> bool:
        check = row.claim.check
        state = self.record.plans[row.claim.flow].states[row.claim.state]
        return state.recheck is None and check is not None and check.body.get("why") == "guards"


def _next_sweep(at: datetime) -> datetime:
    past = (at - at.replace(hour=0, minute=0, second=0, microsecond=0)) % SWEEPS
    return at if not past else at - past + SWEEPS

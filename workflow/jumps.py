"""Notices that the clock was set: between two looks, the clock and the elapsed time then differ."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from workflow.clock import Clock

log = structlog.get_logger()

JUMP = timedelta(seconds=60)
"""By this much a clock may be put right without a word: time servers do it in small steps."""


@dataclass(frozen=True)
class Jump:
    """What the clock should have shown, and what it showed (real time). span: how long no process had looked."""

    expected: datetime
    found: datetime
    span: timedelta = timedelta(0)

    @property
    def by(self) -> timedelta:
        """Negative: it was set back."""
        return self.found - self.expected

    def unmarked(self, marked: timedelta) -> Jump | None:
        """The part of it that others, who looked in between, have not recorded; None where that is all."""
        left = replace(self, expected=self.expected + marked)
        return left if abs(left.by) > JUMP else None

    def moved(self, at: datetime) -> datetime:
        """An instant that was set by the old clock, by the new one: the time left until it stays the same."""
        return at + self.by

    def lease(self, until: datetime) -> datetime:
        """The end of a lease by the new clock.

        A lease that had not ended by the old clock keeps what it had left, so that its holder can renew it. Of any
        other, no more than a minute counts.
        """
        if until > self.expected:
            return self.moved(until)
        return min(until, self.found + JUMP)


class JumpStore(Protocol):
    """What the watch needs of the store; see workflow/store/jumps.py."""

    async def clock_marks(self) -> tuple[datetime | None, int]: ...
    async def clock_jumped(self, jump: Jump, *, after: int, process: str, now: datetime) -> tuple[bool, int]: ...


@dataclass(frozen=True)
class _Look:
    """What the clock showed, between which elapsed times it was read, and the newest jump on record before that."""

    real: datetime
    marked: int
    before: timedelta
    after: timedelta


@dataclass
class Watch:
    """One process's watch over the clock. A deliberate jump of business time does not count: real time goes on."""

    store: JumpStore
    clock: Clock
    process: str
    _last: _Look | None = field(default=None, repr=False)

    async def jump(self) -> Jump | None:
        """Look at the clock. When this returns a jump, it is on record, and what it would have spoilt is put right."""
        # asked before the clock is read: a jump recorded meanwhile is found when this one is
        seen, marked = await self.store.clock_marks()
        before = self.clock.elapsed()
        real = await self.clock.real()
        look = _Look(real, marked, before, self.clock.elapsed())
        last, self._last = self._last, look
        jump = _since_the_record(seen, look) if last is None else _between(last, look)
        if jump is None:
            return None
        told = {"expected": str(jump.expected), "found": str(jump.found), "by_s": jump.by.total_seconds()}
        after, now = marked if last is None else last.marked, await self.clock.business()
        is_ours, newest = await self.store.clock_jumped(jump, after=after, process=self.process, now=now)
        self._last = replace(look, marked=newest)
        if is_ours:
            log.error("clock.jumped", **told, said="the clock was set; see `caseward doctor`")
        return jump


def _since_the_record(seen: datetime | None, look: _Look) -> Jump | None:
    """At a first look, only a clock that is behind what is on record is certainly wrong."""
    return Jump(seen, look.real) if seen is not None and seen - look.real > JUMP else None


def _between(last: _Look, look: _Look) -> Jump | None:
    """The jump between two looks, where the clock moved by more or less than the elapsed time allows; else None."""
    latest, earliest = last.real + (look.after - last.before), last.real + (look.before - last.after)
    span = look.after - last.before
    if look.real > latest + JUMP:
        return Jump(latest, look.real, span)
    if look.real < earliest - JUMP:
        return Jump(earliest, look.real, span)
    return None

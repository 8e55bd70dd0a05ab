"""The demonstration, turn by turn: while nothing is under way people act, and then time jumps to what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from caseward.app.installation import Record
from caseward.demonstration.cast import Cast
from caseward.demonstration.coming import next_noticed, next_round
from caseward.demonstration.listening import Listener
from workflow.demonstration import Outside
from workflow.engine.processes import this_process
from workflow.scheduler.beat import Beat
from workflow.schedules.run import Run

Turn = Literal["at_work", "acted", "jumped", "idle"]
"""What a turn came to. idle: nothing will happen but by time as it goes, or by whoever watches."""
PAUSE = {"at_work": 0.04, "acted": 0.0, "jumped": 0.0, "idle": 0.3}
"""Real seconds to the next turn."""


@dataclass
class Play:
    """Works through the record alone, wherever its workers are. tell: has them look."""

    record: Record
    outside: Outside
    cast: Cast
    listener: Listener
    tell: Callable[[Sequence[Run]], None]
    jumps: bool = True
    browser: bool = True
    """Without one, what needs it is not waited for."""
    patient_until: datetime | None = None
    """Real time until which nothing is jumped over: a code that somebody is looking up would run out meanwhile."""
    _beat: Beat = field(init=False, repr=False)
    _news: bool = True
    """Whether anything happened since the last jump."""
    _acted: bool = False
    """Whether somebody did something outside since the last round."""
    _unsent: int = 0
    """The notices that were not sent yet at the last turn: one that is, somebody reads."""

    def __post_init__(self) -> None:
        record = self.record
        self._beat = Beat(record.store, record.clock, record.rules, f"{this_process()}/play", kind="play")

    async def begin(self) -> None:
        await self.listener.begin()
        await self._beat.once()

    async def end(self) -> None:
        await self.record.store.forget_heartbeats(await self.record.clock.real(), process=self._beat.process)

    async def turn(self) -> Turn:
        if await self.at_work():
            return "at_work"
        if await self.listener.listen():
            self._news = True
        unsent = await self.record.store.unsent()
        look = self._news or self._acted or unsent != self._unsent
        self._unsent = unsent
        if await self.cast.act(await self.record.clock.business(), look=look):
            self._acted = True
            return "acted"
        to = await self._next() if self.jumps and not await self._waits() else None
        if to is None:
            return "idle"
        await self.outside.set_clock(to, keep_sessions=True)
        await self.record.clock.jump(to)
        # any beat would see the jump within a second; this one sees it now
        await self.record.refresh()
        self._beat.rules = self.record.rules
        self.tell((await self._beat.once()).send)
        return "jumped"

    async def _waits(self) -> bool:
        if self.patient_until is None or not self.cast.asked or await self.record.clock.real() >= self.patient_until:
            self.patient_until = None
        return self.patient_until is not None

    async def at_work(self) -> bool:
        """Whether anybody has anything under way."""
        store = self.record.store
        return await store.any_open() or await store.anything_leased(await self.record.clock.real())

    async def _next(self) -> datetime | None:
        """After news the notices; after an act the jobs, which may have been waiting for it; then what is known."""
        news, self._news = self._news, False
        if news and self._unsent:
            return await self.record.store.next_instant()
        acted, self._acted = self._acted, False
        if acted:
            return await next_round(self.record)
        return await next_noticed(self.record, self.outside, await self.cast.next(), browser=self.browser)

"""Tells what happens in the record, whoever makes it happen and in whichever process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from caseward.app.installation import Record
from workflow.record.events import Event
from workflow.store import CaseRow, Filters

Hear = Callable[[CaseRow, Event], None]
PAUSE = 0.5
"""Real seconds between two looks."""


@dataclass
class Listener:
    """hear: is told of each event once. rows: the cases as they were last looked at."""

    record: Record
    hear: Hear
    rows: list[CaseRow] = field(default_factory=list, repr=False)
    _heard: dict[str, int] = field(default_factory=dict, repr=False)

    async def begin(self) -> None:
        """What stands in the record already is no news."""
        await self._look()
        self._heard = {row.claim.case: row.claim.seq for row in self.rows}

    async def listen(self) -> bool:
        """Tell what happened since; whether anything did."""
        await self._look()
        news = False
        for row in self.rows:
            seq = self._heard.get(row.claim.case, 0)
            if row.claim.seq <= seq:
                continue
            self._heard[row.claim.case], news = row.claim.seq, True
            for event in await self.record.store.events(row.claim.case):
                if seq < event.seq <= row.claim.seq:
                    self.hear(row, event)
        return news

    async def forever(self) -> None:
        await self.begin()
        while True:
            await self.listen()
            await asyncio.sleep(PAUSE)

    async def _look(self) -> None:
        self.rows = await self.record.store.cases(Filters(), limit=10_000)

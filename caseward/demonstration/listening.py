"""Tells what happens in the record, whoever makes it happen and in whichever process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from caseward.app.installation import Record
from workflow.record.events import Event
from workflow.store import CaseRow
from workflow.store.arrivals import Arrivals

Hear = Callable[[CaseRow, Event], None]
PAUSE = 0.5
"""Real seconds between two looks."""


@dataclass
class Listener:
    """hear: is told of each event once, with its case as it stands by then. A look asks for what is new alone."""

    record: Record
    hear: Hear
    _arrivals: Arrivals = field(init=False, repr=False)
    _counts: Mapping[tuple[str, str], int] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._arrivals = Arrivals(self.record.store)

    async def begin(self) -> None:
        """What stands in the record already is no news."""
        await self._arrivals.next()

    async def listen(self) -> bool:
        """Tell what happened since; whether anything did."""
        events = await self._arrivals.next()
        rows = {case: await self.record.store.case(case) for case in {event.case for event in events}}
        for event in events:
            self.hear(rows[event.case], event)
        if events:
            self._counts = None
        return bool(events)

    async def counts(self, flow: str) -> Mapping[str, int]:
        """How many cases of a flow stand in which state; counted again after news alone."""
        if self._counts is None:
            self._counts = await self.record.store.counts()
        return {state: count for (of, state), count in self._counts.items() if of == flow}

    async def any_open(self, flow: str) -> bool:
        """Whether a case of this flow has not ended."""
        states = self.record.plans[flow].states
        return any(state not in states or not states[state].final for state in await self.counts(flow))

    async def forever(self) -> None:
        await self.begin()
        while True:
            await self.listen()
            await asyncio.sleep(PAUSE)

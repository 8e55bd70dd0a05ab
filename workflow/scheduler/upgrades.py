"""Notices that the record has become newer than this process, which then stops by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from workflow.clock import Clock
from workflow.errors import SchemaIsNewer
from workflow.record.database import name_of
from workflow.store import Store

EVERY = timedelta(seconds=15)


@dataclass
class Measure:
    """Compares schema and keys with this process's; it looks every few seconds at most, however often it is asked."""

    store: Store
    clock: Clock
    _last: timedelta | None = field(default=None, repr=False)

    async def take(self) -> None:
        """Raises SchemaIsNewer."""
        now = self.clock.elapsed()
        if self._last is not None and now - self._last < EVERY:
            return
        if (found := await self.store.outgrown()) is not None:
            raise SchemaIsNewer(name_of(self.store.engine), *found)
        self._last = now

"""What arrived in the record since somebody asked last, whoever wrote it: each event once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.record.events import Event
from workflow.record.tables import cases, events
from workflow.store.transactions import Transactions

ROWID: Any = literal_column("events.rowid")
"""SQLite numbers rows as they arrive, and no event is ever taken away."""
MANY = 500


class Arrivals:
    """Begins where the record stands at the first question, to which the answer is nothing."""

    def __init__(self, store: Transactions) -> None:
        self._store = store
        self._last: int | None = None
        self._heads: Mapping[str, int] | None = None

    async def next(self) -> list[Event]:
        """The new events, a case's own in their order."""
        async with self._store.reading() as connection:
            return await (self._by_row(connection) if self._store.sqlite else self._by_head(connection))

    async def _by_row(self, connection: AsyncConnection) -> list[Event]:
        if self._last is None:
            self._last = (await connection.execute(select(func.max(ROWID)).select_from(events))).scalar() or 0
            return []
        query = select(events, ROWID.label("arrived")).where(self._last < ROWID).order_by(ROWID)
        rows = [dict(row) for row in (await connection.execute(query)).mappings()]
        for row in rows:
            self._last = row.pop("arrived")
        return [Event(**row) for row in rows]

    async def _by_head(self, connection: AsyncConnection) -> list[Event]:
        """PostgreSQL keeps no order of arrival: there each case is asked how far it is, and nothing else of it."""
        heads = {row[0]: row[1] for row in await connection.execute(select(cases.c.id, cases.c.seq))}
        known, self._heads = self._heads, heads
        if known is None:
            return []
        news = [case for case, seq in heads.items() if seq > known.get(case, 0)]
        found = list[Event]()
        for start in range(0, len(news), MANY):
            query = select(events).where(events.c.case.in_(news[start : start + MANY]))
            rows = (await connection.execute(query)).mappings()
            found += [Event(**row) for row in rows if known.get(row["case"], 0) < row["seq"] <= heads[row["case"]]]
        return sorted(found, key=lambda event: (event.at, event.case, event.seq))

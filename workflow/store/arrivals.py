"""Reads the events that were written since the last question, each once, whoever wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.record.events import Event
from workflow.record.tables import cases, events
from workflow.store.transactions import Transactions

ROWID: Any = literal_column("events.rowid")
"""SQLite numbers rows as they arrive, and events are never deleted."""
MANY = 500


class Arrivals:
    """Events that arrived since the last question. The first question only notes where the record stands."""

    def __init__(self, store: Transactions) -> None:
        self._store = store
        self._last: int | None = None
        self._heads: Mapping[str, int] | None = None

    async def next(self) -> list[Event]:
        """The new events; those of one case in their order."""
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
        """PostgreSQL does not number rows as they arrive: there the newest seq of each case is compared instead."""
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

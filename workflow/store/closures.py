"""Waiting cases and their next looks: what a changed calendar changes of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, false, or_, select, tuple_, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.record.columns import json_text
from workflow.record.tables import cases, claimable
from workflow.store.seals import examine
from workflow.store.transactions import Transactions

MANY = 500


@dataclass(frozen=True)
class NextLook:
    """A case that is looked at again at due_at. closed: its last look found a remote closed."""

    case: str
    due_at: datetime
    closed: bool


class Closures(Transactions):
    """Cases that wait for the opening hours of remotes. Times are business time."""

    async def next_looks(self, places: Collection[tuple[str, str]], remotes: Collection[str]) -> list[NextLook]:
        """The next looks at the live cases in these states. remotes: the remotes whose closing counts."""
        if not places:
            return []
        there = and_(claimable, cases.c.due_at.isnot(None), tuple_(cases.c.flow, cases.c.state).in_(list(places)))
        async with self.reading() as connection:
            shut = set((await connection.execute(select(cases.c.id).where(there, _closed(remotes)))).scalars())
            rows = (await connection.execute(select(cases.c.id, cases.c.due_at).where(there))).all()
        return [NextLook(id_, at, id_ in shut) for id_, at in rows if isinstance(at, datetime)]

    async def wake_closed(self, remotes: Collection[str], at: datetime) -> int:
        """Make cases due by then that wait for one of these remotes and would be looked at later; returns how many."""
        waits = and_(claimable, cases.c.due_at > at, _closed(remotes))
        async with self.reading() as connection:
            found: Sequence[str] = (await connection.execute(select(cases.c.id).where(waits))).scalars().all()

        async def work(connection: AsyncConnection, some: Sequence[str]) -> int:
            these = await examine(connection, cases, cases.c.id.in_(some), waits)
            woken = await connection.execute(update(cases).where(these, waits).values(due_at=at))
            return int(woken.rowcount)

        count = 0
        for start in range(0, len(found), MANY):
            some = found[start : start + MANY]
            count += await self.writing(lambda connection, some=some: work(connection, some))  # type: ignore[misc]
        return count


def _closed(remotes: Collection[str]) -> ColumnElement[bool]:
    body = type_coerce(cases.c.check_body, String)
    named = or_(false(), *(body.contains(f'"remote":{json_text(name)}', autoescape=True) for name in remotes))
    return and_(body.contains('"why":"closed"', autoescape=True), named)

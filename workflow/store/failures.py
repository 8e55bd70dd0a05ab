"""Finds schedules whose runs fail one after another, from the log of runs; the next good run ends it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.record.schedule_tables import runs, schedules
from workflow.schedules.run import Failing
from workflow.store.transactions import Transactions

_FINISHED = runs.c.status == "finished"
_GOOD = and_(_FINISHED, runs.c.error.is_(None))
_FAILED = or_(runs.c.status == "lost", and_(_FINISHED, runs.c.error.isnot(None)))
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""The end of a run whose row does not say it."""
_NEWEST_FIRST = runs.c.due_at.desc()


class RunFailures(Transactions):
    """Schedules whose runs fail, of which no case can tell."""

    async def failing(self, real: datetime) -> list[Failing]:
        """Each enabled schedule that a person should hear of, by name. Nothing is stored beside the log of runs."""
        kept = and_(schedules.c.deleted_at.is_(None), schedules.c.enabled)
        async with self.reading() as connection:
            names = await connection.execute(
                select(schedules.c.id, schedules.c.name).where(kept).order_by(schedules.c.name)
            )
            # one by one: the index of the log finds a schedule's newest rows, and the log may have millions
            found = [await _failing(connection, id_, name) for id_, name in names.all()]
        return [one for one in found if one is not None and one.is_told(real)]


async def _failing(connection: AsyncConnection, schedule: str, name: str) -> Failing | None:
    """The failures of a schedule since its last good run."""
    of_it = runs.c.schedule == schedule
    good = select(runs.c.due_at).where(of_it, _GOOD).order_by(_NEWEST_FIRST).limit(1)
    last_good = (await connection.execute(good)).scalar()
    failed = and_(of_it, _FAILED, *([runs.c.due_at > last_good] if isinstance(last_good, datetime) else []))
    count, since = (await connection.execute(select(func.count(), func.min(runs.c.ended_at)).where(failed))).one()
    if not count:
        return None
    why = await connection.execute(select(runs.c.error).where(failed).order_by(_NEWEST_FIRST).limit(1))
    return Failing(name, count, since if isinstance(since, datetime) else LONG_AGO, why.scalar())

"""Which runs may not begin yet, because another schedule's runs up to the same instant are not over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.record.schedule_tables import runs, schedules
from workflow.schedules.due_instants import ON_TIME
from workflow.schedules.run import OPEN
from workflow.store.schedules import span
from workflow.store.transactions import Transactions

_first, _its = schedules.alias("first"), runs.alias("its")
_open = and_(_its.c.schedule == _first.c.id, _its.c.status.in_(OPEN), _its.c.due_at <= runs.c.due_at)
_unfinished = or_(
    _first.c.next_run_at <= runs.c.due_at,  # an instant that has come, and that no beat has written down yet
    select(_its.c.id).where(_open).correlate(_first, runs).exists(),
)
_named = and_(_first.c.name == schedules.c.after, _first.c.deleted_at.is_(None), _first.c.id != schedules.c.id)

WAITS = and_(
    runs.c.status == "pending",
    runs.c.begun_at.is_(None),
    schedules.c.after.isnot(None),
    select(_first.c.id).where(_named, _unfinished).correlate(runs, schedules).exists(),
)
"""The condition, of a run and its schedule, that the run waits. Once false it stays false: runs end once."""
WAITS_FOR = case((WAITS, schedules.c.after)).label("waits_for")


class Waits(Transactions):
    """Runs that wait for the runs of another schedule."""

    async def skip_waited(self, real: datetime) -> int:
        """Skip the runs that waited longer than their schedule makes up for an instant; returns how many."""
        query = select(runs.c.id, runs.c.made_at, schedules.c.catch_up_s).join_from(runs, schedules).where(WAITS)
        async with self.reading() as connection:
            waiting = (await connection.execute(query)).all()
        late = [id_ for id_, made_at, catch_up_s in waiting if _is_late(made_at, span(catch_up_s), real)]
        if not late:
            return 0
        still = and_(runs.c.id.in_(late), runs.c.status == "pending", runs.c.begun_at.is_(None))

        async def work(connection: AsyncConnection) -> int:
            skipped = update(runs).where(still).values(status="skipped", why="waited", ended_at=real)
            return (await connection.execute(skipped)).rowcount

        return await self.writing(work)


def _is_late(made_at: Any, catch_up: Any, real: datetime) -> bool:
    """Whether the run waited too long.

    A row that was spoilt by hand is left; one made later than now is of a wrong clock.
    """
    if not isinstance(made_at, datetime) or not isinstance(catch_up, timedelta):
        return False
    return abs(real - made_at) > max(catch_up, ON_TIME)

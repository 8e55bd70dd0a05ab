"""Writes a run for what a command made due, in the command's own transaction: nobody waits for the next instant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.queues import DEFAULT_QUEUE
from workflow.record.schedule_tables import runs, schedules
from workflow.record.tables import cases, claimable
from workflow.schedules.due_instants import Row
from workflow.schedules.schedule import Schedule
from workflow.store.runs import free_instant, is_time
from workflow.store.schedules import new_run

Sweeping = Callable[[str, str], Schedule | None]
"""The schedule that sweeps a flow's state and may run now."""
MANY = 500


async def make_due_runs(
    connection: AsyncConnection,
    of: Sequence[str],
    sweeping: Sweeping,
    *,
    actor: str,
    reason: str,
    now: datetime,
    real: datetime,
) -> None:
    """Write a run for each schedule that sweeps one of these cases and finds it due now."""
    found: dict[str, Schedule] = {}
    for start in range(0, len(of), MANY):
        due = and_(cases.c.id.in_(list(of[start : start + MANY])), claimable, cases.c.due_at <= now)
        for flow, state in await connection.execute(select(cases.c.flow, cases.c.state).where(due).distinct()):
            if (schedule := sweeping(flow, state)) is not None:
                found[schedule.id] = schedule
    for id_ in sorted(found):  # in one order for all: another order of locks could deadlock
        await _make(connection, found[id_], actor=actor, reason=reason, now=now, real=real)


async def _make(
    connection: AsyncConnection, schedule: Schedule, *, actor: str, reason: str, now: datetime, real: datetime
) -> None:
    """Write a run, unless one waits to begin; one under way does not count, since it may be past the case.

    Where the schedule was edited since it was read, nothing is written: its next instant comes by itself.
    """
    same = and_(
        schedules.c.id == schedule.id, schedules.c.version == schedule.version, schedules.c.deleted_at.is_(None)
    )
    if (await connection.execute(select(schedules.c.id).where(same).with_for_update())).first() is None:
        return
    waits = and_(
        runs.c.schedule == schedule.id, runs.c.status == "pending", runs.c.queue == DEFAULT_QUEUE, is_time(now)
    )
    waits = and_(waits, runs.c.parts == [])  # of several targets, the one that sweeps the case may be over
    if (await connection.execute(select(runs.c.id).where(waits).limit(1))).first() is not None:
        return
    at = await free_instant(connection, schedule.id, now)
    new = new_run(schedule, Row(at, at), None, queue=DEFAULT_QUEUE, actor=actor, real=real, reason=reason)
    await connection.execute(runs.insert().values(**new))

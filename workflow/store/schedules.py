"""Schedules: edits with their versions, and the one place at which an instant becomes a run's row."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, func, or_, select, type_coerce, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.errors import Conflict, NotFound
from workflow.queues import DEFAULT_QUEUE
from workflow.record.columns import Unreadable, instant_text
from workflow.record.schedule_tables import runs, schedule_versions, schedules
from workflow.schedules.due_instants import Row
from workflow.schedules.run import OPEN
from workflow.schedules.schedule import SPANS, Definition, Kind, Schedule, Version
from workflow.sentence import Sentence
from workflow.store import related_rows
from workflow.store.rows import Row as Found
from workflow.store.transactions import Transactions

MICRO = timedelta(microseconds=1)
NEAR = timedelta(milliseconds=1)
"""Instants this close to another one are the same instant, come again."""
INSTANT = 27  # the characters of an instant as SQLite keeps it
LONGEST = 2**31  # seconds: PostgreSQL's column holds them; no instant plus or minus this is out of range
YOUNGER = {"retries": 0, "after": None}
"""The fields that rows of older versions do not have."""
_TAKEN = Sentence("another_schedule_has_this", "another schedule has this name")
_EDITED = Sentence("somebody_edited_meanwhile_look", "somebody edited it meanwhile; look at it again")


class Schedules(Transactions):
    """Schedules. Times are business time."""

    async def add_schedule(
        self, new: Definition, *, actor: str, reason: str | None, now: datetime, next_run_at: datetime | None
    ) -> Schedule:
        """A new schedule, version 1. Raises Conflict where another has its name."""
        id_ = related_rows.new_id()
        row = {**_columns(new), "id": id_, "version": 1, "next_run_at": next_run_at, "planned": new.plan}

        async def work(connection: AsyncConnection) -> str:
            try:
                await connection.execute(schedules.insert().values(**row))
            except IntegrityError as error:
                raise Conflict(new.name, _TAKEN) from error
            await _keep(connection, id_, 1, "created", new, actor, reason, now)
            return id_

        async def held(connection: AsyncConnection, made: str) -> bool:
            return (await connection.execute(select(schedules.c.id).where(schedules.c.id == made))).first() is not None

        await self.writing(work, held)
        return await self.schedule(id_)

    async def schedules(self, *, deleted: bool = False) -> list[Schedule]:
        """The schedules by group and name. deleted: only deleted ones."""
        where = schedules.c.deleted_at.isnot(None) if deleted else schedules.c.deleted_at.is_(None)
        query = select(schedules).where(where).order_by(schedules.c.group, schedules.c.name)
        async with self.reading() as connection:
            return [_schedule(row) for row in (await connection.execute(query)).mappings()]

    async def schedule(self, schedule: str) -> Schedule:
        """A schedule by id or name; of a name the one that is not deleted, or the last deleted. Raises NotFound."""
        named = (schedules.c.id == schedule) | (schedules.c.name == schedule)
        query = select(schedules).where(named).order_by(schedules.c.deleted_at.is_(None).desc())
        async with self.reading() as connection:
            row = (await connection.execute(query.order_by(schedules.c.deleted_at.desc()))).mappings().first()
        if row is None:
            raise NotFound("schedule", schedule)
        return _schedule(row)

    async def edit_schedule(
        self,
        schedule: Schedule,
        new: Definition,
        *,
        kind: Kind,
        actor: str,
        reason: str | None,
        now: datetime,
        next_run_at: datetime | None,
        rows: Sequence[Row] = (),
        real: datetime | None = None,
    ) -> Schedule:
        """Write the next version, with rows for instants that went by. Raises Conflict where somebody was faster."""
        gone = schedule.deleted_at if kind != "deleted" else now
        values = {
            **_columns(new),
            "version": schedule.version + 1,
            "next_run_at": next_run_at,
            "planned": new.plan,
            "deleted_at": None if kind == "restored" else gone,
        }

        async def work(connection: AsyncConnection) -> None:
            same = and_(schedules.c.id == schedule.id, schedules.c.version == schedule.version)
            try:
                changed = await connection.execute(update(schedules).where(same).values(**values))
            except IntegrityError as error:
                raise Conflict(new.name, _TAKEN) from error
            if not changed.rowcount:
                raise Conflict(schedule.definition.name, _EDITED)
            for row in rows:
                gone_by = new_run(schedule, row, row.why, queue=DEFAULT_QUEUE, actor=actor, real=real or now)
                await connection.execute(runs.insert().values(**gone_by))
            await _keep(connection, schedule.id, schedule.version + 1, kind, new, actor, reason, now)

        async def held(connection: AsyncConnection, _: None) -> bool:
            mine = and_(
                schedule_versions.c.schedule == schedule.id,
                schedule_versions.c.version == schedule.version + 1,
                schedule_versions.c.actor == actor,
                schedule_versions.c.at == now,
            )
            return (await connection.execute(select(schedule_versions.c.version).where(mine))).first() is not None

        await self.writing(work, held)
        return await self.schedule(schedule.id)

    async def schedule_versions(self, schedule: str) -> list[Version]:
        """All versions of a schedule, oldest first."""
        query = select(schedule_versions).where(schedule_versions.c.schedule == schedule)
        async with self.reading() as connection:
            rows = (await connection.execute(query.order_by(schedule_versions.c.version))).mappings()
            return [Version(**{**row, "definition": _definition_of(row["definition"])}) for row in rows]

    async def next_instant(self) -> datetime | None:
        """When the first of all schedules is due."""
        query = select(schedules.c.next_run_at).where(schedules.c.deleted_at.is_(None))
        async with self.reading() as connection:
            found = (await connection.execute(query)).scalars()
            return min((at for at in found if isinstance(at, datetime)), default=None)

    async def win(
        self,
        schedule: Schedule,
        rows: Sequence[Row],
        *,
        next_run_at: datetime | None,
        queue: str,
        actor: str,
        real: datetime,
    ) -> bool:
        """Write what came of a schedule's instants and its next instant, unless the schedule changed since it was read.

        Returns False where another beat or an edit was faster. The schedule's row is locked meanwhile: a run that would
        overlap becomes a skipped row, and a row that repeats the last one for the same reason lengthens it.
        """
        same = and_(
            schedules.c.id == schedule.id,
            schedules.c.version == schedule.version,
            _same_instant(schedule),
            *(schedules.c[name] == value for name, value in _columns(schedule.definition).items() if value is not None),
        )

        async def work(connection: AsyncConnection) -> bool:
            moved = update(schedules).where(same, schedules.c.deleted_at.is_(None))
            values = {"next_run_at": next_run_at, "planned": schedule.definition.plan}
            if not (await connection.execute(moved.values(**values))).rowcount:
                return False
            for instant in rows:
                row = await _pass(connection, schedule.id, instant)
                why = row.why or await _overlap(connection, schedule)
                if why is not None and await _lengthened(connection, schedule, row, why):
                    continue
                new = new_run(schedule, row, why, queue=queue, actor=actor, real=real)
                await connection.execute(runs.insert().values(**new))
            return True

        # a COMMIT without a reply is not read back: the next look finds what it wrote as pending
        return await self.writing(work)


def _same_instant(schedule: Schedule) -> ColumnElement[bool]:
    at = schedules.c.next_run_at
    if schedule.odd_next is not None:
        return or_(type_coerce(at, String) == schedule.odd_next, func.length(at) != INSTANT)  # bytes equal no text
    return at == schedule.next_run_at if schedule.next_run_at is not None else at.is_(None)


def new_run(
    schedule: Schedule,
    row: Row,
    why: str | None,
    *,
    queue: str,
    actor: str,
    real: datetime,
    reason: str | None = None,
) -> dict[str, Any]:
    """The columns of a row that is pending, or that says why it never ran."""
    return {
        "id": related_rows.new_id(),
        "schedule": schedule.id,
        "due_at": row.due_at,
        "until": row.until,
        "count": row.count,
        "status": "pending" if why is None else "skipped",
        "why": why,
        "target": schedule.definition.target,
        "queue": queue,
        "version": schedule.version,
        "actor": actor,
        "reason": reason,
        "made_at": real,
        "ended_at": None if why is None else real,
        "counts": {},
    }


async def _pass(connection: AsyncConnection, schedule: str, row: Row) -> Row:
    """An instant that comes again after the clock was set back is kept a microsecond after the one before."""
    near = and_(runs.c.schedule == schedule, runs.c.due_at >= row.due_at, runs.c.due_at < row.due_at + NEAR)
    query = select(runs.c.due_at).where(near).order_by(runs.c.due_at)
    at = row.due_at
    for taken in (await connection.execute(query)).scalars():
        at = at + MICRO if taken == at else at
    return row if at == row.due_at else dataclasses.replace(row, due_at=at, until=max(at, row.until))


async def _overlap(connection: AsyncConnection, schedule: Schedule) -> str | None:
    """Why a new run of the schedule may not even wait; None where it may."""
    overlap = schedule.definition.overlap
    if overlap == "allow":
        return None
    waiting = OPEN if overlap == "skip" else ("pending",)
    query = select(runs.c.id).where(runs.c.schedule == schedule.id, runs.c.status.in_(waiting))
    return "overlap" if (await connection.execute(query.limit(1))).first() is not None else None


async def _lengthened(connection: AsyncConnection, schedule: Schedule, row: Row, why: str) -> bool:
    """Lengthen the schedule's last row to these instants, where it says the same; returns whether it did."""
    last = (
        select(runs.c.id, runs.c.status, runs.c.why, runs.c.version)
        .where(runs.c.schedule == schedule.id, runs.c.due_at <= row.due_at)
        .order_by(runs.c.due_at.desc())
        .limit(1)
    )
    found = (await connection.execute(last)).first()
    if found is None or found[1:] != ("skipped", why, schedule.version):
        return False
    longer = {"until": row.until, "count": runs.c.count + row.count}
    await connection.execute(update(runs).where(runs.c.id == found[0]).values(**longer))
    return True


async def _keep(
    connection: AsyncConnection,
    schedule: str,
    version: int,
    kind: Kind,
    new: Definition,
    actor: str,
    reason: str | None,
    at: datetime,
) -> None:
    kept = {"schedule": schedule, "version": version, "kind": kind, "definition": _json(new)}
    await connection.execute(schedule_versions.insert().values(**kept, actor=actor, reason=reason, at=at))


def _schedule(row: Found) -> Schedule:
    at, gone = row["next_run_at"], row["deleted_at"]
    odd = str(at) if isinstance(at, Unreadable) else None
    next_at = None if odd is not None else at
    return Schedule(row["id"], definition(row), row["version"], next_at, row["planned"], gone, odd_next=odd)


def definition(row: Found) -> Definition:
    names = {field.name for field in dataclasses.fields(Definition)} - set(SPANS)
    spans = {name: span(row[f"{name}_s"]) for name in SPANS}
    return Definition(**{name: row[name] for name in names}, **spans)


def span(seconds: Any) -> Any:
    """The value as a timedelta. What is no number, or out of range, is returned as it is; the rules name it."""
    return timedelta(seconds=seconds) if isinstance(seconds, int) and abs(seconds) < LONGEST else seconds


def _columns(new: Definition) -> dict[str, Any]:
    values = {field.name: getattr(new, field.name) for field in dataclasses.fields(new)}
    for name in SPANS:
        span = values.pop(name)
        values[f"{name}_s"] = None if span is None else int(span.total_seconds())
    return values


def _json(new: Definition) -> dict[str, Any]:
    until = new.paused_until
    return {**_columns(new), "paused_until": None if until is None else instant_text(until)}


def _definition_of(stored: dict[str, Any]) -> Definition:
    until = stored["paused_until"]
    return definition({**YOUNGER, **stored, "paused_until": None if until is None else datetime.fromisoformat(until)})

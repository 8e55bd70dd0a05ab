"""Records jumps of the clock, and puts right in the same transaction what was written by the wrong clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.jumps import JUMP, Jump
from workflow.record.columns import Unreadable
from workflow.record.schedule_tables import clock, clock_jumps, heartbeats, run_shares, runs
from workflow.record.seals import TABLES
from workflow.record.tables import accounts, cases, effects, events, messages
from workflow.store.seals import examine
from workflow.store.transactions import Transactions
from workflow.store.values import ClockJump

LEASED: tuple[tuple[Table, ColumnElement[bool]], ...] = (
    (cases, cases.c.lease_until.isnot(None)),
    (accounts, accounts.c.lease_until.isnot(None)),
    (messages, messages.c.status == "sending"),
    (runs, runs.c.status == "running"),
    (run_shares, run_shares.c.ended_at.is_(None)),
)
"""Where leases stand; all of them are real time."""
OPEN_EFFECT = effects.c.status.in_(["intended", "unknown"])


class Jumps(Transactions):
    """Jumps of the clock, and what was put right after them."""

    async def clock_marks(self) -> tuple[datetime | None, int]:
        """The latest real instant at which a process was seen, and the number of the newest jump.

        None and 0: none yet.
        """
        newest = select(func.coalesce(func.max(clock_jumps.c.id), 0)).scalar_subquery()
        async with self.reading() as connection:
            found = (await connection.execute(select(clock.c.seen_at, newest))).one()
            return None if isinstance(found[0], Unreadable) else found[0], int(found[1])

    async def clock_jumps(self, *, limit: int = 50) -> list[ClockJump]:
        """The jumps, newest first."""
        query = select(clock_jumps).order_by(clock_jumps.c.id.desc()).limit(limit)
        async with self.reading() as connection:
            return [ClockJump(**row) for row in (await connection.execute(query)).mappings()]

    async def clock_jumped(self, jump: Jump, *, after: int, process: str, now: datetime) -> tuple[bool, int]:
        """Record a jump and put right what it spoilt.

        Returns whether this call did it, and the number of the newest jump. now: the business time after the jump.
        after: the newest jump that was on record when the process last looked; jumps since then are part of this one.
        """

        async def work(connection: AsyncConnection) -> tuple[bool, int]:
            # the row is locked first: of many processes that notice one jump, one records it
            await connection.execute(update(clock).values(timeline=clock.c.timeline))
            since = select(clock_jumps).where(clock_jumps.c.id > after).order_by(clock_jumps.c.id)
            marked = (await connection.execute(since)).all()
            left = jump.unmarked(sum((Jump(row.expected, row.found).by for row in marked), timedelta(0)))
            if left is None:
                return False, marked[-1].id
            counts = await _put_right(connection, left, now)
            mark = {"expected": left.expected, "found": left.found, "process": process, "put_right": counts}
            made = await connection.execute(insert(clock_jumps).values(**mark).returning(clock_jumps.c.id))
            await connection.execute(update(clock).values(seen_at=left.found))
            return True, int(made.scalar_one())

        return await self.writing(work)


async def _put_right(connection: AsyncConnection, jump: Jump, now: datetime) -> dict[str, int]:
    """How many rows of which kind were put right; kinds without any are left out."""
    counts = {"leases": 0}
    for table, leased in LEASED:
        counts["leases"] += await _leases(connection, table, leased, jump)
    counts["doubts"] = await _doubts(connection, jump, now)
    if jump.by < timedelta(0):
        counts |= await _set_back(connection, jump, now)
    return {kind: n for kind, n in counts.items() if n}


async def _leases(connection: AsyncConnection, table: Table, leased: ColumnElement[bool], jump: Jump) -> int:
    from_then_on = min(jump.expected, jump.found + JUMP)
    query = select(table.c.lease_until, *table.primary_key).where(leased, table.c.lease_until > from_then_on)
    moved = 0
    for until, *key in (await connection.execute(query.with_for_update())).all():
        if jump.by > timedelta(0) and until > jump.found:
            continue  # leases that were taken or renewed by the new clock
        new = jump.lease(until)
        if new != until:
            row = and_(*(column == value for column, value in zip(table.primary_key, key, strict=True)))
            await connection.execute(update(table).where(row).values(lease_until=new))
            moved += 1
    return moved


async def _doubts(connection: AsyncConnection, jump: Jump, now: datetime) -> int:
    """Defer questions about doubtful actions: they count elapsed time, which a wrong clock must not shorten."""
    then = now - jump.by
    names = ("check_at", "deadline")
    later = or_(*(effects.c[name] > min(then, now) for name in names))
    query = select(effects).where(OPEN_EFFECT, later).with_for_update()
    moved = 0
    for row in (await connection.execute(query)).mappings().all():
        new = {}
        for name in names:
            at: datetime | None = row[name]
            if at is not None and at > then:
                new[name] = at + jump.by
            elif at is not None and at > now and row["intended_at"] > now:
                new[name] = now
        if new:
            same = and_(effects.c.case == row["case"], effects.c.key == row["key"])
            found = await examine(connection, effects, same)
            await connection.execute(update(effects).where(found).values(**new))
            moved += 1
    return moved


async def _set_back(connection: AsyncConnection, jump: Jump, now: datetime) -> dict[str, int]:
    """Correct times later than now, which the wrong clock wrote; a look that comes too early does no harm.

    A wait that was written before the jump keeps its length: thirty days may be meant.
    """
    real = jump.found
    last_event = select(events.c.at).where(events.c.case == cases.c.id, events.c.seq == cases.c.seq).scalar_subquery()
    looked = and_(
        cases.c.due_at > now,
        cases.c.final.is_(False),
        or_(
            cases.c.entered_at > now,
            cases.c.opened_at > now,
            cases.c.check_last > now,
            cases.c.crash_count > 0,
            last_event > now,
        ),
    )
    return {
        "cases": await _changed(connection, cases, looked, due_at=now),
        "messages": await _changed(
            connection,
            messages,
            and_(
                messages.c.status == "queued",
                messages.c.due_at > now,
                # one that is held back for people is due later by design
                or_(
                    messages.c.attempts > 0,
                    and_(messages.c.written_at > now, messages.c.due_at <= messages.c.written_at),
                ),
            ),
            due_at=now,
        ),
        "held": await _held(connection, now),
        "receipts": await _changed(
            connection,
            messages,
            and_(messages.c.receipt_at.isnot(None), messages.c.settled_at > now),
            receipt_at=now,
            settled_at=now,
        ),
        "tries": await _changed(connection, runs, runs.c.again_at > now, again_at=None),
        "told": await _changed(connection, runs, and_(runs.c.status == "pending", runs.c.sent_at > real), sent_at=None),
        "sessions": await _changed(connection, accounts, accounts.c.session_at > now, session_at=now),
        "seats": await _changed(connection, accounts, accounts.c.leased_at > real, leased_at=real),
        "processes": await _gone(connection, heartbeats.c.seen_at > real + JUMP),
    }


async def _held(connection: AsyncConnection, now: datetime) -> int:
    """Notices that the wrong clock wrote and that are held back for people: they are held as long from now on."""
    untried = and_(messages.c.status == "queued", messages.c.attempts == 0)
    wrong = and_(untried, messages.c.written_at > now, messages.c.due_at > messages.c.written_at)
    moved = 0
    for row in (await connection.execute(select(messages).where(wrong).with_for_update())).mappings().all():
        length: timedelta = row["due_at"] - row["written_at"]
        moved += await _changed(connection, messages, messages.c.id == row["id"], due_at=now + length)
    return moved


async def _changed(connection: AsyncConnection, table: Table, where: ColumnElement[bool], **new: Any) -> int:
    if table in TABLES:
        where = await examine(connection, table, where)
    return (await connection.execute(update(table).where(where).values(**new))).rowcount


async def _gone(connection: AsyncConnection, where: ColumnElement[bool]) -> int:
    """Delete processes seen later than now: those that live say so again within seconds."""
    return (await connection.execute(heartbeats.delete().where(where))).rowcount

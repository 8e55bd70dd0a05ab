"""The outbox: notices that outcomes wrote. Each is sent at most once, whatever becomes of its sender."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.backoff import NOTICE_FOR, RECEIPT_LONGEST
from workflow.jumps import JUMP
from workflow.plain_text import plain_text
from workflow.record.tables import messages
from workflow.sentence import Said
from workflow.store.rows import Row
from workflow.store.seals import examine
from workflow.store.transactions import Transactions
from workflow.store.values import DueMessage, SentMessage


class Outbox(Transactions):
    """The notices to send; no case waits for one."""

    async def due_messages(
        self,
        limit: int,
        *,
        owner: str,
        now: datetime,
        real: datetime,
        lease: timedelta,
        channels: Collection[str] | None = None,
    ) -> list[DueMessage]:
        """Take up to limit due notices, oldest first. One whose sender died is never taken again.

        channels: those by which the taker sends; of another, only what nobody took for NOTICE_FOR.
        """

        async def work(connection: AsyncConnection) -> list[DueMessage]:
            due = (
                select(messages.c.id)
                .where(messages.c.status == "queued", messages.c.due_at <= now)
                .where(_served(channels, messages.c.due_at <= now - NOTICE_FOR))
                .order_by(messages.c.due_at, messages.c.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            ids = list((await connection.execute(due)).scalars())
            await examine(connection, messages, messages.c.id.in_(ids))
            taken = (
                update(messages)
                .where(messages.c.id.in_(ids))
                .values(status="sending", attempts=messages.c.attempts + 1, owner=owner, lease_until=real + lease)
                .returning(messages)
            )
            rows = sorted((await connection.execute(taken)).mappings(), key=lambda row: (row["due_at"], row["id"]))
            return [_due(row) for row in rows]

        async def held(connection: AsyncConnection, taken: list[DueMessage]) -> bool:
            # where none was taken, another try does no harm
            ours = or_(false(), *(and_(messages.c.id == one.id, messages.c.attempts == one.attempt) for one in taken))
            mine = and_(messages.c.status == "sending", messages.c.owner == owner, ours)
            found = (await connection.execute(select(messages.c.id).where(mine))).all()
            return len(found) == len(taken) > 0

        return await self.writing(work, held)

    async def forsaken_messages(self, *, real: datetime) -> list[SentMessage]:
        """The notices whose sender died over them, oldest first: nobody knows whether they went out."""
        gone = and_(messages.c.status == "sending", messages.c.lease_until <= real)
        async with self.reading() as connection:
            rows = await connection.execute(select(messages).where(gone).order_by(messages.c.due_at, messages.c.id))
            return [_sent(row) for row in rows.mappings()]

    async def message_sent(
        self, id_: str, *, now: datetime, number: str | None = None, receipt_at: datetime | None = None
    ) -> None:
        """The gateway took the notice; it counts even when that comes late.

        receipt_at: when to ask whether it arrived.
        """
        number = plain_text(number) if number else number
        await self._settle(id_, "sent", None, now, number=number, receipt_at=receipt_at if number else None)

    async def message_unknown(self, id_: str, why: Said, *, now: datetime) -> None:
        """The notice may have gone out, and is not sent again."""
        await self._settle(id_, "unknown", why, now)

    async def message_failed(self, id_: str, why: Said, *, now: datetime, again_at: datetime | None = None) -> None:
        """The notice certainly did not go out: it is due again at that time, or never where that is None."""

        async def work(connection: AsyncConnection) -> None:
            new = {"status": "queued", "due_at": again_at} if again_at else {"status": "failed", "settled_at": now}
            await examine(connection, messages, messages.c.id == id_)
            await connection.execute(
                update(messages)
                .where(messages.c.id == id_, messages.c.status == "sending")
                .values(why=why, lease_until=None, **new)
            )

        await self.writing(work)

    async def sent_messages(self, case: str | None = None) -> list[SentMessage]:
        """The notices that went out or may have, oldest first."""
        query = select(messages).where(messages.c.status.in_(["sent", "unknown"]))
        if case is not None:
            query = query.where(messages.c.case == case)
        async with self.reading() as connection:
            rows = await connection.execute(query.order_by(messages.c.settled_at, messages.c.id))
            return [_sent(row) for row in rows.mappings()]

    async def messages_of(self, case: str) -> list[SentMessage]:
        """All notices of a case, whatever became of them, oldest first."""
        query = select(messages).where(messages.c.case == case).order_by(messages.c.written_at, messages.c.id)
        async with self.reading() as connection:
            return [_sent(row) for row in (await connection.execute(query)).mappings()]

    async def held_messages(self, now: datetime) -> list[SentMessage]:
        """The notices that nobody has tried to send, and that people may release or drop before they go out."""
        held = and_(messages.c.status == "queued", messages.c.attempts == 0, messages.c.due_at > now)
        async with self.reading() as connection:
            rows = await connection.execute(select(messages).where(held).order_by(messages.c.due_at, messages.c.id))
            return [_sent(row) for row in rows.mappings()]

    async def receipts_due(
        self, limit: int, *, now: datetime, channels: Collection[str] | None = None
    ) -> list[SentMessage]:
        """The notices whose receipt is to be asked for now.

        channels: those whose gateways are asked; of another, only what nobody asked about for RECEIPT_LONGEST. Where
        two processes ask for one at once, nothing changes by it. A time further off than the longest distance was
        planned by a wrong clock, and counts as due.
        """
        due = or_(messages.c.receipt_at <= now, messages.c.receipt_at > now + RECEIPT_LONGEST + JUMP)
        due = and_(due, _served(channels, messages.c.receipt_at <= now - RECEIPT_LONGEST))
        query = select(messages).where(due).order_by(messages.c.receipt_at, messages.c.id).limit(limit)
        async with self.reading() as connection:
            return [_sent(row) for row in (await connection.execute(query)).mappings()]

    async def receipt(self, id_: str, receipt: str | None, *, again_at: datetime | None = None) -> bool:
        """Store what the gateway said of a notice's arrival, or when to ask again.

        False where another process did so before.
        """

        async def work(connection: AsyncConnection) -> bool:
            await examine(connection, messages, messages.c.id == id_)
            asked = update(messages).where(messages.c.id == id_, messages.c.receipt_at.isnot(None))
            return bool((await connection.execute(asked.values(receipt=receipt, receipt_at=again_at))).rowcount)

        return await self.writing(work)

    async def unsent(self) -> int:
        """How many notices are queued or being sent."""
        waiting = or_(messages.c.status == "queued", messages.c.status == "sending")
        async with self.reading() as connection:
            return int((await connection.execute(select(func.count()).where(waiting))).scalar_one())

    async def next_notice_at(self) -> datetime | None:
        """When the first of the queued notices may go out; in the past where it is due."""
        query = select(func.min(messages.c.due_at)).where(messages.c.status == "queued")
        async with self.reading() as connection:
            found = (await connection.execute(query)).scalar_one()
            return found if isinstance(found, datetime) else None

    async def waiting_by_channel(self) -> dict[str, int]:
        """By channel, how many notices are queued."""
        query = select(messages.c.channel, func.count()).where(messages.c.status == "queued")
        async with self.reading() as connection:
            rows = await connection.execute(query.group_by(messages.c.channel))
            return {str(channel): count for channel, count in rows}

    async def told_since(self, address: str, since: datetime) -> int:
        """How many notices were written to an address since then, of all cases; daily limits count them."""
        query = select(func.count()).where(messages.c.address == address, messages.c.written_at >= since)
        async with self.reading() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def _settle(self, id_: str, status: str, why: Said | None, now: datetime, **more: Any) -> None:
        async def work(connection: AsyncConnection) -> None:
            await examine(connection, messages, messages.c.id == id_)
            await connection.execute(
                update(messages)
                .where(messages.c.id == id_, messages.c.status.in_(["sending", "unknown"]))
                .values(
                    status=status,
                    why=why,
                    settled_at=now,
                    lease_until=None,
                    **more,
                )
            )

        await self.writing(work)


def _served(channels: Collection[str] | None, unserved: ColumnElement[bool]) -> ColumnElement[bool]:
    return true() if channels is None else or_(messages.c.channel.in_(list(channels)), unserved)


def _sent(row: Row) -> SentMessage:
    return SentMessage(**{part.name: row[part.name] for part in dataclasses.fields(SentMessage)})


def _due(row: Row) -> DueMessage:
    names = ("id", "case", "round", "occasion", "recipient", "address", "channel", "text", "written_at")
    return DueMessage(**{name: row[name] for name in names}, attempt=row["attempts"])

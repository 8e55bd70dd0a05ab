"""Which processes are alive, how the remotes are, and giving back what a process still holds when it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.record.columns import whole
from workflow.record.schedule_tables import clock, health, heartbeats
from workflow.record.tables import accounts, cases
from workflow.schedules.run import Health, Heartbeat
from workflow.sentence import Said
from workflow.store import related_rows
from workflow.store.transactions import Transactions


class Heartbeats(Transactions):
    """Processes and remotes as they were last seen."""

    async def heartbeat(
        self, process: str, kind: str, *, queues: Sequence[str], doing: Mapping[str, Any], real: datetime
    ) -> None:
        """Store that this process is alive, and the latest instant that the clock has shown."""
        unseen = or_(clock.c.seen_at.is_(None), clock.c.seen_at < real)

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(update(clock).where(unseen).values(seen_at=real))
            statement = related_rows.inserting(connection, heartbeats)
            new = {"kind": kind, "queues": list(queues), "doing": dict(doing), "seen_at": real}
            await connection.execute(
                statement.values(process=process, started_at=real, **new).on_conflict_do_update(
                    index_elements=["process"], set_=new
                )
            )

        await self.writing(work)

    async def heartbeats(self) -> list[Heartbeat]:
        """The processes, the last seen first."""
        async with self.reading() as connection:
            rows = (await connection.execute(select(heartbeats).order_by(heartbeats.c.seen_at.desc()))).mappings()
            # a row that cannot be read counts for no process
            return [Heartbeat(**{**row, "queues": tuple(row["queues"])}) for row in rows if whole(heartbeats, row)]

    async def forget_heartbeats(self, before: datetime, *, process: str | None = None) -> None:
        """Delete the processes that were not seen since then, or this one."""
        old = heartbeats.c.process == process if process is not None else heartbeats.c.seen_at < before

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(heartbeats.delete().where(old))

        await self.writing(work)

    async def note_health(
        self, remote: str, status: str, why: Said | None, *, latency_ms: int | None, now: datetime
    ) -> None:
        """Store one answer of a remote. Equal answers in a row are counted in one row."""
        last = select(health.c.id, health.c.status).where(health.c.remote == remote)

        async def work(connection: AsyncConnection) -> None:
            found = (await connection.execute(last.order_by(health.c.id.desc()).limit(1).with_for_update())).first()
            if found is not None and found[1] == status:
                counted = {"last": now, "count": health.c.count + 1, "latency_ms": latency_ms, "why": why}
                await connection.execute(update(health).where(health.c.id == found[0]).values(**counted))
                return
            new = {"remote": remote, "status": status, "why": why, "since": now, "last": now, "count": 1}
            await connection.execute(health.insert().values(**new, latency_ms=latency_ms))

        await self.writing(work)

    async def health(self) -> list[Health]:
        """The newest answer of each remote, by name."""
        async with self.reading() as connection:
            rows = (await connection.execute(select(health).order_by(health.c.id))).mappings()
            newest = {row["remote"]: _health(dict(row)) for row in rows if whole(health, row)}
        return [newest[remote] for remote in sorted(newest)]

    async def health_history(self, remote: str, limit: int = 50) -> list[Health]:
        """The rows of equal answers, newest first."""
        query = select(health).where(health.c.remote == remote).order_by(health.c.id.desc()).limit(limit)
        async with self.reading() as connection:
            rows = (await connection.execute(query)).mappings()
            return [_health(dict(row)) for row in rows if whole(health, row)]

    async def forget_health(self, before: datetime) -> int:
        """Delete rows of answers that ended before this business instant; returns how many."""

        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(health.delete().where(health.c.last < before))).rowcount

        return await self.writing(work)

    async def give_back(self, owner: str) -> int:
        """Free the cases and accounts that a process still holds when it ends by itself; returns how many.

        Something may be under way on an account's seat: its next holder logs in first.
        """

        async def work(connection: AsyncConnection) -> int:
            held = update(cases).where(cases.c.owner == owner, cases.c.lease_until.isnot(None))
            freed = (await connection.execute(held.values(owner=None, lease_until=None))).rowcount
            seats = update(accounts).where(accounts.c.owner == owner, accounts.c.lease_until.isnot(None))
            left = {"owner": None, "lease_until": None, "last_owner": owner, "unclean": True}
            return freed + (await connection.execute(seats.values(**left))).rowcount

        return await self.writing(work)


def _health(row: dict[str, object]) -> Health:
    row.pop("id")
    return Health(**row)  # type: ignore[arg-type]

"""Shares of a run: which workers work on it, their counts, and its end with the last of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.record.columns import Instant
from workflow.record.schedule_tables import run_shares, runs
from workflow.schedules.run import Run
from workflow.sentence import Said
from workflow.store import related_rows
from workflow.store.rows import Row
from workflow.store.runs import failures_json, failures_of, of_try, own_share
from workflow.store.transactions import Transactions

PENDING = {"status": "pending", "owner": None, "lease_until": None, "sent_at": None}


class Shares(Transactions):
    """One try of a run has a share for each worker that works on it.

    A run whose lease ran out has no workers any more, so a worker that renews its share renews the run's lease too.
    """

    async def join(self, run: Run, *, owner: str, real: datetime, lease: timedelta) -> Run | None:
        """Join a run that is under way.

        Returns the share, or None where the run is over or this worker has or had a share.
        """

        async def work(connection: AsyncConnection) -> Run | None:
            if not await _keep(connection, run, real + lease):
                return None
            since = (await connection.execute(select(func.min(run_shares.c.begun_at)).where(_shares(run)))).scalar()
            new = related_rows.inserting(connection, run_shares).values(**own_share(run, owner, real, lease))
            made = new.on_conflict_do_nothing().returning(run_shares.c.run)
            if (await connection.execute(made)).first() is None:
                return None
            return replace(run, owner=owner, helps_since=since if isinstance(since, datetime) else real)

        async def held(connection: AsyncConnection, joined: Run | None) -> bool:
            # where none was joined, another try does no harm
            query = select(run_shares.c.run).where(_mine(joined or replace(run, owner=owner)))
            return joined is not None and (await connection.execute(query)).first() is not None

        return await self.writing(work, held)

    async def renew_run(self, run: Run, *, until: datetime) -> bool:
        """Renew the share and the run; returns whether the share is still this owner's."""

        async def work(connection: AsyncConnection) -> bool:
            renewed = update(run_shares).where(_mine(run)).values(lease_until=until)
            return await _keep(connection, run, until) and bool((await connection.execute(renewed)).rowcount)

        return await self.writing(work)

    async def note_counts(self, run: Run, counts: Mapping[str, int]) -> None:
        """Store the share's counts so far: they count whatever becomes of its owner."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(update(run_shares).where(_mine(run)).values(counts=dict(counts)))

        await self.writing(work)

    async def finish(
        self, run: Run, counts: Mapping[str, int], *, real: datetime, error: Said | None = None, through: bool = True
    ) -> bool:
        """End the share, and with the last share the run; False where it was lost meanwhile.

        run: with what broke off and what became of its targets. counts: of this share. through: nothing of its target
        is left, unless another share found something for another queue.
        """
        over = {"status": "finished", "error": error, "ended_at": real, "lease_until": None}
        return await self._end(run, counts, real, over, through=through)

    async def try_again(self, run: Run, queue: str, counts: Mapping[str, int], *, at: datetime, real: datetime) -> bool:
        """End the share after an error.

        The run may begin again at this business instant where no other share goes on.
        """
        return await self._end(run, counts, real, {**PENDING, "queue": queue, "again_at": at})

    async def pass_on(
        self, run: Run, queue: str, counts: Mapping[str, int], *, real: datetime, through: bool = False
    ) -> bool:
        """End the share; what is left of the run waits for a worker of this queue once no share is left.

        through: as in finish.
        """
        return await self._end(run, counts, real, {**PENDING, "queue": queue}, through=through)

    async def go_on(self, run: Run, queue: str, counts: Mapping[str, int], *, real: datetime) -> bool:
        """The rest of the target belongs to this queue, whatever the other shares find."""
        return await self._end(run, counts, real, {**PENDING, "queue": queue}, onward=queue)

    async def lose_dead(self, real: datetime) -> int:
        """Mark runs as lost that nobody renews; returns how many. Another try does what a shared one left."""
        dead = and_(runs.c.status == "running", runs.c.lease_until <= real)
        async with self.reading() as connection:
            if (await connection.execute(select(runs.c.id).where(dead).limit(1))).first() is None:
                return 0

        async def work(connection: AsyncConnection) -> int:
            query = select(runs.c.id, runs.c.tries, runs.c.counts).where(dead).with_for_update()
            lost = 0
            for run in (await connection.execute(query)).mappings().all():
                shares = await _end_shares(connection, run["id"])
                was_shared = any(share["ended_at"] is not None for share in shares)
                lost += not was_shared
                over = PENDING if was_shared else {"status": "lost", "ended_at": real, "lease_until": None}
                counts = _sum(run, *shares)
                await connection.execute(update(runs).where(runs.c.id == run["id"]).values(**over, counts=counts))
            return lost

        return await self.writing(work)

    async def _end(
        self,
        run: Run,
        counts: Mapping[str, int],
        real: datetime,
        over: Mapping[str, Any],
        *,
        onward: str | None = None,
        through: bool = False,
    ) -> bool:
        """End the share. over: what becomes of the run where no other share is left; False where the share was lost."""

        async def work(connection: AsyncConnection) -> bool:
            query = select(runs.c.counts, runs.c.failures).where(of_try(run)).with_for_update()
            row = (await connection.execute(query)).mappings().first()
            end = update(run_shares).where(_mine(run)).values(counts=dict(counts), ended_at=real, onward=onward)
            if row is None or not (await connection.execute(end)).rowcount:
                return False
            kept = failures_of(row["failures"])
            new: dict[str, Any] = {
                "failures": failures_json((*kept, *(one for one in run.failures if one not in kept)))
            }
            others = (await connection.execute(select(run_shares).where(_shares(run)))).mappings().all()
            if not any(_is_alive(share, real) for share in others):
                shares = await _end_shares(connection, run.id)
                elsewhere = next((share["onward"] for share in shares if share["onward"] is not None), None)
                if through and elsewhere is not None:
                    new |= {**PENDING, "queue": elsewhere}
                else:
                    new |= {**over, "parts": list(run.parts)}
                new["counts"] = _sum(row, *shares)
            await connection.execute(update(runs).where(runs.c.id == run.id).values(**new))
            return True

        return await self.writing(work)


async def _keep(connection: AsyncConnection, run: Run, until: datetime) -> bool:
    """Keep the run's lease at least until then; returns whether this try of it is under way."""
    longest = case((runs.c.lease_until > until, runs.c.lease_until), else_=literal(until, Instant()))
    return bool((await connection.execute(update(runs).where(of_try(run)).values(lease_until=longest))).rowcount)


async def _end_shares(connection: AsyncConnection, run: str) -> Sequence[Row]:
    """Delete the shares of a run, and return them."""
    gone = run_shares.delete().where(run_shares.c.run == run).returning(run_shares)
    return [dict(row) for row in (await connection.execute(gone)).mappings()]


def _sum(*rows: Row) -> dict[str, int]:
    """Add up counts, without those that somebody made unreadable."""
    total = Counter[str]()
    for row in rows:
        if isinstance(row["counts"], dict):
            total.update(row["counts"])
    return dict(total)


def _is_alive(share: Row, real: datetime) -> bool:
    until = share["lease_until"]
    return share["ended_at"] is None and isinstance(until, datetime) and until > real


def _shares(run: Run) -> ColumnElement[bool]:
    return and_(run_shares.c.run == run.id, run_shares.c.tries == run.tries)


def _mine(run: Run) -> ColumnElement[bool]:
    return and_(_shares(run), run_shares.c.owner == run.owner, run_shares.c.ended_at.is_(None))

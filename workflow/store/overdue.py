"""Doubts that nobody asks about, since nobody can work with the account: past their deadline they need no seat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, case, exists, false, not_, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.queues import DEFAULT_QUEUE
from workflow.record.tables import accounts, cases, effects
from workflow.record.values import OPEN, Stage
from workflow.store.seals import examine
from workflow.store.transactions import Transactions


class Overdue(Transactions):
    """Cases that wait for an account in vain, in a queue of seats. Times of doubts are business time."""

    async def free_overdue(
        self,
        flow: str,
        states: Mapping[str, str | None],
        *,
        queues: Sequence[str],
        now: datetime,
        real: datetime,
        deadline: timedelta,
        deaths: int,
        account: str | None = None,
    ) -> int:
        """Hands cases whose account nobody can use, or which get none, to the default queue, due now; how many.

        Those with an effect in doubt whose deadline is over (without one: begun so long ago), and those on which more
        workers died than that. states: each with the remote on whose accounts its cases work. queues: those in which
        the flow works on accounts. account: this one, which cannot be used though it is not marked so. Most of the time
        every account can be used, and no case is asked about.
        """
        unusable, unattended, unserved = list[str](), list[str](), list[str]()
        if account is not None:
            unusable = [account]
        else:
            async with self.reading() as connection:
                unusable, unattended = await _in_vain(connection)
                served = await _served(connection)
            unserved = [state for state, remote in states.items() if remote is not None and remote not in served]
        if not unusable and not unattended and not unserved:
            return 0
        over = or_(
            effects.c.deadline <= now, and_(effects.c.deadline.is_(None), effects.c.intended_at <= now - deadline)
        )
        asked = or_(effects.c.stage.is_(None), effects.c.stage != Stage.person)
        in_doubt = exists().where(effects.c.case == cases.c.id, effects.c.status.in_(list(OPEN)), asked, over)
        waits = and_(
            cases.c.flow == flow,
            cases.c.state.in_(list(states)),
            cases.c.queue.in_(list(queues)),
            cases.c.auto == true(),
            cases.c.held.is_(None),
            cases.c.final == false(),
            not_(cases.c.barred),
            or_(cases.c.lease_until.is_(None), cases.c.lease_until <= real),
            or_(in_doubt, cases.c.crash_count + case((cases.c.lease_until.isnot(None), 1), else_=0) > deaths),
            or_(
                cases.c.account.in_(unusable),
                and_(cases.c.account.in_(unattended), cases.c.deferred.isnot(None)),
                and_(cases.c.account.is_(None), cases.c.state.in_(unserved)),
            ),
        )
        async with self.reading() as connection:
            found = (await connection.execute(select(cases.c.id).where(waits))).scalars().all()
        if not found:
            return 0

        async def work(connection: AsyncConnection) -> int:
            these = await examine(connection, cases, cases.c.id.in_(found), waits)
            freed = update(cases).where(these, waits).values(queue=DEFAULT_QUEUE, deferred=None, due_at=now)
            return int((await connection.execute(freed)).rowcount)

        return await self.writing(work)


async def _in_vain(connection: AsyncConnection) -> tuple[list[str], list[str]]:
    """The accounts that nobody can use, and the others that nobody logs in any more once they are asked to.

    That is where the account has no case of its own, or that is held or barred, has ended, or is worked on by hand.
    """
    own = cases.alias("own")
    asleep = or_(own.c.id.is_(None), own.c.auto == false(), own.c.held.isnot(None), own.c.barred, own.c.final)
    wrong = or_(not_(accounts.c.usable), accounts.c.retired.isnot(None))
    query = select(accounts.c.id, wrong.label("wrong"))
    query = query.join_from(accounts, own, own.c.id == accounts.c.case, isouter=True).where(or_(wrong, asleep))
    found = (await connection.execute(query)).all()
    return [row.id for row in found if row.wrong], [row.id for row in found if not row.wrong]


async def _served(connection: AsyncConnection) -> set[str]:
    """The remotes of which some account can be used."""
    query = select(accounts.c.adapter).where(accounts.c.usable, accounts.c.retired.is_(None)).distinct()
    return set((await connection.execute(query)).scalars())

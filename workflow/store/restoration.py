"""After a restore: a new timeline, to which no old worker belongs, and the calls that the backup does not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.record.schedule_tables import clock
from workflow.record.tables import accounts, cases, effects
from workflow.record.values import Claim, Commit, Effect, EffectStatus, NewIncident
from workflow.store.commits import Commits, Written, locked, stands


class Restoration(Commits):
    """Makes a restored database safe to work with."""

    async def begin_timeline(self) -> int:
        """Free all leases, and number epochs anew, above every epoch that was given out before."""

        async def work(connection: AsyncConnection) -> int:
            begun = update(clock).values(timeline=clock.c.timeline + 1).returning(clock.c.timeline)
            timeline = int((await connection.execute(begun)).scalar_one())
            await connection.execute(
                update(cases).where(cases.c.owner.isnot(None)).values(owner=None, lease_until=None)
            )
            await connection.execute(
                update(accounts).values(owner=None, lease_until=None, unclean=True, last_owner=accounts.c.owner)
            )
            return timeline

        # done twice, it only skips a timeline
        return await self.writing(work)

    async def timeline(self) -> int:
        async with self.reading() as connection:
            return int((await connection.execute(select(clock.c.timeline))).scalar_one())

    async def tries(self, case: str, key: str) -> int | None:
        """How many tries of an effect are on record; None where there is none, or no such case."""
        query = select(effects.c.attempt).where(effects.c.case == case, effects.c.key == key)
        async with self.reading() as connection:
            known: int | None = (await connection.execute(query)).scalar()
            return known

    async def adopt(
        self, case: str, effect: Effect, trouble: NewIncident, *, now: datetime, real: datetime
    ) -> Claim | None:
        """Take a call from the journal that this database does not know: it is unknown, with an incident.

        Returns None where the try is known. Raises NotFound where the case is not.
        """

        async def work(connection: AsyncConnection) -> Written | None:
            row = await locked(connection, case)
            claim = await self.as_claim(connection, row, real=real)
            known = next((one for one in claim.effects if one.key == effect.key), None)
            if known is not None and (known.attempt >= effect.attempt or known.status is EffectStatus.done):
                return None
            counted = (
                effect
                if known is None
                else replace(effect, refusals=known.refusals, failures=known.failures, retried=known.retried)
            )
            commit = Commit(
                guard="epoch",
                effects=(replace(counted, status=EffectStatus.unknown),),
                new_incidents=(trouble,),
                due_at=now,
            )
            return await self.apply(connection, row, commit, claim, now=now, real=real)

        async def held(connection: AsyncConnection, written: Written | None) -> bool:
            return written is None or await stands(connection, written)

        written = await self.writing(work, held)
        return None if written is None else written.claim

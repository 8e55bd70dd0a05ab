"""Incidents as people see them, and their closing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.errors import Conflict, NotFound
from workflow.record.tables import cases, incidents
from workflow.record.values import Commit, Entry
from workflow.sentence import Sentence
from workflow.store.commits import Commits, Written, locked, stands
from workflow.store.rows import Row
from workflow.store.seals import examine
from workflow.store.values import Incident


class Incidents(Commits):
    """What a person must settle."""

    async def incidents(self, *, open_only: bool = True, case: str | None = None) -> list[Incident]:
        """The incidents, oldest first; those of one instant by case number."""
        query = select(incidents, cases.c.number, cases.c.flow).join_from(incidents, cases)
        if open_only:
            query = query.where(incidents.c.closed_at.is_(None))
        if case is not None:
            query = query.where(incidents.c.case == case)
        async with self.reading() as connection:
            rows = await connection.execute(query.order_by(incidents.c.opened_at, cases.c.number, incidents.c.id))
            return [_incident(row) for row in rows.mappings()]

    async def close_incident(
        self, id_: str, *, actor: str, reason: str, now: datetime, real: datetime, due: bool = True
    ) -> Incident:
        """Close an incident, on record. The case is due at once, unless is said otherwise.

        Raises NotFound or Conflict.
        """
        query = select(incidents, cases.c.number, cases.c.flow).join_from(incidents, cases).where(incidents.c.id == id_)

        async def work(connection: AsyncConnection) -> Written:
            found = (await connection.execute(query)).mappings().first()
            if found is None:
                raise NotFound("incident", id_)
            row = await locked(connection, found["case"])
            await examine(connection, incidents, incidents.c.id == id_)
            closing = update(incidents).where(incidents.c.id == id_, incidents.c.closed_at.is_(None))
            closed = closing.values(closed_at=now, closed_by=actor, close_reason=reason).returning(incidents.c.id)
            if (await connection.execute(closed)).first() is None:
                raise Conflict(
                    found["number"], Sentence("incident_closed_already", "incident {id} is closed already", id=id_)
                )
            body = {"incident": id_, "kind": found["kind"]}
            commit = Commit(
                guard="epoch",
                entries=(Entry("incident_closed", body, actor, reason),),
                due_at=now if due else None,
            )
            claim = await self.as_claim(connection, row, real=real)
            return await self.apply(connection, row, commit, claim, now=now, real=real, rebar=True)

        await self.writing(work, stands)
        async with self.reading() as connection:
            return _incident((await connection.execute(query)).mappings().one())


def _incident(row: Row) -> Incident:
    names = (
        "id", "case", "number", "flow", "kind", "cause", "seen", "bars",
        "opened_at", "closed_at", "closed_by", "close_reason",
    )  # fmt: skip
    values: dict[str, Any] = {name: row[name] for name in names}
    return Incident(**values, effect=row["effect"] or None)

"""How far a job has come that does its work in parts, so that whoever continues begins there."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.record.tables import installation
from workflow.store.related_rows import inserting
from workflow.store.transactions import Transactions


class Bookmarks(Transactions):
    """A text by name; none where the job is through and begins anew."""

    async def bookmark(self, name: str) -> str | None:
        async with self.reading() as connection:
            found: str | None = (
                await connection.execute(select(installation.c.value).where(installation.c.name == name))
            ).scalar()
            return found

    async def put_bookmark(self, name: str, value: str | None) -> None:
        async def work(connection: AsyncConnection) -> None:
            await connection.execute(delete(installation).where(installation.c.name == name))
            if value is not None:
                row = inserting(connection, installation).values(name=name, value=value)
                await connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

        await self.writing(work)

"""What audits keep: the newest anchor, which cases were in order, what a person acknowledged; and the first seals."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Collection, Sequence
from pathlib import Path

import structlog
from sqlalchemy import select, tuple_, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.record.anchors import NONE, Newest, read_anchors
from workflow.record.columns import json_text
from workflow.record.places import CASE, OF_TABLE, noun_of
from workflow.record.seals import BESIDE, TABLES, count_of
from workflow.record.tables import cases, installation
from workflow.record.watch import PLACES
from workflow.store.pages import Looked
from workflow.store.related_rows import inserting
from workflow.store.seals import Key, examine, seal_all, touched
from workflow.store.transactions import Transactions

log = structlog.get_logger()

UNSEALED = "unsealed"
"""Stands in the table of the installation while rows that are older than seals have none."""
ANCHOR = "anchor"
_NEWEST = select(installation.c.value).where(installation.c.name == ANCHOR)
_OLD = select(installation.c.value).where(installation.c.name == UNSEALED)


class Audited(Transactions):
    """Stores what comes of an audit. RecordPages reads the rows."""

    async def newest_anchor(self) -> Newest | None:
        """The newest line of the anchor file that this database knows; number 0 where its row was changed by hand."""
        async with self.reading() as connection:
            return self._anchor_of((await connection.execute(_NEWEST)).scalar())

    async def note_anchor(self, newest: Newest, *, over: bool = False) -> None:
        """Store the newest line. over: also a lower number, on a person's word."""
        await self.writing(lambda connection: self._note(connection, newest, over))

    async def note_audited(self, newest: Newest | None, held: Sequence[Looked], broken: Collection[str]) -> None:
        """Store the newest line, which cases were in order as they were looked at, and which were not.

        The next audit of the changed part skips cases that are in order, unless they wait, were written since, or are
        being written now.
        """

        async def work(connection: AsyncConnection) -> None:
            if newest is not None:
                await self._note(connection, newest, False)
            for waits in (False, True):
                if not (some := [one for one in held if one.waits == waits]):
                    continue
                same = tuple_(cases.c.id, cases.c.seal).in_([(one.case, one.seal) for one in some])
                free = select(cases.c.id).where(cases.c.id.in_([one.case for one in some]), same).order_by(cases.c.id)
                ids = await connection.execute(free.with_for_update(skip_locked=True, key_share=True))
                named = cases.c.id.in_(list(ids.scalars()))
                await connection.execute(update(cases).where(named).values(unaudited=waits, anchored=cases.c.seq))
            if broken:
                await connection.execute(update(cases).where(cases.c.id.in_(broken)).values(unaudited=True))

        await self.writing(work)

    async def _note(self, connection: AsyncConnection, newest: Newest, over: bool) -> None:
        known = self._anchor_of((await connection.execute(_NEWEST.with_for_update())).scalar())
        if known is not None and known.number >= newest.number and not over:
            return  # another process has stored a later one meanwhile
        value = json_text({**newest._asdict(), "seal": self._anchor_seal(newest)})
        row = inserting(connection, installation).values(name=ANCHOR, value=value)
        await connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    async def take_as_it_is(self, case: str, places: Collection[str]) -> None:
        """Seal these rows of a case as they stand, on a person's word. places: as findings name them.

        Rows that were changed again since the person looked are left out. A case that is gone has none.
        """

        async def work(connection: AsyncConnection) -> None:
            await examine(connection, cases, cases.c.id == case)
            for table in BESIDE:
                await examine(connection, table, table.c.case == case)
            altered = touched(connection).altered
            altered -= {(name, key) for name, key in altered if _place(name, key) in places}
            # a count is made anew only where a person saw that its rows, or the row with the count, are changed
            nouns = {place.partition(" ")[0] for place in places}
            touched(connection).lost[case] = {
                count_of(table)
                for table in BESIDE
                if nouns & {CASE, noun_of(table.name), PLACES[count_of(table)].partition(" ")[0]}
            }

        await self.writing(work)

    def _anchor_of(self, value: str | None) -> Newest | None:
        if value is None:
            return None
        try:
            found = json.loads(value)
            newest = Newest(found["number"], found["signature"], found.get("start"))
            return newest if hmac.compare_digest(self._anchor_seal(newest), found["seal"]) else NONE
        except (ValueError, TypeError, LookupError, AttributeError):
            return NONE

    def _anchor_seal(self, newest: Newest) -> str:
        start = () if newest.start is None else (str(newest.start),)
        return self.vault.fingerprint("anchor", str(newest.number), newest.signature, *start)

    async def seal_old(self, anchors: Path) -> int:
        """Seal a record that is older than seals, once; returns how many cases.

        A case with any seal, or with a numbered anchor, was sealed before: it stays as it is, and the audit tells.
        """
        async with self.reading() as connection:
            if (await connection.execute(_OLD)).scalar() is None:
                return 0
        known = await asyncio.to_thread(read_anchors, anchors, self.vault.chain)

        async def work(connection: AsyncConnection) -> int:
            if (await connection.execute(_OLD)).scalar() is None:
                return 0
            await connection.execute(installation.delete().where(installation.c.name == UNSEALED))
            sealed = union_all(*(select(table.c.seal).where(table.c.seal.isnot(None)) for table in TABLES)).limit(1)
            if known.numbered or (await connection.execute(sealed)).first() is not None:
                log.error("record.unsealed", why="its rows were sealed before, and somebody took seals away")
                return 0
            return await seal_all(connection)

        return await self.writing(work)


def _place(table: str, key: Key) -> str:
    """A row as findings name it."""
    return CASE if table == cases.name else OF_TABLE[table](key[-1])

"""Reads the whole record as it lies there, in pages that fit: what the watchman looks at."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import and_, exists, func, literal, select, text, tuple_, type_coerce, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from workflow.record.anchors import NONE, Newest, read_anchors
from workflow.record.columns import json_text
from workflow.record.events import Head
from workflow.record.seals import BESIDE, TABLES, Row, count_of
from workflow.record.tables import cases, events, installation, metadata, numbers
from workflow.record.watch import NOUNS, PLACES, Chain, Finding, content_of, of_case
from workflow.store.parts import inserting
from workflow.store.seals import Key, examine, seal_all, stored, touched
from workflow.store.transactions import Transactions

log = structlog.get_logger()

PAGE = 200
EVENTS = 2_000
"""How many events are read at once; a case may have more."""
UNSEALED = "unsealed"
"""Stands in the installation while rows of before seals have none."""
ANCHOR = "anchor"
_NEWEST = select(installation.c.value).where(installation.c.name == ANCHOR)
_OLD = select(installation.c.value).where(installation.c.name == UNSEALED)


_TRIGGERS = {
    "sqlite": text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"),
    "postgresql": text(
        "SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace ORDER BY t.tgname, c.relname"
    ),
}
"""Triggers on our tables; none is of ours."""
_BEFORE = datetime.min.replace(tzinfo=UTC)


class RecordPages(Transactions):
    """The record held against itself. Nothing here takes a lock or reads a row through the types of its columns."""

    async def findings(
        self, now: datetime, anchored: Mapping[str, Head] | None = None, *, real: datetime | None = None
    ) -> AsyncIterator[list[Finding]]:
        """What does not hold, a list a page of cases, by id; then what belongs to no case.

        now: business time. real: without it no lease is called too long.
        """
        left = dict(anchored or {})
        after: str | None = None
        while True:
            async with self._snapshot() as connection:
                rows = await self._cases(connection, after)
                found = (
                    await self._of_page(connection, rows, left, now, real) if rows else await self._of_none(connection)
                )
            if not rows:
                gone = [Finding("I4", case, case, "case", "it was anchored and is gone") for case in left]
                yield sorted(found + gone, key=lambda one: (one.number, one.place))
                return
            yield found
            after = rows[-1]["id"]

    async def verify(self, now: datetime = _BEFORE) -> Finding | None:
        """The first thing that does not hold, anchors left aside, or None. now: without it nothing is overdue."""
        async for page in self.findings(now):
            for found in page:
                return found
        return None

    async def heads(self) -> dict[str, Head]:
        """Where every case's chain ends: what an anchor signs. A row that cannot be read has none."""
        async with self._snapshot() as connection:
            columns: list[Any] = [type_coerce(cases.c[name], NullType()) for name in ("id", "seq", "head")]
            query = select(*columns)
            rows = (await connection.execute(query)).all()
        return {case: (seq, bytes.fromhex(head)) for case, seq, head in rows if _is_head(seq, head)}

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[AsyncConnection]:
        """One state of the database. Text that is no UTF-8 is read all the same."""
        async with self.reading() as connection:
            if self.sqlite:
                raw = (await connection.get_raw_connection()).driver_connection
                assert raw is not None
                raw.text_factory = _text
                try:
                    yield connection
                finally:
                    raw.text_factory = str
            else:
                await connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield connection

    async def _cases(self, connection: AsyncConnection, after: str | None) -> list[Row]:
        query = stored(cases).order_by(cases.c.id).limit(PAGE)
        if after is not None:
            query = query.where(cases.c.id > literal(after, NullType()))
        return list((await connection.execute(query)).mappings())

    async def _of_page(
        self,
        connection: AsyncConnection,
        rows: list[Row],
        anchored: dict[str, Head],
        now: datetime,
        real: datetime | None,
    ) -> list[Finding]:
        ring = self.vault.chain
        chains = {row["id"]: Chain(row["id"], str(row["number"]), ring, anchored.pop(row["id"], None)) for row in rows}
        await self._chain(connection, chains)
        beside: dict[str, dict[str, list[Row]]] = {}
        for table in BESIDE:
            query = stored(table).where(table.c.case.in_(list(chains))).order_by(*table.primary_key)
            for one in (await connection.execute(query)).mappings():
                beside.setdefault(one["case"], {}).setdefault(table.name, []).append(one)
        found: list[Finding] = []
        for row in rows:
            chains[row["id"]].end(row)
            found += of_case(row, chains[row["id"]], beside.get(row["id"], {}), now, real)
        return found

    async def _chain(self, connection: AsyncConnection, chains: Mapping[str, Chain]) -> None:
        place = tuple_(events.c.case, events.c.seq)
        after: tuple[Any, Any] | None = None
        while True:
            query = stored(events).where(events.c.case.in_(list(chains))).order_by(events.c.case, events.c.seq)
            if after is not None:
                query = query.where(place > tuple_(*(literal(part, NullType()) for part in after)))
            page = (await connection.execute(query.limit(EVENTS))).all()
            for values in page:
                chains[values[0]].take(values)
            if len(page) < EVENTS:
                return
            after = (page[-1][0], page[-1][1])

    async def _of_none(self, connection: AsyncConnection) -> list[Finding]:
        """Rows of no case, and cases that were numbered and are not there."""
        found = []
        for table, noun in ((events, "event"), *NOUNS.items()):
            homeless = and_(table.c.case.isnot(None), ~exists().where(cases.c.id == table.c.case))
            for row in (await connection.execute(stored(table).where(homeless).limit(100))).mappings():
                place = f"{noun} {row['seq'] if table is events else row['key' if 'key' in row else 'id']}"
                found.append(
                    Finding("I4", str(row["case"]), str(row["case"]), place, "there is no such case", content_of(row))
                )
        last = await connection.execute(select(numbers.c.prefix, type_coerce(numbers.c.last, NullType())))
        for prefix, given in last.all():
            own = cases.c.number.startswith(f"{prefix}-", autoescape=True)
            stand = (await connection.execute(select(func.count()).where(own))).scalar_one()
            if stand != given:
                found.append(
                    Finding("I4", "", f"{prefix}-*", "numbers", f"{given} were given out, {stand} cases are there")
                )
        for name, table, body in await connection.execute(_TRIGGERS[connection.dialect.name]):
            if table in metadata.tables:  # others may have tables beside ours
                what = f"another hand put it on {table}"
                found.append(Finding("I4", "", "schema", f"trigger {name}", what, content_of(body)))
        return found

    async def newest_anchor(self) -> Newest | None:
        """The newest line of the anchors' file that this database knows. One that another hand wrote is number 0."""
        async with self.reading() as connection:
            return self._anchor_of((await connection.execute(_NEWEST)).scalar())

    async def note_anchor(self, newest: Newest, *, over: bool = False) -> None:
        """Remembers the newest line. over: also a lower number, on a person's word."""

        async def work(connection: AsyncConnection) -> None:
            known = self._anchor_of((await connection.execute(_NEWEST.with_for_update())).scalar())
            if known is not None and known.number >= newest.number and not over:
                return  # another process wrote a later one meanwhile
            value = json_text({**newest._asdict(), "seal": self._anchor_seal(newest)})
            row = inserting(connection, installation).values(name=ANCHOR, value=value)
            await connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

        await self.writing(work)

    async def take_as_it_is(self, case: str, places: Collection[str]) -> None:
        """Seals these rows of a case as they stand, on a person's word; the places are those of findings.

        A row that another hand changed since is none of them. A case that is gone has none.
        """

        async def work(connection: AsyncConnection) -> None:
            await examine(connection, cases, cases.c.id == case)
            for table in BESIDE:
                await examine(connection, table, table.c.case == case)
            altered = touched(connection).altered
            altered -= {(name, key) for name, key in altered if _place(name, key) in places}
            # a count is made anew only where a person has seen that its rows, or the row that counts, are changed
            nouns = {place.partition(" ")[0] for place in places}
            touched(connection).lost[case] = {
                count_of(table)
                for table in BESIDE
                if nouns & {"case", NOUNS[table], PLACES[count_of(table)].partition(" ")[0]}
            }

        await self.writing(work)

    def _anchor_of(self, value: str | None) -> Newest | None:
        if value is None:
            return None
        try:
            found = json.loads(value)
            newest = Newest(found["number"], found["signature"])
            return newest if hmac.compare_digest(self._anchor_seal(newest), found["seal"]) else NONE
        except (ValueError, TypeError, LookupError, AttributeError):
            return NONE

    def _anchor_seal(self, newest: Newest) -> str:
        return self.vault.fingerprint("anchor", str(newest.number), newest.signature)

    async def seal_old(self, anchors: Path) -> int:
        """Seals a record of before seals, once; how many cases.

        One with any seal, or with a numbered anchor, was sealed before: it is left as it is, and the audit tells.
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
    return "case" if table == cases.name else f"{NOUNS[metadata.tables[table]]} {key[-1]}"


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _is_head(seq: Any, head: Any) -> bool:
    try:
        return type(seq) is int and len(bytes.fromhex(head)) > 0
    except (ValueError, TypeError):
        return False

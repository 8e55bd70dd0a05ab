"""Reads the whole record in pages that fit into memory, for the checks of watch.py."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import and_, exists, func, literal, select, text, true, tuple_, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from workflow.record import places
from workflow.record.anchored_heads import AnchoredHeads
from workflow.record.configuration import configuration, head_of, wrong_rows
from workflow.record.events import Head
from workflow.record.seals import BESIDE, Row
from workflow.record.tables import cases, effects, events, incidents, metadata, numbers, width
from workflow.record.values import OPEN
from workflow.record.watch import KINDS, Chain, Finding, content_of, of_case
from workflow.sentence import Sentence
from workflow.store.related_rows import case_number
from workflow.store.seals import stored
from workflow.store.transactions import Transactions

PAGE = 200
NOTHING: Mapping[int, bytes] = MappingProxyType({})
EVENTS = 2_000
"""This many events are read at once; a case may have more."""
DIGITS = 10
"""No number of a case has more digits."""


_TRIGGERS = {
    "sqlite": text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"),
    "postgresql": text(
        "SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace ORDER BY t.tgname, c.relname"
    ),
}
"""Triggers on our tables. None of them is ours."""
_BEFORE = datetime.min.replace(tzinfo=UTC)
_KINDS = frozenset(KINDS.values())


@dataclass(frozen=True)
class Looked:
    """A case as an audit found it."""

    case: str
    seq: int
    head: str
    seal: Any
    changed: bool
    """Whether any row of the case was written since it was last in order."""
    anchored: bool
    """Whether an anchor holds this head, as far as this audit knows."""
    told: frozenset[str]
    """The kinds of the audit's open incidents."""
    waits: bool
    """Whether a call is under way, so that a finding may come with time alone."""
    findings: tuple[Finding, ...]

    @property
    def signed(self) -> Head | None:
        """What an anchor signs of the case; None where the row cannot be read."""
        try:
            return (self.seq, bytes.fromhex(self.head)) if type(self.seq) is int and self.head else None
        except (ValueError, TypeError):
            return None


class RecordPages(Transactions):
    """Checks the record against itself. It takes no lock, and does not read rows through the types of their columns."""

    async def looked_at(
        self,
        now: datetime,
        heads: AnchoredHeads | None = None,
        *,
        real: datetime | None = None,
        changed: bool = False,
        among: Collection[str] | None = None,
    ) -> AsyncIterator[list[Looked]]:
        """Each case with its findings, a page at a time, by id.

        now: business time. heads: the heads that anchors signed; without it they are not compared. real: without it no
        lease is found too long. changed: only cases that were written since they were last in order. among: only these
        cases.
        """
        after: str | None = None
        while True:
            async with self._snapshot() as connection:
                rows = await self._cases(connection, after, changed, among)
                page = await self._of_page(connection, rows, heads, now, real) if rows else []
            if not page:
                return
            yield page
            after = rows[-1]["id"]

    async def of_no_case(self, *, changed: bool = False) -> list[Finding]:
        """Findings that belong to no case: rows without one, numbers without one, triggers.

        changed: rows without a case are not looked for, and numbers only where the newest one is not that of the newest
        case.
        """
        async with self._snapshot() as connection:
            found = [] if changed else await self._homeless(connection)
            found += await self._numbers(connection, changed)
            for name, table, body in await connection.execute(_TRIGGERS[connection.dialect.name]):
                if table in metadata.tables:  # others may keep tables beside ours
                    what = Sentence("another_hand_put_on", "another hand put it on {table}", table=table)
                    found.append(Finding("I4", "", "schema", places.trigger(name), what, content_of(body)))
        return found

    async def verify(self, now: datetime = _BEFORE) -> Finding | None:
        """The first finding, anchors left aside, or None. now: without it nothing is overdue."""
        async for page in self.looked_at(now):
            for one in page:
                if one.findings:
                    return one.findings[0]
        return next(iter(await self.of_no_case()), None)

    async def wrong_changes(self, anchored: Mapping[int, bytes] = NOTHING) -> list[Finding]:
        """Findings about changes of settings and calendars. anchored: every head of theirs that an anchor signed."""
        async with self._snapshot() as connection:
            return list(wrong_rows(await self._changes(connection), self.vault.chain, anchored))

    async def changes_head(self) -> Head:
        """What an anchor signs of the changes of settings and calendars."""
        async with self._snapshot() as connection:
            return head_of(await self._changes(connection))

    async def _changes(self, connection: AsyncConnection) -> list[Row]:
        query = stored(configuration).order_by(configuration.c.number)
        return list((await connection.execute(query)).mappings())

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one state of the database. Text that is no UTF-8 is read all the same."""
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

    async def _cases(
        self, connection: AsyncConnection, after: str | None, changed: bool, among: Collection[str] | None
    ) -> list[Row]:
        query = stored(cases).order_by(cases.c.id).limit(PAGE)
        if changed:
            query = query.where(cases.c.unaudited == true())
        if among is not None:
            query = query.where(cases.c.id.in_(among))
        if after is not None:
            query = query.where(cases.c.id > literal(after, NullType()))
        return list((await connection.execute(query)).mappings())

    async def _of_page(
        self,
        connection: AsyncConnection,
        rows: list[Row],
        heads: AnchoredHeads | None,
        now: datetime,
        real: datetime | None,
    ) -> list[Looked]:
        ring, ids = self.vault.chain, [row["id"] for row in rows]
        signed = {} if heads is None else heads.take(ids)
        newest = {case: max(hashes) for case, hashes in signed.items()}
        chains = {row["id"]: Chain(row["id"], str(row["number"]), ring, signed.get(row["id"], {})) for row in rows}
        await self._chain(connection, chains)
        beside: dict[str, dict[str, list[Row]]] = {}
        for table in BESIDE:
            query = stored(table).where(table.c.case.in_(ids)).order_by(*table.primary_key)
            for one in (await connection.execute(query)).mappings():
                beside.setdefault(one["case"], {}).setdefault(table.name, []).append(one)
        page = []
        for row in rows:
            own = beside.get(row["id"], {})
            chains[row["id"]].end(row)
            told = {one["kind"] for one in own.get(incidents.name, ()) if one["closed_at"] is None}
            page.append(
                Looked(
                    case=row["id"],
                    seq=row["seq"],
                    head=row["head"],
                    seal=row["seal"],
                    changed=bool(row["unaudited"]),
                    anchored=row["seq"] == (row["anchored"] if heads is None else newest.get(row["id"])),
                    told=_KINDS & told,
                    waits=not row["final"] and any(one["status"] in OPEN for one in own.get(effects.name, ())),
                    findings=tuple(of_case(row, chains[row["id"]], own, now, real)),
                )
            )
        return page

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

    async def _homeless(self, connection: AsyncConnection) -> list[Finding]:
        """Rows that belong to no case."""
        found = []
        for table in (events, *BESIDE):
            homeless = and_(table.c.case.isnot(None), ~exists().where(cases.c.id == table.c.case))
            for row in (await connection.execute(stored(table).where(homeless).limit(100))).mappings():
                name = row["seq"] if table is events else row["key" if "key" in row else "id"]
                place, what = places.OF_TABLE[table.name](name), Sentence("there_no_such_case", "there is no such case")
                found.append(Finding("I4", str(row["case"]), str(row["case"]), place, what, content_of(row)))
        return found

    async def _numbers(self, connection: AsyncConnection, changed: bool) -> list[Finding]:
        """Numbers whose case is missing. changed: all are counted only where the newest number is not the end."""
        found = []
        last = await connection.execute(select(numbers.c.prefix, type_coerce(numbers.c.last, NullType())))
        for prefix, given in last.all():
            if changed and await self._ends_at(connection, prefix, given):
                continue
            own = cases.c.number.startswith(f"{prefix}-", autoescape=True)
            stand = (await connection.execute(select(func.count()).where(own))).scalar_one()
            if stand != given:
                found.append(
                    Finding(
                        "I4",
                        "",
                        f"{prefix}-*",
                        places.NUMBERS,
                        Sentence(
                            "were_given_out_cases",
                            "{given} were given out, {there} cases are there",
                            given=given,
                            there=stand,
                        ),
                    )
                )
        return found

    async def _ends_at(self, connection: AsyncConnection, prefix: str, given: Any) -> bool:
        """Whether the newest number of the prefix has its case, and no case has a later one."""
        if type(given) is not int or given < 1:
            return False
        newest = case_number(prefix, given)
        later = [and_(width == len(newest), cases.c.number > newest, cases.c.number <= _highest(prefix, len(newest)))]
        for wider in range(len(newest) + 1, len(prefix) + DIGITS + 2):
            lowest = f"{prefix}-{'0' * (wider - len(prefix) - 1)}"
            later.append(and_(width == wider, cases.c.number.between(lowest, _highest(prefix, wider))))
        asked = select(exists().where(cases.c.number == newest), *(exists().where(one) for one in later))
        there, *beyond = (await connection.execute(asked)).one()
        return bool(there) and not any(beyond)


def _highest(prefix: str, wide: int) -> str:
    return f"{prefix}-{'9' * (wide - len(prefix) - 1)}"


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")

"""What people and schedules read from the store: cases, their record, what is due, what is under way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_, select, true, union_all

from workflow.errors import NotFound
from workflow.record.columns import Unreadable
from workflow.record.events import Event
from workflow.record.tables import accounts, cases, checks, claimable, events, live, width
from workflow.record.values import Check, Claim
from workflow.store import related_rows
from workflow.store.accounts import works_with
from workflow.store.commits import Commits
from workflow.store.rows import Row, check_of, claim_of, stands
from workflow.store.values import CaseRow, Filters

ANY = Filters()
MANY = 500
"""At most this many values stand in one query."""
DIGEST = 64
"""Characters of a row's digest."""


class Queries(Commits):
    """Reads; nothing here takes a lock."""

    async def case(self, case: str, *, real: datetime | None = None) -> CaseRow:
        """A case by id or number. With real given, its owner is named only while the lease lives."""
        query = select(cases).where(or_(cases.c.id == case, cases.c.number == case))
        async with self.reading() as connection:
            row = (await connection.execute(query)).mappings().first()
            if row is None:
                raise NotFound("case", case)
            beside = (await related_rows.beside(connection, [row]))[row["id"]]
            return _case_row(row, claim_of(row, beside, real=real, shown=True))

    async def cases(
        self,
        filters: Filters = ANY,
        *,
        after: str | None = None,
        limit: int = 50,
    ) -> list[CaseRow]:
        """A page of cases by number; after: the last number of the page before."""
        query = select(cases).where(*_conditions(filters)).order_by(width, cases.c.number)
        pages = [query]
        if after is not None:
            # two stretches of the index; one condition with "or" would walk over all rows before them
            same = select(cases).where(*_conditions(filters), width == len(after), cases.c.number > after)
            pages = [same.order_by(cases.c.number), query.where(width > len(after))]
        rows: list[Row] = []
        async with self.reading() as connection:
            for page in pages:
                if len(rows) < limit:
                    rows += (await connection.execute(page.limit(limit - len(rows)))).mappings().all()
            found = await related_rows.beside(connection, rows)
        return [_case_row(row, claim_of(row, found[row["id"]], shown=True)) for row in rows]

    async def opened_by(self, flow: str, origins: Sequence[str]) -> dict[str, tuple[str, CaseRow]]:
        """By the digest of a row, the newest case that it opened, with its origin: behind a # stands a later one's."""
        found: dict[str, tuple[str, CaseRow]] = {}
        for start in range(0, len(origins), MANY):
            first = func.substr(cases.c.origin, 1, DIGEST)
            of_rows = cases.c.flow == flow, first.in_(origins[start : start + MANY])
            found |= {row["origin"][:DIGEST]: (row["origin"], one) for row, one in await self._found(*of_rows)}
        return found

    async def opened_as(self, flow: str, number: str) -> CaseRow | None:
        """The case of this number, if it is one of this flow."""
        found = await self._found(cases.c.flow == flow, cases.c.number == number)
        return found[0][1] if found else None

    async def ended_about(self, flow: str, subject: str) -> CaseRow | None:
        """The newest case about this subject that is over."""
        found = await self._found(cases.c.flow == flow, cases.c.subject == subject, cases.c.final == true())
        return found[-1][1] if found else None

    async def older(self, flow: str, version: int) -> list[CaseRow]:
        """The live cases of a flow that were not raised to this version yet."""
        return [one for _, one in await self._found(cases.c.flow == flow, live, cases.c.flow_version < version)]

    async def opened_before(self, flow: str, version: int) -> list[tuple[str, Event]]:
        """The first event of each case that rows opened under an older version, live or over, with its origin.

        What was erased has none that says anything, and is left out.
        """
        first = select(cases.c.origin.label("opened_from"), events).join(events, events.c.case == cases.c.id)
        before = events.c.seq == 1, events.c.flow_version < version, events.c.payload.isnot(None)
        query = first.where(cases.c.flow == flow, cases.c.origin.isnot(None), *before).order_by(width, cases.c.number)
        async with self.reading() as connection:
            rows = [dict(row) for row in (await connection.execute(query)).mappings()]
        return [(row.pop("opened_from"), Event(**row)) for row in rows]

    async def _found(self, *conditions: ColumnElement[bool]) -> list[tuple[Row, CaseRow]]:
        query = select(cases).where(*conditions).order_by(width, cases.c.number)
        async with self.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
            beside = await related_rows.beside(connection, rows)
        return [(row, _case_row(row, claim_of(row, beside[row["id"]], shown=True))) for row in rows]

    async def events(self, case: str) -> list[Event]:
        """The events of a case, by its id, oldest first."""
        query = select(events).where(events.c.case == case).order_by(events.c.seq)
        async with self.reading() as connection:
            return [Event(**row) for row in (await connection.execute(query)).mappings()]

    async def checks(self, case: str) -> list[Check]:
        """The runs of equal waits, oldest first; the last one is still open."""
        names = ("digest", "first", "last", "count", "body")
        query = select(checks).where(checks.c.case == case).order_by(checks.c.id)
        async with self.reading() as connection:
            closed = [Check(*(row[name] for name in names)) for row in (await connection.execute(query)).mappings()]
            row = (await connection.execute(select(cases).where(cases.c.id == case))).mappings().one()
        last = check_of(row)
        return [*closed, last] if last else closed

    async def counts(self) -> dict[tuple[str, str], int]:
        """How many cases are in each (flow, state)."""
        query = select(cases.c.flow, cases.c.state, func.count()).group_by(cases.c.flow, cases.c.state)
        async with self.reading() as connection:
            return {(flow, state): count for flow, state, count in await connection.execute(query)}

    async def due(
        self, flow: str, states: Collection[str], *, queues: Sequence[str], cutoff: datetime, real: datetime
    ) -> set[tuple[str, str]]:
        """The (state, queue) pairs of these in which a case could be claimed now, so that a sweep is worthwhile.

        Each pair is one place of the index, however many cases are due or wait there.
        """
        free = or_(cases.c.lease_until.is_(None), cases.c.lease_until <= real)
        of_flow = claimable, free, cases.c.flow == flow, cases.c.due_at <= cutoff
        asked = [
            select(literal(state).label("state"), literal(queue)).where(
                exists().where(*of_flow, cases.c.state == state, cases.c.queue == queue)
            )
            for state in states
            for queue in queues
        ]
        if not asked:
            return set()
        async with self.reading() as connection:
            return {(row[0], row[1]) for row in await connection.execute(union_all(*asked))}

    async def is_more_due(
        self, flow: str, states: Sequence[str], queue: str, *, cutoff: datetime, real: datetime, than: int
    ) -> bool:
        """Whether more than this many cases could be claimed now in these states."""
        free = or_(cases.c.lease_until.is_(None), cases.c.lease_until <= real)
        due = cases.c.flow == flow, cases.c.state.in_(list(states)), cases.c.queue == queue, cases.c.due_at <= cutoff
        async with self.reading() as connection:
            one_more = select(cases.c.id).where(claimable, free, *due).offset(than).limit(1)
            return (await connection.execute(one_more)).first() is not None

    async def next_due(self, *, real: datetime) -> datetime | None:
        """The earliest business instant at which a case that can be claimed is due."""
        free = or_(cases.c.lease_until.is_(None), cases.c.lease_until <= real)
        async with self.reading() as connection:
            found = await connection.execute(select(func.min(cases.c.due_at)).where(claimable, free))
            earliest: datetime | None = found.scalar()
            return earliest

    async def anything_leased(self, real: datetime) -> bool:
        """Whether any case or account is leased."""
        async with self.reading() as connection:
            for table in (cases, accounts):
                query = select(table.c.id).where(table.c.lease_until > real).limit(1)
                if (await connection.execute(query)).first() is not None:
                    return True
        return False

    async def live_states(self) -> dict[tuple[str, str], int]:
        """How many live cases are in each (flow, state); today's tables should know them all."""
        where = cases.c.flow, cases.c.state
        async with self.reading() as connection:
            rows = await connection.execute(select(*where, func.count()).where(live).group_by(*where))
            return {(flow, state): count for flow, state, count in rows}

    async def outermost(self, flows: Collection[str]) -> list[Claim]:
        """Of each version of these flows, the first and the last live case by number; a row that is spoilt is none."""
        c, found = cases.c, dict[str, Row]()
        of_flows = select(c.flow, c.flow_version).where(live, c.flow.in_(flows)).distinct()
        async with self.reading() as connection:
            for flow, version in (await connection.execute(of_flows)).all():
                if not isinstance(version, int):
                    continue
                same = select(cases).where(live, c.flow == flow, c.flow_version == version)
                for order in ((width, c.number), (width.desc(), c.number.desc())):
                    found |= {
                        row["id"]: row for row in (await connection.execute(same.order_by(*order).limit(1))).mappings()
                    }
            beside = await related_rows.beside(connection, list(found.values()))
        claims = list[Claim]()
        for case, row in found.items():
            try:
                claims.append(claim_of(row, beside[case]))
            except ValueError:
                continue  # what is wrong with the row is told where it is looked at
        return claims

    async def due_in_newer(self, versions: Mapping[str, int], *, now: datetime) -> dict[tuple[str, str, int], int]:
        """How many due cases of these flows are of a newer version than these, by (flow, state, version)."""
        c = cases.c
        newer = or_(false(), *(and_(c.flow == flow, c.flow_version > version) for flow, version in versions.items()))
        where = c.flow, c.state, c.flow_version
        query = select(*where, func.count()).where(claimable, c.due_at <= now, newer).group_by(*where)
        async with self.reading() as connection:
            return {(flow, state, version): n for flow, state, version, n in await connection.execute(query)}

    async def live_decisions(self) -> set[tuple[str, str]]:
        """The (flow, action) pairs of open decisions; today's tables must be able to carry them out."""
        query = select(cases.c.flow, cases.c.decision).where(live, cases.c.decision.isnot(None))
        async with self.reading() as connection:
            rows = (await connection.execute(query)).all()
        readable = [(flow, decision) for flow, decision in rows if stands("decision", decision)]
        return {(flow, item["action"]) for flow, decision in readable for item in decision["planned"]}


def _case_row(row: Row, claim: Claim) -> CaseRow:
    values = {name: row[name] for name in ("due_at", "deferred", "barred", "final", "subject")}
    if isinstance(values["due_at"], Unreadable):
        values["due_at"] = None
    return CaseRow(claim, **values)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[tuple[Any, Any]] = [
        (cases.c.flow, filters.flow),
        (cases.c.state, filters.state),
        (cases.c.auto, filters.auto),
        (cases.c.barred, filters.barred),
        (cases.c.final, filters.final),
    ]
    conditions = [column == value for column, value in wanted if value is not None]
    if filters.account is not None:
        conditions.append(works_with(cases, filters.account))
    if filters.held is not None:
        conditions.append(cases.c.held.isnot(None) if filters.held else cases.c.held.is_(None))
    if filters.text:
        conditions.append(
            or_(
                cases.c.number.icontains(filters.text, autoescape=True),
                cases.c.subject.icontains(filters.text, autoescape=True),
            )
        )
    return conditions

"""Opens cases: all of an import or none of it, each with its number and its first event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.errors import Conflict, NotFound
from workflow.record.events import BEGINNING, chain
from workflow.record.tables import accounts, cases, live, numbers
from workflow.record.values import Entry
from workflow.store import parts
from workflow.store.seals import touch
from workflow.store.transactions import Transactions
from workflow.store.values import Created, Duplicate, NewAccount, NewCase


class Creation(Transactions):
    """New cases."""

    async def create(self, new: Sequence[NewCase], *, actor: str, reason: str | None, now: datetime) -> list[Created]:
        """One answer a case, in order. A row that was imported before changes nothing. Raises Duplicate, Conflict."""
        _refuse_twice(new)

        async def work(connection: AsyncConnection) -> list[Created]:
            # whoever opens cases of a prefix waits here for the others: numbers have no gap, imports no race
            last = {prefix: await _lock_number(connection, prefix) for prefix in sorted({one.prefix for one in new})}
            known = await _by_origin(connection, new)
            answers = []
            for one in new:
                created = known.get((one.flow, one.origin or ""))
                if created is None:
                    last[one.prefix] += 1
                    number = f"{one.prefix}-{last[one.prefix]:04d}"
                    created = Created(parts.new_id(), number, already=False)
                    await self._open(connection, one, created, actor, reason, now)
                    if one.origin is not None:
                        known[one.flow, one.origin] = Created(created.case, number, already=True)
                answers.append(created)
            for prefix, reached in last.items():
                await connection.execute(update(numbers).where(numbers.c.prefix == prefix).values(last=reached))
            return answers

        async def held(connection: AsyncConnection, answers: list[Created]) -> bool:
            ids = [created.case for created in answers]
            query = select(cases.c.id).where(cases.c.id.in_(ids))
            return len((await connection.execute(query)).all()) == len(set(ids))

        return await self.writing(work, held)

    async def _open(
        self,
        connection: AsyncConnection,
        new: NewCase,
        created: Created,
        actor: str,
        reason: str | None,
        now: datetime,
    ) -> None:
        body = {"state": new.state, "data": new.data, "round": new.round, "subject": new.subject}
        written = chain(
            [Entry("created", body, actor, reason)],
            case=created.case,
            after=(0, BEGINNING),
            at=now,
            flow_version=new.flow_version,
            revision=self.revision,
            ring=self.vault.chain,
        )
        account = new.account if new.opens is None else await self._hold(connection, new.opens)
        try:
            async with connection.begin_nested():
                await connection.execute(insert(cases).values(**_row(new, created, now, account), head=written[0].hash))
        except IntegrityError as error:
            raise await _duplicate(connection, new, created.number) or error from error
        touch(connection, cases, [created.case])
        await parts.write_events(connection, written)
        if new.account_case or new.opens is not None:
            named = update(accounts).where(accounts.c.id == account).values(case=created.case)
            if not (await connection.execute(named.returning(accounts.c.id))).first():
                raise NotFound("account", str(account))

    async def _hold(self, connection: AsyncConnection, new: NewAccount) -> str:
        """The id of an account that is opened beside its case."""
        id_ = parts.new_id()
        sealed = self.vault.seal(new.password.encode(), table="accounts", row=id_, column="password")
        row = {"id": id_, "adapter": new.adapter, "login": new.login, "password": sealed, "usable": new.usable}
        try:
            async with connection.begin_nested():
                await connection.execute(insert(accounts).values(**row, unclean=False))
        except IntegrityError as error:
            raise Conflict(new.login, f"{new.adapter} has an account of this login already") from error
        return id_


def _refuse_twice(new: Sequence[NewCase]) -> None:
    seen: dict[tuple[str, str], NewCase] = {}
    for one in new:
        if one.subject is not None:
            first = seen.setdefault((one.flow, one.subject), one)
            if first is not one and (one.origin is None or first.origin != one.origin):
                raise Duplicate(one.subject, first.label or "an earlier row", one.label or "a later row")


def _row(new: NewCase, created: Created, now: datetime, account: str | None) -> dict[str, Any]:
    return {
        "id": created.case,
        "number": created.number,
        "flow": new.flow,
        "flow_version": new.flow_version,
        "state": new.state,
        "data": dict(new.data),
        "round": new.round,
        "seq": 1,
        "subject": new.subject,
        "origin": new.origin,
        "opened_at": now,
        "entered_at": now,
        "account": account,
        "due_at": new.due_at or now,
        "queue": new.queue,
        "auto": new.auto,
        "barred": False,
        "final": False,
    }


async def _lock_number(connection: AsyncConnection, prefix: str) -> int:
    statement = parts.inserting(connection, numbers).values(prefix=prefix, last=0)
    same = statement.on_conflict_do_update(index_elements=["prefix"], set_={"last": numbers.c.last})
    return int((await connection.execute(same.returning(numbers.c.last))).scalar_one())


async def _by_origin(connection: AsyncConnection, new: Sequence[NewCase]) -> dict[tuple[str, str], Created]:
    """The cases that these rows opened in an earlier import."""
    origins = [(one.flow, one.origin) for one in new if one.origin is not None]
    known: dict[tuple[str, str], Created] = {}
    for start in range(0, len(origins), 500):
        query = select(cases.c.flow, cases.c.origin, cases.c.id, cases.c.number).where(
            tuple_(cases.c.flow, cases.c.origin).in_(origins[start : start + 500])
        )
        known |= {(row[0], row[1]): Created(row[2], row[3], already=True) for row in await connection.execute(query)}
    return known


async def _duplicate(connection: AsyncConnection, new: NewCase, number: str) -> Duplicate | None:
    same = and_(cases.c.flow == new.flow, cases.c.subject == new.subject, live)
    first = (await connection.execute(select(cases.c.number).where(same))).scalar()
    return None if first is None else Duplicate(str(new.subject), first, new.label or number)

"""Opens cases: all of an import or none, each with its number and its first event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.errors import Conflict, NotFound
from workflow.record.events import BEGINNING, Event, chain
from workflow.record.tables import accounts, cases, live, numbers
from workflow.record.values import Entry
from workflow.sentence import Sentence
from workflow.store import related_rows
from workflow.store.accounts import refuse_retired
from workflow.store.due_runs import Sweeping, make_due_runs
from workflow.store.seals import touch
from workflow.store.transactions import Transactions
from workflow.store.values import Created, Duplicate, NewAccount, NewCase

MANY = 500
"""At most this many values stand in one query."""


class Creation(Transactions):
    """New cases."""

    async def create(
        self,
        new: Sequence[NewCase],
        *,
        actor: str,
        reason: str | None,
        now: datetime,
        sweeping: Sweeping | None = None,
        real: datetime | None = None,
    ) -> list[Created]:
        """Open the cases; returns one answer each, in order. A row that was imported before changes nothing.

        sweeping: a run of each schedule that this names for the new cases is written with them, made at real time.
        Raises Duplicate or Conflict.
        """
        _refuse_twice(new)

        async def work(connection: AsyncConnection) -> list[Created]:
            # all who open cases of one prefix wait here for each other: numbers have no gap, imports no race
            last = {prefix: await _lock_number(connection, prefix) for prefix in sorted({one.prefix for one in new})}
            known = await _by_origin(connection, new)
            answers, opened = [], list[tuple[NewCase, Created]]()
            for one in new:
                created = known.get((one.flow, one.origin or ""))
                if created is None:
                    last[one.prefix] += 1
                    created = Created(
                        related_rows.new_id(), related_rows.case_number(one.prefix, last[one.prefix]), already=False
                    )
                    opened.append((one, created))
                    if one.origin is not None:
                        known[one.flow, one.origin] = Created(created.case, created.number, already=True)
                answers.append(created)
            if opened:
                await self._open(connection, opened, actor, reason, now)
            for prefix, reached in last.items():
                await connection.execute(update(numbers).where(numbers.c.prefix == prefix).values(last=reached))
            if opened and sweeping is not None:
                ids, why = [created.case for _, created in opened], f"{len(opened)} opened"
                await make_due_runs(
                    connection, ids, sweeping, actor=actor, reason=why, now=now, real=now if real is None else real
                )
            return answers

        async def held(connection: AsyncConnection, answers: list[Created]) -> bool:
            ids = [created.case for created in answers]
            query = select(cases.c.id).where(cases.c.id.in_(ids))
            return len((await connection.execute(query)).all()) == len(set(ids))

        return await self.writing(work, held)

    async def foreseen(self, new: Sequence[NewCase]) -> list[str | None]:
        """What opening them would answer: the number of the case that a row opened before, or None; nothing is written.

        Of two equal rows the second is told as the first: one case would be opened for both. Raises as create does.
        """
        _refuse_twice(new)
        async with self.reading() as connection:
            known = await _by_origin(connection, new)
            numbers_ = [found.number if (found := known.get((one.flow, one.origin or ""))) else None for one in new]
            opened = [one for one, number in zip(new, numbers_, strict=True) if number is None]
            if (
                twice := await _duplicate(connection, [(one, Created("", "", already=False)) for one in opened])
            ) is not None:
                raise twice
            given = [account for one in opened for account in (one.account, *one.accounts.values())]
            await refuse_retired(connection, (account for account in given if account is not None))
        return numbers_

    async def _open(
        self,
        connection: AsyncConnection,
        opened: Sequence[tuple[NewCase, Created]],
        actor: str,
        reason: str | None,
        now: datetime,
    ) -> None:
        """Write all of them with as many statements as one needs."""
        given = [account for new, _ in opened for account in (new.account, *new.accounts.values())]
        await refuse_retired(connection, (account for account in given if account is not None))
        held = await self._hold(connection, [new.opens for new, _ in opened if new.opens is not None])
        rows, written = [], list[Event]()
        for new, created in opened:
            body = {"state": new.state, "data": new.data, "round": new.round, "subject": new.subject}
            (event,) = chain(
                [Entry("created", body, actor, reason)],
                case=created.case,
                after=(0, BEGINNING),
                at=now,
                flow_version=new.flow_version,
                revision=self.revision,
                ring=self.vault.chain,
            )
            account = new.account if new.opens is None else held[new.opens.adapter, new.opens.login]
            rows.append(_row(new, created, now, account) | {"head": event.hash})
            written.append(event)
        try:
            async with connection.begin_nested():
                await connection.execute(insert(cases), rows)
        except IntegrityError as error:
            if (known := await _duplicate(connection, opened)) is not None:
                raise known from error
            raise
        touch(connection, cases, [created.case for _, created in opened])
        await related_rows.write_events(connection, written)
        await _name(connection, [row for row, (new, _) in zip(rows, opened, strict=True) if new.is_of_account])

    async def _hold(self, connection: AsyncConnection, new: Sequence[NewAccount]) -> dict[tuple[str, str], str]:
        """The ids of the accounts that are opened with their cases, by adapter and login."""
        rows: list[dict[str, Any]] = []
        for one in new:
            id_ = related_rows.new_id()
            sealed = self.vault.seal(one.password.encode(), table="accounts", row=id_, column="password")
            row = {"id": id_, "adapter": one.adapter, "login": one.login, "password": sealed, "usable": one.usable}
            rows.append({**row, "unclean": False})
        if not rows:
            return {}
        try:
            async with connection.begin_nested():
                await connection.execute(insert(accounts), rows)
        except IntegrityError as error:
            raise await _taken(connection, new) from error
        return {(row["adapter"], row["login"]): row["id"] for row in rows}


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
        "accounts": dict(new.accounts) or None,
        "due_at": new.due_at or now,
        "queue": new.queue,
        "auto": new.auto,
        "barred": False,
        "final": False,
    }


async def _lock_number(connection: AsyncConnection, prefix: str) -> int:
    statement = related_rows.inserting(connection, numbers).values(prefix=prefix, last=0)
    same = statement.on_conflict_do_update(index_elements=["prefix"], set_={"last": numbers.c.last})
    return int((await connection.execute(same.returning(numbers.c.last))).scalar_one())


async def _by_origin(connection: AsyncConnection, new: Sequence[NewCase]) -> dict[tuple[str, str], Created]:
    """The cases that these rows opened in an earlier import."""
    origins = [(one.flow, one.origin) for one in new if one.origin is not None]
    known: dict[tuple[str, str], Created] = {}
    for start in range(0, len(origins), MANY):
        query = select(cases.c.flow, cases.c.origin, cases.c.id, cases.c.number).where(
            tuple_(cases.c.flow, cases.c.origin).in_(origins[start : start + MANY])
        )
        known |= {(row[0], row[1]): Created(row[2], row[3], already=True) for row in await connection.execute(query)}
    return known


async def _duplicate(connection: AsyncConnection, opened: Sequence[tuple[NewCase, Created]]) -> Duplicate | None:
    """The first row that is about the same as a live case."""
    about = [(new.flow, new.subject) for new, _ in opened if new.subject is not None]
    first: dict[tuple[str, str], str] = {}
    for start in range(0, len(about), MANY):
        same = tuple_(cases.c.flow, cases.c.subject).in_(about[start : start + MANY])
        query = select(cases.c.flow, cases.c.subject, cases.c.number).where(same, live)
        first |= {(row[0], row[1]): row[2] for row in await connection.execute(query)}
    for new, created in opened:
        if new.subject is not None and (new.flow, new.subject) in first:
            return Duplicate(new.subject, first[new.flow, new.subject], new.label or created.number)
    return None


async def _taken(connection: AsyncConnection, new: Sequence[NewAccount]) -> Conflict:
    """The first login for which there is an account already, or which two of the new accounts want."""
    logins = [one.login for one in new]
    taken = set[tuple[str, str]]()
    for start in range(0, len(logins), MANY):
        query = select(accounts.c.adapter, accounts.c.login).where(accounts.c.login.in_(logins[start : start + MANY]))
        taken |= {(row[0], row[1]) for row in await connection.execute(query)}
    for one in new:
        if (one.adapter, one.login) in taken:
            break
        taken.add((one.adapter, one.login))
    return Conflict(
        one.login,
        Sentence("has_account_this_login", "{adapter} has an account of this login already", adapter=one.adapter),
    )


async def _name(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store in each account the case that logs it in."""
    wanted = [row["account"] for row in rows]
    there = set[str | None]()
    for start in range(0, len(wanted), MANY):
        query = select(accounts.c.id).where(accounts.c.id.in_(wanted[start : start + MANY]))
        there |= set((await connection.execute(query)).scalars())
    for account in wanted:
        if account not in there:
            raise NotFound("account", str(account))
    if rows:
        named = update(accounts).where(accounts.c.id == bindparam("of")).values(case=bindparam("own"))
        await connection.execute(named, [{"of": row["account"], "own": row["id"]} for row in rows])

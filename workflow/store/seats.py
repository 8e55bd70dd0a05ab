"""Accounts as leased seats: one holder at a time, one session, passed on clean or logged in anew."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.errors import Conflict, Fenced, NotFound
from workflow.queues import DEFAULT_QUEUE
from workflow.record.columns import json_text
from workflow.record.schedule_tables import clock
from workflow.record.tables import accounts, cases, claimable
from workflow.record.values import Epoch, Json, Seat
from workflow.record.vault import Unsealable
from workflow.sentence import Sentence
from workflow.store import related_rows
from workflow.store.accounts import takes_cases, works_with
from workflow.store.rows import Row, epoch_of
from workflow.store.transactions import Transactions
from workflow.store.values import Account

NOTHING: Mapping[str, Sequence[str]] = MappingProxyType({})


class Seats(Transactions):
    """Accounts, their passwords and sessions, and the holders of their seats."""

    async def add_account(self, adapter: str, login: str, password: str, *, usable: bool = True) -> str:
        """Add an account; returns its id. Raises Conflict where the login is known."""
        id_ = related_rows.new_id()

        async def work(connection: AsyncConnection) -> str:
            sealed = self._seal(id_, "password", password.encode())
            row = {"id": id_, "adapter": adapter, "login": login, "password": sealed, "usable": usable}
            try:
                await connection.execute(accounts.insert().values(**row, unclean=False))
            except IntegrityError as error:
                raise Conflict(
                    login,
                    Sentence(
                        "has_account_this_login", "{adapter} has an account of this login already", adapter=adapter
                    ),
                ) from error
            return id_

        async def held(connection: AsyncConnection, made: str) -> bool:
            return (await connection.execute(select(accounts.c.id).where(accounts.c.id == made))).first() is not None

        return await self.writing(work, held)

    async def set_password(self, account: str, password: str) -> int:
        """Replace the password; returns the secret's new version, for which a refused login waits."""
        sealed = self._seal(account, "password", password.encode())
        row = await self._change(account, password=sealed, secret_version=accounts.c.secret_version + 1)
        return int(row["secret_version"])

    async def password(self, account: str) -> tuple[str, int]:
        """The password in clear, for the login alone, and the version of the secret."""
        row = await self._row(account)
        opened = self.vault.open(row["password"], table="accounts", row=account, column="password")
        return opened.decode(), row["secret_version"]

    async def accounts(self, adapter: str | None = None) -> list[Account]:
        query = select(accounts).order_by(accounts.c.adapter, accounts.c.login)
        if adapter is not None:
            query = query.where(accounts.c.adapter == adapter)
        async with self.reading() as connection:
            return [_account(row) for row in (await connection.execute(query)).mappings()]

    async def account(self, account: str) -> Account:
        return _account(await self._row(account))

    async def retired_with(self, case: str) -> str | None:
        """The login of the retired account whose own case this is, by id or number; None where there is none."""
        own = or_(cases.c.id == case, cases.c.number == case)
        query = select(accounts.c.login).join(cases, cases.c.id == accounts.c.case)
        async with self.reading() as connection:
            found = await connection.execute(query.where(own, accounts.c.retired.isnot(None)))
            return found.scalar()

    async def mark_account(self, account: str, usable: bool) -> None:
        """Set whether the account may take cases that have no account yet."""
        await self._change(account, usable=usable)

    async def lease_seat(
        self,
        adapter: str,
        *,
        owner: str,
        real: datetime,
        lease: timedelta,
        cutoff: datetime,
        account: str | None = None,
        wanted: Mapping[str, Sequence[str]] = NOTHING,
        queue: str = DEFAULT_QUEUE,
    ) -> Seat | None:
        """Lease the seat of this account; or of the free account that waited longest among those with wanted work.

        wanted: states by flow, of flows that work on accounts of this adapter. Work is a case of the account in this
        queue that is due by the cutoff (business time), its own login case included; or a case without an account,
        which goes to the usable account with the fewest live cases. Returns None where there is no such account, or it
        is leased or retired.
        """
        free = or_(accounts.c.lease_until.is_(None), accounts.c.lease_until <= real)
        meant = accounts.c.id == account if account is not None else _has_work(wanted, queue, cutoff, real)
        found = (
            select(accounts)
            .where(accounts.c.adapter == adapter, accounts.c.retired.is_(None), free, meant)
            .order_by(case((accounts.c.leased_at.is_(None), 0), else_=1), accounts.c.leased_at, accounts.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )

        async def work(connection: AsyncConnection) -> Seat | None:
            before = (await connection.execute(found)).mappings().first()
            if before is None:
                return None
            ran_out = before["lease_until"] is not None
            taken = (
                update(accounts)
                .where(accounts.c.id == before["id"])
                .values(
                    owner=owner,
                    lease_until=real + lease,
                    leased_at=real,
                    epoch_timeline=select(clock.c.timeline).scalar_subquery(),
                    epoch_number=accounts.c.epoch_number + 1,
                    unclean=accounts.c.unclean if not ran_out else True,
                    last_owner=before["owner"] if ran_out else accounts.c.last_owner,
                )
                .returning(accounts)
            )
            return self._seat((await connection.execute(taken)).mappings().one())

        async def held(connection: AsyncConnection, seat: Seat | None) -> bool:
            # where none was leased, another try does no harm
            ours = _mine(seat) if seat is not None else false()
            return (await connection.execute(select(accounts.c.id).where(ours))).first() is not None

        return await self.writing(work, held)

    async def renew_seat(self, seat: Seat, *, real: datetime, until: datetime) -> bool:
        """Renew the lease; returns whether it was still this owner's."""

        async def work(connection: AsyncConnection) -> bool:
            renewed = update(accounts).where(_mine(seat), accounts.c.lease_until > real).values(lease_until=until)
            return (await connection.execute(renewed.returning(accounts.c.id))).first() is not None

        return await self.writing(work)

    async def release_seat(self, seat: Seat, *, clean: bool, fenced: bool = False) -> None:
        """Give the lease back. clean: nothing is under way; otherwise the next holder logs in first.

        fenced: what an earlier holder left under way was ended, so that a clean end counts again.
        """
        new = {"owner": None, "lease_until": None, "last_owner": seat.owner}

        async def work(connection: AsyncConnection) -> None:
            unclean = True if not clean else False if fenced else accounts.c.unclean
            await connection.execute(update(accounts).where(_mine(seat)).values(**new, unclean=unclean))

        await self.writing(work)

    async def session(self, account: str) -> Json | None:
        """The session as stored. A worker gets it with the lease, and does not ask again."""
        return self._session(await self._row(account))

    async def store_session(self, seat: Seat, session: Json | None, *, now: datetime, fresh: bool = True) -> Seat:
        """Store the session of the seat's holder, or None where it is dead. Raises Fenced when the lease is lost.

        fresh: it comes from a new login, which ends whatever an earlier holder left under way.
        """
        sealed = None if session is None else self._seal(seat.account, "session", json_text(dict(session)).encode())

        async def work(connection: AsyncConnection) -> Seat:
            new = {
                "session": sealed,
                "session_version": accounts.c.session_version + 1,
                "session_at": now,
                "unclean": False if fresh and session is not None else accounts.c.unclean,
                "usable": fresh and session is not None,
            }
            kept = update(accounts).where(_mine(seat)).values(**new).returning(accounts)
            row = (await connection.execute(kept)).mappings().first()
            if row is None:
                raise Fenced(
                    seat.login,
                    Sentence(
                        "lease_of_account_over",
                        "the lease of {owner} on account {login} is over",
                        owner=seat.owner,
                        login=seat.login,
                    ),
                )
            return self._seat(row)

        return await self.writing(work)

    def _seat(self, row: Row) -> Seat:
        """The row as a Seat. A session that was changed by hand counts as none: the holder logs in."""
        try:
            session, is_spoilt = self._session(row), False
        except Unsealable:
            session, is_spoilt = None, True
        return Seat(
            account=row["id"],
            adapter=row["adapter"],
            login=row["login"],
            epoch=epoch_of(row),
            owner=row["owner"],
            lease_until=row["lease_until"],
            session=session,
            session_version=row["session_version"],
            fresh_login=row["unclean"] or is_spoilt,
            last_owner=row["last_owner"],
        )

    def _session(self, row: Row) -> Json | None:
        if row["session"] is None:
            return None
        opened = self.vault.open(row["session"], table="accounts", row=row["id"], column="session")
        session: Json = json.loads(opened)
        return session

    def _seal(self, account: str, column: str, plain: bytes) -> bytes:
        return self.vault.seal(plain, table="accounts", row=account, column=column)

    async def _row(self, account: str) -> Row:
        async with self.reading() as connection:
            row = (await connection.execute(select(accounts).where(accounts.c.id == account))).mappings().first()
        if row is None:
            raise NotFound("account", account)
        return row

    async def _change(self, account: str, **new: Any) -> Row:
        async def work(connection: AsyncConnection) -> Row:
            changed = update(accounts).where(accounts.c.id == account).values(**new).returning(accounts)
            row = (await connection.execute(changed)).mappings().first()
            if row is None:
                raise NotFound("account", account)
            return dict(row)

        return await self.writing(work)


def _mine(seat: Seat) -> ColumnElement[bool]:
    at: Epoch = seat.epoch
    return and_(
        accounts.c.id == seat.account,
        accounts.c.owner == seat.owner,
        accounts.c.epoch_timeline == at.timeline,
        accounts.c.epoch_number == at.number,
    )


def _has_work(wanted: Mapping[str, Sequence[str]], queue: str, cutoff: datetime, real: datetime) -> ColumnElement[bool]:
    """The condition that a wanted case of the account is due, or one without an account that it may take."""
    of = or_(false(), *(and_(cases.c.flow == flow, cases.c.state.in_(states)) for flow, states in wanted.items()))
    due = and_(claimable, cases.c.queue == queue, cases.c.due_at <= cutoff, of)
    unassigned = exists().where(due, cases.c.account.is_(None))
    return or_(
        exists().where(due, cases.c.account == accounts.c.id),
        and_(takes_cases(accounts), unassigned, least_loaded(accounts, real)),
    )


def least_loaded(mine: Any, real: datetime) -> ColumnElement[bool]:
    """The condition that no other usable account of the adapter that is free now has fewer live cases."""
    other = accounts.alias("other")
    live_cases = cases.alias("live_cases")

    def load(of: Any) -> Any:
        query = select(func.count()).where(works_with(live_cases, of.c.id), live_cases.c.final.is_(False))
        return query.correlate(of).scalar_subquery()

    free = or_(other.c.lease_until.is_(None), other.c.lease_until <= real)
    lighter = and_(other.c.adapter == mine.c.adapter, takes_cases(other), free, other.c.id != mine.c.id)
    return ~exists().where(lighter, load(other) < load(mine))


def _account(row: Row) -> Account:
    names = ("id", "adapter", "login", "secret_version", "usable", "case", "session_version", "session_at", "retired")
    return Account(
        **{name: row[name] for name in names},
        has_session=row["session"] is not None,
        leased_by=row["owner"],
        lease_until=row["lease_until"],
    )

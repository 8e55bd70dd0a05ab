"""Which accounts take cases, which of its accounts a case works with, and how one is retired or restored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, or_, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from workflow.errors import Conflict, NotFound
from workflow.record.columns import json_text
from workflow.record.tables import accounts
from workflow.record.values import Commit
from workflow.sentence import Sentence
from workflow.store.rows import Row


def takes_cases(of: Any) -> ColumnElement[bool]:
    """The condition under which an account (a row of the table or of an alias) may be given a case that has none."""
    return and_(of.c.usable, of.c.retired.is_(None))


def retired_already(login: str) -> Sentence:
    return Sentence("account_retired_already", "account {login} is retired already", login=login)


def not_retired(login: str) -> Sentence:
    return Sentence("account_not_retired", "account {login} is not retired", login=login)


def works_with(of: Any, account: Any) -> ColumnElement[bool]:
    """Whether a case, a row of the table or of an alias of it, has this account: for now or at another remote."""
    return or_(of.c.account == account, type_coerce(of.c.accounts, Text).contains(account))


async def accounts_of(connection: AsyncConnection, row: Row, commit: Commit) -> dict[str, str]:
    """What becomes of a case's accounts where it is given one, or works at another remote from now on.

    The account that it works with stands in its column, the others by remote in theirs. An empty text is none. An
    account's own case stays with it, whatever remote its flow names.
    """
    if commit.account is None and commit.seat is None:
        return {}
    held, remotes = dict[str, str](row["accounts"] or {}), list[str]()
    for account in (row["account"], commit.account):
        if account is not None:
            query = select(accounts.c.adapter, accounts.c.case).where(accounts.c.id == account)
            found = (await connection.execute(query)).first()
            if found is None:
                raise NotFound("account", account)
            if found.case == row["id"]:
                return {}
            held[found.adapter] = account
            remotes.append(found.adapter)
    now = held.pop(commit.seat or remotes[0], None)
    return {"account": now or "", "accounts": json_text(held) if held else ""}


def account_retired(login: str) -> Conflict:
    """The account is retired: nobody works with it until it is restored."""
    cure = Sentence("restore_account", "caseward account restore {login}", login=login)
    return Conflict(login, Sentence("account_retired", "the account is retired"), cure)


async def refuse_retired(connection: AsyncConnection, ids: Iterable[str]) -> None:
    """Raise Conflict where a case would be given a retired account, NotFound where there is no such account.

    The accounts' rows are locked, so that none is retired while it is given a case.
    """
    for account in sorted(set(ids)):
        query = select(accounts.c.login, accounts.c.retired).where(accounts.c.id == account).with_for_update(read=True)
        row = (await connection.execute(query)).first()
        if row is None:
            raise NotFound("account", account)
        if row.retired is not None:
            raise account_retired(row.login)


async def retire(connection: AsyncConnection, account: str, reason: str | None, real: datetime | None) -> None:
    """Store why an account is retired; None restores it.

    Raises Conflict while its seat is leased, and where somebody else was faster to retire or restore it.

    A holder whose lease ran out can no longer store a session.
    """
    row = (await connection.execute(select(accounts).where(accounts.c.id == account).with_for_update())).mappings()
    found = row.one()
    if (found["retired"] is None) == (reason is None):
        if reason is None:
            raise Conflict(found["login"], not_retired(found["login"]))
        raise Conflict(found["login"], retired_already(found["login"]))
    if reason is not None and found["lease_until"] is not None and real is not None and found["lease_until"] > real:
        until = f"{found['lease_until']:%H:%M:%S}"
        why = Sentence("at_work_on_until", "{owner} is at work on it until {until}", owner=found["owner"], until=until)
        raise Conflict(found["login"], why)
    ran_out = accounts.c.lease_until.isnot(None)
    await connection.execute(
        update(accounts)
        .where(accounts.c.id == account)
        .values(
            retired=reason,
            owner=None,
            lease_until=None,
            last_owner=case((ran_out, accounts.c.owner), else_=accounts.c.last_owner),
            unclean=or_(accounts.c.unclean, ran_out),
        )
    )

"""`caseward account list`, `add` and `set-password`: the logins that the office holds; no secret is ever shown."""

from __future__ import annotations

import json as writing
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from caseward.console.commands.case.imports import pool_of
from caseward.console.commands.case.orders import stands
from caseward.console.commands.case.row_problems import refuse
from caseward.console.intake.accounts import add_accounts
from caseward.console.intake.files import PortalAccount, read_accounts
from caseward.console.terminal.answers import Json
from caseward.console.terminal.complaints import USAGE, Complaint, Stopped
from caseward.console.terminal.typed import secret
from caseward.console.terminal.view import Told, View, person, viewing
from caseward.console.text.output import Column, complain, say
from caseward.console.wording.texts import Texts
from workflow.errors import Conflict, NotFound
from workflow.sentence import Sentence
from workflow.store import Account, CaseRow, Filters

COUNTED = 500
"""Live cases of an account beyond which a list stops counting."""


@dataclass(frozen=True)
class Held:
    """An account, what its own case says, and how many live cases lean on it."""

    account: Account
    told: Told
    cases: int


def list_accounts(texts: Texts, *, remote: str | None, json: Json | None) -> int:
    """Of one remote, or of all; the remote is told where several are entered by accounts."""

    async def work(view: View) -> int:
        found = [await held(view, account) for account in await accounts_at(view, remote) if account.case]
        if json:
            say(json.many([shape(view, one) for one in found]))
            return 0
        if not found:
            complain(texts("account.none"))
            return 0
        columns = [
            Column(texts("column.number")),
            Column(texts("column.login"), 12),
            *([Column(texts("column.remote"))] if _are_several(view) else []),
            Column(texts("column.state")),
            Column(texts("column.session"), 12),
            Column(texts("column.cases"), right=True),
            Column(texts("column.seat"), 8),
        ]
        say(*view.screen.table(columns, [_cells(view, one) for one in found]))
        return 0

    return viewing(texts, work)


def add(
    texts: Texts, login: str, *, remote: str | None, region: str | None, notes: str | None, asks: bool, json: bool
) -> int:
    """One login; its password comes from standard input and is kept encrypted."""
    password = secret(texts, texts("ask.password", login=login), asks)
    given = _fitting(texts, login=login, password=password, region=region, notes=notes)

    async def work(view: View) -> int:
        pool = pool_of(texts, view.record.systems, remote)
        if any(one.login.casefold() == login.casefold() for one in await view.record.store.accounts(pool.remote)):
            raise Conflict(
                login,
                Sentence(
                    "has_account_this_login", "{adapter} has an account of this login already", adapter=pool.remote
                ),
            )
        [number] = await add_accounts(view.record, [given], actor=person(), pool=pool)
        return await stands(view, number, "account.added", json)

    return viewing(texts, work, begins=True)


def set_password(texts: Texts, name: str, *, remote: str | None, asks: bool, json: bool) -> int:
    """The new one counts at the next login; an account stopped by a refused password goes on by itself."""

    async def work(view: View) -> int:
        account, row = await named(view, name, remote)
        password = secret(texts, texts("ask.password", login=account.login), asks)
        _fitting(texts, login=account.login, password=password)
        await view.record.store.set_password(account.id, password)
        people = view.record.commands(person())
        await people.note(row.claim.case, "the password was changed")
        await people.look_now(row.claim.case)
        return await stands(view, row.claim.case, "account.password", json)

    return viewing(texts, work)


async def accounts_at(view: View, remote: str | None) -> list[Account]:
    """The accounts of one remote, or of all. Raises Stopped where no accounts enter a remote of this name."""
    if remote is not None:
        pool_of(view.texts, view.record.systems, remote)
    return await view.record.store.accounts(remote)


async def named(view: View, name: str, remote: str | None = None) -> tuple[Account, CaseRow]:
    """The account of this login, or of this case's number.

    Raises NotFound; Stopped where several remotes have one, or no accounts enter the remote that is named.
    """
    found = list[tuple[Account, CaseRow]]()
    for account in await accounts_at(view, remote):
        if account.case is None:
            continue
        row = await view.record.store.case(account.case, real=view.real)
        if name.strip().casefold() in (account.login.casefold(), row.claim.number.casefold()):
            found.append((account, row))
    one_of(view.texts, name, [account for account, _ in found])
    return found[0]


def one_of(texts: Texts, name: str, found: Sequence[Account]) -> Account:
    """The one account of this name. Raises NotFound where there is none, Stopped where several remotes have one."""
    if not found:
        raise NotFound("account", name)
    if len(found) > 1:
        cause = texts("error.several_accounts", login=name)
        cure = texts("cure.option.one_of", option="--remote", names=", ".join(one.adapter for one in found))
        raise Stopped(Complaint("usage", cause, cure, USAGE))
    return found[0]


def _are_several(view: View) -> bool:
    return len(view.record.systems.pools) > 1


async def held(view: View, account: Account) -> Held:
    row = await view.record.store.case(account.case or "", real=view.real)
    [told] = await view.told([row])
    leaning = await view.record.store.cases(Filters(account=account.id, final=False), limit=COUNTED)
    return Held(account, told, sum(one.claim.case != account.case for one in leaning))


def shape(view: View, one: Held) -> dict[str, Any]:
    account, claim = one.account, one.told.claim
    state = view.of(claim.flow).both(lambda reader: reader.labels("state", claim.state))
    return {
        "login": account.login,
        "remote": account.adapter,
        "number": claim.number,
        "state": claim.state,
        "state_label": state,
        "headline": view.headline(one.told),
        "session": {"held": account.has_session, "obtained_at": view.moments.iso(account.session_at)},
        "usable": account.usable,
        "retired": account.retired,
        "cases": one.cases,
        "password_version": account.secret_version,
        "leased_by": account.leased_by,
        "lease_until": view.moments.iso(account.lease_until),
    }


def _fitting(texts: Texts, **fields: str | None) -> PortalAccount:
    """The rules of an import hold for what is typed too. Raises Stopped."""
    given = {name: value for name, value in fields.items() if value is not None}
    intake = read_accounts(writing.dumps([given]).encode())
    refuse([replace(one, row=None, line=None, title=None) for one in intake.problems], texts)
    return intake.rows[0].data


def _cells(view: View, one: Held) -> list[str]:
    account, texts = one.account, view.texts
    obtained = account.session_at if account.has_session else None
    free = texts("value.free" if account.retired is None else "value.retired")
    seat = (account.leased_by or "").split("/")[0] if _taken(view, account) else free
    return [
        one.told.claim.number,
        account.login,
        *([view.reader.labels("remote", account.adapter)] if _are_several(view) else []),
        view.of(one.told.claim.flow).reader.labels("state", one.told.claim.state),
        view.moments.short(obtained) if obtained else texts("value.none"),
        str(one.cases),
        seat,
    ]


def _taken(view: View, account: Account) -> bool:
    return account.lease_until is not None and account.lease_until > view.real

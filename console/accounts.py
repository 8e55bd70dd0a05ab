"""Accounts at the bureau: each with a case of its own, which keeps its login alive."""

from __future__ import annotations

from collections.abc import Sequence

from console.assembly import Record
from console.intake import PortalAccount
from states.accounts import Account
from workflow.store import NewCase

ADAPTER = "portal"


async def add_accounts(record: Record, new: Sequence[PortalAccount], *, actor: str) -> list[str]:
    """Keep the passwords, encrypted, and open a case for each login; the numbers of the cases."""
    flow = record.plans["accounts"].flow
    now = await record.clock.business()
    cases = []
    for one in new:
        data = Account(login=one.login, region=one.region, notes=one.notes)
        account = await record.store.add_account(ADAPTER, one.login, one.password.get_secret_value(), usable=False)
        cases.append(
            NewCase(
                flow.name,
                flow.version,
                flow.prefix,
                str(flow.states[0].name),
                data.model_dump(mode="json"),
                subject=flow.subject(data) if flow.subject else None,
                account=account,
                account_case=True,
            )
        )
    created = await record.store.create(cases, actor=actor, reason=None, now=now)
    return [one.number for one in created]

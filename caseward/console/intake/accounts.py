"""Accounts at the bureau: each with a case of its own, which keeps its login alive."""

from __future__ import annotations

from collections.abc import Sequence

from caseward.app.installation import Record
from caseward.console.intake.files import PortalAccount
from states.accounts import Account
from workflow.store import NewAccount, NewCase

ADAPTER = "portal"


async def add_accounts(record: Record, new: Sequence[PortalAccount], *, actor: str) -> list[str]:
    """Keep the passwords, encrypted, and open a case for each login, all or none; the numbers of the cases."""
    flow = record.plans["accounts"].flow
    cases = []
    for one in new:
        data = Account(login=one.login, region=one.region, notes=one.notes)
        cases.append(
            NewCase(
                flow.name,
                flow.version,
                flow.prefix,
                str(flow.states[0].name),
                data.model_dump(mode="json"),
                subject=flow.subject(data) if flow.subject else None,
                opens=NewAccount(ADAPTER, one.login, one.password.get_secret_value()),
            )
        )
    created = await record.create(cases, actor=actor, reason=None)
    return [one.number for one in created]

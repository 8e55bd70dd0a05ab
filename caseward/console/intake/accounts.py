"""Accounts at the bureau: each with a case of its own, which keeps its login alive."""

from __future__ import annotations

from collections.abc import Sequence

from caseward.app.installation import Record
from caseward.app.systems import Systems
from caseward.console.intake.files import PortalAccount
from workflow.errors import NotFound
from workflow.store import NewAccount, NewCase
from workflow.system import AccountPool


async def add_accounts(record: Record, new: Sequence[PortalAccount], *, actor: str) -> list[str]:
    """Keep the passwords, encrypted, and open a case for each login, all or none; the numbers of the cases."""
    pool = the_pool(record.systems)
    flow = record.plans[pool.flow].flow
    cases = []
    for one in new:
        data = pool.opens(login=one.login, region=one.region, notes=one.notes)
        cases.append(
            NewCase(
                flow.name,
                flow.version,
                flow.prefix,
                str(flow.states[0].name),
                data.model_dump(mode="json"),
                subject=flow.subject(data) if flow.subject else None,
                opens=NewAccount(pool.remote, one.login, one.password.get_secret_value()),
            )
        )
    created = await record.create(cases, actor=actor, reason=None)
    return [one.number for one in created]


def the_pool(systems: Systems) -> AccountPool:
    """The accounts that the systems keep. Raises NotFound where none of them keeps any."""
    pools = [pool for one in systems.installed for pool in one.system.accounts]
    if not pools:
        raise NotFound("system", "with accounts")
    return pools[0]

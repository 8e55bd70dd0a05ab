"""New accounts of a remote, each with a case of its own, which keeps its login alive; and the logins that rows name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from caseward.app.installation import Record
from caseward.console.intake.files import PortalAccount
from workflow.errors import DefinitionError
from workflow.flow.compiled import Plan
from workflow.flow.mistakes import words
from workflow.flow.remotes import Remotes
from workflow.intake.rows import Intake
from workflow.store import Account, NewAccount, NewCase
from workflow.system import AccountPool


async def add_accounts(record: Record, new: Sequence[PortalAccount], *, actor: str, pool: AccountPool) -> list[str]:
    """Keep the passwords, encrypted, and open a case for each login, all or none; the numbers of the cases."""
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


def logins_in(intake: Intake, plan: Plan, remotes: Remotes, data: Any) -> Mapping[str | None, str]:
    """The logins that a row names, by remote; None stands for any, where the flow works on the accounts of none."""
    entered = [remote.name for remote in remotes.entered(plan)]
    try:
        said = intake.account(data)
    except Exception as error:
        raise DefinitionError(plan.flow.name, "login_fails", error=words(error)) from error
    if said is None:
        return {}
    if isinstance(said, Mapping):
        if strange := sorted(set(said) - set(entered)):
            known = ", ".join(entered) or "none"
            raise DefinitionError(plan.flow.name, "login_of_strange", strange=strange[0], known=known)
        return {remote: login for remote, login in said.items() if login is not None}
    if len(entered) > 1:
        raise DefinitionError(plan.flow.name, "login_of_which", remotes=", ".join(entered))
    return {entered[0] if entered else None: said}


def account_named(accounts: Sequence[Account], remote: str | None, login: str) -> Account | None:
    """The account of this login at this remote; at any where no remote is named."""
    return next((one for one in accounts if one.login == login and remote in (None, one.adapter)), None)

"""`caseward case resend`: a notice that reached nobody goes out once more, on the record."""

from __future__ import annotations

from caseward.console.commands.case.orders import stands
from caseward.console.terminal.view import View, person, viewing
from caseward.console.wording.texts import Texts
from workflow.engine.reasons import reason_given
from workflow.engine.resending import resend as send_again


def resend(
    texts: Texts,
    number: str,
    name: str | None,
    *,
    owner: str | None,
    reason: str,
    version: int | None,
    json: bool,
) -> int:
    """Without a name, all that reached nobody for certain. One of which nobody can tell must be named."""
    said = reason_given(reason)

    async def work(view: View) -> int:
        claim, record = (await view.row(number)).claim, view.record
        await send_again(
            record.store,
            view.plan(claim.flow),
            record.commands(person()),
            claim,
            said,
            kinds=record.systems.secrets(claim.flow),
            address_of=record.systems.address_of(claim.flow),
            name=name,
            owner=owner,
            version=version,
        )
        return await stands(view, claim.case, "order.resend", json)

    return viewing(texts, work)

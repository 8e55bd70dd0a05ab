"""`caseward case resend`: a notice that reached nobody goes out once more, to the number on file now, on the record."""

from __future__ import annotations

from collections.abc import Sequence

from caseward.console.commands.case.orders import stands
from caseward.console.terminal.answers import not_one_of
from caseward.console.terminal.typed import hold_to, reason_of
from caseward.console.terminal.view import View, person, viewing
from caseward.console.wording.texts import Texts
from workflow.engine.context import case_of
from workflow.engine.notices import Notice, notices
from workflow.errors import NotAllowed
from workflow.record.values import Message
from workflow.sentence import Sentence
from workflow.store import CaseRow


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
    said = reason_of(texts, reason)

    async def work(view: View) -> int:
        row = await view.row(number)
        hold_to(row, version)
        known = notices(await view.record.store.messages_of(row.claim.case))
        meant = _meant(view, row, known, name, owner and _recipient(view, row, known, owner))
        again = [_again(view, row, one) for one in meant]
        left = {one.trouble for one in known if one not in meant}
        over = tuple(sorted({one.trouble for one in meant if one.trouble and one.trouble not in left}))
        await view.record.commands(person()).resend(row.claim.case, again, said, close=over)
        return await stands(view, row.claim.case, "order.resend", json)

    return viewing(texts, work)


def _meant(view: View, row: CaseRow, known: Sequence[Notice], name: str | None, recipient: str | None) -> list[Notice]:
    """The notices to send again.

    Raises Stopped where there is no such notice, NotAllowed where it may not be sent again.
    """
    theirs = [one for one in known if recipient is None or one.recipient == recipient]
    if name is None:
        meant = [one for one in theirs if one.lost]
        if not meant:
            raise NotAllowed(
                row.claim.number,
                Sentence("to_send_again", "to send again"),
                Sentence("no_notice_known_to", "no notice of it is known to have reached nobody"),
            )
        return meant
    named = [one for one in theirs if one.occasion == name or one.occasion.startswith(f"{name}/")]
    if not named:
        raise not_one_of(view.texts, "notice", name, sorted({one.occasion for one in theirs}))
    meant = [one for one in named if one.lost or one.is_doubtful]
    if not meant:
        arrived = all(one.stands == "arrived" for one in named)
        why = (
            Sentence("arrived", "it arrived")
            if arrived
            else Sentence("on_way_or_receipt", "it is on its way, or its receipt is still asked for")
        )
        raise NotAllowed(row.claim.number, Sentence("to_send_again", "to send again"), why)
    return meant


def _again(view: View, row: CaseRow, notice: Notice) -> Message:
    """Send again to the number on file now: the old one may be why it was refused."""
    told, flow = view.record.systems.address_of(row.claim.flow), view.plan(row.claim.flow).flow
    address = notice.last.address
    if told is not None:
        address = told(flow.data.model_validate(row.claim.data), notice.recipient) or ""
    if not address or not notice.last.text:
        why = (
            Sentence("there_no_number_on", "there is no number on file for it")
            if notice.last.text
            else Sentence("text_was_erased", "its text was erased")
        )
        raise NotAllowed(row.claim.number, Sentence("to_send_again", "to send again"), why)
    return notice.again(address)


def _recipient(view: View, row: CaseRow, known: Sequence[Notice], name: str) -> str:
    """The recipient that a name or an id means, among those to whom a notice of the case went."""
    case = case_of(view.plan(row.claim.flow), row.claim, row.claim.data)
    secrets = view.record.systems.secrets(row.claim.flow)
    people = {id_: said for kind in secrets for id_, said in kind.known(case).items()}
    told = {id_: people.get(id_, id_) for id_ in sorted({one.recipient for one in known})}
    ids = [name] if name in told else [id_ for id_, said in told.items() if said == name]
    if len(ids) != 1:
        others = [id_ if id_ == said else f"{said} ({id_})" for id_, said in told.items()]
        raise not_one_of(view.texts, "recipient", name, ids or others)
    return ids[0]

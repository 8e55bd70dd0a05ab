"""A notice that reached nobody goes out once more, to the number on file now; which may, and which may not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from workflow.engine import refusals
from workflow.engine.commands import Commands
from workflow.engine.notices import Notice, notices
from workflow.engine.reasons import reason_given
from workflow.engine.upgrades import read_case
from workflow.errors import NotAllowed
from workflow.flow.case import Case
from workflow.flow.compiled import Plan
from workflow.intake.gives import SecretKind
from workflow.record.values import Claim, Message
from workflow.sentence import Sentence
from workflow.store import Store

AddressOf = Callable[[Any, str], str | None]


async def resend(
    store: Store,
    plan: Plan,
    people: Commands,
    claim: Claim,
    reason: str,
    *,
    kinds: Sequence[SecretKind],
    address_of: AddressOf | None,
    name: str | None = None,
    owner: str | None = None,
    version: int | None = None,
) -> None:
    """Without a name, all that reached nobody for certain. One of which nobody can tell must be named.

    name: an occasion. owner: to whom, by id or name. kinds: the flow's secrets, which know what people are called.
    address_of: where recipients are told today; None: where the notice says.
    """
    said, case = reason_given(reason), read_case(plan, claim)
    known = notices(await store.messages_of(claim.case))
    meant = _meant(claim, known, name, owner and _recipient(claim, case, known, kinds, owner))
    again = [_again(claim, case, one, address_of) for one in meant]
    left = {one.trouble for one in known if one not in meant}
    over = tuple(sorted({one.trouble for one in meant if one.trouble and one.trouble not in left}))
    await people.resend(claim.case, again, said, close=over, version=version)


async def free(
    store: Store,
    plan: Plan,
    people: Commands,
    claim: Claim,
    reason: str,
    *,
    kinds: Sequence[SecretKind],
    now: datetime,
    release: bool,
    name: str | None = None,
    owner: str | None = None,
) -> None:
    """Release notices that are held back for people, or drop them; without a name, all of the case."""
    said, case = reason_given(reason), read_case(plan, claim)
    known = notices(await store.messages_of(claim.case))
    held = [one for one in named_of(claim, case, known, kinds, name, owner) if one.is_held(now)]
    if not held:
        what = Sentence("to_release", "to release") if release else Sentence("to_drop", "to drop")
        raise NotAllowed(claim.number, what, Sentence("no_notice_held", "none of these notices is held back"))
    await people.free(claim.case, [one.last for one in held], said, release=release, version=claim.seq)


def named_of(
    claim: Claim,
    case: Case[Any],
    known: Sequence[Notice],
    kinds: Sequence[SecretKind],
    name: str | None,
    owner: str | None,
) -> list[Notice]:
    """The notices of this occasion and recipient, of any where none is named. Raises NotOneOf."""
    recipient = _recipient(claim, case, known, kinds, owner) if owner else None
    theirs = [one for one in known if recipient is None or one.recipient == recipient]
    if name is None:
        return theirs
    named = [one for one in theirs if one.occasion == name or one.occasion.startswith(f"{name}/")]
    if not named:
        raise refusals.not_one_of(claim, "notice", name, sorted({one.occasion for one in theirs}))
    return named


def _meant(claim: Claim, known: Sequence[Notice], name: str | None, recipient: str | None) -> list[Notice]:
    """Those to send again. Raises NotOneOf where there is no such notice, NotAllowed where it may not be."""
    theirs = [one for one in known if recipient is None or one.recipient == recipient]
    if name is None:
        if meant := [one for one in theirs if one.lost]:
            return meant
        if doubtful := sorted({one.occasion for one in theirs if one.is_doubtful}):
            names = ", ".join(doubtful)
            why = Sentence("notices_doubtful", "nobody knows whether it arrived, so name it: {names}", names=names)
            raise _refused(claim, why)
        raise _refused(claim, Sentence("no_notice_known_to", "no notice of it is known to have reached nobody"))
    named = [one for one in theirs if one.occasion == name or one.occasion.startswith(f"{name}/")]
    if not named:
        raise refusals.not_one_of(claim, "notice", name, sorted({one.occasion for one in theirs}))
    if meant := [one for one in named if one.lost or one.is_doubtful]:
        return meant
    if all(one.stands == "arrived" for one in named):
        raise _refused(claim, Sentence("arrived", "it arrived"))
    raise _refused(claim, Sentence("on_way_or_receipt", "it is on its way, or its receipt is still asked for"))


def _again(claim: Claim, case: Case[Any], notice: Notice, address_of: AddressOf | None) -> Message:
    """To the number on file now: the old one may be why it was refused."""
    address = notice.last.address
    if address_of is not None:
        address = address_of(case.data, notice.recipient) or ""
    if not notice.last.text:
        raise _refused(claim, Sentence("text_was_erased", "its text was erased"))
    if not address:
        raise _refused(claim, Sentence("there_no_number_on", "there is no number on file for it"))
    return notice.again(address)


def _recipient(claim: Claim, case: Case[Any], known: Sequence[Notice], kinds: Sequence[SecretKind], name: str) -> str:
    """Whom a name or an id means, of those to whom a notice of the case went."""
    people = {id_: said for kind in kinds for id_, said in kind.known(case).items()}
    told = {id_: people.get(id_, id_) for id_ in sorted({one.recipient for one in known})}
    ids = [name] if name in told else [id_ for id_, said in told.items() if said == name]
    if len(ids) != 1:
        others = [id_ if id_ == said else f"{said} ({id_})" for id_, said in told.items()]
        raise refusals.not_one_of(claim, "recipient", name, ids or others)
    return ids[0]


def _refused(claim: Claim, why: Sentence) -> NotAllowed:
    return NotAllowed(claim.number, Sentence("to_send_again", "to send again"), why)

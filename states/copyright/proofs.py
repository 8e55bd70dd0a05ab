"""The questions that tell whether an action happened whose reply was lost."""

from datetime import datetime

from adapters.bureau.portal import Portal
from adapters.generator import Generator, Order
from states.copyright.facts import owner_ids
from states.copyright.registration import Registration
from states.copyright.sealing import SealUpload
from states.copyright.settings import CopyrightSettings, marker
from states.copyright.values import OwnersOfRound
from states.copyright.whose import not_ours, of_whom, order_of, placed
from workflow import CannotTell, Case, Done, NotDone, ProofAnswer
from workflow.sentence import Sentence

NO_DRAFT = Sentence("bureau_no_draft", "the bureau shows no draft of this round")


async def order_placed(case: Case[Registration], settings: CopyrightSettings, generator: Generator) -> ProofAnswer:
    """An order of this matter and round is there (R46)."""
    found = await _order(case, settings, generator)
    if found is None or found.ended:
        return NotDone()
    if found.differs:
        return _may_be_ours(found)
    return Done({"placed": placed(case, "order", found.number)})


async def order_was_paid(case: Case[Registration], settings: CopyrightSettings, generator: Generator) -> ProofAnswer:
    """The generation system calls the order paid (R51)."""
    found = await _order(case, settings, generator)
    if found is None:
        return CannotTell(Sentence("generation_no_order", "the generation system shows no order of this round"))
    if found.differs:
        return _may_be_ours(found)
    if found.paid and found.amount != settings.price.amount:
        return CannotTell(
            Sentence(
                "order_cost_other",
                "order {order} was paid, and cost {amount} instead of {due}",
                order=found.number,
                amount=found.amount,
                due=settings.price.amount,
            )
        )
    if found.ended:  # a refund may be of this payment, or of none
        return CannotTell(
            Sentence("order_has_ended", "order {order} has ended: {word}", order=found.number, word=found.ended)
        )
    return Done() if found.paid else NotDone()


async def codes_accepted(case: Case[Registration], settings: CopyrightSettings, portal: Portal) -> ProofAnswer:
    """The bureau shows codes as taken that we had not seen taken; if all were wrong, handing them in again is safe."""
    draft = await portal.draft(marker(case, settings), case.round)
    if draft is None:
        return CannotTell(NO_DRAFT)
    before = case.data.entered_in(case.round)
    taken = owner_ids(case.data, draft.codes_accepted)
    if not set(taken) - before:
        return NotDone()
    return Done({"codes_entered": entered(case, taken)})


async def seal_page_uploaded(
    case: Case[Registration], item: SealUpload, now: datetime, settings: CopyrightSettings, portal: Portal
) -> ProofAnswer:
    """The bureau shows a seal page, and none lay there before (R75, R78): its page does not say which one it is."""
    draft = await portal.draft(marker(case, settings), case.round)
    if draft is None:
        return CannotTell(NO_DRAFT)
    if draft.confirmed:
        return Done()
    if not draft.seal_uploaded or item.draft not in ("", draft.number):
        return NotDone()
    if item.replaces:
        return CannotTell(
            Sentence(
                "which_page_lies_there", "{draft} has a seal page, and does not show which one", draft=draft.number
            )
        )
    sent = item.sent(draft, now)
    return Done({} if sent is None else {"seal_sent": sent})


async def filing_confirmed(case: Case[Registration], settings: CopyrightSettings, portal: Portal) -> ProofAnswer:
    """The bureau shows a filing of this round (R68, R76, R79)."""
    found = await portal.filing(marker(case, settings))
    if found is None or found.round < case.round:
        return NotDone()
    filing = of_whom(case, settings, found)
    if not_ours(case, "filing", filing.number, filing):
        return CannotTell(
            Sentence(
                "bears_our_marker",
                "{filing} bears our marker, and is about {title} {version}",
                filing=filing.number,
                title=filing.title,
                version=filing.version,
            )
        )
    return Done()


def _may_be_ours(order: Order) -> CannotTell:
    return CannotTell(
        Sentence("order_may_be_ours", "order {order} may be ours, and is not for this matter", order=order.number)
    )


async def _order(case: Case[Registration], settings: CopyrightSettings, generator: Generator) -> Order | None:
    return order_of(case, settings, await generator.find(case.data.full_name, case.data.version, case.round))


def entered(case: Case[Registration], accepted: tuple[str, ...]) -> OwnersOfRound:
    """The owners whose codes the bureau has taken in this round, in the order of the form."""
    taken = case.data.entered_in(case.round) | set(accepted)
    return OwnersOfRound(round=case.round, owners=tuple(owner.id for owner in case.data.owners if owner.id in taken))

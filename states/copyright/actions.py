"""What a registration does to the outside world: orders, drafts, codes, signatures, the filing, the certificate."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from adapters.bureau.filing_form import FilingForm
from adapters.bureau.portal import Draft, DraftDiffers, Filing, Portal
from adapters.bureau.seal_page import SealPages, SignatureLine
from adapters.generator import Generator, Order
from adapters.generator_contract import Payment
from states.copyright.correction import told
from states.copyright.edits import DRAFT
from states.copyright.facts import owner_ids
from states.copyright.form import as_seen, files, filing_form, names, particulars
from states.copyright.made import kept_as, materials_of, nobody_elses
from states.copyright.orders import OrderRequest, order_requests
from states.copyright.owners import (
    CodeBatch,
    CodeRequest,
    code_batch,
    codes_due,
    lacking_codes,
    unpermitted,
    without_specimen,
)
from states.copyright.proofs import (
    codes_accepted,
    entered,
    filing_confirmed,
    order_placed,
    order_was_paid,
    seal_page_uploaded,
)
from states.copyright.registration import Registration
from states.copyright.sealing import SealUpload, page_draft, seal_uploads, without_page
from states.copyright.settings import CopyrightSettings, marker
from states.copyright.values import CodesSent, Named, OwnersOfRound, SealPageSent
from states.copyright.whose import is_ours, order_of, placed
from workflow import Case, Codes, Gate, NeedsPerson, NotSent, Refused, action
from workflow.engine.dependencies import Documents
from workflow.intake.values import Document
from workflow.sentence import Sentence


@action(proof=order_placed, each=order_requests, once="round")
async def place_order(
    case: Case[Registration], item: OrderRequest, settings: CopyrightSettings, generator: Generator
) -> dict[str, tuple[Named, ...]]:
    """Order the materials of this round (R50, R109), under our marker, and keep the order's number."""
    data, about = case.data, particulars(case.data) | told(case)
    order = await generator.place(data.full_name, data.version, case.round, about, reference=marker(case, settings))
    return {"placed": placed(case, "order", order.number)}


@action(proof=order_was_paid, each=order_requests, once="round")
async def pay_order(
    case: Case[Registration], item: OrderRequest, settings: CopyrightSettings, generator: Generator, key: str
) -> None:
    """Pay the order, once, if it is ours, unpaid, and costs what it may (R47, R51)."""
    order = order_of(case, settings, await generator.find(case.data.full_name, case.data.version, case.round))
    if order is None:
        raise NotSent(
            "generator",
            "pay",
            Sentence(
                "no_order_yet",
                "no order of {title}, round {round}, is shown yet",
                title=case.data.title,
                round=case.round,
            ),
        )
    if order.differs:
        raise NeedsPerson("order_differs", order=order.number, **order.differs)
    if order.ended:
        why = Sentence("order_has_ended", "order {order} has ended: {word}", order=order.number, word=order.ended)
        raise Refused("generator", "pay_order", why)
    if order.paid:
        return
    if order.twins > 1:
        raise NeedsPerson("order_twins", order=order.number, twins=order.twins)
    data = case.data
    meant = Payment(order.number, data.full_name, data.version, case.round, settings.price)
    await generator.agree(meant)
    await generator.pay(meant, key=key)


@action(repeatable=True, takes=timedelta(minutes=3))
async def save_draft(
    case: Case[Registration],
    now: datetime,
    order: Order | None,
    settings: CopyrightSettings,
    generator: Generator,
    portal: Portal,
    documents: Documents,
) -> dict[str, object]:
    """Fill the bureau's form, upload the materials of this round, and save (R57, R58, R67).

    Where that is another draft than the one whose blank was fetched, blank and page are used no more: they name that.
    """
    form = await _form(case, documents)
    materials, papers = await materials_of(case, order, generator, documents, now)
    with differences_told():
        saved = await portal.save_draft(marker(case, settings), case.round, form, materials)
    made: dict[str, object] = {"materials": papers, "placed": placed(case, "draft", saved.number)}
    left = tuple(one for one in case.data.stale if one != DRAFT)
    if left != case.data.stale:
        made["stale"] = left
    if page_draft(case.data) != saved.number:
        made |= without_page(case.data)
    if (seen := case.data.noticed) is not None and seen.round == case.round:
        # one that was not gone after all has kept its codes
        kept = seen.draft_gone and is_ours(case, "draft", saved.number)
        lost = max(0, seen.drafts_lost - kept)
        there = {"draft": saved.number, "missed_at": None, "draft_gone": False, "drafts_lost": lost}
        made["noticed"] = seen.model_copy(update=there)
    return made


@action(blind="sent", each=codes_due, once="round", takes=timedelta(seconds=90))
async def request_code(
    case: Case[Registration],
    item: CodeRequest,
    now: datetime,
    settings: CopyrightSettings,
    portal: Portal,
    documents: Documents,
    gate: Gate,
) -> dict[str, CodesSent]:
    """Have the bureau send an owner a code (R116-R118), and keep when: it runs out."""
    name, form = names(case.data)[item.owner], await _form(case, documents)
    await portal.request_code(marker(case, settings), case.round, form, name, gate=gate)
    known = case.data.sent_in(case.round).by_owner
    return {"codes_sent": CodesSent(round=case.round, by_owner={**known, item.owner: now})}


@action(proof=codes_accepted, each=code_batch, once="round", takes=timedelta(seconds=90))
async def enter_codes(
    case: Case[Registration],
    item: CodeBatch,
    settings: CopyrightSettings,
    portal: Portal,
    codes: Codes,
    documents: Documents,
    gate: Gate,
) -> dict[str, OwnersOfRound]:
    """Hand in the codes on file; a wrong one is used up, and its owner is asked for another (R66)."""
    values = await codes.values()
    told = names(case.data)
    by_name = {told[owner]: values[owner] for owner in lacking_codes(case) if owner in values}
    form = await _form(case, documents)
    result = await portal.enter_codes(marker(case, settings), case.round, form, by_name, gate=gate)
    return {"codes_entered": entered(case, owner_ids(case.data, result.accepted))}


@action(repeatable=True, takes=timedelta(seconds=90))
async def fetch_seal_form(
    case: Case[Registration],
    now: datetime,
    settings: CopyrightSettings,
    portal: Portal,
    seal_pages: SealPages,
    documents: Documents,
) -> dict[str, object]:
    """Fetch the page to be signed and sealed (R81), and print our code on it, by which it is known when it is back."""
    blank = await portal.blank_seal_page(marker(case, settings), case.data.spelling)
    code, form = (
        await seal_pages.mark(blank.pdf, f"{marker(case, settings)} {case.data.identity}")
        if settings.seal_form_code
        else (None, blank.pdf)
    )
    return {
        **without_page(case.data),
        "seal_form": await kept_as(documents, case, form, "签章页（空白）.pdf", "seal_form", now),
        "seal_form_code": code,
        "seal_form_draft": blank.draft,
    }


@action(repeatable=True)
async def sign_seal_page(
    case: Case[Registration], now: datetime, seal_pages: SealPages, documents: Documents
) -> dict[str, Document | str]:
    """Set the owners' specimens under the seal page, in the order of the owners, as each of them allowed (R77)."""
    form = case.data.seal_form
    if lacking := without_specimen(case, now):
        raise NeedsPerson("permission_ended", owners=[owner.name for owner in lacking])
    if form is None:
        raise NeedsPerson("seal_form_gone", case=case.number)
    lines = [
        SignatureLine(owner.name, await documents.get(given.signature.digest), given.authorised_on)
        for owner in case.data.owners
        for given in [case.data.specimens[owner.id]]
    ]
    signed = await seal_pages.sign(await documents.get(form.digest), lines, case.data.spelling)
    page = await kept_as(documents, case, signed, "签章页.pdf", "seal_page", now)
    return {"seal_page": page, "signed_page": page.digest}


@action(proof=seal_page_uploaded, each=seal_uploads, once="round", takes=timedelta(seconds=90))
async def upload_seal_page(
    case: Case[Registration],
    item: SealUpload,
    draft: Draft | None,
    now: datetime,
    settings: CopyrightSettings,
    portal: Portal,
    documents: Documents,
    gate: Gate,
) -> dict[str, SealPageSent]:
    """Upload the signed and sealed page (R75, R78), while each owner's permission holds."""
    page = case.data.seal_page
    _permitted(case, now)
    if page is None:
        raise NeedsPerson("seal_page_gone", case=case.number)
    meant = item if item.digest else item.model_copy(update={"digest": page.digest})
    pdf = await documents.get(meant.digest)
    form, handed_in = await _form(case, documents), files(case.data, case.round)
    with differences_told():
        await portal.upload_seal_page(
            marker(case, settings), case.round, form, handed_in, pdf, gate=gate, draft=meant.draft
        )
    sent = meant.sent(draft, now)
    return {} if sent is None else {"seal_sent": sent}


@action(proof=filing_confirmed, once="round", takes=timedelta(seconds=90))
async def confirm(
    case: Case[Registration],
    draft: Draft | None,
    now: datetime,
    settings: CopyrightSettings,
    portal: Portal,
    gate: Gate,
) -> None:
    """File it (R68, R76, R79), if the draft is the registration as it stands now, and our page lies there."""
    if not case.round:
        _permitted(case, now)
        if due := seal_uploads(case, draft, now):
            why = Sentence("seal_page_not_up", "the seal page on file was not uploaded to {draft}", draft=due[0].draft)
            raise Refused("portal", "confirm", why)
    form, handed_in = filing_form(case.data), files(case.data, case.round)
    with differences_told():
        await portal.confirm(
            marker(case, settings), case.round, form, handed_in, gate=gate, draft=draft.number if draft else ""
        )


@action(repeatable=True, takes=timedelta(seconds=90))
async def fetch_certificate(
    case: Case[Registration],
    filing: Filing | None,
    now: datetime,
    settings: CopyrightSettings,
    portal: Portal,
    documents: Documents,
) -> dict[str, Document | str | date | None]:
    """Fetch the certificate of this filing, to be passed on to the owners (R107), and keep its number."""
    number = (filing.certificate_number if filing else None) or ""
    certificate = await portal.certificate(marker(case, settings), case.data.spelling, number)
    await nobody_elses(documents, case, certificate, "certificate")
    kept = await kept_as(documents, case, certificate, "登记证书.pdf", "certificate", now)
    day = filing.certified_on if filing else None
    return {"certificate": kept, "certificate_number": number, "certified_on": day}


def _permitted(case: Case[Registration], now: datetime) -> None:
    """Refused where a permission ended since it was decided: the guards are asked anew, and wait for its owner."""
    if ended := unpermitted(case, now):
        told = Sentence("permission_over", "the permission of {owners} does not hold today", owners=", ".join(ended))
        raise Refused("portal", "seal page", told)


@contextmanager
def differences_told() -> Iterator[None]:
    """Somebody changed the draft by hand: raise NeedsPerson with each field, ours and theirs."""
    try:
        yield
    except DraftDiffers as found:
        raise NeedsPerson("draft_differs", **as_seen(found.differences)) from found


async def _form(case: Case[Registration], documents: Documents) -> FilingForm:
    """With the cooperation agreement and the power of attorney, where there are some."""
    papers = (case.data.agreement, case.data.power_of_attorney)
    agreement, attorney = [await documents.get(one.digest) if one else None for one in papers]
    return filing_form(case.data, agreement, attorney)

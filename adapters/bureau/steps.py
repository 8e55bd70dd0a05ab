"""The irreversible steps of a filing: codes, seal page, confirmation; each behind the gate, each answer definite."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.bureau import contracts
from adapters.bureau import selectors as on
from adapters.bureau.drafts import open_detail, open_found
from adapters.bureau.files import of_matter, of_software
from adapters.bureau.matter import Matter, confirmation, detail, masked
from adapters.bureau.portal import BlankSealPage, CodesResult, Files, Receipt
from adapters.bureau.screen import ADAPTER, Screen
from adapters.bureau.seen import Row, Seen, owner_rows
from adapters.bureau.view import unchanged
from adapters.names import Spelling, trimmed
from adapters.personal import on_page
from workflow.errors import Drifted, Refused, Unknown
from workflow.flow.case import Gate
from workflow.sentence import Sentence

SEAL_PAGE = "签章页.pdf"


async def request_code(screen: Screen, matter: Matter, owner_name: str, gate: Gate) -> None:
    step = contracts.REQUEST_CODE.step
    seen = await open_found(screen, step, matter.marker, matter.round)
    owner = await _owner(screen, step, seen, owner_name)
    number = matter.number_of(owner_name)
    await _saved(screen, step, seen)
    agreed = contracts.REQUEST_CODE.filled(detail(matter, screen.address, seen, owner=number))
    await screen.judge(step, agreed)
    if owner["needed"] == "no" or owner["code"] == "verified":
        raise Refused(
            ADAPTER,
            step,
            Sentence(
                "offers_no_code",
                "the bureau offers no code for {owner}: {needed}, {code}",
                owner=owner_name,
                needed=on_page(owner["needed"]),
                code=on_page(owner["code"]),
            ),
        )
    seen = await screen.commit(step, agreed, gate, on.DETAIL)
    if seen.errors:
        raise Refused(ADAPTER, step, seen.complaint)
    phone = masked(matter.form.owners[int(number) - 1].phone)
    if seen.text("flash") != f"{on.CODE_SENT}至 {phone}":
        raise Unknown(
            ADAPTER,
            step,
            Sentence(
                "code_not_said_sent",
                "the page does not say that a code was sent to {phone}: {told}",
                phone=phone,
                told=repr(seen.told("flash")),
            ),
        )


async def enter_codes(screen: Screen, matter: Matter, codes: Mapping[str, str], gate: Gate) -> CodesResult:
    step = contracts.ENTER_CODES.step
    seen = await open_found(screen, step, matter.marker, matter.round)
    owners = {name: await _owner(screen, step, seen, name) for name in codes}
    open_ones = {name: owner for name, owner in owners.items() if owner["code"] != "verified"}
    await _saved(screen, step, seen)
    if not open_ones:
        await screen.judge(step, contracts.ENTER_CODES.filled(detail(matter, screen.address, seen)))
        await screen.shoot(step)
        return CodesResult(accepted=tuple(codes))
    typed = {name: codes[name] for name in open_ones}
    await screen.fill(step, [(on.code_field(matter.number_of(name)), "text", code) for name, code in typed.items()])
    agreed = contracts.ENTER_CODES.filled(detail(matter, screen.address, seen, typed=typed))
    seen = await screen.commit(step, agreed, gate, on.DETAIL)
    if not seen.errors and on.CODES_TAKEN not in seen.text("flash"):
        why = Sentence("codes_unsaid", "the page says neither that the codes were taken nor that they were not")
        raise Unknown(ADAPTER, step, why)
    accepted = {name for name, owner in owner_rows(seen) if owner["code"] == "verified"}
    problems = {error["owner"]: on_page(error["problem"] or error["text"]) for error in seen.errors}
    return CodesResult(
        accepted=tuple(name for name in codes if name in accepted),
        refused={
            name: problems.get(owner["number"], "unsaid") for name, owner in open_ones.items() if name not in accepted
        },
    )


async def blank_seal_page(screen: Screen, marker: str, software: Spelling) -> BlankSealPage:
    """The page of just this draft and software: what is signed and sealed must be ours."""
    step = "blank seal page"
    seen = await open_found(screen, step, marker, 0)
    await of_software(screen, step, software, seen.text("title"))
    if not seen.text("seal_form"):
        why = Sentence("offers_no_seal_page", "the bureau offers no seal page: the draft was never saved")
        raise Refused(ADAPTER, step, why)
    await screen.shoot(step)
    pdf = await screen.download(step, on.SEAL_FORM)
    if await of_matter(screen, step, pdf, software, draft=seen.text("draft")):
        return BlankSealPage(seen.text("draft"), pdf)
    raise Drifted(ADAPTER, step, Sentence("blank_without_text", "the blank page holds no text that can be read"))


async def upload_seal_page(screen: Screen, matter: Matter, files: Files, pdf: bytes, gate: Gate, draft: str) -> None:
    step = contracts.UPLOAD_SEAL.step
    seen = await open_found(screen, step, matter.marker, matter.round)
    await _meant(screen, step, seen, draft)
    await unchanged(screen, step, matter, files, seen.text("draft"))
    seen = await open_detail(screen, step, seen.text("draft"), matter.marker, matter.round)
    await _saved(screen, step, seen)
    if matter.round:
        await screen.shoot(step)
        why = Sentence("takes_no_seal_page", "the bureau takes no seal page in round {round}", round=matter.round)
        raise Refused(ADAPTER, step, why)
    if not await screen.has(step, on.SEAL_FILE):
        await screen.shoot(step)
        raise Drifted(ADAPTER, step, Sentence("no_field_for_file", "there is no field for the file"))
    await screen.attach(step, on.SEAL_FILE, SEAL_PAGE, pdf)
    agreed = contracts.UPLOAD_SEAL.filled(detail(matter, screen.address, seen, file=f"{SEAL_PAGE} {len(pdf)}"))
    seen = await screen.commit(step, agreed, gate, on.DETAIL)
    if seen.errors:
        raise Refused(ADAPTER, step, seen.complaint)
    if on.SEAL_TAKEN not in seen.text("flash"):
        why = Sentence("seal_page_unsaid", "the page does not say that the seal page was taken")
        raise Unknown(ADAPTER, step, why)


async def confirm(screen: Screen, matter: Matter, files: Files, gate: Gate, draft: str) -> Receipt:
    """The whole draft is read back first: who changes it afterwards has to log in, which ends this session."""
    step = contracts.CONFIRM.step
    seen = await open_found(screen, step, matter.marker, matter.round)
    await _meant(screen, step, seen, draft)
    await unchanged(screen, step, matter, files, seen.text("draft"))
    if missing := ", ".join(row["text"] or row["what"] or "" for row in seen.rows("missing")):
        await screen.shoot(step)
        why = Sentence("bureau_misses", "the bureau misses: {missing}", missing=on_page(missing))
        raise Refused(ADAPTER, step, why)
    if not seen.text("confirm"):
        await screen.shoot(step)
        raise Drifted(
            ADAPTER,
            step,
            Sentence("offers_no_confirmation", "the page offers no confirmation, and does not say what it misses"),
        )
    number = seen.text("draft")
    await screen.open(step, on.CONFIRM, f"/drafts/{number}/confirm")
    agreed = contracts.CONFIRM.filled(confirmation(matter, screen.address, number))
    seen = await screen.commit(step, agreed, gate, on.RECEIPT, on.DETAIL)
    if seen.page == on.DETAIL.name and seen.errors:
        raise Refused(ADAPTER, step, seen.complaint)
    title = matter.form.software.full_name
    if seen.page != on.RECEIPT.name or seen.text("name") != trimmed(title) or not seen.text("number"):
        raise Unknown(ADAPTER, step, Sentence("no_receipt", "the answer is no receipt for {title}", title=title))
    return Receipt(number=seen.text("number"))


async def _meant(screen: Screen, step: str, seen: Seen, draft: str) -> None:
    """Refused where another draft of the matter is there than the one that is meant; empty: whichever is there."""
    if draft and seen.text("draft") != draft:
        await screen.shoot(step)
        why = Sentence(
            "draft_is_another", "the draft there is {shown}, not {draft}", shown=seen.told("draft"), draft=draft
        )
        raise Refused(ADAPTER, step, why)


async def _saved(screen: Screen, step: str, seen: Seen) -> None:
    """Refused where the draft stands otherwise by the page's own word; a word that nobody knows is for the contract."""
    if seen.text("status") in (on.BEING_FILLED, on.SUBMITTED):
        await screen.shoot(step)
        why = Sentence("draft_not_saved", "the draft does not stand saved: {status}", status=seen.told("status"))
        raise Refused(ADAPTER, step, why)


async def _owner(screen: Screen, step: str, seen: Seen, name: str) -> Row:
    found = [owner for told, owner in owner_rows(seen) if told == name]
    if len(found) != 1:
        await screen.shoot(step)
        why = Sentence("owners_of_name", "the page shows {n} owners named {name}", n=len(found), name=name)
        raise Drifted(ADAPTER, step, why)
    return found[0]

"""The irreversible steps of a filing: codes, seal page, confirmation; each behind the gate, each answer definite."""

from __future__ import annotations

from collections.abc import Mapping

from adapters import portal_selectors as on
from adapters.portal import CodesResult, Receipt
from adapters.portal_drafts import open_found
from adapters.portal_screen import ADAPTER, Screen
from adapters.portal_seen import Row, Seen
from workflow.case import Gate
from workflow.errors import Drifted, Refused, Unknown

SEAL_PAGE = "签章页.pdf"


async def request_code(screen: Screen, marker: str, round: int, owner_name: str, gate: Gate) -> None:
    step = "request code"
    owner = _owner(step, await open_found(screen, step, marker, round), owner_name)
    button = on.send_code(owner["number"] or "")
    if not await screen.has(step, button):
        raise Refused(ADAPTER, step, f"the bureau offers no code for {owner_name}: {owner['needed']}, {owner['code']}")
    seen = await screen.commit(step, button, gate, on.DETAIL)
    if seen.errors:
        raise Refused(ADAPTER, step, seen.complaint)
    if on.CODE_SENT not in seen.text("flash"):
        raise Unknown(ADAPTER, step, "the page does not say that a code was sent")


async def enter_codes(screen: Screen, marker: str, round: int, codes: Mapping[str, str], gate: Gate) -> CodesResult:
    step = "enter codes"
    seen = await open_found(screen, step, marker, round)
    owners = {name: _owner(step, seen, name) for name in codes}
    open_ones = {name: owner for name, owner in owners.items() if owner["code"] != "verified"}
    if not open_ones:
        await screen.shoot(step)
        return CodesResult(accepted=tuple(codes))
    if not await screen.has(step, on.ENTER_CODES):
        raise Refused(ADAPTER, step, "the bureau asks for no codes: the draft does not stand saved")
    await screen.fill(
        step, [(on.code_field(owner["number"] or ""), "text", codes[name]) for name, owner in open_ones.items()]
    )
    seen = await screen.commit(step, on.ENTER_CODES, gate, on.DETAIL)
    if not seen.errors and on.CODES_TAKEN not in seen.text("flash"):
        raise Unknown(ADAPTER, step, "the page says neither that the codes were taken nor that they were not")
    accepted = {owner["name"] for owner in seen.rows("owners") if owner["code"] == "verified"}
    problems = {error["owner"]: error["problem"] or error["text"] or "" for error in seen.errors}
    return CodesResult(
        accepted=tuple(name for name in codes if name in accepted),
        refused={
            name: problems.get(owner["number"], "unsaid") for name, owner in open_ones.items() if name not in accepted
        },
    )


async def blank_seal_page(screen: Screen, marker: str) -> bytes:
    step = "blank seal page"
    seen = await open_found(screen, step, marker, 0)
    if not seen.text("seal_form"):
        raise Refused(ADAPTER, step, "the bureau offers no seal page: the draft was never saved")
    await screen.shoot(step)
    return await screen.download(step, on.SEAL_FORM)


async def upload_seal_page(screen: Screen, marker: str, round: int, pdf: bytes, gate: Gate) -> None:
    step = "upload seal page"
    await open_found(screen, step, marker, round)
    if not await screen.has(step, on.UPLOAD_SEAL):
        raise Refused(ADAPTER, step, f"the bureau takes no seal page in round {round}")
    await screen.attach(step, on.SEAL_FILE, SEAL_PAGE, pdf)
    seen = await screen.commit(step, on.UPLOAD_SEAL, gate, on.DETAIL)
    if seen.errors:
        raise Refused(ADAPTER, step, seen.complaint)
    if on.SEAL_TAKEN not in seen.text("flash"):
        raise Unknown(ADAPTER, step, "the page does not say that the seal page was taken")


async def confirm(screen: Screen, marker: str, round: int, title: str, applicant: str, gate: Gate) -> Receipt:
    step = "confirm"
    seen = await open_found(screen, step, marker, round)
    if not seen.text("confirm"):
        await screen.shoot(step)
        missing = ", ".join(row["text"] or row["what"] or "" for row in seen.rows("missing"))
        raise Refused(ADAPTER, step, f"the bureau misses: {missing or 'something it does not name'}")
    number = seen.text("draft")
    seen = await screen.click(step, on.CONFIRM_LINK, on.CONFIRM)
    shown = {
        "draft": seen.text("draft"),
        "marker": seen.text("reference"),
        "round": seen.text("round"),
        "title": seen.text("name"),
        "applicant": seen.text("applicant"),
    }
    expected = {"draft": number, "marker": marker, "round": str(round), "title": title, "applicant": applicant}
    if shown != expected:
        await screen.shoot(step)
        wrong = [
            f"{name} {shown[name]!r} instead of {expected[name]!r}" for name in shown if shown[name] != expected[name]
        ]
        raise Drifted(ADAPTER, step, f"the page would file {', '.join(wrong)}")
    seen = await screen.commit(step, on.CONFIRM_FINAL, gate, on.RECEIPT, on.DETAIL)
    if seen.page == on.DETAIL.name and seen.errors:
        raise Refused(ADAPTER, step, seen.complaint)
    if seen.page != on.RECEIPT.name or seen.text("name") != title or not seen.text("number"):
        raise Unknown(ADAPTER, step, f"the answer is no receipt for {title}")
    return Receipt(number=seen.text("number"))


def _owner(step: str, seen: Seen, name: str) -> Row:
    found = [owner for owner in seen.rows("owners") if owner["name"] == name]
    if len(found) != 1:
        raise Drifted(ADAPTER, step, f"the page shows {len(found)} owners named {name}")
    return found[0]

"""What people see of a registration, without what is personal, and the words by which they look for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from states.copyright.correction import answer_by, is_time_unread
from states.copyright.notice_text import asked_by
from states.copyright.owners import BEIJING, CODE_HOLDS, lacking_codes, masked
from states.copyright.refused import cause_of
from states.copyright.registration import Registration
from states.copyright.values import Notice
from workflow.intake.matter import Matter
from workflow.record.values import EffectStatus

ASKED = "filing"
"""The fact that is the question to the bureau about a filing."""


def matter(seen: Matter) -> Iterator[tuple[str, object]]:
    """Owners with their codes, numbers, dates, money, what the bureau said and when it was asked."""
    data: Registration = seen.case.data
    yield "applicant", data.applicant_name
    for owner in data.owners:
        told = {
            "name": owner.name, "kind": owner.kind.value, "phone": masked(owner.phone),
            "id_number": ends(owner.certificate_number), "code": _code(seen, owner.id),
            "center_id": data.center_ids.get(owner.id),
        }  # fmt: skip
        yield "owner", {name: value for name, value in told.items() if value is not None}
    yield "completed_on", data.completed_on.isoformat()
    if data.first_published_on:
        yield "first_published_on", data.first_published_on.isoformat()
    yield from _paid(seen)
    if data.reference is not None:
        yield "office_reference", data.reference
    own = ("former_case", "draft_number", "filing_number", "customer", "price")
    for name in (*own, "acceptance_number", "serial_number", "certificate_number"):
        if (told := getattr(data, name)) is not None:
            yield name, str(told)
    if data.certified_on:
        yield "certified_on", data.certified_on.isoformat()
    for review in data.reviews:
        yield "bureau_answered", _without_nothing(review.model_dump(mode="json"))
    for look in seen.looks:
        if ASKED in look.body.get("facts", {}):
            span = {"from": look.first, "until": look.last} if look.last > look.first else {"at": look.first}
            times = {"times": look.count} if look.count > 1 else {}
            yield "bureau_asked", {**{name: at.isoformat() for name, at in span.items()}, **times}
    if data.notice is not None:
        yield "notice", _notice(data.notice, seen.case.round, seen.now)
    if data.refusal:
        yield "refusal", data.refusal
        yield "helps", f"refused_{cause_of(data.refusal)}"


def words_of(data: Registration) -> Iterator[str]:
    """Titles, people, phones and numbers; whole phones, since nobody is shown them."""
    yield from (data.title, data.short_name or "", data.applicant_name, data.applicant.contact, data.applicant.phone)
    for owner in data.owners:
        yield from (owner.name, owner.phone or "")
    yield from (data.serial_number or "", data.certificate_number or "", data.account or "", data.former_case or "")
    yield from (data.acceptance_number or "", data.customer or "", data.reference or "")
    yield from (one.number for one in data.placed)


def _code(seen: Matter, owner: str) -> str:
    """How it stands with the owner's code in this round, as a word of the catalogue."""
    case, data = seen.case, seen.case.data
    if owner in data.entered_in(case.round):
        return "code_taken"
    if owner not in lacking_codes(case):
        return "code_not_wanted"
    if owner in seen.codes_on_file:
        return "code_on_file"
    sent = data.sent_in(case.round).by_owner.get(owner)
    if sent is None:
        asked = any(done == "request_code" and item.startswith(f"{owner}/") for done, item in case.done)
        return "code_sent" if asked else "code_wanted"
    return "code_ran_out" if seen.now - sent >= CODE_HOLDS else "code_sent"


def _paid(seen: Matter) -> Iterator[tuple[str, object]]:
    """Each payment that was made, with the round that it was for."""
    for effect in seen.effects:
        if effect.action == "pay_order" and effect.status is EffectStatus.done:
            yield "paid_for", {"round": effect.round, "at": effect.intended_at.isoformat()}


def _notice(notice: Notice, round_: int, now: datetime) -> dict[str, Any]:
    """What the bureau wants, what we read in it, and by when."""
    asked = asked_by(notice.text)
    left = (answer_by(notice) - now.astimezone(BEIJING).date()).days
    return _without_nothing(
        {
            "text": notice.text,
            "issued_on": notice.issued_on.isoformat(),
            **{f"asked_{name}": list(found) or None for name, found in asked},
            "answer_by": answer_by(notice).isoformat(),
            "time_unread": is_time_unread(notice) or None,
            "days_left": left if notice.round + 1 == round_ else None,
        }
    )


def _without_nothing(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in value.items() if part not in (None, "")}


def ends(number: str) -> str:
    """So much of a number as people see."""
    return f"{number[:3]}****{number[-2:]}" if len(number) > 5 else "****"

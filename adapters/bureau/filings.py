"""Filings at the bureau: what became of them, the owners' numbers, the certificate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from adapters.bureau import selectors as on
from adapters.bureau.drafts import open_draft
from adapters.bureau.files import of_matter, of_software
from adapters.bureau.portal import CenterUsers, Filing, FilingStatus, Marker, Notice
from adapters.bureau.screen import ADAPTER, Screen
from adapters.bureau.searches import filed
from adapters.bureau.seen import Seen, names_of, owner_rows
from adapters.bureau.site_words import shows
from adapters.days import day_of
from adapters.names import Spelling
from adapters.numbers import whole
from adapters.personal import on_page
from workflow.errors import Drifted, Refused
from workflow.sentence import Sentence

T = TypeVar("T")


async def find_filing(screen: Screen, marker: str) -> Filing | None:
    seen = await _open(screen, "filing", marker)
    await screen.shoot("filing")
    return _read(marker, seen) if seen is not None else None


async def center_users(screen: Screen, marker: str) -> CenterUsers:
    """As the filing shows them, and before there is one as the draft does; nobody's where there is neither."""
    seen = await _open(screen, "center users", marker) or await open_draft(screen, "center users", marker, 0)
    await screen.shoot("center users")
    if seen is None:
        return CenterUsers()
    given = {name: owner["center_id"] or "" for name, owner in owner_rows(seen)}
    return CenterUsers(by_owner={name: number for name, number in given.items() if number})


async def certificate(screen: Screen, marker: str, software: Spelling, number: str) -> bytes:
    """The certificate of this number; one whose text cannot be read, as that of a scan, goes by its page alone."""
    seen = await _open(screen, "certificate", marker)
    if seen is None or not await screen.has("certificate", on.CERTIFICATE):
        why = Sentence("no_certificate_yet", "there is no certificate for {marker} yet", marker=marker)
        raise Refused(ADAPTER, "certificate", why)
    await screen.shoot("certificate")
    await of_software(screen, "certificate", software, seen.text("name") + seen.text("version"))
    if not number or seen.text("certificate") != number:
        shown = seen.told("certificate") or Sentence("no_certificate_number", "no certificate number")
        due = number or Sentence("number_that_is_due", "the number that is due")
        raise Drifted(ADAPTER, "certificate", shows(shown, due))
    pdf = await screen.download("certificate", on.CERTIFICATE)
    await of_matter(screen, "certificate", pdf, software, number=number)
    return pdf


async def _open(screen: Screen, step: str, marker: str) -> Seen | None:
    rows = await filed(screen, step, marker)
    if not rows:
        return None
    if len(rows) > 1:
        await screen.shoot(step)
        raise Drifted(
            ADAPTER,
            step,
            Sentence(
                "several_filings",
                "{n} filings bear {marker}: {filings}",
                n=len(rows),
                marker=marker,
                filings=", ".join(on_page(row["number"]) for row in rows),
            ),
        )
    seen = await screen.open(step, on.FILING, f"/filings/{rows[0]['number']}")
    is_theirs = isinstance(marker, Marker) and marker.filing is not None  # it was found by its number
    if seen.texts["reference"] != marker and not is_theirs:
        await screen.shoot(step)
        raise Drifted(ADAPTER, step, shows(seen.text("reference"), marker))
    return seen


def _read(marker: str, seen: Seen) -> Filing:
    rounds = [row["round"] for row in seen.rows("notices")]
    if len(set(rounds)) < len(rounds):
        told = ", ".join(map(on_page, rounds))
        why = Sentence("two_notices_of_round", "two notices are of one round: {rounds}", rounds=told)
        raise Drifted(ADAPTER, "filing", why)
    return Filing(
        marker=marker,
        round=_part("round", seen.text("round"), whole),
        number=seen.text("number"),
        title=seen.text("name"),
        version=seen.text("version"),
        status=FilingStatus.called(seen.text("status")),
        line=seen.told("status"),
        reference=seen.text("reference"),
        acceptance_number=seen.text("acceptance") or None,
        serial_number=seen.text("serial") or None,
        notices=tuple(
            sorted(
                (
                    Notice(
                        text=row["text"] or "",
                        on=_part("notices.date", row["date"], day_of),
                        round=_part("notices.round", row["round"], whole),
                    )
                    for row in seen.rows("notices")
                ),
                key=lambda notice: notice.round,
            )
        ),
        remark=seen.text("remark"),
        certificate_number=seen.text("certificate") or None,
        owners=names_of(seen),
        certified_on=_day_if_read(seen.text("certified")),
    )


def _day_if_read(shown: str) -> date | None:
    """The day of a certificate; the grant counts without it, and the day stands on the certificate itself."""
    try:
        return day_of(shown)
    except ValueError:
        return None


def _part(name: str, shown: str | None, read: Callable[[str], T]) -> T:
    """What a part of the page shows; Drifted where it is no such thing."""
    try:
        return read(shown or "")
    except ValueError as error:
        told = repr(on_page(shown))
        why = Sentence(
            "part_no_number_or_day",
            "the page shows {value} as {part}, which is no number or day",
            value=told,
            part=name,
        )
        raise Drifted(ADAPTER, "filing", why) from error

"""Drafts at the bureau: found by marker, opened, read, and filled from the first page to the last."""

from __future__ import annotations

from adapters.bureau import selectors as on
from adapters.bureau.contracts import CORRECT
from adapters.bureau.form import check_and_save, fill_pages
from adapters.bureau.matter import Matter, correction
from adapters.bureau.portal import Draft, Marker, Namesake
from adapters.bureau.screen import ADAPTER, Screen
from adapters.bureau.searches import drafted, filed, is_named, searched
from adapters.bureau.seen import Row, Seen, names_of, owner_rows
from adapters.bureau.site_words import shows
from adapters.bureau.uploads import sizes, upload_all, wait_until_received
from adapters.bureau.view import unchanged
from adapters.generator import Materials
from adapters.names import Spelling
from adapters.numbers import whole
from adapters.personal import on_page
from workflow.errors import Drifted, Refused
from workflow.sentence import Sentence

STATUS = Sentence("status_of_draft", "status")
CODES = ("none", "sent", "verified", "expired", "rejected")


async def find_draft(screen: Screen, marker: str, round: int) -> Draft | None:
    """The draft of this round; of several the one that stands saved, and of these the oldest."""
    row = await _row(screen, marker, round)
    if row is not None:
        detail = await open_detail(screen, "draft", row["number"] or "", marker, round)
        await screen.shoot("draft")
        return await _read(screen, marker, row, detail)
    rows = await filed(screen, "draft", marker)
    await screen.shoot("draft")
    for one in rows:
        if await _round(screen, "find draft", one["round"] or "") >= round:
            page = await screen.open("draft", on.FILING, f"/filings/{one['number']}")
            return Draft(
                marker=marker,
                round=round,
                number=one["number"] or "",
                title=one["name"] or "",
                version=one["version"] or "",
                reference=one["reference"] or "",
                saved=True,
                seal_uploaded=round == 0,
                confirmed=True,
                owners=names_of(page),
            )
    return None


async def draft_number(screen: Screen, marker: str, round: int) -> str | None:
    found = await _row(screen, marker, round)
    await screen.shoot("find draft")
    return None if found is None else found["number"] or ""


async def open_draft(screen: Screen, step: str, marker: str, round: int) -> Seen | None:
    """The detail page of this round's draft, if there is one."""
    row = await _row(screen, marker, round)
    return None if row is None else await open_detail(screen, step, row["number"] or "", marker, round)


async def open_found(screen: Screen, step: str, marker: str, round: int) -> Seen:
    """The detail page of this round's draft, which must be there."""
    seen = await open_draft(screen, step, marker, round)
    if seen is None:
        why = Sentence("no_open_draft", "there is no open draft {marker} of round {round}", marker=marker, round=round)
        raise Refused(ADAPTER, step, why)
    return seen


async def open_detail(screen: Screen, step: str, number: str, marker: str, round: int) -> Seen:
    seen = await screen.open(step, on.DETAIL, f"/drafts/{number}")
    reference = marker if is_named(marker, number) else seen.text("reference")
    shown = (seen.text("draft"), reference, seen.text("round"))
    if shown != (number, marker, str(round)):
        await screen.shoot(step)
        raise Drifted(ADAPTER, step, shows(" ".join(shown), f"{number} {marker} {round}"))
    return seen


async def save_draft(screen: Screen, matter: Matter, materials: Materials, *, received: float) -> Draft:
    """Fill this round's draft whole, whatever it holds already, save it, and read it back."""
    marker, round, form = matter.marker, matter.round, matter.form
    row = await _row(screen, marker, round)
    number = row["number"] or "" if row is not None else await _open_new(screen, matter)
    await upload_all(screen, number, materials, form.beside)
    await fill_pages(screen, number, marker, form)
    await wait_until_received(screen, number, materials, form.beside, received=received)
    await check_and_save(screen, number, marker, form)
    row = await _row(screen, marker, round)
    if row is None:
        why = Sentence("saved_not_listed", "{draft} was saved and is not among the drafts", draft=number)
        raise Drifted(ADAPTER, "save", why)
    await unchanged(screen, "saved", matter, sizes(materials, form.beside), number)
    detail = await open_detail(screen, "saved", number, marker, round)
    await screen.shoot("saved")
    return await _read(screen, marker, row, detail)


async def _open_new(screen: Screen, matter: Matter) -> str:
    """A new draft, or the bureau's own draft of a correction."""
    marker, round = matter.marker, matter.round
    bears: str = marker
    rows = await filed(screen, "new draft", marker)
    if round == 0:
        if rows:
            raise Refused(
                ADAPTER,
                "new draft",
                Sentence(
                    "filed_already_as",
                    "{marker} is filed already, as {filing}",
                    marker=marker,
                    filing=on_page(rows[0]["number"]),
                ),
            )
        await screen.open("new draft", on.NEW_DRAFT, "/drafts/new")
        await screen.fill("new draft", [(on.REFERENCE.removeprefix("#"), "text", marker)])
        await screen.shoot("new draft")
        seen = await screen.submit("new draft", on.START, on.SOFTWARE, on.NEW_DRAFT)
    else:
        if not rows or await _round(screen, "find draft", rows[0]["round"] or "") != round - 1:
            raise Refused(
                ADAPTER,
                "correction",
                Sentence(
                    "no_filing_to_correct",
                    "there is no filing {marker} of round {round} to correct",
                    marker=marker,
                    round=round - 1,
                ),
            )
        seen = await screen.open("correction", on.FILING, f"/filings/{rows[0]['number']}")
        if seen.text("status") != on.TO_CORRECT and not await screen.has("correction", on.CORRECT):
            await screen.shoot("correction")
            raise Refused(
                ADAPTER,
                "correction",
                Sentence(
                    "no_correction_wanted",
                    "the bureau wants no correction of {filing}",
                    filing=on_page(rows[0]["number"]),
                ),
            )
        # a filing that somebody else made bears his reference, and so does its correction until we save that
        bears = seen.text("reference") if isinstance(marker, Marker) and marker.filing is not None else marker
        agreed = CORRECT.filled({**correction(matter, screen.address, seen, rows[0]), "marker": bears})
        seen = await screen.press("correction", agreed, on.DETAIL)
    if seen.text("reference") not in (marker, bears) or seen.text("round") != str(round):
        raise Drifted(
            ADAPTER,
            "new draft",
            Sentence(
                "page_shows_draft_of",
                "the page shows {draft} of {reference}",
                draft=seen.told("draft"),
                reference=seen.told("reference"),
            ),
        )
    return seen.text("draft")


async def _row(screen: Screen, marker: str, round: int) -> Row | None:
    found = [
        row
        for row in await drafted(screen, "find draft", marker)
        if await _round(screen, "find draft", row["round"] or "") == round
    ]
    for row in found:
        await _known(screen, STATUS, row["status"] or "", (on.BEING_FILLED, on.SAVED))
        if row["status"] == on.SAVED and not (row["name"] and row["version"]):
            await screen.shoot("find draft")
            raise Drifted(
                ADAPTER,
                "find draft",
                Sentence(
                    "saved_without_name", "{draft} is saved and has no name or no version", draft=on_page(row["number"])
                ),
            )
    found.sort(key=lambda row: (row["status"] != on.SAVED, row["number"] or ""))
    return found[0] if found else None


async def _read(screen: Screen, marker: str, row: Row, detail: Seen) -> Draft:
    owners = owner_rows(detail)
    status, agreement = detail.text("status"), detail.text("agreement")
    await _known(screen, STATUS, status, (on.BEING_FILLED, on.SAVED, on.SUBMITTED))
    await _known(
        screen,
        Sentence("agreement_of_draft", "agreement"),
        agreement,
        (on.AGREEMENT_WANTED, on.UPLOADED, on.AGREEMENT_NEEDLESS),
    )
    for _, owner in owners:
        await _known(
            screen, Sentence("whether_code_needed", "whether a code is needed"), owner["needed"] or "", ("yes", "no")
        )
        await _known(screen, Sentence("what_became_of_code", "what became of a code"), owner["code"] or "", CODES)
    if status == on.SAVED and detail.text("round") == "0":
        await _known(
            screen, Sentence("seal_page_of_draft", "the seal page"), detail.text("seal"), (on.UPLOADED, on.NOT_UPLOADED)
        )
    wanted = tuple(name for name, owner in owners if owner["needed"] == "yes")
    return Draft(
        marker=marker,
        round=await _round(screen, "draft", detail.text("round")),
        number=detail.text("draft"),
        title=row["name"] or "",
        version=row["version"] or "",
        reference=detail.text("reference"),
        saved=status == on.SAVED,
        codes_wanted=wanted,
        codes_accepted=tuple(name for name, owner in owners if owner["code"] == "verified"),
        agreement_wanted=agreement == on.AGREEMENT_WANTED,
        agreement_on_file=agreement == on.UPLOADED,
        seal_uploaded=detail.text("seal") == on.UPLOADED,
        owners=names_of(detail),
        namesakes=await _namesakes(screen, marker, row) if row["name"] else (),
    )


async def _known(screen: Screen, what: Sentence, word: str, words: tuple[str, ...]) -> None:
    """A word that nobody knows here is an answer of its own, and no no."""
    if word not in words:
        await screen.shoot("draft")
        raise Drifted(
            ADAPTER,
            "draft",
            Sentence(
                "word_unknown",
                "{what} reads {word}; known are {known}",
                what=what,
                word=repr(on_page(word)),
                known=", ".join(words),
            ),
        )


async def _namesakes(screen: Screen, marker: str, ours: Row) -> tuple[Namesake, ...]:
    """Drafts and filings of the same software under another marker, each with the owners that its page shows.

    Every row of the account is compared, as the door compares: a search for the name finds no other spelling of it.
    """
    meant, found = Spelling(ours["name"] or "", ours["version"] or "").identity, []
    named = {marker.draft, marker.filing} - {None} if isinstance(marker, Marker) else set()
    for page, own, path in ((on.DRAFTS, on.DETAIL, "/drafts"), (on.FILINGS, on.FILING, "/filings")):
        seen = await screen.open("strangers", page, path, reference="", name="")
        await searched(screen, "strangers", seen, "")
        for row in seen.rows("rows"):
            number, reference = row["number"] or "", row["reference"] or ""
            same = Spelling(row["name"] or "", row["version"] or "").identity == meant
            is_meant = number == ours["number"] or bool({number, row.get("serial")} & named)
            if same and reference != marker and not is_meant:
                shown = await screen.open("strangers", own, f"{path}/{number}")
                told = {"number": number, "reference": reference, "status": row["status"] or ""}
                found.append(Namesake(**told, owners=names_of(shown)))
    return tuple(found)


async def _round(screen: Screen, step: str, text: str) -> int:
    try:
        return whole(text)
    except ValueError as error:
        await screen.shoot(step)
        why = Sentence("no_number_of_corrections", "{text} is no number of corrections", text=repr(on_page(text)))
        raise Drifted(ADAPTER, step, why) from error

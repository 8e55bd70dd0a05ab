"""The seal page that lies at the bureau is the one on file, and that of just this draft; else nothing is filed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import pytest

from adapters.bureau.portal import BlankSealPage, Draft, Portal
from adapters.generator import Generator
from states.copyright.actions import confirm, fetch_seal_form, save_draft, upload_seal_page
from states.copyright.facts import SECOND_LOOK, standing
from states.copyright.proofs import seal_page_uploaded
from states.copyright.registration import Registration
from states.copyright.sealing import SHOWN_WITHIN, SealUpload, page_draft, seal_page_fits, seal_page_up, seal_uploads
from states.copyright.settings import CopyrightSettings
from states.copyright.standing import draft_lost, standing_is_news
from states.copyright.values import Doubt, DoubtfulPaper, Named, Noticed, SealPageSent
from tests.flows.matters import NOW, PAPER, alone, case, company, draft, order
from tests.flows.test_materials import WHOLE, Office, Shelf
from workflow.errors import Refused
from workflow.flow.case import CannotTell, Case, Done, No, NotDone, Verdict

SETTINGS = CopyrightSettings()
OTHER = PAPER.model_copy(update={"digest": "1" * 64, "name": "other.pdf"})
FIRST = Named(what="draft", number="D0000001", round=0)
SHOWN = draft(seal_uploaded=True)


def sent(digest: str = PAPER.digest, number: str = "D0000001", **more: Any) -> SealPageSent:
    return SealPageSent(**{"draft": number, "digest": digest, "count": 1, "at": NOW, **more})


def matter(page: Any = PAPER, *, done: tuple[str, ...] = (), **gathered: Any) -> Case[Registration]:
    data = company(seal_form=PAPER, seal_form_draft="D0000001", seal_page=page, **gathered)
    return case("awaiting_seal", data, done=frozenset(("upload_seal_page", one) for one in done))


def due(case: Case[Registration], draft: Draft | None, later: timedelta = timedelta()) -> list[str]:
    return [one.id for one in seal_uploads(case, draft, NOW + later)]


def told(verdict: Verdict) -> tuple[str | None, dict[str, Any]]:
    assert isinstance(verdict, No)
    return verdict.waits_for, verdict.seen


A, B = PAPER.digest[:12], OTHER.digest[:12]


def test_each_page_goes_up_once_to_each_draft() -> None:
    """A page that was replaced was never uploaded, and a new draft never got one: the old page was filed."""
    assert due(matter(), draft()) == [f"D0000001/1/{A}"]
    assert due(matter(seal_sent=sent()), SHOWN) == []
    assert due(matter(OTHER, seal_sent=sent()), SHOWN) == [f"D0000001/2/{B}"]
    assert due(matter(seal_sent=sent()), draft(number="D0000002")) == [f"D0000002/1/{A}"]
    assert due(matter(), None) == due(matter(None), draft()) == due(matter(), draft(confirmed=True)) == []


def test_a_page_that_comes_back_after_another_goes_up_anew() -> None:
    back = matter(done=(f"D0000001/1/{A}", f"D0000001/2/{B}"), seal_sent=sent(OTHER.digest, count=2))
    assert due(back, SHOWN) == [f"D0000001/3/{A}"]


def test_what_a_person_said_was_uploaded_is_not_uploaded_again() -> None:
    """Nothing else is known of it: the record keeps no page."""
    said = matter(OTHER, done=(f"D0000001/2/{B}",), seal_sent=sent())
    assert due(said, SHOWN) == []
    assert seal_page_up(said, SHOWN, NOW)


def test_a_page_that_is_not_shown_goes_up_once_more_and_then_a_person_is_asked() -> None:
    hidden = matter(seal_sent=sent())
    assert due(hidden, draft()) == []
    assert told(seal_page_up(hidden, draft(), NOW))[0] == "bureau"
    assert due(hidden, draft(), SHOWN_WITHIN) == [f"D0000001/2/{A}"]
    again = matter(seal_sent=sent(count=2, again=True))
    assert due(again, draft(), SHOWN_WITHIN) == []
    assert told(seal_page_up(again, draft(), NOW + SHOWN_WITHIN))[0] == "operator"


def test_another_page_than_the_one_that_lies_there_is_a_persons_matter() -> None:
    who, seen = told(seal_page_up(matter(OTHER, seal_sent=sent()), SHOWN, NOW))
    assert (who, seen) == ("operator", {"seal_page": f"other.pdf {B}", "at_bureau": A})


def test_a_page_fits_the_draft_that_its_blank_names() -> None:
    assert seal_page_fits(matter(), draft())
    assert told(seal_page_fits(matter(), draft(number="D0000002"))) == (
        "operator",
        {"draft": "D0000002", "blank_of": "D0000001"},
    )
    assert not seal_page_fits(matter(), None)


def test_of_a_blank_whose_draft_nobody_kept_the_only_draft_is_meant() -> None:
    second = FIRST.model_copy(update={"number": "D0000002"})
    assert page_draft(alone(placed=(FIRST,))) == "D0000001"
    assert page_draft(alone(placed=(FIRST, second))) is None
    assert page_draft(alone(placed=(FIRST, second), seal_form_draft="D0000002")) == "D0000002"


# ---------------------------------------------------------------- what is done


@dataclass
class Bureau(Office):
    """It shows this draft, and notes what is handed in."""

    shown: Draft | None = field(default_factory=draft)
    saved_as: str = "D0000001"
    handed_in: list[tuple[str, str]] = field(default_factory=list)

    async def save_draft(self, *given: object) -> Draft:
        return draft(number=self.saved_as)

    async def draft(self, *given: object) -> Draft | None:
        return self.shown

    async def draft_number(self, *given: object) -> str | None:
        return None if self.shown is None else self.shown.number

    async def upload_seal_page(self, *given: object, gate: object, draft: str) -> None:
        self.handed_in.append(("page", draft))

    async def confirm(self, *given: object, gate: object, draft: str) -> None:
        self.handed_in.append(("confirmed", draft))


async def no_gate() -> None: ...


def bureau(**said: Any) -> Any:
    return Bureau(WHOLE, **said)


async def saved(number: str, **gathered: Any) -> dict[str, Any]:
    data = company(seal_form=PAPER, seal_form_draft="D0000001", seal_page=PAPER, placed=(FIRST,), **gathered)
    office = bureau(saved_as=number)
    answer: dict[str, Any] = await save_draft(
        case("generating", data), NOW, order(), SETTINGS, cast(Generator, office), cast(Portal, office), Shelf()
    )
    return answer


async def test_a_new_draft_has_neither_blank_nor_page() -> None:
    """A doubtful page of the old draft stayed, and was taken for the new one's."""
    paper = DoubtfulPaper(document=PAPER, doubts=(Doubt(code="code_unread"),))
    made = await saved("D0000002", doubtful={"seal_page": paper, "agreement": paper})
    assert [made[name] for name in ("seal_form", "seal_form_draft", "seal_page")] == [None] * 3
    assert list(made["doubtful"]) == ["agreement"]


async def test_a_draft_that_was_not_gone_keeps_its_page_and_its_codes() -> None:
    gone = Noticed(round=0, missed_at=NOW - SECOND_LOOK, draft_gone=True, drafts_lost=1)
    made = await saved("D0000001", noticed=gone)
    assert "seal_page" not in made
    noticed = made["noticed"]
    assert (noticed.draft, noticed.draft_gone, noticed.missed_at, noticed.drafts_lost) == ("D0000001", False, None, 0)
    assert (await saved("D0000002", noticed=gone))["noticed"].drafts_lost == 1


async def test_a_page_goes_up_to_the_draft_that_it_names_and_that_is_kept() -> None:
    office, shelf = bureau(), Shelf()
    digest = await shelf.put(b"%PDF page", name="", media_type="", case="", kind="", now=NOW)
    made = matter(PAPER.model_copy(update={"digest": digest}))
    (item,) = seal_uploads(made, office.shown, NOW)
    kept = await upload_seal_page(made, item, office.shown, NOW, SETTINGS, office, cast(Any, shelf), no_gate)
    assert office.handed_in == [("page", "D0000001")]
    assert kept == {"seal_sent": sent(digest)}


@pytest.mark.parametrize(
    ("page", "shown", "answer"),
    [
        (PAPER, None, CannotTell),
        (PAPER, draft(), NotDone),
        (PAPER, SHOWN, Done),
        (PAPER, draft(confirmed=True), Done),
        (OTHER, SHOWN, CannotTell),
        (PAPER, draft(number="D0000002", seal_uploaded=True), NotDone),
    ],
    ids=["no draft", "no page", "a page", "it is filed", "some page", "another draft"],
)
async def test_whether_a_page_went_up_is_told_only_where_the_bureau_shows_it(
    page: Any, shown: Draft | None, answer: type
) -> None:
    made = matter(page, seal_sent=sent() if page is OTHER else None)
    (item,) = seal_uploads(made, SHOWN if page is OTHER else draft(), NOW)
    said = await seal_page_uploaded(made, item, NOW, SETTINGS, bureau(shown=shown))
    assert isinstance(said, answer)
    if page is PAPER and shown is SHOWN:
        assert isinstance(said, Done)
        assert said.patch == {"seal_sent": sent()}


async def test_a_page_of_before_there_could_be_several_is_proved_as_then() -> None:
    older = SealUpload.model_validate(None)
    assert await seal_page_uploaded(matter(), older, NOW, SETTINGS, bureau(shown=SHOWN)) == Done({})


async def test_nothing_is_filed_before_the_page_on_file_went_up() -> None:
    """It was decided with the page of before."""
    office = bureau(shown=SHOWN)
    with pytest.raises(Refused, match="not uploaded to D0000001"):
        await confirm(matter(OTHER, seal_sent=sent()), SHOWN, NOW, SETTINGS, office, no_gate)
    assert office.handed_in == []
    await confirm(matter(seal_sent=sent()), SHOWN, NOW, SETTINGS, office, no_gate)
    assert office.handed_in == [("confirmed", "D0000001")]


# ---------------------------------------------------------------- a draft that a list does not show


async def noticed(before: Noticed | None, shown: Draft | None, later: timedelta) -> Noticed:
    made = case("awaiting_seal", alone(noticed=before))
    found: Noticed = await standing(made, NOW + later, SETTINGS, None, bureau(shown=shown))
    return found


async def test_a_draft_is_gone_when_two_lists_do_not_show_it() -> None:
    """A list that failed once lost the draft, its page and its codes, and nothing took that back."""
    first = await noticed(None, None, timedelta())
    assert (first.missed_at, first.draft_gone, first.drafts_lost) == (NOW, False, 0)
    assert standing_is_news(case("awaiting_seal"), first)
    assert not draft_lost(case("awaiting_seal", alone(noticed=first)))
    soon = await noticed(first, None, timedelta(minutes=1))
    assert not standing_is_news(case("awaiting_seal", alone(noticed=first)), soon)
    later = await noticed(first, None, SECOND_LOOK)
    assert (later.draft_gone, later.drafts_lost) == (True, 1)
    back = await noticed(first, draft(), SECOND_LOOK)
    assert (back.missed_at, back.draft_gone) == (None, False)
    assert standing_is_news(case("awaiting_seal", alone(noticed=first)), back)


async def test_a_blank_is_fetched_with_the_number_of_its_draft() -> None:
    class Pages:
        async def mark(self, blank: bytes, matter: str) -> tuple[str | None, bytes]:
            return "code", blank

    class Site:
        async def blank_seal_page(self, *given: object) -> BlankSealPage:
            return BlankSealPage("D0000002", b"%PDF blank")

    made: Any = await fetch_seal_form(
        matter(), NOW, SETTINGS, cast(Portal, Site()), cast(Any, Pages()), cast(Any, Shelf())
    )
    assert (made["seal_form_draft"], made["seal_page"], made["seal_form_code"]) == ("D0000002", None, "code")

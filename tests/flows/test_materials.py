"""The papers of a round are looked at before one of them is kept: those of nobody, of others, of another round stop."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

import pytest

from adapters.bureau.portal import Draft, Portal
from adapters.generator import Generator, Materials, Order
from states.copyright.actions import save_draft
from states.copyright.made import PDF, materials_of
from states.copyright.settings import CopyrightSettings
from states.copyright.values import Papers
from tests.flows.matters import NOW, alone, case, draft, order
from workflow.errors import Drifted, NeedsPerson
from workflow.intake.values import Document

WHOLE = Materials(application=b"form 0", source=b"source", manual=b"manual")


@dataclass
class Shelf:
    """Documents in memory; others: under which cases a content was filed before."""

    others: dict[bytes, tuple[str, ...]] = field(default_factory=dict)
    kinds: tuple[str, ...] = ("material",)
    kept: dict[str, bytes] = field(default_factory=dict)

    async def put(self, content: bytes, *, name: str, media_type: str, case: str, kind: str, now: datetime) -> str:
        digest = sha256(content).hexdigest()
        self.kept[digest] = content
        return digest

    async def get(self, reference: str) -> bytes:
        return self.kept[reference]

    async def elsewhere(self, content: bytes, *, kind: str, case: str) -> tuple[str, ...]:
        return self.others.get(content, ()) if kind in self.kinds else ()


@dataclass
class Office:
    """A generation system that has these materials, and a bureau that counts the drafts that it is handed."""

    given: Materials
    drafts: int = 0

    async def materials(self, order: Order) -> Materials:
        return self.given

    async def save_draft(self, *given: object) -> Draft:
        self.drafts += 1
        return draft()


async def saved(office: Office, shelf: Shelf, round: int = 0, before: Papers | None = None) -> dict[str, Any]:
    matter = case("generating", alone(materials=before), round=round)
    answer: dict[str, Any] = await save_draft(
        matter, NOW, order(round=round), CopyrightSettings(),
        cast(Generator, office), cast(Portal, office), shelf,
    )  # fmt: skip
    return answer


def first() -> Papers:
    papers: Papers = asyncio.run(saved(Office(WHOLE), Shelf()))["materials"]
    return papers


async def stopped(office: Office, shelf: Shelf, error: type[Exception], round: int = 0, before: Any = None) -> str:
    with pytest.raises(error) as raised:
        await saved(office, shelf, round, before)
    assert (office.drafts, shelf.kept) == (0, {}), "something was handed in or kept"
    return str(raised.value)


async def test_a_paper_that_nobody_can_read_goes_to_a_person_by_its_name_and_order() -> None:
    unread = Materials(application=b"a", source=b"b", manual=b"c", unread=("source", "manual"))
    assert await stopped(Office(unread), Shelf(), NeedsPerson) == "paper_unread: paper=source, manual, order=G0000001"


@pytest.mark.parametrize("content", [b"form 0", b"source", b"manual"])
@pytest.mark.parametrize("kind", ["material", "own_material"])
async def test_a_paper_that_another_software_had_goes_to_a_person_with_its_case(content: bytes, kind: str) -> None:
    """Whether it was made for that one's order, or people handed it in there."""
    shelf = Shelf(others={content: ("RZ-0007", "RZ-0009")}, kinds=(kind,))
    assert await stopped(Office(WHOLE), shelf, NeedsPerson) == "paper_twice: paper=material, other=RZ-0007, RZ-0009"


@pytest.mark.parametrize("kind", ["material", "own_material"])
async def test_what_people_hand_in_is_no_other_softwares_either(kind: str) -> None:
    shelf = Shelf(others={b"own": ("RZ-0007",)}, kinds=(kind,))
    digest = await shelf.put(b"own", name="own.pdf", media_type=PDF, case="c1", kind="own_material", now=NOW)
    paper = Document(digest=digest, name="own.pdf")
    own = Papers(round=0, application=paper, source=paper, manual=paper)
    with pytest.raises(NeedsPerson, match="RZ-0007"):
        await materials_of(
            case("generating", alone(own_materials=own)), None, cast(Generator, Office(WHOLE)), shelf, NOW
        )


def test_the_application_form_of_the_round_before_is_not_handed_in_again() -> None:
    before = first()
    again = Materials(application=b"form 0", source=b"source 1", manual=b"manual 1")
    said = asyncio.run(stopped(Office(again), Shelf(), Drifted, 1, before))
    assert "application is that of round 0" in said


def test_a_correction_may_leave_source_and_manual_as_they_were() -> None:
    office, before = Office(Materials(application=b"form 1", source=b"source", manual=b"manual")), first()
    papers: Papers = asyncio.run(saved(office, Shelf(), 1, before))["materials"]
    assert (office.drafts, papers.round, papers.source) == (1, 1, before.source)
    assert papers.application.digest != before.application.digest


def test_the_same_round_is_saved_again_with_its_own_papers() -> None:
    office = Office(WHOLE)
    assert asyncio.run(saved(office, Shelf(), 0, first()))["materials"] == first()
    assert office.drafts == 1

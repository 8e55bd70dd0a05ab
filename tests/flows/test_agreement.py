"""An agreement that comes after the draft was saved reaches the bureau; the old one holds until the new one is good."""

from __future__ import annotations

from typing import Any

from states.copyright.looks import comparison_mark, comparison_patch, paper_patch
from states.copyright.registration import Registration
from states.copyright.values import Doubt, Named
from tests.flows.matters import PAPER, case, people, taken
from tests.flows.order_rows import OWN

NEW = PAPER.model_copy(update={"digest": "1" * 64})
DOUBTS = (Doubt(code="no_colour"),)
SAVED: dict[str, Any] = {
    "placed": (Named(what="draft", number="D0000001", round=0),),
    "materials": OWN,
    "agreement": PAPER,
}


def handed_in(data: Registration, doubts: tuple[Doubt, ...] = (), paper: str = "agreement") -> Registration:
    patch = paper_patch(data.model_dump(mode="json"), {"file": NEW, "doubts": doubts}, paper)
    return Registration.model_validate({**data.model_dump(), **patch})


def test_a_new_agreement_is_saved_to_the_draft() -> None:
    """It lay here, and the bureau kept the old one."""
    data = handed_in(people(**SAVED))
    assert (data.agreement, data.stale) == (NEW, ("draft",))
    for state in ("awaiting_captcha", "awaiting_seal"):
        assert taken(case(state, data)) == "generating[draft_stale]"


def test_before_a_draft_is_saved_nothing_is_stale() -> None:
    data = handed_in(people())
    assert (data.agreement, data.stale) == (NEW, ())


def test_the_old_agreement_holds_until_a_person_said_that_the_doubtful_one_is_good() -> None:
    data = handed_in(people(**SAVED), DOUBTS)
    assert (data.agreement, data.stale, data.doubtful["agreement"].document) == (PAPER, (), NEW)
    for same, agreement, stale in ((True, NEW, ("draft",)), (False, PAPER, ())):
        seen = comparison_mark(case("awaiting_seal", data), {"paper": "agreement"})
        said = {"paper": "agreement", "digest": NEW.digest, "same": same, "reason": "looked at", "seen": seen}
        patch = comparison_patch(data.model_dump(mode="json"), said | {"number": "RZ-0001"})
        found = Registration.model_validate({**data.model_dump(), **patch})
        assert (found.agreement, found.stale, dict(found.doubtful)) == (agreement, stale, {})


def test_a_doubtful_seal_page_takes_the_place_of_the_one_before() -> None:
    """Nothing is filed with the old page while the new one is looked at."""
    data = handed_in(people(seal_page=PAPER), DOUBTS, "seal_page")
    assert (data.seal_page, data.stale) == (None, ())

"""A signature is used by its owner's dated permission alone: within its days, and not after it was taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from states.copyright.looks import judge_permission
from states.copyright.owners import seal_page_missing, seal_page_on_file, specimens_complete, specimens_unasked
from states.copyright.people import carried
from states.copyright.values import Doubt, DoubtfulPaper, Specimen, permission_of
from tests.flows.matters import NOW, PAPER, alone, case
from workflow.flow.case import No

TODAY = NOW.date()
DAY = timedelta(days=1)


def permitted(**changes: Any) -> Specimen:
    return Specimen.model_validate(
        {"signature": PAPER, "authorisation": PAPER, "authorised_on": TODAY - 10 * DAY, **changes}
    )


@pytest.mark.parametrize(
    ("holds", "changes"),
    [
        (True, {}),
        (True, {"until": TODAY}),
        (False, {"until": TODAY - DAY}),
        (False, {"revoked_on": TODAY}),
        (True, {"revoked_on": TODAY + DAY}),
        (False, {"authorised_on": TODAY + DAY}),
    ],
)
def test_a_permission_holds_within_its_days(holds: bool, changes: dict[str, date]) -> None:
    given = {"o1": permitted(**changes)}
    matter = case("awaiting_seal", alone(specimens=given))
    assert bool(specimens_complete(matter, NOW)) is holds
    made = case("awaiting_seal", alone(specimens=given, seal_page=PAPER, signed_page=PAPER.digest))
    assert bool(seal_page_on_file(made, NOW)) is holds
    assert bool(seal_page_missing(made, NOW)) is not holds


def test_a_page_that_a_person_signed_needs_no_permission() -> None:
    by_hand = case("awaiting_seal", alone(specimens={"o1": permitted(until=TODAY - DAY)}, seal_page=PAPER))
    assert seal_page_on_file(by_hand, NOW)


def test_whose_permission_ended_is_said() -> None:
    ended = {"o1": permitted(until=TODAY - DAY)}
    verdict = seal_page_on_file(case("x", alone(specimens=ended, seal_page=PAPER, signed_page=PAPER.digest)), NOW)
    assert isinstance(verdict, No)
    assert (verdict.waits_for, verdict.seen) == ("owner", {"permission_ended": ["顾遥岑"]})


def test_a_doubtful_permission_is_used_for_nothing_and_waits_for_us() -> None:
    doubt = DoubtfulPaper(document=PAPER, doubts=(Doubt(code="unread"),))
    had: dict[str, Any] = {"specimens": {"o1": permitted()}, "doubtful": {permission_of("o1"): doubt}}
    matter = case("awaiting_seal", alone(**had))
    verdict = specimens_complete(matter, NOW)
    assert isinstance(verdict, No)
    assert (verdict.waits_for, verdict.seen["doubts"]) == ("operator", ["doubt_unread"])
    assert not specimens_unasked(matter, NOW), "the owner gave his, and is not asked for another"
    made = case("awaiting_seal", alone(seal_page=PAPER, signed_page=PAPER.digest, **had))
    verdict = seal_page_on_file(made, NOW)
    assert isinstance(verdict, No)
    assert verdict.waits_for == "operator"
    later = alone(owners=matter.data.owners)
    assert (
        carried(later, [case("awaiting_seal", alone(**{**had, "specimens": {"o1": permitted(matters="all")}}))])
        == later
    )


@pytest.mark.parametrize(("matters", "doubts"), [("this", ["no_title", "no_owner"]), ("all", ["no_owner"])])
def test_a_permission_for_all_matters_names_its_owner_alone(matters: str, doubts: list[str]) -> None:
    found = [
        {"verdict": "doubtful", "code": "no_title", "parts": {}},
        {"verdict": "doubtful", "code": "no_owner", "parts": {"owner": "o1", "name": "顾遥岑"}},
        {"verdict": "doubtful", "code": "no_owner", "parts": {"owner": "o2", "name": "叶知棠"}},
    ]
    given = {"authorisation": PAPER, "owner": "o1", "matters": matters}
    judged = judge_permission(case("x"), given, {"authorisation": {"verdict": "doubtful", "findings": found}})
    assert [one.code for one in judged["doubts"]] == doubts

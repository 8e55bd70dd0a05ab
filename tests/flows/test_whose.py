"""Whose an order, a draft or a filing is, where several matters bear one title."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.bureau.portal import FilingStatus, Namesake
from adapters.generator import Order
from states.copyright.form import particulars
from states.copyright.guards import certificate_issued, draft_unrivalled, filed_already
from states.copyright.intake import INTAKE
from states.copyright.orders import materials_ready, order_paid
from states.copyright.settings import CopyrightSettings, marker
from states.copyright.standing import filed_elsewhere
from states.copyright.values import Named, Noticed, Papers
from states.copyright.whose import draft_of, not_ours, of_whom, order_of
from tests.flows.matters import PAPER, alone, case, draft, filing, order, people, taken
from tests.registration.particulars import owner, registration
from workflow.flow.case import No, Verdict

SETTINGS = CopyrightSettings()
OURS: Any = particulars(alone())
OTHERS = particulars(registration(owners=[owner(certificate_number="51000019900101101X", name="甲明")]))
NAMESAKE = particulars(registration(owners=[owner(certificate_number="51000019900101101X")]))
"""Another person of the same name."""
PLACED = (Named(what="order", number="G0000001", round=0),)


def chosen(*listed: Order, round: int = 0, done: bool = False, **data: Any) -> tuple[str, int, list[str]] | None:
    matter = case(
        "generating", alone(**data), round=round, done=frozenset({("place_order", "")}) if done else frozenset()
    )
    found = order_of(matter, SETTINGS, listed)
    return None if found is None else (found.number, found.twins, sorted(found.differs))


def placed(number: int, *, reference: str = "", about: object = OURS, **more: object) -> Order:
    return order(number=f"G{number:07}", reference=reference, particulars=about, **more)


def test_an_order_under_our_marker_is_ours() -> None:
    assert chosen(placed(1, reference="RZ-0001")) == ("G0000001", 1, [])


@pytest.mark.parametrize("about", [OURS, OTHERS, {}])
def test_what_another_case_of_ours_placed_is_never_taken(about: object) -> None:
    assert chosen(placed(1, reference="RZ-0002", about=about)) is None


def test_what_nobody_of_ours_placed_is_taken_where_owners_and_content_are_the_same() -> None:
    assert chosen(placed(1)) == ("G0000001", 1, [])
    assert chosen(placed(1, reference="K-17")) == ("G0000001", 1, [])
    short = {"owners": [{"name": "顾遥岑"}]}
    assert chosen(placed(1, about=short)) == ("G0000001", 1, []), "what is not told is not compared"


@pytest.mark.parametrize(
    ("about", "fields"),
    [
        ({}, ["owners"]),
        (OTHERS, ["applicant", "owners"]),
        (NAMESAKE, ["owners"]),
        ({**OURS, "software": {**OURS["software"], "category": "中间件"}}, ["category"]),
        ({**OURS, "applicant": {"name": "别家代理"}}, ["applicant"]),
    ],
    ids=["owners untold", "others'", "of a namesake", "other content", "other applicant"],
)
def test_what_nobody_of_ours_placed_and_is_otherwise_is_a_persons_matter(about: Any, fields: list[str]) -> None:
    assert chosen(placed(1, about=about)) == ("G0000001", 1, fields)
    found = order_of(case("generating"), SETTINGS, [placed(1, about=about)])
    for verdict in (
        materials_ready(case("generating"), SETTINGS, found),
        order_paid(case("generating"), SETTINGS, found),
    ):
        assert isinstance(verdict, No)
        assert verdict.waits_for == "operator"
        assert set(seen(verdict)[fields[0]]) == {"ours", "theirs"}
    assert taken(case("unprocessed"), order=found) is None


def seen(verdict: Verdict) -> dict[str, Any]:
    assert not isinstance(verdict, bool)
    return dict(verdict.seen)


def test_a_person_says_whose_it_is() -> None:
    meant = (Named(what="order", number="G0000001", round=0),)
    assert chosen(placed(1, about=OTHERS), ours=meant) == ("G0000001", 1, [])
    assert chosen(placed(1, about=OTHERS), not_ours=meant) is None
    assert chosen(placed(1, reference="RZ-0002"), ours=meant) == ("G0000001", 1, [])


def test_a_namesake_is_told_by_the_number_without_showing_it() -> None:
    found = order_of(case("generating"), SETTINGS, [placed(1, about=NAMESAKE)])
    assert found is not None
    assert found.differs["owners"] == {"ours": "顾遥岑 510…2183", "theirs": "顾遥岑 510…101X"}


@pytest.mark.parametrize("known", [{"placed": PLACED}, {"ours": PLACED}, {"done": True}], ids=["number", "said", "old"])
def test_our_own_order_is_known_without_a_marker(known: dict[str, Any]) -> None:
    """A generation system that keeps no marker, or an order of an older version of the flow."""
    assert chosen(placed(1, about={}), **known) == ("G0000001", 1, [])
    held = known if "ours" not in known else {}
    if held:
        assert chosen(placed(1, about=OTHERS), **held) == ("G0000001", 1, ["applicant", "owners"])


def test_with_a_number_on_record_an_unmarked_order_beside_it_is_not_ours_by_that() -> None:
    assert chosen(placed(2, about={}), placed=PLACED, done=True) == ("G0000002", 1, ["owners"])


def test_what_fits_beside_ours_is_a_second_one_and_what_does_not_is_anothers() -> None:
    ours = placed(1, reference="RZ-0001", paid=False, ready=False)
    assert chosen(ours, placed(2)) == ("G0000002", 2, []), "the paid one goes before"
    assert chosen(ours, placed(2, about=OTHERS), placed(3, reference="RZ-0009")) == ("G0000001", 1, [])


def test_an_order_of_another_round_is_none_of_this() -> None:
    assert chosen(placed(1, reference="RZ-0001"), round=1) is None


def test_a_case_that_files_anew_takes_no_order_of_the_one_before() -> None:
    papers = Papers(round=0, order="G0000001", application=PAPER, source=PAPER, manual=PAPER)
    follow = INTAKE.follow
    assert follow is not None
    former = case("rejected", alone(materials=papers, placed=PLACED))
    data = follow(alone(short_name="拾光"), former)
    assert (data.former_case, data.placed, data.materials) == ("RZ-0001", (), None)
    again = case("unprocessed", data)
    assert order_of(again, SETTINGS, [placed(1)]) is None


# ---------------------------------------------------------------- drafts and filings


def rivals(*namesakes: Namesake, **data: object) -> int:
    matter = case("generating", alone(**data))
    verdict = draft_unrivalled(matter, draft_of(matter, draft(namesakes=namesakes)))
    told = int(seen(verdict).get("strangers", 0))
    assert bool(verdict) is (told == 0)
    return told


def named(
    number: str = "F0000009", *, status: str = "审查中", owners: tuple[str, ...] = ("顾遥岑",), marker: str = ""
) -> Namesake:
    return Namesake(number=number, reference=marker, status=status, owners=owners)


def test_a_filing_of_this_title_by_other_owners_is_no_rival() -> None:
    assert rivals(named(owners=("甲明",)), named(owners=("乙清",), marker="RZ-0002")) == 0


def test_one_of_the_same_owners_or_of_owners_nobody_sees_is_a_persons_matter() -> None:
    assert rivals(named()) == rivals(named(marker="RZ-0002")) == rivals(named(owners=("甲明", "顾遥岑"))) == 1
    assert rivals(named("D0000009", status="填写中", owners=())) == 1


def test_what_the_bureau_refused_stands_in_nobodys_way() -> None:
    assert rivals(named(status="不予受理", marker="RZ-0002")) == 0


def test_a_person_says_that_a_namesake_is_anothers() -> None:
    assert rivals(named(), not_ours=(Named(what="filing", number="F0000009", round=0),)) == 0


def test_both_stand_side_by_side() -> None:
    matter = case("generating")
    told = seen(draft_unrivalled(matter, draft_of(matter, draft(namesakes=(named(marker="K-17"),)))))
    assert told["F0000009"] == {"ours": "RZ-0001: 顾遥岑", "theirs": "K-17: 顾遥岑 审查中"}


def test_a_draft_or_filing_under_our_marker_for_other_owners_is_a_persons_matter() -> None:
    other = {"owners": ("甲明",)}
    for verdict in (
        draft_unrivalled(case("generating"), draft(**other)),
        filed_already(case("generating"), draft(confirmed=True, **other)),
        certificate_issued(case("submitted"), filing(FilingStatus.issued, **other)),
    ):
        assert isinstance(verdict, No)
        assert verdict.waits_for == "operator"
        assert verdict.seen["owners"] == {"ours": "顾遥岑", "theirs": "甲明"}


def test_a_draft_that_the_case_made_is_its_own_whoever_stands_in_it() -> None:
    """It is filled anew where the registration was changed since."""
    made = (Named(what="draft", number="D0000001", round=0),)
    assert draft_unrivalled(case("generating", alone(placed=made)), draft(owners=("甲明",)))


def test_owners_are_the_same_in_whatever_order_and_width_they_are_shown() -> None:
    names = tuple(reversed([one.name for one in people().owners]))
    assert draft_unrivalled(case("generating", people()), draft(owners=names))


@pytest.mark.parametrize("what", ["draft", "filing"])
def test_what_bears_the_marker_of_another_case_of_ours_is_that_cases(what: Any) -> None:
    """It was taken over by its number: title and owners were the same, and both cases would have filed it."""
    data: dict[str, Any] = {f"{what}_number": "D0000001" if what == "draft" else "F0000001"}
    found: Any = draft() if what == "draft" else filing()
    theirs = found.model_copy(update={"reference": "RZ-0002", "owners": ("顾遥岑",)})
    shown: Any = of_whom(case("generating"), SETTINGS, theirs)
    assert shown.of_case == "RZ-0002"
    assert not_ours(case("generating", alone(**data)), what, shown.number, shown) == {
        "reference": {"ours": "RZ-0001", "theirs": "RZ-0002"}
    }
    said = alone(ours=(Named(what=what, number=shown.number, round=0),), **data)
    assert not_ours(case("generating", said), what, shown.number, shown) == {}, "a person said it"
    for own in ("RZ-0001", "旧-7", ""):
        other = shown.model_copy(update={"reference": own})
        assert of_whom(case("generating"), SETTINGS, other).of_case == ""


@pytest.mark.parametrize("what", ["draft", "filing"])
def test_what_a_person_said_is_anothers_is_not_taken_and_its_number_names_it_no_more(what: Any) -> None:
    number = "D0000001" if what == "draft" else "F0000001"
    said = (Named(what=what, number=number, round=0),)
    matter = case("generating", alone(not_ours=said, **{f"{what}_number": number}))
    assert not_ours(matter, what, number, draft() if what == "draft" else filing()) == {"not_ours": True}
    named = marker(matter, SETTINGS)
    assert (named, named.draft, named.filing) == ("RZ-0001", None, None)


def test_a_filing_of_another_case_that_was_noticed_is_not_gone_on_with() -> None:
    seen_there = Noticed(
        round=0, filing="F0000001", title=OURS["software"]["full_name"], version="V1.0", of_case="RZ-0002"
    )
    verdict = filed_elsewhere(case("awaiting_seal", alone(noticed=seen_there)))
    assert isinstance(verdict, No)
    assert verdict.waits_for == "operator"

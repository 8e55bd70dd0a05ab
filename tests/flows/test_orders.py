"""The order of a round: what people may say of it, and where a force would leave a case stuck; no remote is asked."""

from datetime import date

import pytest

from states.copyright.edits import edited
from states.copyright.gives import GIVES
from states.copyright.looks import comparison_mark, comparison_patch, judge_materials
from states.copyright.orders import (
    OrderRequest,
    materials_given,
    materials_ready,
    order_missing,
    order_requests,
    order_unpaid,
)
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from states.copyright.values import Doubt, DoubtfulPaper, Named, OrdersAnew, Papers
from tests.flows.matters import PAPER, alone, case, order
from workflow.flow.case import No
from workflow.intake.gives import NotTaken

BY_NAME = {give.name: give for give in GIVES}
DONE = frozenset({("place_order", ""), ("pay_order", "")})
TODAY = date(2026, 12, 10)


def given(name: str, of: object, **said: object) -> dict[str, object]:
    meant = BY_NAME[name].check(of, said, TODAY)
    return dict(BY_NAME[name].patch(of.data.model_dump(mode="json"), {**said, **meant}))  # type: ignore[attr-defined]


def test_an_order_anew_takes_the_place_of_the_former_one() -> None:
    old = Named(what="order", number="G1", round=0)
    doubt = DoubtfulPaper(document=PAPER, doubts=(Doubt(code="unread"),))
    papers = Papers(round=0, order="G1", application=PAPER, source=PAPER, manual=PAPER)
    had: dict[str, object] = {"materials": papers, "own_materials": papers, "doubtful": {"manual": doubt}}
    of = case("generating", alone(placed=(old,), ours=(old,), stale=("materials",), **had), done=DONE)
    patch = given("order-anew", of, amount="300", reason="退款")
    assert patch["orders_anew"] == {"round": 0, "count": 1}
    assert patch["not_ours"] == [old.model_dump(mode="json")]
    assert (patch["ours"], patch["stale"], patch["own_materials"]) == ([], ["draft"], None)
    assert patch["doubtful"] == {}


def test_an_order_has_an_item_of_its_own_and_one_of_before_is_the_first() -> None:
    assert [one.id for one in order_requests(case("generating"))] == [""]
    assert [one.id for one in order_requests(case("generating", alone(orders_anew=OrdersAnew(round=0, count=2))))] == [
        "3"
    ]
    assert [one.id for one in order_requests(case("needs_correction", alone(orders_anew=OrdersAnew(round=0, count=2)),
                                                  round=1))] == [""]  # fmt: skip
    assert OrderRequest.model_validate(None) == OrderRequest(id="", count=1)


def test_a_scan_as_material_waits_for_a_person_and_nothing_is_ordered_meanwhile() -> None:
    of = case("unprocessed")
    files = dict.fromkeys(("application", "source", "manual"), PAPER)
    looked = {"application": {"lacks": []}, "source": {"lacks": None}, "manual": {"lacks": []}}
    judged = judge_materials(of, {**files, "round": 0, "has_draft": False}, looked)
    patch = dict(BY_NAME["materials"].patch(of.data.model_dump(mode="json"), judged))
    waiting = case("unprocessed", Registration.model_validate({**of.data.model_dump(), **patch}))
    settings = CopyrightSettings()
    for verdict in (materials_given(waiting), materials_ready(waiting, settings, None)):
        assert isinstance(verdict, No)
        assert (verdict.waits_for, verdict.seen["doubts"]) == ("operator", ["doubt_unread"])
    assert not order_missing(waiting, settings, None)
    assert not order_unpaid(waiting, settings, order(paid=False, ready=False))
    data = waiting.data.model_dump(mode="json")
    seen = {"seen": comparison_mark(waiting, {"paper": "source"}), "number": waiting.number}
    said = {"paper": "source", "digest": PAPER.digest, "reason": "read", **seen}
    compared = comparison_patch(data, {**said, "same": True})
    assert materials_given(case("unprocessed", Registration.model_validate({**data, **compared})))
    compared = comparison_patch(data, {**said, "same": False})
    assert not materials_given(case("unprocessed", Registration.model_validate({**data, **compared})))


def test_one_order_anew_is_placed_before_another_is_wanted() -> None:
    twice = case("generating", alone(orders_anew=OrdersAnew(round=0, count=1)), done=DONE)
    with pytest.raises(NotTaken, match="not placed yet"):
        given("order-anew", twice, amount="300", reason="退款")


@pytest.mark.parametrize("state", ["unprocessed", "generating", "awaiting_seal", "needs_correction"])
def test_whatever_lies_there_may_be_ordered_anew_though_nobody_here_placed_it(state: str) -> None:
    """An order that was found, in a round that a person forced: of which nothing was placed."""
    said = Named(what="order", number="G5", round=0)
    papers = Papers(round=0, order="G6", application=PAPER, source=PAPER, manual=PAPER)
    patch = given("order-anew", case(state, alone(ours=(said,), materials=papers)), amount="300", reason="退款")
    assert patch["orders_anew"] == {"round": 0, "count": 1}
    assert (patch["ours"], [one["number"] for one in patch["not_ours"]]) == ([], ["G5", "G6"])  # type: ignore[attr-defined]


def test_a_draft_that_stands_saved_is_saved_anew_with_other_materials() -> None:
    """Also one whose materials nobody noted."""
    assert given("order-anew", case("awaiting_seal"), amount="300", reason="退款")["stale"] == ["draft"]
    assert given("order-anew", case("generating"), amount="300", reason="退款")["stale"] == []


def test_own_materials_are_stale_once_the_matter_is_changed() -> None:
    """Wherever they were handed in, nothing of theirs says what it says now."""
    own = Papers(round=0, application=PAPER, source=PAPER, manual=PAPER)
    for of, stale in ((alone(own_materials=own), True), (alone(), False)):
        matter = case("unprocessed", of)
        found = edited(matter, of.model_copy(update={"purpose": "改正后的目的。"}), ())
        assert ("materials" in found.stale) == stale


def test_a_draft_that_was_taken_over_gets_its_materials_by_a_word_that_names_the_price() -> None:
    taken = case("unprocessed", alone(draft_number="D1"))
    assert not order_missing(taken, CopyrightSettings(), None)
    wished = BY_NAME["order-materials"]
    assert wished.cost is not None
    assert wished.cost(CopyrightSettings()).amount == CopyrightSettings().price.amount
    for name in ("order-materials", "order-anew"):
        patch = given(name, taken, amount="300", reason="材料丢失")
        data = Registration.model_validate({**taken.data.model_dump(), **patch})
        assert order_missing(case("unprocessed", data), CopyrightSettings(), None), name
    with pytest.raises(NotTaken):
        given("order-materials", case("unprocessed"), amount="300", reason="材料丢失")

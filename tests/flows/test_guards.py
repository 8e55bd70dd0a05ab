"""What the guards of a registration answer: yes or no, what they saw, and who can change it."""

import inspect
from dataclasses import replace
from datetime import date, timedelta

import pytest

from states.copyright import flow as table
from states.copyright.flow import flow
from states.copyright.guards import (
    agreement_current,
    agreement_on_file,
    agreement_outdated,
    codes_needed,
    correction_wanted,
    draft_behind,
    draft_complete,
    draft_unrivalled,
)
from states.copyright.orders import materials_ready, order_unpaid
from states.copyright.owners import (
    center_ids_given,
    codes_complete,
    codes_due,
    codes_entered,
    codes_to_request,
    masked,
    seal_page_on_file,
    specimens_complete,
    specimens_unasked,
    unasked_for_specimens,
)
from states.copyright.settings import CopyrightSettings
from states.copyright.values import CodesExtra, CodesSent, Doubt, DoubtfulPaper, Noticed, Specimen
from tests.flows.matters import (
    NOW,
    PAPER,
    SPECIMEN,
    alone,
    case,
    center,
    draft,
    filing,
    of_round,
    on_file,
    order,
    people,
    taken,
)
from tests.flows.order_rows import OWN
from workflow.errors import Drifted
from workflow.flow.case import No, Verdict, Yes
from workflow.flow.functions import needs

SETTINGS = CopyrightSettings()
WAITING = people(codes_wanted=of_round("o1", "o2", "o3"))


def refused(verdict: Verdict) -> tuple[str | None, dict[str, object]]:
    assert isinstance(verdict, No)
    return verdict.waits_for, verdict.seen


def seen(verdict: Verdict) -> dict[str, object]:
    assert isinstance(verdict, Yes)
    return verdict.seen


def test_materials_that_are_being_made_wait_for_the_generator() -> None:
    assert refused(materials_ready(case("generating"), SETTINGS, order(ready=False))) == (
        "generator",
        {"order": "G0000001", "ready": False},
    )


@pytest.mark.parametrize("found", [None, order(paid=False, ready=False)])
def test_materials_that_nobody_paid_for_are_the_operators_matter(found: object) -> None:
    assert refused(materials_ready(case("generating"), SETTINGS, found))[0] == "operator"  # type: ignore[arg-type]


def test_of_two_unpaid_orders_a_person_says_which_one_is_meant() -> None:
    assert refused(order_unpaid(case("unprocessed"), SETTINGS, order(paid=False, twins=2))) == (
        "operator",
        {"order": "G0000001", "twins": 2},
    )


def test_a_stranger_of_the_same_name_stops_it_until_an_operator_looks() -> None:
    assert refused(draft_unrivalled(case("generating"), draft(strangers=2))) == ("operator", {"strangers": 2})


@pytest.mark.parametrize("shown", ["拾光手账时间管理软件", "拾光手账 时间管理软件"])
def test_blanks_in_a_title_do_not_make_a_draft_anothers(shown: str) -> None:
    assert draft_unrivalled(case("generating"), draft(title=shown))


def test_a_confirmed_draft_is_never_behind() -> None:
    assert not draft_behind(case("generating"), draft(confirmed=True, saved=False), {})


def test_a_draft_that_lacks_codes_names_their_owners() -> None:
    assert refused(
        draft_complete(case("generating", people(materials=OWN)), draft(codes_wanted=("叶知棠", "司徒晏")))
    ) == (
        "owner",
        {"draft": "D0000001", "lacks_codes_of": ["叶知棠", "司徒晏"]},
    )


def test_an_owner_whom_only_the_bureau_knows_is_drift() -> None:
    with pytest.raises(Drifted, match="王一"):
        codes_needed(case("generating", alone(materials=OWN)), draft(codes_wanted=("王一",)))


def test_the_agreement_is_the_owners_matter() -> None:
    assert refused(agreement_on_file(case("awaiting_agreement"))) == ("owner", {"agreement": None})


def test_an_answer_of_an_earlier_round_is_none_of_this_round() -> None:
    assert refused(correction_wanted(case("submitted", round=1), filing(round=0)))[1]["of_round"] == 0


def test_codes_are_asked_of_necessary_owners_only() -> None:
    data = people(codes_wanted=of_round("o1", "o3"))
    assert [one.id for one in codes_due(case("awaiting_captcha", data), on_file(), SETTINGS)] == ["o1/1", "o3/1"]


def test_a_code_that_lies_ready_or_was_taken_is_not_asked_for_again() -> None:
    data = people(codes_wanted=of_round("o1", "o2", "o3"), codes_entered=of_round("o1"))
    assert [one.id for one in codes_due(case("awaiting_captcha", data), on_file("o2"), SETTINGS)] == ["o3/1"]


def test_a_used_up_code_is_followed_by_the_next() -> None:
    assert codes_due(case("awaiting_captcha", people(codes_wanted=of_round("o2"))), on_file(o2=2), SETTINGS)[0].id == (
        "o2/3"
    )


def test_after_three_wrong_codes_an_operator_looks() -> None:
    waiting = case("awaiting_captcha", people(codes_wanted=of_round("o2")))
    assert refused(codes_to_request(waiting, on_file(o2=3), SETTINGS)) == (
        "operator",
        {"used_up": ["叶知棠"], "codes": 3},
    )


def test_phones_are_seen_masked() -> None:
    said = seen(codes_to_request(case("awaiting_captcha", WAITING), on_file("o1"), SETTINGS))
    assert said == {"owners": {"叶知棠": "186****0002", "司徒晏": "133****0010"}}
    assert masked(None) is None


def test_a_person_who_asks_for_another_code_gets_one_also_past_the_limit() -> None:
    extra = CodesExtra(round=0).beside("o2", by_hand=True)
    waiting = case("awaiting_captcha", people(codes_wanted=of_round("o2"), codes_extra=extra))
    assert [one.id for one in codes_due(waiting, on_file(o2=3), SETTINGS)] == ["o2/5"]
    assert [one.id for one in codes_due(waiting, on_file(), SETTINGS)] == ["o2/2"]
    anew = case("awaiting_captcha", people(codes_wanted=of_round("o2", round=1), codes_extra=extra), round=1)
    assert [one.id for one in codes_due(anew, on_file(), SETTINGS)] == ["o2/1"], "a new round begins to count anew"


def test_what_the_clock_asked_for_counts_until_a_person_asks() -> None:
    extra = CodesExtra(round=0).beside("o2", by_hand=False).beside("o2", by_hand=False)
    assert (extra.by_owner, extra.renewed) == ({"o2": 2}, {"o2": 2})
    assert extra.beside("o2", by_hand=True).renewed == {"o2": 0}


TOGETHER = replace(SETTINGS, codes_together=True)


def test_missing_codes_are_named_by_owner() -> None:
    waiting = case("awaiting_captcha", WAITING)
    assert refused(codes_complete(waiting, on_file("o1", "o3"), TOGETHER, NOW)) == ("owner", {"missing": ["叶知棠"]})
    assert seen(codes_complete(waiting, on_file("o1", "o3"), SETTINGS, NOW)) == {"owners": ["顾遥岑", "司徒晏"]}


def test_a_code_that_nobody_handed_in_runs_out_and_the_guard_says_so() -> None:
    sent = CodesSent(round=0, by_owner={"o1": NOW, "o2": NOW - timedelta(hours=10)})
    waiting = case("awaiting_captcha", people(codes_wanted=of_round("o1", "o2"), codes_sent=sent))
    assert refused(codes_complete(waiting, on_file(), SETTINGS, NOW))[1]["ran_out"] == ["叶知棠"]


def test_of_a_phone_that_owners_share_a_person_here_hands_the_codes_in() -> None:
    phones = tuple(one.model_copy(update={"phone": "13800400001"}) for one in people().owners[:2])
    shared = people(owners=(*phones, people().owners[2]), codes_wanted=of_round("o1", "o2", "o3"))
    waiting = case("awaiting_captcha", shared)
    assert refused(codes_complete(waiting, on_file(), SETTINGS, NOW))[0] == "owner", "the third can go on"
    who, told = refused(codes_complete(waiting, on_file("o3"), TOGETHER, NOW))
    assert (who, told["one_phone"]) == ("operator", ["顾遥岑", "叶知棠"])


def test_codes_of_another_round_say_nothing_about_this_one() -> None:
    data = people(codes_wanted=of_round("o1"), codes_entered=of_round("o1"))
    assert refused(codes_entered(case("awaiting_captcha", data, round=1)))[0] == "operator"


def test_a_center_id_that_is_known_is_no_news() -> None:
    assert not center_ids_given(case("submitted", alone(center_ids={"o1": "U1"})), center(o1="U1"))


def test_the_seal_page_is_the_owners_matter() -> None:
    assert refused(seal_page_on_file(case("awaiting_seal"), NOW)) == ("owner", {"seal_page": None})


def test_an_authorisation_of_tomorrow_does_not_hold_today() -> None:
    early = Specimen(signature=PAPER, authorisation=PAPER, authorised_on=date(2026, 12, 2))
    data = alone(specimens={"o1": early})
    assert not specimens_complete(case("awaiting_seal", data), NOW)
    assert specimens_complete(case("awaiting_seal", data), NOW + timedelta(days=1))


def test_the_day_of_an_authorisation_is_beijings() -> None:
    given = Specimen(signature=PAPER, authorisation=PAPER, authorised_on=date(2026, 12, 2))
    waiting, midnight = case("awaiting_seal", alone(specimens={"o1": given})), NOW.replace(hour=16)
    assert specimens_complete(waiting, midnight)
    assert not specimens_complete(waiting, midnight - timedelta(seconds=1))


def test_who_has_no_phone_is_reached_by_an_operator() -> None:
    silent = alone().owners[0].model_copy(update={"phone": None, "carrier": None})
    waiting = case("awaiting_seal", alone(owners=(silent,)))
    assert refused(specimens_complete(waiting, NOW))[0] == "operator"
    assert not specimens_unasked(waiting, NOW)


def test_a_specimen_is_asked_for_once() -> None:
    asked = frozenset({("specimen_request", one) for one in ("o1", "o2")})
    assert seen(specimens_unasked(case("awaiting_seal", people(), done=asked), NOW)) == {
        "owners": {"司徒晏": "133****0010"}
    }
    given = people(specimens={"o3": SPECIMEN})
    assert not specimens_unasked(case("awaiting_seal", given, done=asked), NOW)


def test_who_owes_a_specimen_is_reminded_twice_by_day_and_then_it_is_staffs_matter() -> None:
    """NOW is ten in the morning in Beijing, when the case came to where it is."""
    done = frozenset({("specimen_request", "o1")})

    def occasions(hours: float, done: frozenset[tuple[str, str]]) -> list[str]:
        return list(unasked_for_specimens(case("awaiting_seal", alone(), done=done), NOW + timedelta(hours=hours)))

    assert occasions(23, done) == []
    assert occasions(24, done) == ["specimen_request/2"]
    assert occasions(36, done) == [], "at night nobody is reminded"
    reminded = done | {("specimen_request/2", "o1")}
    assert occasions(30, reminded) == []
    assert occasions(49, reminded) == ["specimen_request/3"]
    assert occasions(99, reminded | {("specimen_request/3", "o1")}) == []
    late = case("awaiting_seal", alone())
    assert refused(specimens_complete(late, NOW + timedelta(hours=71)))[0] == "owner"
    assert refused(specimens_complete(late, NOW + timedelta(hours=72)))[0] == "operator"


def test_no_guard_names_an_adapter() -> None:
    guards = {guard for _, line in flow.lines() for guard in line.guards}
    assert [need.name for guard in guards for need in needs(guard) if need.protocol] == []


def test_the_table_fits_two_screens() -> None:
    source = inspect.getsource(table)
    assert len(source[source.index("\nordering = ") :].splitlines()) <= 100


def test_a_draft_with_an_agreement_of_before_is_not_saved_before_a_person_compared_it() -> None:
    doubt = {"agreement": DoubtfulPaper(document=PAPER, doubts=(Doubt(code="edited"),))}
    held, bare = draft(agreement_on_file=True), draft()
    edited, refused_one = case("generating", people(doubtful=doubt)), case("generating", people())
    for waiting in (edited, refused_one):
        assert (bool(agreement_outdated(waiting, held)), bool(agreement_current(waiting, held))) == (True, False)
        assert (bool(agreement_outdated(waiting, bare)), bool(agreement_current(waiting, bare))) == (False, True)
    assert not agreement_outdated(case("generating", people(agreement=PAPER)), held)
    assert refused(agreement_on_file(edited))[0] == "operator"
    ours = {"draft": held, "order": order(), "draft_differences": {}}
    assert taken(edited, **ours) == "awaiting_agreement[materials_ready+draft_unrivalled+agreement_outdated]"
    stale = case("awaiting_agreement", people(doubtful=doubt, stale=("draft",)))
    assert taken(stale, draft=held, standing=Noticed(round=0), filing=None) is None

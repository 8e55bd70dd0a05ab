"""Each line of the registration's table is taken by a case that it is meant for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from adapters.bureau.portal import FilingStatus
from states.copyright.flow import flow
from states.copyright.registration import Registration
from states.copyright.values import Named, Noticed
from states.copyright.words import Answer
from tests.flows import order_rows, seal_rows
from tests.flows.matters import (
    NOW,
    PAPER,
    alone,
    case,
    center,
    draft,
    filing,
    of_round,
    on_file,
    order,
    people,
    review,
    taken,
)
from tests.flows.order_rows import OWN
from tests.flows.seal_rows import LEFT, MISSED
from workflow.flow.case import Case


@dataclass(frozen=True)
class Row:
    """A matter as it lies, and the line that takes it; None: it waits."""

    fact: str
    case: Case[Registration]
    takes: str | None
    facts: Mapping[str, object] = field(default_factory=dict)
    only: str | None = None


READY = {"order": order(), "draft_differences": {}}
WANTED = of_round("o1", "o2", "o3")
ALL = on_file("o1", "o2", "o3")
THREE = people().owners
FILED_BY_HAND = Noticed(round=0, filing="F0000001", title="拾光手账时间管理软件", version="V1.0")
GONE = MISSED.model_copy(update={"draft_gone": True, "drafts_lost": 1})
JUST_NOW = MISSED.model_copy(update={"missed_at": NOW})
BY_HAND = "submitted[filed_elsewhere]"
NOTICED = [
    row
    for state in ("unprocessed", "generating", "awaiting_agreement", "awaiting_captcha", "awaiting_seal",
                  "needs_correction")
    for row in (
        Row("somebody filed it by hand", case(state), "notice_filings", {"standing": FILED_BY_HAND}, "notice_filings"),
        Row("all is as we left it", case(state), None, LEFT, "notice_filings"),
        Row("it was noticed", case(state, alone(noticed=FILED_BY_HAND)), None, {"standing": FILED_BY_HAND},
            "notice_filings"),
        Row("it is taken over", case(state, alone(noticed=FILED_BY_HAND)), BY_HAND),
    )
]  # fmt: skip
DRAFT_GONE = [
    row
    for state in ("awaiting_agreement", "awaiting_captcha", "awaiting_seal")
    for row in (
        Row("the list shows no draft", case(state), "notice_filings", {"standing": MISSED}, "notice_filings"),
        Row("nor does a later one", case(state, alone(noticed=MISSED)), "stay:noticed[draft_missed+standing_is_news]",
            {"standing": GONE}),
        Row("a later one shows it", case(state, alone(noticed=MISSED)), "stay:noticed[draft_missed+standing_is_news]",
            {"standing": Noticed(round=0, draft="D0000001")}),
        Row("it is saved anew", case(state, alone(noticed=GONE)), "generating[draft_lost]"),
    )
]  # fmt: skip
PLACED = [Row(*one) for one in order_rows.PLACED]
ORDERED, LACKING = ([Row(*one) for one in rows] for rows in (order_rows.ORDERED, order_rows.LACKING))
CORRECTED = [
    Row(
        f"in a new round, {row.fact}",
        case(
            "needs_correction",
            alone(
                notice=order_rows.OF_MATERIALS,
                own_materials=OWN.model_copy(update={"round": 1}) if row.case.data.own_materials else None,
            ),
            round=1,
        ),
        order_rows.corrected(row.takes),
        {**row.facts, "filing": order_rows.WANTED},
    )
    for row in ORDERED
]
R, U = "materials_ready", "materials_ready+draft_unrivalled"
SAVED = f"stay:save_draft[{U}+form_complete+attorney_on_file+draft_behind+answer_open]"
KEPT = [Row(*one) for one in [*order_rows.KEPT, *order_rows.OF_ROUND]]
DRAFT = Named(what="draft", number="D0000001", round=0)


def held(data: Registration, round: int = 0) -> Registration:
    """With the materials of a round, as they were handed in."""
    return data.model_copy(update={"materials": OWN.model_copy(update={"round": round})})


STALE = held(people(stale=("draft",), codes_wanted=WANTED))
CHANGED = [
    *(Row(f"changed since the draft was saved, {state}", case(state, STALE), "generating[draft_stale]")
      for state in ("awaiting_captcha", "awaiting_seal")),
    Row("changed since the draft was saved, and it has no agreement", case("awaiting_agreement", STALE),
        "generating[agreement_current+draft_stale]", {"draft": draft()}),
    Row("it has the agreement of before", case("awaiting_agreement", STALE), None,
        {"draft": draft(agreement_on_file=True)}),
    Row("a new agreement is waited for", case("generating", STALE), f"awaiting_agreement[{U}+agreement_outdated]",
        {**READY, "draft": draft(agreement_on_file=True)}),
    Row("it is saved as it stands now", case("generating", STALE), SAVED,
        {**READY, "draft": draft()}),
    Row("materials of what it said before are not used", case("generating", people(stale=("draft", "materials"))),
        None, READY),
    Row("nor paid for", case("unprocessed", people(stale=("materials",))), None, {"order": order(paid=False)}),
]  # fmt: skip
GENERATED = [
    Row("the documents are being made", case("generating"), None, {"order": order(ready=False)}),
    Row("the order is gone", case("generating"), None, {"order": None}),
    Row("another order landed late beside the paid one", case("generating"), "stay:doubled_order[order_doubled]",
        {"order": order(ready=False, twins=2)}),
    Row("a person was told of the other order", case("generating", alone(doubled_order="G0000001")), None,
        {"order": order(ready=False, twins=2)}),
    Row("there is no draft", case("generating"), SAVED, {**READY, "draft": None}),
    Row("the draft is half filled", case("generating"), SAVED,
        {**READY, "draft": draft(saved=False)}),
    Row("nobody knows whose materials lie in it", case("generating"), SAVED, {**READY, "draft": draft()}),
    Row("they are of another round", case("generating", held(alone()), round=1), SAVED,
        {**READY, "draft": draft(round=1)}),
    Row("a person said that it is ours as it is", case("generating", alone(ours=(DRAFT,))),
        f"awaiting_seal[{U}+draft_complete+is_new]", {**READY, "draft": draft()}),
    Row("the draft was gone, and is there again", case("generating", held(alone(noticed=GONE))), SAVED,
        {**READY, "draft": draft()}),
    Row("somebody changed our draft by hand", case("generating", held(alone())), SAVED,
        {**READY, "draft": draft(), "draft_differences": {"address": {"ours": "a", "theirs": "b"}}}),
    Row("our marker stands on another's draft", case("generating"), None,
        {**READY, "draft": draft(title="另一软件", saved=False)}),
    Row("our marker stands on another's filing", case("generating"), None,
        {**READY, "draft": draft(title="另一软件", confirmed=True)}),
    Row("the first page is not filled yet", case("generating"), SAVED,
        {**READY, "draft": draft(title="", version="", saved=False)}),
    Row("the agreement came", case("generating", people(agreement=PAPER)), SAVED,
        {**READY, "draft": draft(agreement_wanted=True)}),
    Row("the agreement is asked for", case("generating", held(people())), f"awaiting_agreement[{U}+agreement_asked]",
        {**READY, "draft": draft(agreement_wanted=True, codes_wanted=("叶知棠",))}),
    Row("a code is asked for", case("generating", held(people())), f"awaiting_captcha[{U}+codes_needed]",
        {**READY, "draft": draft(codes_wanted=("叶知棠",))}),
    Row("the codes were accepted", case("generating", held(people())), f"awaiting_seal[{U}+draft_complete+is_new]",
        {**READY, "draft": draft(codes_wanted=("叶知棠",), codes_accepted=("叶知棠",))}),
    Row("nothing more is asked", case("generating", held(alone())), f"awaiting_seal[{U}+draft_complete+is_new]",
        {**READY, "draft": draft()}),
    Row("nothing more is asked of a correction", case("generating", held(alone(), 1), round=1),
        f"submitted[{U}+draft_complete+is_correction+filing_agreed+answer_open]", {**READY, "draft": draft(round=1)}),
    Row("a correction needs a code", case("generating", held(people(), 1), round=1),
        f"awaiting_captcha[{U}+codes_needed]", {**READY, "draft": draft(round=1, codes_wanted=("叶知棠",))}),
    Row("it was filed by hand", case("generating"), f"submitted[{R}+filed_already]",
        {**READY, "draft": draft(confirmed=True)}),
    Row("a stranger of this name is there", case("generating"), None, {**READY, "draft": draft(strangers=1)}),
    Row("a stranger of this name is there in a correction", case("generating", round=1), None,
        {**READY, "draft": draft(round=1, strangers=1)}),
    Row("the agreement is missing", case("awaiting_agreement", people()), None, {"draft": draft()}),
    Row("the agreement is there", case("awaiting_agreement", people(agreement=PAPER)), "generating[agreement_on_file]"),
]  # fmt: skip
ENTERED = people(codes_wanted=WANTED, codes_entered=WANTED)
ASKED = frozenset({("request_code", "o1/1"), ("request_code", "o2/1"), ("request_code", "o3/1")})
CODED = [
    Row("codes are to be sent", case("awaiting_captcha", people(codes_wanted=WANTED)), "request_codes",
        {"codes_on_file": on_file()}, "request_codes"),
    Row("all were asked", case("awaiting_captcha", people(codes_wanted=WANTED), done=ASKED), None,
        {"codes_on_file": on_file()}, "request_codes"),
    Row("one was wrong", case("awaiting_captcha", people(codes_wanted=WANTED), done=ASKED), "request_codes",
        {"codes_on_file": on_file(o2=1)}, "request_codes"),
    Row("too many were wrong", case("awaiting_captcha", people(codes_wanted=of_round("o2"))), None,
        {"codes_on_file": on_file(o2=3)}, "request_codes"),
    Row("an id is there to fill in", case("awaiting_captcha"), "fill_center_ids", {"center_ids": center(o1="U1")},
        "fill_center_ids"),
    Row("no id was given yet", case("awaiting_captcha"), None, {"center_ids": center()}, "fill_center_ids"),
    Row("no id is missing", case("awaiting_captcha", alone(center_ids={"o1": "U1"})), None, {}, "fill_center_ids"),
    Row("the codes are complete", case("awaiting_captcha", people(codes_wanted=WANTED)),
        "stay:enter_codes[codes_complete+answer_open+draft_listed]", {"codes_on_file": ALL, **LEFT}),
    Row("the list shows no draft just now", case("awaiting_captcha", people(codes_wanted=WANTED, noticed=JUST_NOW)),
        None, {"codes_on_file": ALL, "standing": JUST_NOW}),
    Row("somebody filed it when the codes are complete", case("awaiting_captcha", people(codes_wanted=WANTED)),
        "stay:noticed[codes_complete+standing_is_news]", {"codes_on_file": ALL, "standing": FILED_BY_HAND}),
    Row("codes are handed in as they come", case("awaiting_captcha", people(codes_wanted=WANTED)),
        "stay:enter_codes[codes_complete+answer_open+draft_listed]", {"codes_on_file": on_file("o1", "o3"), **LEFT}),
    Row("no code is there", case("awaiting_captcha", people(codes_wanted=WANTED)), None, {"codes_on_file": on_file()}),
    Row("only the necessary code is waited for", case("awaiting_captcha", people(codes_wanted=of_round("o2"))),
        "stay:enter_codes[codes_complete+answer_open+draft_listed]", {"codes_on_file": on_file("o2"), **LEFT}),
    Row("the same batch is not handed in twice",
        case("awaiting_captcha", people(codes_wanted=of_round("o2")), done=frozenset({("enter_codes", "1")})), None,
        {"codes_on_file": on_file("o2"), **LEFT}),
    Row("a second batch follows a wrong code",
        case("awaiting_captcha", people(codes_wanted=of_round("o2")), done=frozenset({("enter_codes", "1")})),
        "stay:enter_codes[codes_complete+answer_open+draft_listed]", {"codes_on_file": on_file("o2", o2=1), **LEFT}),
    Row("every code was taken", case("awaiting_captcha", ENTERED), "awaiting_seal[codes_entered+is_new]",
        {"codes_on_file": on_file()}),
    Row("round one's codes are none of round two's", case("awaiting_captcha", ENTERED, round=1), None,
        {"codes_on_file": on_file()}),
    Row("a correction whose codes were taken is filed",
        case("awaiting_captcha", people(codes_wanted=of_round("o2", round=1), codes_entered=of_round("o2", round=1)),
             round=1),
        "submitted[codes_entered+is_correction+filing_agreed+draft_unrivalled+answer_open+draft_listed]",
        {"codes_on_file": on_file(), "draft": draft(round=1), **LEFT}),
    Row("a correction that was filed is not filed again",
        case("awaiting_captcha", people(codes_wanted=of_round("o2", round=1), codes_entered=of_round("o2", round=1)),
             round=1),
        "submitted[codes_entered+is_correction+filing_agreed+filed_already]",
        {"codes_on_file": on_file(), "draft": draft(round=1, confirmed=True), **LEFT}),
    Row("the draft of a correction is gone",
        case("awaiting_captcha", people(codes_wanted=of_round("o2", round=1), codes_entered=of_round("o2", round=1)),
             round=1),
        "stay:noticed[codes_entered+is_correction+filing_agreed+standing_is_news]",
        {"codes_on_file": on_file(), "standing": GONE}),
]  # fmt: skip
SEALED = [Row(*one) for one in seal_rows.SEALED]
KNOWN = alone(serial_number="2026R11L0123456", reviews=(review(),))
GRANTED = filing(FilingStatus.issued, serial_number="2026R11L0123456")
ISSUED = {"filing": GRANTED, "review": review(Answer.issued)}
SAID = (review(Answer.issued),)
GRANT_TOLD = frozenset({("certificate_notice", "o1")})
FILED = [
    Row("an id came while it is reviewed", case("submitted"), "fill_center_ids", {"center_ids": center(o1="U1")},
        "fill_center_ids"),
    Row("the bureau shows nothing yet", case("submitted"), None, {"filing": None, "review": None}),
    Row("the acceptance number is known", case("submitted"), "stay:acceptance_number[acceptance_number_is_new]",
        {"filing": filing(acceptance_number="SL202612010001"), "review": review()}),
    Row("the serial number came", case("submitted"), "stay:serial_number[serial_number_is_new]",
        {"filing": filing(serial_number="2026R11L0123456"), "review": review()}),
    Row("the first answer is recorded", case("submitted"), "stay:reviews+[review_is_new]",
        {"filing": filing(), "review": review()}),
    Row("the same answer is no news", case("submitted", KNOWN), None,
        {"filing": filing(serial_number="2026R11L0123456"), "review": review()}),
    Row("the same answer in a new round is news", case("submitted", KNOWN, round=1), "stay:reviews+[review_is_new]",
        {"filing": filing(round=1), "review": review(round=1)}),
    Row("the grant is told at once, whatever its certificate does",
        case("submitted", alone(serial_number=GRANTED.serial_number, reviews=SAID)),
        "stay:certificate_number+certified_on[certificate_issued+grant_is_new]", ISSUED),
    Row("the certificate is fetched",
        case("submitted", alone(serial_number=GRANTED.serial_number, reviews=SAID), done=GRANT_TOLD),
        "stay:fetch_certificate[certificate_issued+certificate_missing]", ISSUED),
    Row("it is granted",
        case("submitted", alone(serial_number=GRANTED.serial_number, reviews=SAID, certificate=PAPER), done=GRANT_TOLD),
        "granted[certificate_issued+certificate_on_file]", ISSUED),
    Row("it is not accepted", case("submitted", alone(reviews=(review(Answer.refused),))), "rejected[not_accepted]",
        {"filing": filing(FilingStatus.refused), "review": review(Answer.refused)}),
    Row("it came back", case("submitted", alone(reviews=(review(Answer.correction),))),
        "needs_correction[correction_wanted]",
        {"filing": filing(FilingStatus.correction), "review": review(Answer.correction)}),
    Row("somebody answered a correction by hand", case("submitted", KNOWN),
        "submitted[filing_shown+status_known+filing_stands+answered_elsewhere]", {"filing": filing(round=1)}),
    Row("the bureau uses a word that nobody knows", case("submitted", KNOWN), None,
        {"filing": filing(FilingStatus.unknown, line="待受理"), "review": None}),
    Row("it was withdrawn by hand", case("submitted", alone(reviews=(review(Answer.withdrawn),))), None,
        {"filing": filing(FilingStatus.withdrawn), "review": review(Answer.withdrawn)}),
    Row("an answer about another software is none", case("submitted", alone(reviews=SAID)), None,
        {"filing": filing(FilingStatus.issued, title="另一软件"), "review": review(Answer.issued)}),
    Row("an answered notice is no news", case("submitted", alone(reviews=(review(Answer.correction),)), round=1), None,
        {"filing": filing(FilingStatus.correction), "review": review(Answer.correction)}),
]  # fmt: skip
ROWS = [
    *NOTICED,
    *DRAFT_GONE,
    *PLACED,
    *ORDERED,
    *LACKING,
    *CORRECTED,
    *KEPT,
    *CHANGED,
    *GENERATED,
    *CODED,
    *SEALED,
    *FILED,
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.case.state}: {row.fact}")
def test_the_line_for_a_matter_as_it_lies(row: Row) -> None:
    assert taken(row.case, row.only, **row.facts) == row.takes


def test_every_line_of_the_table_is_taken_by_some_matter() -> None:
    lines = {(str(state.name), line.key) for state, line in flow.lines()}
    assert lines == {(row.case.state, row.takes) for row in ROWS if row.takes}


def test_every_state_that_can_wait_waits_for_some_matter() -> None:
    waiting = {row.case.state for row in ROWS if row.takes is None}
    assert waiting == {str(state.name) for state in flow.states if not state.final}

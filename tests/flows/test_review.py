"""A person's yes to what will be filed: when it is wanted, and what makes it stale."""

import pytest

from states.copyright.registration import Registration
from states.copyright.review import filing_agreed, mark_of, sheet
from states.copyright.settings import CopyrightSettings
from states.copyright.values import Approved, Papers
from states.copyright.variables import CopyrightVariables, own_settings
from tests.flows.matters import PAPER, case, company
from workflow.flow.case import Case, No
from workflow.intake.values import Document

OTHER = Document(digest="1" * 64, name="another.pdf")
MADE = Papers(round=0, order="G0000001", application=PAPER, source=PAPER, manual=PAPER)
FIRST, EACH = CopyrightSettings(review="first"), CopyrightSettings(review="each")


def agreed(of: Case[Registration]) -> Case[Registration]:
    """The same case, after a person said yes to it as it stands."""
    yes = Approved(round=of.round, mark=mark_of(of))
    return case(of.state, of.data.model_copy(update={"approved": yes}), round=of.round)


def test_a_yes_is_wanted_as_the_office_says() -> None:
    new, back = (case("awaiting_seal", company(seal_page=PAPER), round=round) for round in (0, 1))
    assert [bool(filing_agreed(one, CopyrightSettings())) for one in (new, back)] == [True, True]
    assert [bool(filing_agreed(one, FIRST)) for one in (new, back)] == [False, True]
    assert [bool(filing_agreed(one, EACH)) for one in (new, back)] == [False, False]
    said = filing_agreed(new, FIRST)
    assert isinstance(said, No)
    assert said.waits_for == "operator"


def test_one_customer_may_want_it_otherwise_than_all() -> None:
    of = case("awaiting_seal", company(seal_page=PAPER))
    name = of.data.applicant_name
    settings = own_settings(CopyrightVariables(review_of={name: "each"}))
    assert not filing_agreed(of, settings)
    assert filing_agreed(of, own_settings(CopyrightVariables(review_before_filing="each", review_of={name: "never"})))
    for_another = case("awaiting_seal", company(seal_page=PAPER, customer="澜汐"))
    assert not filing_agreed(for_another, settings), "the applicant's entry holds whoever brought the matter"
    both = own_settings(CopyrightVariables(review_of={name: "each", "澜汐": "never"}))
    assert filing_agreed(for_another, both)


@pytest.mark.parametrize(
    "changed",
    [
        {"main_functions": "改正后的功能说明。"},
        {"seal_page": OTHER},
        {"materials": MADE.model_copy(update={"manual": OTHER})},
        {"agreement": OTHER},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_later_change_makes_a_yes_stale(changed: dict[str, object]) -> None:
    of = agreed(case("awaiting_seal", company(seal_page=PAPER, materials=MADE)))
    assert filing_agreed(of, EACH)
    said = filing_agreed(case(of.state, of.data.model_copy(update=changed)), EACH)
    assert isinstance(said, No)
    assert said.seen["changed_since"] is True


def test_a_yes_is_of_one_round() -> None:
    of = agreed(case("awaiting_seal", company(seal_page=PAPER)))
    assert not filing_agreed(case("awaiting_captcha", of.data, round=1), EACH)


def test_what_the_bureau_gives_meanwhile_makes_no_yes_stale() -> None:
    of = agreed(case("awaiting_seal", company(seal_page=PAPER)))
    assert filing_agreed(case(of.state, of.data.model_copy(update={"center_ids": {"o1": "U1"}})), EACH)


def test_the_page_shows_fields_papers_parties_and_money_and_no_number_of_a_person() -> None:
    of = case("awaiting_seal", company(seal_page=PAPER, materials=MADE))
    page = list(sheet(of, CopyrightSettings()))
    assert [(one.name, one.place) for one in page] == [
        ("software", ""), ("owner", "1"), ("owner", "2"), ("applicant", ""), ("papers", ""), ("matter", ""),
    ]  # fmt: skip
    rows = {name: value for one in page for name, value in one.rows}
    assert rows["seal_page"].startswith("paper.pdf")
    assert PAPER.digest[:16] in rows["material_manual"]
    assert rows["amount"] == "300.00 CNY × 1"
    number, phone = of.data.owners[0].certificate_number, of.data.owners[0].mobile or "-"
    assert not any(hidden in value for one in page for _, value in one.rows for hidden in (number, phone))

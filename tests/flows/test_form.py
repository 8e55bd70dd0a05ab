"""A registration fills the bureau's form whole, in the bureau's own words."""

from collections.abc import Iterable
from typing import get_args

import pytest

from adapters.bureau import filing_form as bureau
from states.copyright import words
from states.copyright.form import filing_form, particulars
from states.copyright.registration import Registration
from tests.flows.matters import alone, company, people

VOCABULARIES: list[tuple[Iterable[words.Word], object]] = [
    (words.Category, bureau.Category),
    (words.Nature, bureau.WorkKind),
    (words.Development, bureau.Development),
    (words.PublicationStatus, bureau.Publication),
    (words.Acquisition, bureau.Acquisition),
    (words.Succession, bureau.Succession),
    (words.Scope, bureau.Scope),
    (words.Right, bureau.Right),
    (words.OwnerKind, bureau.OwnerKind),
    (words.CertificateKind, bureau.CertificateKind),
    (words.Deposit, bureau.Deposit),
]


@pytest.mark.parametrize(("ours", "theirs"), VOCABULARIES, ids=lambda one: getattr(one, "__name__", ""))
def test_our_words_are_the_choices_of_the_form(ours: Iterable[words.Word], theirs: object) -> None:
    assert [word.zh for word in ours] == list(get_args(theirs))


@pytest.mark.parametrize("data", [alone(), people(), company()], ids=["alone", "people", "company"])
def test_owners_stand_on_the_form_in_their_order(data: Registration) -> None:
    assert [owner.name for owner in filing_form(data).owners] == [owner.name for owner in data.owners]


def test_an_applicant_who_owns_is_named_as_owner_and_another_by_name() -> None:
    assert filing_form(alone()).applicant.owner == "顾遥岑"
    agent = filing_form(people()).applicant
    assert (agent.owner, agent.name) == (None, "重庆澜汐知识产权代理有限公司")


@pytest.mark.parametrize("data", [alone(), people()], ids=["owner", "agent"])
def test_who_applies_is_the_same_on_the_form_and_at_the_confirmation(data: Registration) -> None:
    assert filing_form(data).applicant_name == data.applicant_name


def test_the_agreement_goes_to_the_bureau_and_not_to_the_generation_system() -> None:
    assert filing_form(people(), b"%PDF").agreement == b"%PDF"
    assert "agreement" not in particulars(people())

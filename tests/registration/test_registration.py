"""The data of a case: what it answers about itself, and that it survives being stored."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

import states.copyright.words as words
from caseward.sandbox.portal.fields import CHOICES
from states.copyright.registration import Registration
from states.copyright.values import OwnersOfRound, Review
from states.copyright.words import Answer, Word
from tests.registration.particulars import COMPANY, PERSON, applicant, registration
from workflow.intake.values import Document


def test_the_applicant_who_is_an_owner_needs_no_code() -> None:
    data = registration(owners=[PERSON, COMPANY], development="cooperation")
    assert [owner.id for owner in data.owners if not data.needs_no_code(owner)] == ["o2"]


def test_an_agent_files_for_owners_who_all_need_codes() -> None:
    data = registration(applicant=applicant(owner=None, name="澜汐代理"))
    assert data.applicant_name == "澜汐代理"
    assert not any(data.needs_no_code(owner) for owner in data.owners)


def test_one_institution_among_the_owners_is_enough_for_a_seal() -> None:
    assert not registration().has_institution
    assert registration(owners=[PERSON, COMPANY], development="cooperation").has_institution


def test_codes_of_round_one_are_not_those_of_round_two() -> None:
    first = OwnersOfRound(round=0, owners=("o1",))
    data = registration().model_copy(update={"codes_wanted": first, "codes_entered": first})
    assert data.wanted_in(0) == ("o1",)
    assert data.entered_in(0) == {"o1"}
    assert not data.wanted_in(1)
    assert not data.entered_in(1)


def test_an_owner_who_is_not_there_is_named_with_those_who_are() -> None:
    with pytest.raises(KeyError, match="has no owner 'o9'; it has o1"):
        registration().owner("o9")


@pytest.mark.parametrize("version", ["v1.0", "V１.０", " V1.0", "V 1.0"])
def test_titles_that_differ_in_blanks_width_or_capitals_are_one(version: str) -> None:
    assert registration(version=version).identity == registration().identity


def test_another_version_is_another_title() -> None:
    assert registration(version="V1.1").identity != registration().identity


def test_stored_and_read_again_it_is_the_same() -> None:
    document = Document(digest="a" * 64, name="签章页.pdf")
    review = Review(round=0, answer=Answer.reviewing, seen_at=datetime(2026, 12, 1, 4, tzinfo=UTC))
    data = registration().model_copy(update={"seal_page": document, "reviews": (review,), "center_ids": {"o1": "CU1"}})
    assert Registration.model_validate_json(data.model_dump_json()) == data
    assert Registration.model_validate(data.model_dump(mode="json")) == data


def test_a_registration_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        registration().version = "V2.0"  # type: ignore[misc]


def test_every_word_has_a_key_and_two_labels() -> None:
    for vocabulary in Word.__subclasses__():
        assert vocabulary.__module__ == words.__name__
        assert len({word.zh for word in vocabulary}) == len({word.en for word in vocabulary}) == len(vocabulary)
        for word in vocabulary:
            assert word.value == word.name
            assert word.en.isascii()
            assert not word.zh.isascii()


@pytest.mark.parametrize(
    ("field", "vocabulary"),
    [
        ("category", words.Category),
        ("work_kind", words.Nature),
        ("development_mode", words.Development),
        ("publication", words.PublicationStatus),
        ("acquisition", words.Acquisition),
        ("succession", words.Succession),
        ("scope", words.Scope),
        ("rights", words.Right),
        ("deposit", words.Deposit),
        ("kind", words.OwnerKind),
        ("certificate_kind", words.CertificateKind),
    ],
)
def test_the_chinese_labels_are_the_choices_of_the_bureaus_form(field: str, vocabulary: type[Word]) -> None:
    assert tuple(word.zh for word in vocabulary) == CHOICES[field]

"""Each rule of the form, broken once: where it is named, and that the rest stays quiet."""

from datetime import date

import pytest

from states.copyright.gathered import GATHERED
from states.copyright.party_rules import CERTIFICATES
from states.copyright.registration import Registration
from states.copyright.rules import contradictions
from states.copyright.words import OwnerKind
from tests.registration.particulars import COMPANY, PERSON, TODAY, applicant, owner, registration

PUBLISHED: dict[str, object] = {
    "publication": "published",
    "first_published_on": "2026-06-01",
    "first_published_at": "中国重庆",
}
BOTH = [PERSON, COMPANY]


def broken(**changes: object) -> list[tuple[str, str]]:
    return [(one.rule, one.field) for one in contradictions(registration(**changes), TODAY)]


def test_a_plain_registration_breaks_no_rule() -> None:
    assert broken() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"nature": "modified", "modification_note": "新增移动端", "former_registration_number": "2021SR0123456"},
        {"owners": BOTH, "development": "cooperation"},
        {"owners": BOTH, "development": "commission"},
        {"owners": BOTH, "development": "assigned"},
        {"owners": BOTH, "acquisition": "succession", "succession": "inheritance"},
        {"scope": "partial", "rights": ["reproduction", "network"]},
        {"deposit": "exceptional", "deposit_exception": "covered"},
        {"applicant": applicant(owner=None, name="重庆澜汐知识产权代理有限公司")},
        {"owners": [owner(phone=None, carrier=None)]},
        {"owners": [owner(carrier=None)]},
        {"owners": [owner(certificate_kind="passport", certificate_number="E12345678", nationality="新加坡")]},
        {"completed_on": TODAY.isoformat()},
        {**PUBLISHED, "first_published_on": "2026-05-18"},
    ],
)
def test_what_the_form_allows_breaks_no_rule(changes: dict[str, object]) -> None:
    assert broken(**changes) == []


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"nature": "modified"}, "modified_needs_note", "modification_note"),
        ({"modification_note": "新增"}, "original_has_no_note", "modification_note"),
        ({"former_registration_number": "2021SR012345"}, "original_was_not_registered", "former_registration_number"),
        (
            {"nature": "modified", "modification_note": "新增", "former_registration_number": "软著登字第1号"},
            "registration_number",
            "former_registration_number",
        ),
        ({"development": "cooperation"}, "cooperation_needs_owners", "development"),
        ({"owners": BOTH}, "sole_has_one_owner", "development"),
        ({"completed_on": "2026-12-01"}, "completed_in_the_past", "completed_on"),
        ({"completed_on": "0202-05-18"}, "completed_in_the_past", "completed_on"),
        ({"first_published_on": "2026-06-01"}, "unpublished_has_no_publication", "first_published_on"),
        ({"first_published_at": "中国重庆"}, "unpublished_has_no_publication", "first_published_at"),
        ({**PUBLISHED, "first_published_at": None}, "published_needs_place", "first_published_at"),
        ({**PUBLISHED, "first_published_on": None}, "published_needs_date", "first_published_on"),
        ({**PUBLISHED, "first_published_on": "2026-05-17"}, "published_after_completion", "first_published_on"),
        ({**PUBLISHED, "first_published_on": "2026-12-01"}, "published_in_the_past", "first_published_on"),
        ({"acquisition": "succession"}, "succession_needs_kind", "succession"),
        ({"succession": "assignment"}, "original_has_no_succession", "succession"),
        ({"scope": "partial"}, "partial_needs_rights", "rights"),
        ({"rights": ["rental"]}, "all_lists_none", "rights"),
        ({"scope": "partial", "rights": ["rental", "rental"]}, "listed_once", "rights"),
        ({"owners": [PERSON, {**COMPANY, "id": "o1"}], "development": "cooperation"}, "owner_ids_differ", "owners"),
        ({"owners": [PERSON, {**PERSON, "id": "o2"}], "development": "cooperation"}, "owners_differ", "owners"),
        ({"owners": [owner(kind="enterprise")]}, "certificate_fits_owner", "owners[0].certificate_kind"),
        (
            {"owners": [owner(certificate_number="510000199403172184")]},
            "certificate_number",
            "owners[0].certificate_number",
        ),
        ({"owners": [owner(phone="68880000")]}, "phone_number", "owners[0].phone"),
        ({"owners": [owner(phone=None)]}, "carrier_needs_phone", "owners[0].carrier"),
        ({"applicant": applicant(owner="o9")}, "applicant_is_an_owner", "applicant.owner"),
        ({"applicant": applicant(name="顾遥岑")}, "applicant_is_named_once", "applicant"),
        ({"applicant": applicant(owner=None)}, "applicant_is_named_once", "applicant"),
        ({"applicant": applicant(phone="110")}, "phone_number", "applicant.phone"),
        ({"owners": [owner(phone="4008888888", carrier=None)]}, "phone_of_a_person", "owners[0].phone"),
        ({"owners": [owner(phone="95588", carrier=None)]}, "phone_of_a_person", "owners[0].phone"),
        ({"deposit": "exceptional"}, "exceptional_needs_way", "deposit_exception"),
        ({"deposit_exception": "covered"}, "ordinary_has_no_way", "deposit_exception"),
    ],
)
def test_a_broken_rule_is_named_alone_and_where_it_stands(changes: dict[str, object], rule: str, field: str) -> None:
    assert broken(**changes) == [(rule, field)]


def test_every_sentence_stands_in_both_languages() -> None:
    wrong = registration(
        nature="modified", development="cooperation", completed_on="2030-01-01", acquisition="succession",
        scope="partial", owners=[owner(kind="association")], deposit="exceptional",
    )  # fmt: skip
    for one in contradictions(wrong, TODAY):
        assert one.en.isascii()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in one.zh)


def test_what_was_fine_yesterday_may_be_judged_only_by_the_day_given() -> None:
    data = registration(completed_on="2026-05-18")
    assert contradictions(data, date(2026, 5, 18)) == ()
    assert [one.rule for one in contradictions(data, date(2026, 5, 17))] == ["completed_in_the_past"]


def test_every_kind_of_owner_has_a_certificate_to_show() -> None:
    assert set(CERTIFICATES) == set(OwnerKind)
    assert all(CERTIFICATES.values())


def test_what_is_gathered_on_the_way_has_a_beginning_of_its_own() -> None:
    """A registration enters without any of it, so each such field needs a default."""
    assert set(Registration.model_fields) >= GATHERED
    assert not [name for name in GATHERED if Registration.model_fields[name].is_required()]

"""Which certificate and phone numbers are taken, and what is said about the others."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from states.copyright.numbers import certificate_flaw, mobile_flaw, phone_flaw
from states.copyright.words import CertificateKind

TODAY = date(2026, 11, 30)
CARD = "510000199403172183"
CREDIT_CODE = "91990000MAD7QX017W"
USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def english(kind: CertificateKind, number: str) -> str:
    flaw = certificate_flaw(kind, number, TODAY)
    return flaw.en if flaw else ""


def test_a_card_with_the_right_check_character_is_taken() -> None:
    assert certificate_flaw(CertificateKind.identity_card, CARD, TODAY) is None


@given(place=st.integers(0, 17), digit=st.sampled_from("0123456789"))
def test_one_wrong_digit_in_a_card_is_always_noticed(place: int, digit: str) -> None:
    changed = CARD[:place] + digit + CARD[place + 1 :]
    assert (certificate_flaw(CertificateKind.identity_card, changed, TODAY) is None) == (changed == CARD)


@given(place=st.integers(0, 16))
def test_two_neighbours_changed_round_in_a_card_are_always_noticed(place: int) -> None:
    changed = CARD[:place] + CARD[place + 1] + CARD[place] + CARD[place + 2 :]
    assert (certificate_flaw(CertificateKind.identity_card, changed, TODAY) is None) == (changed == CARD)


@given(born=st.dates(date(1999, 1, 1), date(2026, 11, 30)), order=st.integers(1, 999))
def test_a_card_of_any_day_up_to_today_is_taken(born: date, order: int) -> None:
    base = f"110105{born:%Y%m%d}{order:03d}"
    assert certificate_flaw(CertificateKind.identity_card, base + ric.calc_check_digit(base + "0"), TODAY) is None


def test_a_card_of_somebody_not_yet_born_is_named_with_the_day() -> None:
    base = "11010520270101123"
    number = base + ric.calc_check_digit(base + "0")
    assert "2027-01-01, is after 2026-11-30" in english(CertificateKind.identity_card, number)


def test_a_card_of_the_thirtieth_of_february_is_named() -> None:
    base = "11010519900230123"
    number = base + ric.calc_check_digit(base + "0")
    assert "date of birth" in english(CertificateKind.identity_card, number)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("5100001994031721", "has 18 characters, this has 16"),
        ("51000019940317218A", "check character"),
        ("51000O199403172183", "only digits"),
        ("510000 19940317 2183", "write it without blanks, in capitals: 510000199403172183"),
    ],
)
def test_what_is_wrong_with_a_card_is_said(number: str, said: str) -> None:
    assert said in english(CertificateKind.identity_card, number)


@given(head=st.sampled_from(["91", "12", "51", "11", "93"]), body=st.text(USCC_LETTERS, min_size=9, max_size=9))
def test_a_credit_code_with_the_right_check_character_is_taken(head: str, body: str) -> None:
    base = f"{head}990000{body}"
    assert certificate_flaw(CertificateKind.credit_code, base + uscc.calc_check_digit(base + "0"), TODAY) is None


@given(place=st.integers(8, 17), letter=st.sampled_from(USCC_LETTERS))
def test_one_wrong_character_in_a_credit_code_is_always_noticed(place: int, letter: str) -> None:
    changed = CREDIT_CODE[:place] + letter + CREDIT_CODE[place + 1 :]
    assert (certificate_flaw(CertificateKind.credit_code, changed, TODAY) is None) == (changed == CREDIT_CODE)


def test_a_passport_is_letters_and_digits() -> None:
    assert english(CertificateKind.passport, "E12345678") == ""
    assert "5 to 17" in english(CertificateKind.passport, "e1234 5678")


@given(kind=st.sampled_from(CertificateKind), number=st.text(max_size=40), today=st.dates())
def test_no_text_makes_the_checks_fail(kind: CertificateKind, number: str, today: date) -> None:
    for flaw in (certificate_flaw(kind, number, today), mobile_flaw(number), phone_flaw(number)):
        assert flaw is None or (flaw.en and flaw.zh)


@given(st.text("0123456789０１٣+- ()extB;=", max_size=30))
def test_a_mobile_number_is_taken_only_as_eleven_plain_digits(number: str) -> None:
    if mobile_flaw(number) is None:
        assert len(number) == 11
        assert number.isascii()
        assert number.isdigit()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1380040000", "mobile number of mainland China, 11 digits"),
        ("12345678901", "assigned to nobody"),
        ("028-85551234", "mobile number"),
        ("+86 138 0040 0001", "write it as 13800400001"),
        ("+852 5123 4567", "mainland China"),
        ("拨打前台", "mobile number"),
    ],
)
def test_what_is_wrong_with_a_mobile_number_is_said(number: str, said: str) -> None:
    flaw = mobile_flaw(number)
    assert flaw is not None
    assert said in flaw.en


def test_an_applicant_may_give_a_landline() -> None:
    assert phone_flaw("028-85551234") is None
    assert phone_flaw("02885551234") is None
    assert phone_flaw("13800400001") is None
    assert phone_flaw("013800400001") is not None
    assert phone_flaw("28-85551234") is not None

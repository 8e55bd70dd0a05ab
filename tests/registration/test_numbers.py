"""Which certificate and phone numbers are taken, and what is said about the others."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from states.copyright.numbers import canonical, certificate_flaw, place_unknown
from states.copyright.phones import canonical_phone, gets_texts, phone_flaw
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
    assert "is after 2026-11-30" in english(CertificateKind.identity_card, number)


def test_a_card_of_the_thirtieth_of_february_is_named() -> None:
    base = "11010519900230123"
    number = base + ric.calc_check_digit(base + "0")
    assert "date of birth" in english(CertificateKind.identity_card, number)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("5100001994031721", "has 18 characters, this has 16"),
        ("51000019940317218A", "only digits"),
        ("510000199403172184", "check character"),
        ("51000O199403172183", "only digits"),
        ("510000 19940317 2183", "without blanks"),
    ],
)
def test_what_is_wrong_with_a_card_is_said_without_the_card(number: str, said: str) -> None:
    assert said in english(CertificateKind.identity_card, number)
    assert number not in english(CertificateKind.identity_card, number)


@pytest.mark.parametrize("place", ["321119", "441900", "999999", "000000", "510299", "810000"])
@pytest.mark.parametrize("born", ["19010101", "19781231", "20240229"])
def test_no_place_of_birth_is_a_reason_to_refuse(place: str, born: str) -> None:
    """Counties were set up, given up and renamed; a list of them is a guess."""
    base = f"{place}{born}123"
    number = base + ric.calc_check_digit(base + "0")
    assert certificate_flaw(CertificateKind.identity_card, number, TODAY) is None
    doubt = place_unknown(number)
    assert (doubt is None) == (place == "810000") or place == "441900"


def test_a_list_of_places_that_cannot_be_read_says_nothing_of_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> None:
        raise FileNotFoundError(name)

    monkeypatch.setattr("stdnum.numdb.get", gone)
    with pytest.raises(FileNotFoundError, match="cn/loc"):
        place_unknown(CARD)


@pytest.mark.parametrize("kind", [CertificateKind.identity_card, CertificateKind.credit_code])
def test_wide_digits_blanks_and_small_letters_are_what_the_certificate_has(kind: CertificateKind) -> None:
    for number in (CARD, CREDIT_CODE):
        wide = "".join(chr(ord(letter) + 0xFEE0) for letter in number.lower())
        assert canonical(kind, f" {wide[:6]} {wide[6:14]}-{wide[14:]} ") == number


def credit_code(base: str) -> str:
    """The check character worked out as GB 32100 has it, by hand."""
    weight, total = 1, 0
    for letter in base:
        total += USCC_LETTERS.index(letter) * weight
        weight = weight * 3 % 31
    return base + USCC_LETTERS[(31 - total % 31) % 31]


@given(
    office=st.text(USCC_LETTERS, min_size=2, max_size=2),
    place=st.integers(0, 999_999),
    body=st.text(USCC_LETTERS, min_size=9, max_size=9),
)
def test_a_credit_code_of_any_authority_is_taken(office: str, place: int, body: str) -> None:
    """Offices, courts, unions, villages and single traders: 1 to 9, A, N, Y and whatever comes."""
    number = credit_code(f"{office}{place:06d}{body}")
    assert certificate_flaw(CertificateKind.credit_code, number, TODAY) is None


@given(place=st.integers(0, 17), letter=st.sampled_from(USCC_LETTERS))
def test_one_wrong_character_in_a_credit_code_is_always_noticed(place: int, letter: str) -> None:
    changed = CREDIT_CODE[:place] + letter + CREDIT_CODE[place + 1 :]
    assert (certificate_flaw(CertificateKind.credit_code, changed, TODAY) is None) == (changed == CREDIT_CODE)


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_no_credit_code_has_are_named(letter: str) -> None:
    assert "none of I, O, S, V, Z" in english(CertificateKind.credit_code, f"9199000{letter}MAD7QX017W")


def test_a_passport_is_letters_and_digits() -> None:
    assert english(CertificateKind.passport, "E12345678") == ""
    assert "5 to 17" in english(CertificateKind.passport, "E1234_5678")


@pytest.mark.parametrize(
    "number", ["H12345678", "H12345678(01)", "M1234567", "12345678", "EIN12-345678", "C1234567", "京 12/3456"]
)
def test_papers_of_other_kinds_are_taken_as_they_are(number: str) -> None:
    assert certificate_flaw(CertificateKind.other, canonical(CertificateKind.other, number), TODAY) is None


@given(kind=st.sampled_from(CertificateKind), number=st.text(max_size=40), today=st.dates())
def test_no_text_makes_the_checks_fail(kind: CertificateKind, number: str, today: date) -> None:
    for flaw in (
        certificate_flaw(kind, number, today),
        certificate_flaw(kind, canonical(kind, number), today),
        phone_flaw(number),
        phone_flaw(canonical_phone(number)),
        place_unknown(number),
    ):
        assert flaw is None or (flaw.en and flaw.zh)
        assert flaw is None or len(number) < 9 or number not in flaw.en + flaw.zh
    assert canonical(kind, canonical(kind, number)) == canonical(kind, number)


@given(st.text("0123456789０１٣+- ()extB;=", max_size=30))
def test_texts_go_to_eleven_plain_digits_only(number: str) -> None:
    kept = canonical_phone(number)
    assert canonical_phone(kept) == kept
    if gets_texts(kept):
        assert (len(kept), kept.isascii(), kept.isdigit(), phone_flaw(kept)) == (11, True, True, None)


@pytest.mark.parametrize(
    ("number", "kept", "texts"),
    [
        ("13800400001", "13800400001", True),
        ("19200001234", "19200001234", True),
        ("17000001234", "17000001234", True),
        ("16200001234", "16200001234", True),
        ("+86 138 0040 0001", "13800400001", True),
        ("0086-138-0040-0001", "13800400001", True),
        ("１３８００４００００１", "13800400001", True),
        ("023-67891234", "023-67891234", False),
        ("02367891234", "02367891234", False),
        ("(023) 6789 1234", "02367891234", False),
        ("+86 23 67891234", "02367891234", False),
        ("0755-1234567", "", False),
        ("0755-81234567-801", "0755-81234567-801", False),
        ("400-123-4567", "400-123-4567", False),
        ("95588", "95588", False),
        ("+86 400 888 8888", "4008888888", False),
        ("0086-400-888-8888", "4008888888", False),
        ("+86 95588", "95588", False),
        ("+86 10 6234 5678", "01062345678", False),
        ("86 138 0040 0001", "13800400001", True),
        ("(+86) 138-0040-0001", "13800400001", True),
        ("+86 (0)138 0040 0001", "13800400001", True),
        ("0086 0138 0040 0001", "13800400001", True),
        ("013800400001", "13800400001", True),
        ("tel:+8613800400001", "13800400001", True),
        ("13800400001.0", "13800400001", True),
        ("13800400000.00", "13800400000", True),
        ("138 0040 0001.0", "13800400001", True),
        ("138.0040.0000", "13800400000", True),
        ("138.0040.0001", "13800400001", True),
        ("+86.138.0040.0000", "13800400000", True),
        ("138-0040.0000", "13800400000", True),
        ("+86 13800400000.0", "13800400000", True),
        ("0571-8888999.0", "0571-8888999", False),
        ("138\u20110040\u20110001", "13800400001", True),
        ("+852 5123 4567", "+85251234567", False),
        ("+853 6612 3456", "+85366123456", False),
        ("+886 912 345 678", "+886912345678", False),
        ("+34 612 345 678", "+34612345678", False),
        ("+1 (415) 555-0100", "+14155550100", False),
        ("00852 5123 4567", "+85251234567", False),
    ],
)
def test_numbers_of_the_world_are_taken_as_they_are_written(number: str, kept: str, texts: bool) -> None:
    found = canonical_phone(number)
    if not kept:
        assert phone_flaw(found) is not None
        return
    assert (found, phone_flaw(found), gets_texts(found)) == (kept, None, texts)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1380040000", "11 digits, this has 10"),
        ("1380040000.0", "11 digits, this has 10"),
        ("138 0040 000.0", "11 digits, this has 10"),
        ("+86 1380040000.0", ""),
        ("138004000.00", "11 digits, this has 9"),
        ("12345678901", "can be called"),
        ("67891234", "area code is missing"),
        ("+999 12345678", "no country has"),
        ("+852 12", "can be called"),
        ("拨打前台", "can be called"),
        ("", "can be called"),
        ("28-85551234", "can be called"),
    ],
)
def test_what_cannot_be_called_is_said(number: str, said: str) -> None:
    flaw = phone_flaw(canonical_phone(number))
    assert flaw is not None
    assert said in flaw.en

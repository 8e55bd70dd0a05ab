"""What a page shows otherwise is told in its own words, without a person's number, and never as two equal things."""

from __future__ import annotations

import pytest

from adapters.bureau.seen import Seen
from adapters.contract import Agreed, Part, parts_of

CARD, OTHER = "110101199003074258", "110101199003074266"
PERSONAL = (
    CARD,
    "１１０１０１１９９００３０７４２５８",
    "110101 19900307 4258",
    "110101-19900307-4258",
    "１１０１０１　１９９００３０７　４２５８",
    "1101011990030742 58",
    "11010119900307425X",
    "138-0013-8000",
    "+86 138 0013 8000",
    "E12345678",
    "Ｅ１２３４５６７８",
    "N1234567",
    "AB123456",
    "A123456(7)",
    "D7654321",
    "1234567",
    "91110108MA01ABCD2X",
)


def differences(agreed: str, shown: str) -> str:
    (one,) = Agreed("send", (Part("text", "", agreed),)).differences(parts_of([("text", "", shown)]))
    return one


@pytest.mark.parametrize("number", PERSONAL)
@pytest.mark.parametrize("words", ["{}", "证件号码：{}（身份证）"])
def test_a_number_of_a_person_is_not_told_however_it_is_written(number: str, words: str) -> None:
    told = differences("另一段", words.format(number))
    assert "…" in told
    assert number not in told
    assert number[3:-2] not in told


@pytest.mark.parametrize("number", PERSONAL)
def test_what_a_page_complains_of_is_told_without_a_persons_number(number: str) -> None:
    """A passport of eight letters and digits was told whole."""
    told = Seen("owners", {}, {"errors": [{"text": f"证件号码 {number} 有误"}]}).complaint
    assert "…" in told
    assert number not in told


@pytest.mark.parametrize(
    "words", ["2026-01-20", "2026-01-20 10:00", "¥3,000.00", "D0000012", "V1.0", "中关村大街 27 号"]
)
def test_what_is_no_persons_number_is_told_whole(words: str) -> None:
    assert words in differences("另一段", words)


def test_two_numbers_that_differ_in_what_is_not_told_are_not_told_as_equal() -> None:
    assert differences("110101199003070066", OTHER) == (
        "text '110…66' instead of text '110…66', which differs in what is left out here"
    )

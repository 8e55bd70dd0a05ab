"""Characters that show nothing are named in every text, and numbers of people are shown whole in none."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.console.intake.files import TakenIn
from states.copyright.registration import Registration
from tests.registration.particulars import TODAY, applicant, file, owner, row
from tests.systems import read


def take(*rows: object) -> TakenIn[Registration]:
    return read(file(*rows), TODAY)


UNSEEN = [
    "\u3164",
    "\uffa0",
    "\u115f",
    "\u1160",
    "\u2800",
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
    "\u200e",
    "\u200f",
    "\u061c",
    "\u034f",
    "\u180e",
    "\ufe0f",
    "\U000e0100",
    "\U000e0041",
    "\U000e007f",
    "\u0000",
    "\u0007",
    "\u001b",
    "\u007f",
    "\u0085",
    "\u2028",
    "\u2029",
    "\ue000",
    "\ufffd",
    "\ufff9",
    "\U0001d159",
    "\uffff",
]
TEXTS = [
    "full_name",
    "short_name",
    "version",
    "development_hardware",
    "supporting_software",
    "purpose",
    "industry",
    "main_functions",
    "technical_features",
    "languages",
    "owners.name",
    "owners.province",
    "owners.city",
    "owners.nationality",
    "applicant.address",
    "applicant.contact",
]


def with_text(place: str, text: str) -> dict[str, object]:
    where, _, inner = place.partition(".")
    if where == "owners":
        return row(owners=[{**owner(), inner: text}])
    if where == "applicant":
        return row(applicant={**applicant(), inner: text})
    return row(**{where: [text] if where == "languages" else text})


@pytest.mark.parametrize("letter", UNSEEN, ids=lambda letter: f"U+{ord(letter):04X}")
def test_a_character_that_shows_nothing_is_named_in_every_text(letter: str) -> None:
    for place in TEXTS:
        for text in (f"拾光{letter}手账", letter):
            problems = take(with_text(place, text)).problems
            assert problems, (place, letter)
            assert all(problem.row == 1 for problem in problems)
            assert all(problem.text("en").isprintable() for problem in problems)
            assert any(
                f"U+{ord(letter):04X}" in problem.en or problem.rule == "string_too_short" for problem in problems
            )


@given(st.characters(categories=["L", "N", "P", "S", "Zs"]))
def test_letters_that_show_something_are_taken(letter: str) -> None:
    if letter not in UNSEEN:
        assert [one.rule for one in take(row(main_functions=f"甲{letter}乙")).problems] in ([], ["hidden"])


CANARIES = {
    "certificate_number": ["510000199403172184", "51000019940317218", "91990000MAD7QX017X", "E12345678901234567890"],
    "phone": ["138004000012", "1380040000", "138 0040 000 0012", "+8613800400", "0231234567890123"],
}


def test_no_number_of_a_person_is_shown_whole_whatever_is_wrong_with_it() -> None:
    for field, numbers in CANARIES.items():
        for number in numbers:
            wrong: Mapping[str, object] = {field: number}
            listed: Mapping[str, object] = {field: [number]}
            unseen: Mapping[str, object] = {field: f"\u200b{number}"}
            for one in (
                row(owners=[{**owner(), **wrong}]),
                row(owners=[{**owner(), "notes": number}]),
                row(**{field: number}),
                row(owners=number),
                row(owners=[[number]]),
                row(category=number),
                row(full_name=f"{number}\u202e"),
                row(owners=[{**owner(), **listed}]),
                row(owners=[{**owner(), **unseen}]),
                row(owners=[owner(certificate_number=number), owner(id="o2", certificate_number=number)]),
            ):
                intake = take(one)
                said = "".join(p.text("en") + p.text("zh-CN") + p.value for p in (*intake.problems, *intake.warnings))
                assert intake.rows or said
                assert number not in said, (field, said)

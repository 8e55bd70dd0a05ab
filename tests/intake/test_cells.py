"""A cell of a table says what a JSON row says: nothing is made of it that nobody wrote, and doubt is named."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Self

import pytest
from pydantic import BaseModel, ConfigDict, field_validator

from caseward.console.intake import files
from caseward.console.intake.cell_values import WrongCell, choices_in, value_of
from caseward.console.intake.files import TakenIn
from caseward.console.intake.headers import asked_columns
from caseward.console.intake.sheets import Cell
from caseward.console.text.visible import path
from states.copyright.gathered import GATHERED
from states.copyright.registration import Registration
from tests.intake.test_tables import as_csv, as_xlsx, flat, lined
from tests.registration.particulars import TODAY, file, row
from tests.systems import read
from workflow.intake.rows import Intake
from workflow.intake.values import Line, Value


class Visit(Value):
    """What another system's rows are."""

    name: Line
    at: datetime | None = None
    on: date | None = None
    days: tuple[date, ...] = ()


def visits(raw: bytes) -> TakenIn[Visit]:
    return files.read(raw, TODAY, Visit, Intake("visits"))


# ---------------------------------------------------------------- days and instants


def test_an_instant_is_filed_on_the_same_day_from_a_table_and_from_json() -> None:
    said = {**row(), "completed_on": "2026-03-30T16:00:00Z"}
    (as_json,) = read(file(said), TODAY).rows
    (as_table,) = read(as_csv(lined(flat(said))).encode(), TODAY).rows
    assert as_table.data.completed_on == as_json.data.completed_on == date(2026, 3, 31)


def test_what_stands_behind_a_day_is_no_time_and_is_named() -> None:
    said = flat({**row(), "completed_on": "2026-03-30Tuesday"})
    (problem,) = read(as_csv(lined(said)).encode(), TODAY).problems
    assert (problem.rule, problem.field) == ("date_type", "completed_on")


@pytest.mark.parametrize(
    ("field", "digits"), [("at", "20261201"), ("at", "86400.0"), ("at", "-86400"), ("on", "20217600"), ("on", "-86400")]
)
def test_digits_alone_are_no_day_and_no_instant(field: str, digits: str) -> None:
    for raw in (file({"name": "ada", field: digits}), as_csv([["name", field], ["ada", digits]]).encode()):
        (problem,) = visits(raw).problems
        assert (problem.rule, problem.field, problem.row) == ("digits_as_time", field, 1)
        assert "2026-03-31" in problem.en
        assert "2026-03-31" in problem.zh


def test_digits_in_a_list_of_days_are_named_with_their_place() -> None:
    (problem,) = visits(file({"name": "ada", "days": ["2026-03-31", "86400"]})).problems
    assert (problem.rule, problem.field) == ("digits_as_time", "days[1]")


def test_a_number_in_the_column_of_an_instant_is_named() -> None:
    (problem,) = visits(as_xlsx([["name", "at"], ["ada", 45000]])).problems
    assert (problem.rule, problem.field, "应为时刻" in problem.zh) == ("datetime_type", "at", True)


@pytest.mark.parametrize("number", [1e-7, 45296.5])
def test_a_small_number_in_the_column_of_a_day_is_its_own_problem_alone(number: float) -> None:
    lines: list[list[object]] = [["name", "on"], ["ada", number], ["bob", "tomorrow"]]
    assert [(one.rule, one.line) for one in visits(as_xlsx(lines)).problems] == [("date_type", 2), ("date_type", 3)]


# ---------------------------------------------------------------- numbers, lists, texts


def test_a_small_number_has_lost_no_digits() -> None:
    assert value_of(Cell("1e-07", "number"), float) == 1e-7


@pytest.mark.parametrize("annotation", [Decimal, float, Decimal | None])
def test_one_group_behind_a_comma_may_be_a_fraction_and_is_named(annotation: object) -> None:
    with pytest.raises(WrongCell) as caught:
        value_of(Cell("12,500"), annotation)
    assert (caught.value.rule, "12500" in caught.value.en, "12.500" in caught.value.zh) == ("group_or_part", True, True)


@pytest.mark.parametrize(
    ("text", "annotation", "value"),
    [
        ("1,200.50", Decimal, "1200.50"),
        ("1,234,567", float, 1234567.0),
        ("12,500", int, 12500),
        ("12,500", int | Decimal, 12500),
    ],
)
def test_groups_that_can_be_nothing_else_are_read(text: str, annotation: object, value: object) -> None:
    assert value_of(Cell(text), annotation) == value


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("Smith, John; Doe, Jane", ["Smith, John", "Doe, Jane"]),
        ("甲、乙\n丙", ["甲、乙", "丙"]),
        ("a，b、c", ["a，b", "c"]),
        ("a,b，c", ["a", "b", "c"]),
    ],
)
def test_a_list_is_set_apart_by_its_strongest_mark_alone(text: str, entries: list[str]) -> None:
    assert value_of(Cell(text), tuple[str, ...]) == entries


@pytest.mark.parametrize("annotation", [str, str | None, tuple[str, ...]])
@pytest.mark.parametrize(("text", "kind"), [("2026-01-02", "day"), ("true", "truth")])
def test_a_text_of_which_the_table_made_something_else_is_named(annotation: object, text: str, kind: str) -> None:
    with pytest.raises(WrongCell) as caught:
        value_of(Cell(text, kind), annotation)
    assert (caught.value.rule, "as text" in caught.value.en) == ("turned_by_table", True)


def test_a_day_and_a_truth_are_read_where_they_may_stand_beside_text() -> None:
    assert value_of(Cell("2026-01-02", "day"), date | str) == "2026-01-02"
    assert value_of(Cell("true", "truth"), bool | str) is True
    assert value_of(Cell("2026-01-02T00:00:00", "day"), tuple[date, ...]) == ["2026-01-02"]


class Priced(Value):
    """Rows whose system says in its own words what is wrong."""

    price: str

    @field_validator("price")
    @classmethod
    def _is_plain(cls, value: str) -> str:
        if "{" in value:
            raise ValueError(f"write it as {{amount}}, not as {value}")
        return value


def test_a_brace_in_the_words_of_a_systems_own_rule_is_a_brace() -> None:
    """The row was told as one that cannot be checked."""
    (problem,) = files.read(file({"price": "{7"}), TODAY, Priced, Intake("prices")).problems
    assert (problem.rule, problem.field) == ("value_error", "price")
    assert "write it as {amount}, not as {7" in problem.en
    assert "write it as {amount}, not as {7" in problem.zh


class Party(StrEnum):
    """A choice whose members say what people call them."""

    zh: str
    en: str

    def __new__(cls, key: str, zh: str, en: str) -> Self:
        made = str.__new__(cls, key)
        made._value_, made.zh, made.en = key, zh, en
        return made

    individual = "individual", "个人", "Natural person"
    company = "company", "企业法人", "Company"
    other = "other", "其他", "Other"
    office = "office", "其他", "Office"


class Level(IntEnum):
    """A choice whose keys are numbers."""

    en: str

    def __new__(cls, key: int, en: str) -> Self:
        made = int.__new__(cls, key)
        made._value_, made.en = key, en
        return made

    low = 1, "Low"
    high = 2, "High"


class Plain(StrEnum):
    """A choice whose members say nothing more."""

    red = "red"


@pytest.mark.parametrize(
    ("annotation", "written", "value"),
    [
        (Party, "个人", "individual"),
        (Party | None, " 企业法人 ", "company"),
        (Party, "natural  PERSON", "individual"),
        (Party, "individual", "individual"),
        (Party, "其他", "其他"),
        (Party, "法人", "法人"),
        (Plain, "红", "红"),
        (tuple[Party, ...], "个人、企业法人", ["individual", "company"]),
        (Party, " company ", "company"),
        (Party | str, "个人", "个人"),
        (Level, "high", 2),
        (Level, "2", 2),
    ],
)
def test_a_choice_may_be_written_as_people_call_it(annotation: object, written: str, value: object) -> None:
    assert value_of(Cell(written), annotation) == value


class Rated(BaseModel):
    """A row with a choice of numbers."""

    model_config = ConfigDict(frozen=True)

    level: Level


def test_what_is_no_choice_is_told_with_all_keys() -> None:
    (problem,) = files.read(file({"level": 7}), TODAY, Rated, Intake("ratings")).problems
    assert problem.en == "it is one of 1, 2"


def test_a_row_of_chinese_choices_is_the_row_of_their_keys() -> None:
    said = flat(row())
    chosen = {name: word for name, value in said.items() if (word := CHINESE.get((name, str(value))))}
    assert len(chosen) >= 2
    keys, words = (read(as_csv(lined(one)).encode(), TODAY) for one in (said, {**said, **chosen}))
    assert (words.problems, words.rows[0].digest) == ((), keys.rows[0].digest)


CHINESE = {
    (path(one.place), key): called[1]
    for one in asked_columns(Registration, GATHERED)
    for key, called in choices_in(one.annotation).items()
}
"""By column and key, what the bureau's form calls a choice."""

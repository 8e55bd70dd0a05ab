"""Files of rows: what is surely meant is taken in whatever habit it was written, the rest is named row by row."""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.console.intake import files
from caseward.console.intake.files import TakenIn
from caseward.console.text.problem import Problem
from caseward.console.text.visible import visible
from states.copyright.form import filing_form
from states.copyright.registration import Registration
from tests.registration.particulars import COMPANY, PERSON, TODAY, applicant, file, owner, row
from tests.systems import INTAKE, read
from workflow.intake.rows import Contradiction

T = TypeVar("T")
SECOND = {**PERSON, "id": "o2", "certificate_number": "510000198809020310", "phone": "13300040010"}


def take(*rows: object) -> TakenIn[Registration]:
    return read(file(*rows), TODAY)


def only(intake: TakenIn[Registration]) -> Problem:
    assert intake.rows == ()
    assert len(intake.problems) == 1, [problem.text("en") for problem in intake.problems]
    problem = intake.problems[0]
    assert problem.text("en") != problem.text("zh-CN")
    return problem


# ---------------------------------------------------------------- what is surely meant


@pytest.mark.parametrize(
    "written",
    [
        "2024-01-05",
        "2024-1-5",
        "2024/1/5",
        "2024/01/05",
        "2024.1.5",
        "2024年1月5日",
        "2024 年 1 月 5 日",
        "2024年01月05号",
        "20240105",
        "２０２４年１月５日",
        "2024-01-05 00:00:00",
        "2024-01-05T00:00:00",
        "2024-01-05T00:00:00+08:00",
        "2024/1/5 0:00",
        "2024-01-04T16:00:00.000Z",
        "2024-01-04T16:00:00Z",
        " 2024-01-05 ",
        45296,
        45296.0,
        "45296",
    ],
)
def test_each_habit_of_writing_a_day_is_that_day(written: object) -> None:
    (taken,) = take(row(completed_on=written)).rows
    assert taken.data.completed_on == date(2024, 1, 5)
    assert taken.digest == take(row(completed_on="2024-01-05")).rows[0].digest


@pytest.mark.parametrize(
    "written",
    [
        "5/1/2024",
        "24-1-5",
        "2024-13-01",
        "2023-02-29",
        "2024-1",
        "2024",
        "一月五日",
        "2024-1/5",
        "2024-01-05 25:99:99 x",
        1,
        -5,
        1e300,
        45296.5,
        True,
        [],
        {},
        "2024-01-05T99:99:99Z",
        "0000-00-00",
        "20241301",
    ],
)
def test_what_may_be_several_days_or_none_is_asked_for_anew(written: object) -> None:
    problem = only(take(row(completed_on=written)))
    assert (problem.field, problem.rule) == ("completed_on", "date_type")


@given(
    st.dates(date(1990, 1, 1), TODAY),
    st.sampled_from(
        [
            "{0.year}-{0.month}-{0.day}",
            "{0.year}年{0.month}月{0.day}日",
            "{0:%Y%m%d}",
            "{0.year}/{0.month}/{0.day} 0:00:00",
        ]
    ),
)
def test_every_day_is_read_as_it_was_written(day: date, habit: str) -> None:
    (taken,) = take(row(completed_on=habit.format(day))).rows
    assert taken.data.completed_on == day


def test_what_forms_send_is_taken_with_plain_line_ends() -> None:
    (taken,) = take(row(main_functions="一、录入\r\n二、统计\r三\r\n", technical_features="列一\t列二")).rows
    assert (taken.data.main_functions, taken.data.technical_features) == ("一、录入\n二、统计\n三", "列一 列二")


@pytest.mark.parametrize("version", ["1.0", "v1.0", "Ｖ１．０", " V 1.0", "V1.0", "版本1.0", "Version 1.0", "ver.1.0"])
def test_a_version_with_and_without_its_letter_is_one_filing(version: str) -> None:
    problem = take(row(version="V1.0"), row(version=version)).problems[-1]
    assert (problem.row, problem.rule) == (2, "title_twice")


@pytest.mark.parametrize("version", ["V1.1", "10", "V10", "V1.0.1", "1.0b", "Vista"])
def test_another_version_is_another_filing(version: str) -> None:
    assert len(take(row(version="V1.0"), row(version=version)).rows) == 2


def test_numbers_are_kept_as_their_papers_have_them() -> None:
    given_row = row(owners=[owner(certificate_number="５１００００ 19940317 2183", phone="+86 138-0040-0001")])
    (taken,) = take(given_row).rows
    assert (taken.data.owners[0].certificate_number, taken.data.owners[0].phone) == (
        "510000199403172183",
        "13800400001",
    )


# ---------------------------------------------------------------- owners


@pytest.mark.parametrize(
    "written", ["2021sr0123456", "２０２１ＳＲ０１２３４５６", " 2021 SR 0123456 ", "2021-sr-0123456"]
)
def test_a_registration_number_is_known_however_it_is_written(written: str) -> None:
    (taken,) = take(row(nature="modified", modification_note="新增移动端", former_registration_number=written)).rows
    assert taken.data.former_registration_number == "2021SR0123456"


@pytest.mark.parametrize("letter", ["\U0002ebf0", "\U0002ee5d", "\U00031350", "\U000323af", "\U0002b739", "\U00030000"])
def test_a_rare_character_of_a_name_is_a_character(letter: str) -> None:
    """Some were put into Unicode for names; this Python calls those of its last years unassigned."""
    (taken,) = take(row(full_name=f"{letter}氏族谱系统", owners=[owner(name=f"张{letter}")])).rows
    assert (taken.data.owners[0].name, taken.data.full_name) == (f"张{letter}", f"{letter}氏族谱系统")
    assert visible(taken.data.full_name) == taken.data.full_name


@pytest.mark.parametrize("letter", ["\U0002fffe", "\U00033500", "\U000e0080", "\U0003134f", "\u0378"])
def test_a_place_of_unicode_that_holds_nothing_shows_nothing(letter: str) -> None:
    assert only(take(row(full_name=f"{letter}氏族谱系统"))).rule == "hidden"


def test_two_owners_of_one_name_are_told_apart_by_their_certificates() -> None:
    others = {"owner": None, "name": "重庆澜汐知识产权代理有限公司"}
    both = row(
        owners=[PERSON, {**SECOND, "name": PERSON["name"]}], development="commission", applicant=applicant(**others)
    )
    (taken,) = take(both).rows
    form = filing_form(taken.data)
    assert [one.certificate_number for one in form.owners] == [
        PERSON["certificate_number"],
        SECOND["certificate_number"],
    ]


def test_an_applicant_whose_name_another_owner_bears_is_named() -> None:
    both = row(owners=[PERSON, {**SECOND, "name": PERSON["name"]}], development="commission")
    assert only(take(both)).rule == "applicant_stands_alone"


@pytest.mark.parametrize(
    ("nationality", "taken"),
    [("美国", True), ("中国香港", True), ("中国台湾", True), ("中国", False), ("中国大陆", False)],
)
def test_a_firm_from_elsewhere_has_a_certificate_of_elsewhere(nationality: str, taken: bool) -> None:
    firm = {
        **COMPANY,
        "id": "o1",
        "certificate_kind": "other",
        "certificate_number": "C1234567",
        "nationality": nationality,
    }
    assert bool(take(row(owners=[firm])).rows) == taken


def test_an_owner_abroad_gets_no_texts_and_his_number_is_not_put_into_the_form() -> None:
    intake = take(row(owners=[owner(phone="+34 612 345 678", carrier=None)]))
    (taken,) = intake.rows
    assert [(one.row, one.field, one.rule) for one in intake.warnings] == [(1, "owners[0].phone", "no_texts")]
    assert (taken.data.owners[0].phone, filing_form(taken.data).owners[0].phone) == ("+34612345678", "")


def test_a_card_whose_place_is_in_no_list_is_taken_with_a_warning() -> None:
    intake = take(row(owners=[owner(certificate_number="321119198509121233")]))
    assert (len(intake.rows), [one.rule for one in intake.warnings]) == (1, ["place_unknown"])


@pytest.mark.parametrize(
    "raises",
    [KeyError("x"), RecursionError(), OverflowError(), MemoryError(), AttributeError("y"), ZeroDivisionError()],
)
def test_whatever_a_check_raises_is_a_problem_of_its_row(raises: Exception) -> None:
    def contradictions(data: Registration, today: date) -> Sequence[Contradiction]:
        if data.version == "V2.0":
            raise raises
        return ()

    rows = file(row(), row(version="V2.0"), row(version="V3.0"))
    problem = only(files.read(rows, TODAY, Registration, replace(INTAKE, contradictions=contradictions)))
    assert (problem.row, problem.rule, type(raises).__name__ in problem.en) == (2, "not_understood", True)


def counted(does: Callable[[], T]) -> tuple[T, int]:
    """What it comes to, and how many functions were called on the way, those of Python's own library too."""
    steps = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal steps
        steps += event in ("call", "c_call")

    before = sys.getprofile()
    gc.disable()  # others hang functions of their own on it
    sys.setprofile(profile)
    try:
        return does(), steps
    finally:
        sys.setprofile(before)
        gc.enable()


@pytest.mark.parametrize(
    ("raw", "last"),
    [
        (b"[" + b",".join([b"{}"] * 500_000) + b"]", "more_problems"),
        (b"[" + b",".join([b"7"] * 500_000) + b"]", "more_problems"),
        (b'[{"a": ' + b"[" * 200_000, "not_a_row"),
        (b'[{"a": [' + b"[]," * 2_000_000 + b"[]]}]", "too_wide"),
        (b'[{"full_name": "' + b"x" * 7_000_000 + b'"}]', "missing"),
        (b'[{"source_lines": 1e999}]', "missing"),
        (b'[{"source_lines": -' + b"9" * 4000 + b"}]", "missing"),
        (b'[{"\\u0000": 1, "": 2, "full_name": "\\ud800"}]', "half_a_character"),
        (b" " * 7_999_999, "empty_file"),
    ],
    ids=range(9),
)
def test_too_much_is_told_after_few_steps(raw: bytes, last: str) -> None:
    """However much there is, no more is done than for the problems that are told."""
    problems, steps = counted(lambda: read(raw, TODAY).problems)
    assert steps < 2000 + 100 * len(problems)
    assert 1 <= len(problems) <= 1100
    assert last in {problem.rule for problem in problems}


def test_more_rows_than_a_file_may_have_are_refused() -> None:
    rows = [row(version=f"V{number}", main_functions="登记") for number in range(5001)]
    assert only(read(json.dumps(rows, ensure_ascii=False).encode(), TODAY)).rule == "many_rows"


def test_what_is_no_plain_file_is_named_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    large = tmp_path / "large.json"
    large.touch()
    os.truncate(large, 1 << 40)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    named: Mapping[Path, str] = {
        Path("/dev/zero"): "a device",
        tmp_path: "a folder",
        tmp_path / "pipe": "a pipe",
        large: "at most 8000000",
        Path("/proc/self/environ"): "empty",
        Path("a\0b"): "cannot be read",
        tmp_path / "none": "check the path",
    }
    for path, said in named.items():
        begun = monotonic()
        assert said in only(read(path, TODAY)).en, path
        assert monotonic() - begun < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000

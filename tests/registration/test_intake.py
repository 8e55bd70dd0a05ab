"""A file comes in: all rows or none, and whatever is wrong is named with row, field, value and rule."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseward.console.intake.files import TakenIn, digest, read_accounts
from caseward.console.text.hidden import is_later
from caseward.console.text.problem import Problem
from states.copyright.gathered import GATHERED
from states.copyright.registration import Registration
from tests.registration.particulars import COMPANY, PLAIN, TODAY, applicant, file, owner, row
from tests.systems import INTAKE, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ACCOUNT = {"login": "office-01", "password": "Lx-wuyue-7319", "region": "重庆"}


def take(*rows: object) -> TakenIn[Registration]:
    return read(file(*rows), TODAY)


def only(intake: TakenIn[Registration]) -> Problem:
    assert intake.rows == ()
    assert len(intake.problems) == 1, [problem.text("en") for problem in intake.problems]
    return intake.problems[0]


def test_a_file_without_a_flaw_gives_its_rows_in_order() -> None:
    intake = take(row(), row(version="V2.0"))
    assert [(one.number, one.data.version) for one in intake.rows] == [(1, "V1.0"), (2, "V2.0")]
    assert intake.problems == ()


def test_one_bad_row_keeps_the_good_ones_out() -> None:
    assert only(take(row(), row(version="V2.0", category="game"))).row == 2


def test_a_problem_names_row_title_line_field_value_rule_and_cure() -> None:
    problem = only(take(row(), row(version="V2.0", source_lines=0)))
    assert (problem.row, problem.field, problem.value, problem.rule) == (2, "source_lines", "0", "greater_than")
    assert (
        problem.text("en")
        == f"row 2 「{PLAIN['full_name']} V2.0」, line {problem.line}, source_lines = 0: it is to be more than 0"
    )
    assert (
        problem.text("zh-CN") == f"第2条「{PLAIN['full_name']} V2.0」，第{problem.line}行，source_lines = 0：应大于 0"
    )


def test_the_line_is_where_the_row_begins() -> None:
    raw = file(row(), row(version="V2.0", category="game"))
    problem = only(read(raw, TODAY))
    assert problem.line is not None
    assert raw.decode().splitlines()[problem.line - 1].strip() == "{"


@pytest.mark.parametrize(
    ("changes", "rule", "field", "said"),
    [
        ({"category": None}, "missing", "category", "add it"),
        ({"catgory": "x"}, "unknown_field", "catgory", "did you mean category?"),
        ({"owners": [{**owner(), "naem": "x"}]}, "unknown_field", "owners[0].naem", "did you mean name?"),
        ({"category": "game"}, "not_a_choice", "category", "one of application, embedded"),
        ({"category": "中间件"}, "not_a_choice", "category", "it is written middleware"),
        ({"full_name": 7}, "string_type", "full_name", "text in double quotes"),
        ({"full_name": "软" * 201}, "string_too_long", "full_name", "at most 200"),
        ({"full_name": "拾光\n手账"}, "several_lines", "full_name", "one line"),
        ({"main_functions": "a\u202eb"}, "hidden", "main_functions", "character 2 (U+202E)"),
        ({"main_functions": " "}, "string_too_short", "main_functions", "it is empty"),
        ({"completed_on": "2026-02-30"}, "date_type", "completed_on", '"2026-03-31"'),
        ({"completed_on": 0}, "date_type", "completed_on", '"2026-03-31"'),
        ({"source_lines": "100"}, "int_type", "source_lines", "without quotes"),
        ({"source_lines": 10**40}, "less_than", "source_lines", "less than 1000000000"),
        ({"languages": "Kotlin"}, "tuple_type", "languages", "square brackets"),
        ({"owners": []}, "too_short", "owners", "at least 1"),
        ({"owners": [owner(phone=1)]}, "string_type", "owners[0].phone", "double quotes"),
        ({"owners": ["顾遥岑"]}, "model_type", "owners[0]", "braces"),
        ({"applicant": applicant(postcode="40003")}, "wrong_form", "applicant.postcode", "six digits"),
        ({"applicant": applicant(email="gu at example")}, "wrong_form", "applicant.email", "e-mail"),
        ({"serial_number": "2026R11L0123456"}, "comes_later", "serial_number", "take it out"),
        ({"development": "cooperation"}, "cooperation_needs_owners", "development", "say sole"),
    ],
)
def test_a_wrong_field_is_named_with_its_rule_and_cure(
    changes: dict[str, object], rule: str, field: str, said: str
) -> None:
    problem = only(take(row(**changes)))
    assert (problem.row, problem.rule, problem.field) == (1, rule, field)
    assert said in problem.en
    assert any("\u4e00" <= letter <= "\u9fff" for letter in problem.zh)


def test_all_wrong_fields_of_all_rows_are_named_at_once() -> None:
    intake = take(row(category="game", source_lines=0), row(version="V2.0", development="cooperation"))
    assert [(p.row, p.field) for p in intake.problems] == [(1, "category"), (1, "source_lines"), (2, "development")]


def test_the_same_title_twice_is_named_with_both_rows() -> None:
    problem = only(take(row(), row(version="V2.0"), row(version="ｖ1.0", short_name="拾光")))
    assert (problem.row, problem.rule) == (3, "title_twice")
    assert "row 1 and row 3" in problem.en
    assert "第1条与第3条" in problem.zh


@pytest.mark.parametrize(
    ("raw", "rule", "line", "column"),
    [
        (b"", "empty_file", None, None),
        (b"  \n ", "empty_file", None, None),
        (b"{}", "not_a_list", None, None),
        (b'"x"', "not_a_list", None, None),
        (b"[]", "empty_list", None, None),
        (b"nonsense", "broken_json", 1, 1),
        (b'[\n {"a": 1,}\n]', "broken_json", 2, 10),
        (b'[\n {"a" 1}\n]', "broken_json", 2, 7),
        (b'[\n {"a": 1}\n {"b": 2}\n]', "broken_json", 3, 2),
        (b'[\n {"a": "x', "broken_json", 2, 8),
        (b'[{"a": 1}', "broken_json", 1, 10),
        (b'[\n{"a": 1},\n]', "broken_json", 3, 1),
        (b'[{"a": 1}]\n]', "broken_json", 2, 1),
        (b'[\n{"a": NaN}]', "not_a_number", 2, None),
        (b'[\n{"a": 1, "a": 2}]', "name_twice", 2, None),
        (b'[{"a": 1' + b"0" * 5000 + b"}]", "not_a_row", 1, None),
        (b"[" * 100_000, "not_a_row", 1, None),
        (b'[\n"\xff\xfe\xff', "not_utf8", 2, None),
    ],
)
def test_a_file_that_is_no_list_of_rows_is_named_with_the_place(
    raw: bytes, rule: str, line: int | None, column: int | None
) -> None:
    last = read(raw, TODAY).problems[-1]
    assert (last.rule, last.line, last.column) == (rule, line, column)


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"[7]", "not_an_object"),
        (b'[{"a": "\\ud800"}]', "half_a_character"),
        (b'[{"\\udfff": 1}]', "half_a_character"),
        (b'[{"a": ' + b"[" * 40 + b"]" * 40 + b"}]", "too_deep"),
    ],
)
def test_a_row_that_is_none_is_named(raw: bytes, rule: str) -> None:
    assert only(read(raw, TODAY)).rule == rule


def test_a_file_with_a_byte_order_mark_is_read() -> None:
    assert len(read(b"\xef\xbb\xbf" + file(row()), TODAY).rows) == 1


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert "check the path" in only(read(tmp_path / "none.json", TODAY)).en
    assert only(read(tmp_path, TODAY)).rule == "unreadable_file"


def test_a_file_too_large_is_not_read() -> None:
    assert only(read(b" " * 8_000_001, TODAY)).rule == "large_file"


def test_the_digest_does_not_hang_on_how_the_row_is_written() -> None:
    turned = dict(reversed(row(nature="original", full_name=f" {PLAIN['full_name']} ").items()))
    assert take(row()).rows[0].digest == take(turned).rows[0].digest


def test_the_digest_changes_with_what_the_row_says() -> None:
    digests = {take(row(**change)).rows[0].digest for change in ({}, {"source_lines": 1}, {"short_name": "拾光"})}
    assert len(digests) == 3


def test_the_digest_stays_when_the_case_has_gathered_more() -> None:
    taken = take(row()).rows[0]
    later = taken.data.model_copy(update={"serial_number": "2026R11L0123456", "center_ids": {"o1": "CU1"}})
    assert digest(later, INTAKE) == taken.digest


@given(st.binary(max_size=200))
def test_no_bytes_make_the_intake_fail(raw: bytes) -> None:
    assert read(raw, TODAY).problems
    assert read_accounts(raw).problems


@settings(max_examples=200)
@given(st.lists(JSON, max_size=3))
def test_no_json_makes_the_intake_fail(rows: list[object]) -> None:
    for problem in read(json.dumps(rows).encode(), TODAY).problems:
        assert problem.text("en")
        assert problem.text("zh-CN")


@settings(max_examples=200)
@given(
    name=st.sampled_from(sorted({*Registration.model_fields, "owners.phone", "owners.certificate_number"})), value=JSON
)
def test_any_value_in_any_field_is_taken_or_named_with_row_field_and_rule(name: str, value: object) -> None:
    where, _, inner = name.partition(".")
    given_row = {**row(), where: [{**owner(), inner: value}] if inner else value}
    intake = read(json.dumps([given_row]).encode(), TODAY)
    assert bool(intake.rows) != bool(intake.problems)
    for problem in intake.problems:
        assert problem.row == 1
        assert problem.rule
        assert problem.line == 1
        assert problem.field or problem.rule == "not_a_number"
        assert len(problem.value) <= 90
        assert all(letter.isprintable() or is_later(letter) for letter in problem.text("en"))
    if where in GATHERED and intake.problems[0].rule != "not_a_number":
        assert intake.problems[0].rule in {"comes_later", "half_a_character"}


@given(st.lists(st.sampled_from(["V1.0", "v1.0", "V1.1", "V2.0", " V2.0"]), min_size=1, max_size=6))
def test_duplicates_are_found_wherever_they_stand(versions: list[str]) -> None:
    different = len({version.strip().lower() for version in versions})
    intake = take(*(row(version=version) for version in versions))
    assert len(intake.problems) == len(versions) - different
    assert len(intake.rows) == (len(versions) if different == len(versions) else 0)


def test_an_owner_may_be_a_company_of_another_row() -> None:
    assert (
        len(take(row(owners=[{**COMPANY, "id": "o1"}]), row(version="V2.0", owners=[{**COMPANY, "id": "o1"}])).rows)
        == 2
    )


def test_accounts_are_read_with_the_same_care() -> None:
    taken = read_accounts(file(ACCOUNT))
    assert taken.rows[0].data.password.get_secret_value() == "Lx-wuyue-7319"
    twice = read_accounts(file(ACCOUNT, {**ACCOUNT, "login": "OFFICE-01"})).problems
    assert [(problem.row, problem.rule) for problem in twice] == [(2, "login_twice")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"login": "office 01"},
        {"password": 7319},
        {"password": ["Lx-wuyue-7319"]},
        {"pasword": "Lx-wuyue-7319"},
        {"login": {"password": "Lx-wuyue-7319"}},
        {"notes": ["Lx-wuyue-7319"]},
        {"region": "\ud800", "password": "Lx-wuyue-7319\udfff"},
    ],
)
def test_a_password_is_never_shown(wrong: dict[str, object]) -> None:
    taken = read_accounts(json.dumps([{**ACCOUNT, **wrong}]).encode())
    assert taken.problems
    assert "7319" not in repr(taken)
    assert "7319" not in repr(read_accounts(json.dumps([list(ACCOUNT.values())]).encode()))
    assert "7319" not in repr(read_accounts(file(ACCOUNT)))

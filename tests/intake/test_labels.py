"""A header may say what people call a field, in any language of the catalogue; problems say it beside the name."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from caseward.console.commands.case.imports import labels_of
from caseward.console.intake import files
from caseward.console.intake.files import TakenIn
from caseward.console.intake.headers import asked_columns
from caseward.console.intake.labels import Labels, place_of
from caseward.console.text.visible import path
from states.copyright.gathered import GATHERED
from states.copyright.registration import Registration
from tests.intake.test_files import only
from tests.intake.test_tables import FROM_JSON, TWO, as_csv, as_xlsx, digests, lined
from tests.registration.particulars import TODAY
from tests.systems import INTAKE, SYSTEMS
from workflow.intake.rows import Intake
from workflow.intake.values import Line, Value

LABELS = labels_of(SYSTEMS, "copyright")
ENGLISH, CHINESE = 0, 1


def read(lines: Sequence[Sequence[object]]) -> TakenIn[Registration]:
    return files.read(as_csv(lines).encode(), TODAY, Registration, INTAKE, LABELS)


def called(language: int, *rows: dict[str, object]) -> list[list[object]]:
    """Header and lines, the header in people's words."""
    head, *lines = lined(*rows)
    return [[LABELS.called(place_of(str(name)))[language] for name in head], *lines]


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
def test_a_header_in_words_gives_the_rows_that_json_gives(language: int) -> None:
    as_json = digests(files.read(FROM_JSON, TODAY, Registration, INTAKE))
    lines = called(language, *TWO)
    assert digests(read(lines)) == as_json
    book = as_xlsx(lines)
    assert digests(files.read(book, TODAY, Registration, INTAKE, LABELS)) == as_json


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("full_name", " 软件全称 "),
        ("full_name", "ＦＵＬＬ  Name"),
        ("source_lines", "源程序量(行)"),
        ("owners[0].name", "著作权人［0］．姓名或名称"),
        ("owners[0].name", "owners[0].姓名或名称"),
        ("version", "Version"),
    ],
)
def test_width_case_and_blanks_of_a_header_are_no_matter(name: str, written: str) -> None:
    head, *lines = lined(*TWO)
    taken = read([[written if one == name else one for one in head], *lines])
    assert digests(taken) == digests(files.read(FROM_JSON, TODAY, Registration, INTAKE))


def test_every_column_of_the_registration_has_a_label_of_its_own_in_both_languages() -> None:
    columns = list(asked_columns(Registration, GATHERED))
    assert {path(one.place) for one in columns} >= {"full_name", "owners[0].phone", "applicant.email", "account"}
    for language in (ENGLISH, CHINESE):
        words = [LABELS.called(one.place)[language] for one in columns]
        assert len(set(words)) == len(words)
        assert all(LABELS.of(one.place)[language] for one in columns)
    assert [one.needed for one in columns if path(one.place) in ("full_name", "short_name")] == [True, False]


def test_a_problem_shows_the_label_beside_the_name() -> None:
    head, *lines = called(CHINESE, {**TWO[0], "source_lines": "many", "owners[0].kind": "robot"})
    lines_of, kind = sorted(read([head, *lines]).problems, key=lambda one: one.field, reverse=True)
    assert lines_of.text("zh-CN").endswith('source_lines（源程序量（行）） = "many"：应为整数')
    assert 'source_lines (Lines of code) = "many": it is to be' in lines_of.text("en")
    assert "owners[0].kind（著作权人[0].类别）" in kind.text("zh-CN")


def test_two_headers_for_one_field_are_refused_with_both_columns() -> None:
    head, *lines = lined({"full_name": "a", "version": "V1", "软件全称": "b"})
    problem = only(read([head, *lines]))
    assert (problem.rule, problem.line, problem.column) == ("name_twice", 1, 3)
    assert problem.text("zh-CN").endswith("第1行第3列，full_name（软件全称）：与第1列重复，请只留一列")


def test_a_header_like_a_label_is_told_the_name_and_the_label() -> None:
    problem = only(read([["软件的全称", "version"], ["a", "V1"]]))
    assert problem.zh == "没有这一列，是否应为 full_name（软件全称）？"
    problem = only(read([["申请人.手机", "version"], ["a", "V1"]]))
    assert "applicant.phone（申请人.电话）" in problem.zh


def test_a_header_of_other_words_is_told_names_and_labels() -> None:
    problem = only(read([["甲", "乙"], ["a", "V1"]]))
    assert problem.rule == "no_header"
    assert "full_name（软件全称）、short_name（软件简称）" in problem.zh


class Order(Value):
    """What another system's rows are."""

    buyer: Line
    seller: Line


def test_a_label_of_two_fields_names_neither() -> None:
    labels = Labels(lambda name: ("", "姓名"))
    (problem,) = files.read("姓名\n甲\n".encode(), TODAY, Order, Intake("orders"), labels).problems
    assert (problem.rule, "buyer（姓名）、seller（姓名）" in problem.zh) == ("unknown_column", True)


@pytest.mark.parametrize(
    "head",
    [["账号", "密码", "地区", "备注"], ["Login", "PASSWORD", "Region", "notes"], ["账号", "密码", "region", "Notes"]],
)
def test_a_table_of_logins_may_say_its_labels(head: list[str]) -> None:
    taken = files.read_accounts(as_csv([head, ["office-1", "secret-7319", "重庆", "朝九晚五"]]).encode())
    assert taken.problems == ()
    (row,) = taken.rows
    assert (row.data.login, row.data.password.get_secret_value()) == ("office-1", "secret-7319")
    assert (row.data.region, row.data.notes) == ("重庆", "朝九晚五")


def test_a_problem_of_a_login_shows_the_label_and_no_password() -> None:
    taken = files.read_accounts(
        as_csv([["账号", "密码"], ["office 1", "secret-7319"], ["office-2", "x" * 200]]).encode()
    )
    said = [one.text("zh-CN") for one in taken.problems]
    assert ["login（账号）" in said[0], "password（密码）" in said[1]] == [True, True]
    assert "7319" not in "".join(said)
    assert "xxx" not in "".join(said)
    (wrong,) = files.read_accounts(as_csv([["帐号", "密码"], ["office-1", "secret-7319"]]).encode()).problems
    assert "login（账号）" in wrong.zh

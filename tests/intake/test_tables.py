"""Rows that come as a table: CSV in the habits of table programs, and workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook
from pydantic import Field

from caseward.console.intake import files
from caseward.console.intake.cell_values import value_of
from caseward.console.intake.files import TakenIn, read_accounts
from caseward.console.intake.json_rows import MOST_ROWS
from caseward.console.intake.sheets import Cell
from states.copyright.registration import Registration
from tests.intake.test_files import only
from tests.registration.particulars import COMPANY, FUNCTIONS, PERSON, TODAY, file, row
from tests.systems import read
from workflow.intake.rows import Intake
from workflow.intake.values import Line, Value


def flat(value: object, at: str = "") -> dict[str, object]:
    """A row by paths, as a header names them."""
    if isinstance(value, Mapping):
        parts = [flat(inner, f"{at}.{name}" if at else str(name)) for name, inner in value.items()]
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        parts = [flat(inner, f"{at}[{index}]") for index, inner in enumerate(value)]
    else:
        return {at: "; ".join(value) if isinstance(value, list) else value}
    return {name: inner for part in parts for name, inner in part.items()}


def lined(*rows: Mapping[str, object]) -> list[list[object]]:
    """Header and lines of rows by paths."""
    names = list(dict.fromkeys(name for one in rows for name in one))
    return [list(names), *([one.get(name) for name in names] for one in rows)]


def as_csv(lines: Sequence[Sequence[object]], mark: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(lines)
    return out.getvalue()


def as_xlsx(lines: Sequence[Sequence[object]], formats: Mapping[str, str] | None = None) -> bytes:
    book = as_book(*lines)
    for place, form in (formats or {}).items():
        book.worksheets[0][place].number_format = form
    return packed(book)


TYPED = f"一、录入，\n二、“统计”；\n三。{FUNCTIONS}"
PLAIN = row(owners=[PERSON, COMPANY], development="cooperation")
TWO = [flat(PLAIN), flat(row(version="V2.0", main_functions=TYPED))]


def digests(taken: TakenIn[Registration]) -> list[str]:
    assert taken.problems == (), [one.text("en") for one in taken.problems]
    return [one.digest for one in taken.rows]


# ---------------------------------------------------------------- the same rows


FROM_JSON = file(PLAIN, row(version="V2.0", main_functions=TYPED))


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_csv_gives_the_rows_that_json_gives(mark: str, encoding: str) -> None:
    taken = read(as_csv(lined(*TWO), mark).encode(encoding), TODAY)
    assert digests(taken) == digests(read(FROM_JSON, TODAY))
    assert [one.rule for one in taken.warnings] == (["encoding"] if encoding == "gbk" else [])
    assert [(one.number, one.line) for one in taken.rows] == [(1, 2), (2, 3)]


def test_a_workbook_gives_the_rows_that_json_gives() -> None:
    changed = [{**one, "completed_on": datetime.fromisoformat("2026-05-18"), "source_lines": 18640.0} for one in TWO]
    book = as_xlsx([*lined(*changed), [], [None, " "]])
    assert digests(read(book, TODAY)) == digests(read(FROM_JSON, TODAY))


def test_numbers_of_people_that_a_table_keeps_as_numbers_stay_text() -> None:
    one = {
        **flat(row()),
        "owners[0].phone": 13800400001,
        "applicant.phone": 13800400001.0,
        "applicant.postcode": 400030,
    }
    (taken,) = read(as_xlsx(lined(one)), TODAY).rows
    assert (taken.data.owners[0].phone, taken.data.applicant.phone) == ("13800400001", "13800400001")
    assert taken.digest == digests(read(file(row()), TODAY))[0]


def test_a_number_is_text_as_its_format_shows_it() -> None:
    plain = flat(row())
    one = {"applicant.postcode": 10000, "version": 1}
    one |= {name: value for name, value in plain.items() if name not in one}  # type: ignore[misc]
    (taken,) = read(as_xlsx(lined(one), {"A2": "000000", "B2": "0.0"}), TODAY).rows
    (as_json,) = read(file(row(version="1.0")), TODAY).rows
    assert (taken.data.applicant.postcode, taken.data.version) == ("010000", as_json.data.version)


def test_a_line_that_tells_the_mark_and_numbers_kept_as_text_are_understood() -> None:
    text = 'sep=;\r\nlogin;password;region\r\n="00123";Lx-1;\r\n\r\n;;\r\noffice;"a;b";重庆\r\n'
    taken = read_accounts(text.encode())
    assert [(one.number, one.line, one.data.login) for one in taken.rows] == [(1, 3, "00123"), (2, 6, "office")]
    assert taken.rows[1].data.password.get_secret_value() == "a;b"
    assert taken.rows[0].data.region is None


def as_book(*lines: Sequence[object], merged: str = "") -> Workbook:
    book = Workbook()
    for line in lines:
        book.worksheets[0].append(list(line))
    if merged:
        book.worksheets[0].merge_cells(merged)
    return book


def packed(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Order(Value):
    """What another system's rows are."""

    shop: Line
    amount: Decimal
    paid: bool
    due: date
    pieces: tuple[int, ...] = ()
    weight: float | None = None
    notes: Mapping[str, Line] = Field(default_factory=dict)


def test_the_values_of_any_model_are_read_as_it_asks() -> None:
    said = {"shop": "7", "amount": "1200.50", "paid": True, "due": "2026-03-05", "pieces": [1, 2], "notes": {"x": "y"}}
    text = 'shop,amount,paid,due,pieces,weight,notes.x\n7,"1,200.50",是,2026/3/5,1；2,,y\n'
    book = as_xlsx([text.splitlines()[0].split(","), [7, 1200.5, True, date(2026, 3, 5), "1, 2", None, "y"]])
    found = [files.read(one, TODAY, Order, Intake("orders")) for one in (file(said), text.encode(), book)]
    assert [one.problems for one in found] == [(), (), ()]
    assert len({one.rows[0].digest for one in found}) == 1


@pytest.mark.parametrize(
    ("text", "kind", "annotation", "value"),
    [
        ("18640.0", "number", int, 18640),
        ("18,640", "text", int | None, 18640),
        ("12k", "text", int, "12k"),
        ("0012", "text", str, "0012"),
        ("1.5", "number", float, 1.5),
        ("TRUE", "text", bool, True),
        ("no", "text", bool, False),
        ("2026年3月5日", "text", date, "2026-03-05"),
        ("2026-03-05T13:00:00", "day", date, "2026-03-05"),
        ("45296", "number", date, 45296),
        ("C、C++", "text", tuple[str, ...], ["C", "C++"]),
        ('["a;b"]', "text", list[str], ["a;b"]),
        ('{"a": 1}', "text", dict[str, int], {"a": 1}),
    ],
)
def test_a_cell_is_read_as_its_field_asks(text: str, kind: str, annotation: object, value: object) -> None:
    assert value_of(Cell(text, kind), annotation) == value


# ---------------------------------------------------------------- what is wrong


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_problem_names_row_line_column_field_value_and_cure(kind: str) -> None:
    lines = lined(flat(row()), {**flat(row(version="V2.0")), "source_lines": "many"})
    raw = as_csv(lines).encode() if kind == "csv" else as_xlsx(lines)
    problem = only(read(raw, TODAY))
    column = lines[0].index("source_lines") + 1
    assert (problem.row, problem.line, problem.column) == (2, 3, column)
    assert problem.text("en").endswith(f'line 3, column {column}, source_lines = "many": it is to be a whole number')
    assert problem.text("zh-CN").endswith(f'第3行第{column}列，source_lines = "many"：应为整数')


def test_what_a_list_in_a_cell_lacks_is_named_with_its_column() -> None:
    problem = only(read(as_csv(lined(flat(row(owners=[{**PERSON, "kind": "robot"}])))).encode(), TODAY))
    assert (problem.field, problem.column) == ("owners[0].kind", list(flat(row())).index("owners[0].kind") + 1)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("catgory", "did you mean category?"),
        ("owners[0].naem", "did you mean owners[0].name?"),
        ("owners.name", "did you mean owners[0].name?"),
        ("applicant.ownr", "did you mean applicant.owner?"),
        ("owners[x].name", "did you mean owners?"),
        ("zzz[0]", "known are full_name"),
    ],
)
def test_a_name_in_the_header_that_is_not_known_is_named_once(name: str, said: str) -> None:
    (problem,) = read(as_csv(lined({**flat(row()), name: "x"}, flat(row(version="V2.0")))).encode(), TODAY).problems
    assert (problem.rule, problem.line, problem.column) == ("unknown_column", 1, len(flat(row())) + 1)
    assert said in problem.en


@pytest.mark.parametrize(
    ("lines", "rule", "said"),
    [
        ([["full_name", "full_name"], ["a", "b"]], "name_twice", "column 1"),
        ([["owners", "owners[0].name"], ["a", "b"]], "name_twice", "column 1"),
        ([["full_name"]], "empty_list", "no rows"),
        ([["full_name", "version"], ["a", "V1", "c"]], "nameless_cell", "comma"),
        ([["owners[1].name", "version"], ["a", "V1"]], "gap", "from [0] on"),
        ([["full_name", "version"], ["=A1", "V1"]], "formula", "as values"),
        ([["full_name", "version"], ["#N/A", "V1"]], "error_value", "mend it"),
        ([["owners[0].certificate_number"], [510000199403172183]], "digits_lost", "as text"),
    ],
)
def test_what_a_table_has_that_no_row_has_is_named(lines: list[list[object]], rule: str, said: str) -> None:
    problem = only(read(as_xlsx(lines), TODAY))
    assert (problem.rule, said in problem.en) == (rule, True)


def test_a_long_number_that_a_table_program_cut_is_named_in_csv_too() -> None:
    one = {**flat(row()), "owners[0].certificate_number": "5.10000199403172E+17"}
    assert only(read(as_csv(lined(one)).encode(), TODAY)).rule == "digits_lost"


@pytest.mark.parametrize("text", ['full_name,version\na,"b\n', 'full_name,version\n"a"b,c\n'])
def test_quotes_that_do_not_fit_are_named_with_their_line(text: str) -> None:
    problem = only(read(text.encode(), TODAY))
    assert (problem.rule, problem.line) == ("broken_table", 2)


def test_more_rows_than_are_taken_are_refused() -> None:
    lines = [["login", "password"], *([f"office-{number}", "x"] for number in range(MOST_ROWS + 1))]
    for raw in (as_csv(lines).encode(), as_xlsx(lines)):
        assert [one.rule for one in read_accounts(raw).problems] == ["many_rows"]


def test_a_password_under_a_wrong_name_is_not_shown() -> None:
    for text in ("office-01,Lx-wuyue-7319\noffice-02,x\n", "login,pasword\noffice-01,Lx-wuyue-7319\n"):
        problems = read_accounts(text.encode()).problems
        assert problems
        assert "wuyue" not in "".join(one.text("en") + one.text("zh-CN") for one in problems)


def test_a_header_in_other_words_is_told_the_names() -> None:
    problem = only(read("软件全称,版本号,著作权人\r\n乙方手册软件,V1.0,温小满\r\n".encode("gbk"), TODAY))
    assert (problem.rule, "full_name, short_name, version" in problem.en) == ("no_header", True)

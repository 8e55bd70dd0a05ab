"""Workbooks as a whole: what is merged, hidden or on further sheets, and what is none or too much."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile

import pytest

from caseward.console.intake.files import read_accounts
from caseward.console.intake.workbooks import _merged, covering
from tests.intake.test_files import only
from tests.intake.test_tables import as_book, as_xlsx, packed
from tests.registration.particulars import TODAY
from tests.systems import read

LOGINS: list[list[object]] = [
    ["login", "password", "region"],
    ["office-1", "x", "重庆"],
    ["office-2", "y", None],
    [None, None, None],
]


def test_hidden_cells_and_those_merged_within_a_line_are_no_matter() -> None:
    book = as_book(*LOGINS, merged="C3:D4")
    sheet = book.worksheets[0]
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["A"].hidden = True
    sheet.merge_cells("C2:D2")
    sheet.merge_cells("A5:C6")
    assert len(read_accounts(packed(book)).rows) == 2


@pytest.mark.parametrize("merged", ["C2:C3", "C2:D4", "B1:B2"])
def test_a_value_that_covers_two_filled_lines_is_named_with_its_range(merged: str) -> None:
    (problem,) = read_accounts(packed(as_book(*LOGINS, merged=merged))).problems
    assert (problem.rule, problem.en.startswith(merged), merged in problem.zh) == ("merged_cells", True, True)
    assert "unmerge" in problem.en


@pytest.mark.parametrize("written", ["ref='C2:C3'", 'ref = "C2:C3"', "ref\n=\n'C2:C3'"], ids=range(3))
def test_a_range_is_known_however_its_xml_is_written(written: str) -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed(as_book(*LOGINS, merged="C2:C3")))) as book,
        zipfile.ZipFile(out, "w") as new,
    ):
        for name in book.namelist():
            new.writestr(name, book.read(name).replace(b'ref="C2:C3"', written.encode()))
    (problem,) = read_accounts(out.getvalue()).problems
    assert problem.rule == "merged_cells"


class Line(int):
    """A line's number that counts how often anybody looks at one."""

    looks = 0

    def __lt__(self, other: int) -> bool:
        Line.looks += 1
        return int(self) < other

    def __gt__(self, other: int) -> bool:
        Line.looks += 1
        return int(self) > other

    def __le__(self, other: int) -> bool:
        Line.looks += 1
        return int(self) <= other

    def __hash__(self) -> int:
        Line.looks += 1
        return hash(int(self))


def test_each_line_is_looked_at_once_however_many_ranges_there_are() -> None:
    """A sheet of 5,000 lines and as many ranges was looked through 25 million times, and ran out of its time."""
    lines = [(Line(n), [("x", "text")]) for n in range(2, 5002)]
    xml = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(2, 5002))
    Line.looks = 0
    assert list(covering(_merged(io.BytesIO(xml)), lines)) == []
    assert Line.looks < 20 * len(lines), "a few steps of a search for each range"


@pytest.mark.parametrize("title", [(), (["本所账号一览表", None, None],)], ids=["plain", "titled"])
def test_as_many_rows_are_taken_below_a_title_as_without_one(title: tuple[list[object], ...]) -> None:
    """The line that is too many was not read below a title, and nobody was told of the rows that were left out."""
    logins: list[list[object]] = [[f"office-{place}", "x", None] for place in range(5001)]
    merged = "A1:C1" if title else ""
    most: list[list[object]] = [*title, ["login", "password", "region"], *logins]
    found = read_accounts(packed(as_book(*most, merged=merged)))
    assert [one.rule for one in found.problems] == ["many_rows"]
    assert len(read_accounts(packed(as_book(*most[:-1], merged=merged))).rows) == 5000


def test_further_sheets_that_hold_anything_are_told() -> None:
    book = as_book(*LOGINS)
    for name in ("重庆", "空", "选项"):
        book.create_sheet(name)
    book["重庆"]["B3"] = "=1/0"
    book["选项"]["A1"] = "person"
    book["选项"].sheet_state = "hidden"
    taken = read_accounts(packed(book))
    assert len(taken.rows) == 2
    (note,) = taken.warnings
    assert (note.rule, note.en.endswith("from: 重庆"), note.zh.endswith("：重庆")) == ("further_sheets", True, True)


def test_a_workbook_that_is_none_is_named_with_its_cure() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")
    problem = only(read(out.getvalue(), TODAY))
    assert (problem.rule, "save it anew as XLSX or as CSV" in problem.en) == ("damaged_table", True)


def test_a_workbook_that_unpacks_beyond_measure_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", bytes(301_000_000))
    assert only(read(out.getvalue(), TODAY)).rule == "too_much"


def test_without_the_library_json_and_csv_are_read_and_the_extra_is_named() -> None:
    """In a process of its own, where openpyxl cannot be found."""
    code = (
        "import sys; sys.modules['openpyxl'] = None\n"
        "import caseward.app.extras as extras\n"
        "from caseward.console.intake.files import read_accounts\n"
        "assert read_accounts(b'login,password\\noffice,x\\n').rows\n"
        "try:\n    read_accounts(sys.stdin.buffer.read())\n"
        "except extras.ExtraMissing as error:\n    print(error)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], input=as_xlsx([["login"], ["x"]]), capture_output=True, check=True
    )
    assert b'pip install "caseward[tables]"' in ended.stdout

"""Reads the first sheet of a workbook, in the process apart: which lines hold anything, and how each cell is kept."""

from __future__ import annotations

import io
import json
import re
import zipfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from functools import reduce
from itertools import islice
from typing import IO, Any

from caseward.console.intake.header_lines import Range, one_header
from workflow.files.plain import Unfit

FORM = re.compile(r"(0+)(?:\.(0+))?")
"""A number's format that shows so many digits at least, and so many behind the point."""
MERGED = re.compile(
    rb"<(?:[\w.-]+:)?mergeCell\s[^<>]*?\bref\s*=\s*([\"'])"
    rb"(?P<range>(?P<column>[A-Z]{1,3})(?P<first>[0-9]{1,7}):(?P<until>[A-Z]{1,3})(?P<last>[0-9]{1,7}))\1"
)
PIECE, LONGEST_MERGED = 1_000_000, 200
MOST_UNPACKED = 300_000_000
MOST_LINES = 5004
"""A title, the header in two lines, as many rows as are taken, and the one that is too many."""


def read_workbook(content: bytes) -> bytes:
    """In the process apart, as JSON: the lines of the first sheet that hold anything, what is merged, other sheets.

    merged: the ranges whose value stands in one filled line and covers another. further: the names of other visible
    sheets that hold anything.
    """
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
            raise Unfit("too_much")
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet, *others = book.worksheets
        lines = list(islice(_lines(sheet), MOST_LINES))
        with packed.open(sheet._worksheet_path) as xml:
            ranges = list(_merged(xml))
        lines = one_header(lines, [_placed(one) for one in ranges])
        head = lines[0][0] if lines else 0
        merged = list(covering((one for one in ranges if int(one["last"]) > head), lines))
    seen = [one for one in others if one.sheet_state == "visible"]
    further = [one.title for one in seen if next(_lines(one, MOST_LINES), None) is not None]
    return json.dumps({"lines": lines, "merged": merged, "further": further}).encode()


def _lines(sheet: Any, last: int | None = None) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Each line that holds anything, with its number. last: the line behind which none is looked at."""
    sheet.reset_dimensions()  # some programs write others than the sheet has
    for line, row in enumerate(sheet.iter_rows(max_row=last), 1):
        cells = [_cell(one) for one in row]
        while cells and not cells[-1][0].strip():
            cells.pop()
        if cells:
            yield line, cells


def _merged(sheet: IO[bytes]) -> Iterator[re.Match[bytes]]:
    """The ranges that a sheet's XML says are merged: its reader, which keeps nothing, passes over them."""
    kept = b""
    while piece := sheet.read(PIECE):
        kept += piece
        end = 0
        for found in MERGED.finditer(kept):
            end = found.end()
            yield found
        kept = kept[max(end, len(kept) - LONGEST_MERGED) :]


def covering(
    merged: Iterable[re.Match[bytes]], lines: Sequence[tuple[int, Sequence[tuple[str, str]]]]
) -> Iterator[str]:
    """The ranges in which a value of one line covers cells of another that holds something too. lines: in order."""
    numbers, cells_of = [number for number, _ in lines], dict(lines)
    for one in merged:
        first, last = int(one["first"]), int(one["last"])
        column = _place(one["column"])
        cells = cells_of.get(first, ())
        if column > len(cells) or not cells[column - 1][0].strip():
            continue
        below = bisect_right(numbers, first)
        if below < len(numbers) and numbers[below] <= last:
            yield one["range"].decode()


def _placed(one: re.Match[bytes]) -> Range:
    return Range(_place(one["column"]), int(one["first"]), _place(one["until"]), int(one["last"]))


def _place(letters: bytes) -> int:
    """A column by its number, which counts from 1."""
    return reduce(lambda sum_, letter: sum_ * 26 + ord(letter) - ord("A") + 1, letters.decode(), 0)


def _cell(cell: Any) -> tuple[str, str]:
    value = cell.value
    if value is None:
        return "", "text"
    if cell.data_type == "f":
        return str(getattr(value, "text", value)), "formula"
    if cell.data_type == "e":
        return str(value), "error"
    if isinstance(value, bool):
        return str(value).lower(), "truth"
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat(), "day"
    if isinstance(value, date):
        return value.isoformat(), "day"
    if isinstance(value, (int, float)):
        return _number(value, cell.number_format or ""), "number"
    return str(value), "text"


def _number(value: int | float, form: str) -> str:
    """As the sheet shows it where its format only fills up with zeros; else without the tail that a float has."""
    plain = str(int(value)) if value == int(value) else repr(value)
    if value >= 0 and (shape := FORM.fullmatch(form)):
        places = len(shape[2] or "")
        filled = f"{value:.{places}f}"
        if float(filled) == value:  # a format that rounds is not followed
            return filled.zfill(len(shape[1]) + (places + 1 if places else 0))
    return plain

"""Reads the first sheet of a workbook, in the process apart: which lines hold anything, and how each cell is kept."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date, datetime, time
from typing import Any

from workflow.files.plain import Unfit

FORM = re.compile(r"(0+)(?:\.(0+))?")
"""A number's format that shows so many digits at least, and so many behind the point."""
MOST_UNPACKED = 300_000_000
MOST_LINES = 5002
"""The header, as many rows as are taken, and the one that is too many."""


def read_workbook(content: bytes) -> bytes:
    """In the process apart: the lines of the first sheet that hold anything, as JSON."""
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
            raise Unfit("too_much")
    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # some programs write others than the sheet has
    lines: list[tuple[int, list[tuple[str, str]]]] = []
    for line, row in enumerate(sheet.iter_rows(), 1):
        cells = [_cell(one) for one in row]
        while cells and not cells[-1][0].strip():
            cells.pop()
        if cells:
            lines.append((line, cells))
        if len(lines) == MOST_LINES:
            break
    return json.dumps(lines).encode()


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

"""Empty files of rows for people to fill in: a table's first line as CSV or in a workbook, or a row without values."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence

from caseward.app.extras import ExtraMissing, lacking
from caseward.console.intake.labels import Place

MARK = "\ufeff"
"""By which table programs know that the file is UTF-8."""
ROWS = 5001
"""As many lines of a workbook are made ready: the first one, and those of the rows that a file may have."""
WIDEST, LONGEST_LIST = 40, 250
"""Characters of a column, and of the choices that a workbook can offer."""
Choices = Sequence[Sequence[str]]
"""Of each column the words of which one is chosen; none where anything may be said."""


def blank_csv(names: Sequence[str]) -> bytes:
    line = io.StringIO()
    # a name alone is no table yet; a second column, without a name, makes it one
    csv.writer(line).writerow(names if len(names) > 1 else [*names, ""])
    return (MARK + line.getvalue()).encode()


def blank_workbook(names: Sequence[str], choices: Choices) -> bytes:
    """Every cell is kept as text, so that no number of a certificate is cut; the words that may be chosen are offered.

    Raises ExtraMissing.
    """
    if library := lacking("tables"):
        raise ExtraMissing("a table in XLSX", library, "tables")
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(names))
    sheet.freeze_panes = "A2"
    for place, (name, words) in enumerate(zip(names, choices, strict=True), 1):
        letter = get_column_letter(place)
        column = sheet.column_dimensions[letter]
        column.width, column.number_format = min(WIDEST, max(12, 2 * len(name))), "@"
        told = ",".join(words)
        if words and len(told) <= LONGEST_LIST and not any('"' in word or "," in word for word in words):
            offered = DataValidation(type="list", formula1=f'"{told}"', allow_blank=True)
            offered.add(f"{letter}2:{letter}{ROWS}")
            sheet.add_data_validation(offered)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def blank_json(places: Sequence[Place]) -> bytes:
    """One row with every field, none of which has a value yet."""
    row: dict[str, object] = {}
    for place in places:
        _put(row, place)
    return (json.dumps([row], ensure_ascii=False, indent=2) + "\n").encode()


def _put(row: dict[str, object], place: Place) -> None:
    here: dict[str, object] | list[object] = row
    for step, following in zip(place, [*place[1:], None], strict=True):
        inner: object = None if following is None else [] if isinstance(following, int) else {}
        if isinstance(here, list):
            if not here:
                here.append(inner)
            inner = here[0]
        else:
            inner = here.setdefault(str(step), inner)
        if isinstance(inner, dict | list):
            here = inner


WRITES: Mapping[str, Callable[[Sequence[str], Choices, Sequence[Place]], bytes]] = {
    ".csv": lambda names, choices, places: blank_csv(names),
    ".xlsx": lambda names, choices, places: blank_workbook(names, choices),
    ".json": lambda names, choices, places: blank_json(places),
}
"""By the end of a file's name."""

"""The cells of a table, line by line: of CSV in any habit of setting values apart, and of a workbook's first sheet."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from caseward.app.extras import ExtraMissing, lacking
from caseward.console.intake import apart
from caseward.console.intake.json_rows import Broken
from caseward.console.text.problem import Problem
from caseward.console.text.visible import visible
from workflow.files.plain import Unfit

MARKS = (",", ";", "\t", "，")
"""What sets values apart; the first line tells which."""
SAYS_MARK = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""The line with which some programs tell a table program their mark."""
AS_TEXT = re.compile(r'="([^"]*)"')
"""How some programs keep a number as text in CSV."""

MOST_NAMED = 5
"""So many merged ranges or sheets are named."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, as text; kind says how the table keeps it: text, number, truth, day, formula or error."""

    text: str
    kind: str = "text"


Lines = Iterator[tuple[int, Sequence[Cell]]]
"""Each line of a table with its number, which counts from 1."""


def lines_of_text(text: str) -> Lines:
    """The lines of CSV. Raises Broken where its quotes are."""
    text, skipped, mark = text.lstrip("\ufeff"), 0, None
    if said := SAYS_MARK.match(text):
        text, skipped, mark = text[said.end() :], 1, said[1]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark or _mark(text), strict=True)
    while True:
        line = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            en = f"the quotes do not fit ({error}); close each quote that a cell begins with, and double those inside"
            zh = f"引号不配对（{error}），单元格开头的引号须有结尾，其中的引号须写两个"
            raise Broken(Problem("broken_table", en, zh, line=line)) from error
        yield line, [Cell(found[1] if (found := AS_TEXT.fullmatch(one)) else one) for one in cells]


def _mark(text: str) -> str:
    """What sets the names of the first line apart: names hold none of these, but for what stands in quotes."""
    first = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    return max(MARKS, key=first.count)


def lines_of_workbook(content: bytes) -> tuple[Lines, tuple[Problem, ...]]:
    """The lines of the first sheet, read in a process apart, and a word about others. Raises Broken, ExtraMissing."""
    if library := lacking("tables"):
        raise ExtraMissing("a table in XLSX", library, "tables")
    try:
        read = json.loads(apart.table_of(content))
    except Unfit as unfit:
        raise Broken(_unfit(unfit)) from unfit
    if read["merged"]:
        raise Broken(_merged(read["merged"]))
    lines = ((line, [Cell(*cell) for cell in cells]) for line, cells in read["lines"])
    return lines, (_further(read["further"]),) if read["further"] else ()


def _merged(ranges: Sequence[str]) -> Problem:
    named, more = ", ".join(ranges[:MOST_NAMED]), len(ranges) - MOST_NAMED
    beside = f" and {more} more" if more > 0 else ""
    en = (
        f"{named}{beside}: merged over several rows, of which only the first has the value; "
        "unmerge them and fill in each row"
    )
    zh = f"{named}{f'等{len(ranges)}处' if more > 0 else ''}：单元格跨多行合并，只有首行有值，请取消合并并逐行填写"
    return Problem("merged_cells", en, zh)


def _further(sheets: Sequence[str]) -> Problem:
    named = visible("、".join(sheets[:MOST_NAMED]))
    en = f"rows are taken from the first sheet alone; nothing was taken from: {named}"
    return Problem("further_sheets", en, f"只导入第一张工作表，以下工作表未导入：{named}")


def _unfit(unfit: Unfit) -> Problem:
    if unfit.wrong == "too_much":
        en = "the table asks for too much time or memory; keep only its rows and columns that are filled in"
        return Problem("too_much", en, "表格所需时间或内存过多，请只保留有内容的行和列")
    why = visible(str(unfit.parts.get("why", unfit.wrong)))
    en = f"no table can be read from this workbook ({why}); open it and save it anew as XLSX or as CSV in UTF-8"
    zh = f"无法从此工作簿读出表格（{why}），请打开后另存为 XLSX 或 CSV（UTF-8）"
    return Problem("damaged_table", en, zh)

"""The rows of a file of any kind that is taken: JSON, CSV or a workbook, known by what it holds, not by its name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from pydantic import BaseModel

from caseward.console.intake.json_rows import RawRow, rows_of
from caseward.console.intake.json_text import IN_GBK, bytes_of, decoded, is_table
from caseward.console.intake.kinds import is_workbook
from caseward.console.intake.labels import Labels
from caseward.console.intake.sheets import lines_of_text, lines_of_workbook
from caseward.console.intake.tables import rows_in
from caseward.console.text.problem import Problem


def rows_of_file(
    source: Path | bytes, model: type[BaseModel], later: Collection[str], labels: Labels
) -> tuple[Iterator[RawRow | Problem], tuple[Problem, ...]]:
    """The rows, and a word about the encoding or further sheets where there is one to be said. Raises Broken."""
    raw = bytes_of(source)
    if is_workbook(raw):
        lines, said = lines_of_workbook(raw)
        return rows_in(lines, model, later, labels), said
    text, encoding = decoded(raw)
    said = (Problem("encoding", *IN_GBK),) if encoding == "gb18030" else ()
    return (rows_in(lines_of_text(text), model, later, labels) if is_table(text) else rows_of(text)), said

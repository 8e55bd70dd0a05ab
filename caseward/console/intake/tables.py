"""Rows out of a table: the first line names fields by their paths, each further line is a row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from pydantic import BaseModel

from caseward.console.intake.cell_values import WrongCell, value_of
from caseward.console.intake.headers import Named, columns_of
from caseward.console.intake.json_rows import MOST_ROWS, Broken, RawRow, checked_row, many_rows
from caseward.console.intake.labels import Labels, Place
from caseward.console.intake.sheets import Cell, Lines
from caseward.console.text.problem import Problem
from caseward.console.text.visible import path, shown


def rows_in(lines: Lines, model: type[BaseModel], later: Collection[str], labels: Labels) -> Iterator[RawRow | Problem]:
    """The rows in order, or what is wrong; later: fields that no header is advised to name. Raises Broken."""
    for one in _rows(lines, model, later, labels):
        yield labels.beside(one) if isinstance(one, Problem) else one


def _rows(lines: Lines, model: type[BaseModel], later: Collection[str], labels: Labels) -> Iterator[RawRow | Problem]:
    filled = ((line, cells) for line, cells in lines if any(cell.text.strip() for cell in cells))
    head = next(filled, None)
    if head is None:
        raise Broken(Problem("empty_file", "the table is empty", "表格是空的"))
    columns, problems = columns_of(*head, model, later, labels)
    if problems:
        yield from problems
        return
    first = next(filled, None)
    if first is None:
        en, zh = "the table has names and no rows; there is nothing to take in", "表格只有表头，没有可导入的内容"
        raise Broken(Problem("empty_list", en, zh, line=head[0]))
    for number, (line, cells) in enumerate(chain([first], filled), 1):
        if number > MOST_ROWS:
            raise Broken(many_rows(number))
        yield from _row(number, line, cells, columns)


def _row(number: int, line: int, cells: Sequence[Cell], columns: Sequence[Named]) -> Iterator[RawRow | Problem]:
    known = {column.number for column in columns}
    problems = [
        Problem(
            "nameless_cell",
            "this cell stands under no name; name its column in the first line, or put what has a comma into quotes",
            "此单元格所在的列没有项名，请在第一行补上；含有逗号的内容须加引号",
            number, line=line, column=place, value=shown(cell.text),
        )
        for place, cell in enumerate(cells, 1)
        if place not in known and cell.text.strip()
    ]  # fmt: skip
    given: dict[int | str, object] = {}
    for column in columns:
        cell = cells[column.number - 1] if column.number <= len(cells) else Cell("")
        if not cell.text.strip():
            continue
        try:
            _put(given, column.place, value_of(cell, column.annotation))
        except WrongCell as wrong:
            value = shown(cell.text)
            problems.append(
                Problem(wrong.rule, wrong.en, wrong.zh, number, None, line, column.number, path(column.place), value)
            )
    if problems:
        yield from problems
        return
    try:
        fields = {str(name): _listed((name,), inner) for name, inner in given.items()}
    except _Gap as gap:
        yield Problem("gap", gap.en, gap.zh, number, line=line, field=gap.field)
        return
    row = checked_row(fields, number, line)
    places = {path(column.place): column.number for column in columns}
    yield replace(row, columns=places) if isinstance(row, RawRow) else row


class _Tree(dict[int | str, object]):
    """What stands under the steps of paths, so that it is never taken for a value of a cell."""


def _put(given: dict[int | str, object], place: Place, value: object) -> None:
    here = given
    for step in place[:-1]:
        inner = here.setdefault(step, _Tree())
        assert isinstance(inner, _Tree), "the header lets no name stand inside another's value"
        here = inner
    here[place[-1]] = value


class _Gap(Exception):
    """An entry of a list is given and one before it is not."""

    def __init__(self, place: Place, missing: int, later: int) -> None:
        self.field = path((*place, missing))
        super().__init__(self.field)
        self.en = f"it is empty, and {path((*place, later))} is given; fill the entries from [0] on"
        self.zh = f"此项为空，而 {path((*place, later))} 有内容，请从 [0] 起依次填写"


def _listed(place: Place, value: object) -> object:
    """Numbered entries as a list, named ones as an object. Raises _Gap."""
    if not isinstance(value, _Tree):
        return value
    inner = {step: _listed((*place, step), one) for step, one in value.items()}
    numbers = sorted(step for step in inner if isinstance(step, int))
    if not numbers:
        return {str(step): one for step, one in inner.items()}
    if missing := [want for want, step in enumerate(numbers) if want != step]:
        raise _Gap(place, missing[0], numbers[missing[0]])
    return [inner[step] for step in numbers]

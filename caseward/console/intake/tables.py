"""Rows out of a table: the first line names fields by their paths, each further line is a row."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from pydantic import BaseModel

from caseward.console.intake.cell_values import WrongCell, element_of, mapped_in, model_of, value_of
from caseward.console.intake.json_rows import MOST_ROWS, Broken, RawRow, checked_row, many_rows
from caseward.console.intake.sheets import Cell, Lines
from caseward.console.text.problem import Problem
from caseward.console.text.visible import path, shown

Place = tuple[int | str, ...]
STEP = re.compile(r"\.?([^.\[\]]+)|\[([0-9]{1,6})\]")
LONGEST_NAME = 200


@dataclass(frozen=True)
class Named:
    """A column whose name is known: where its values stand in a row, and what they are to be."""

    number: int
    place: Place
    annotation: object


def rows_in(lines: Lines, model: type[BaseModel], later: Collection[str]) -> Iterator[RawRow | Problem]:
    """The rows in order, or what is wrong; later: fields that no header is advised to name. Raises Broken."""
    filled = ((line, cells) for line, cells in lines if any(cell.text.strip() for cell in cells))
    head = next(filled, None)
    if head is None:
        raise Broken(Problem("empty_file", "the table is empty", "表格是空的"))
    columns, problems = _columns(*head, model, later)
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


def _columns(
    line: int, cells: Sequence[Cell], model: type[BaseModel], later: Collection[str]
) -> tuple[list[Named], list[Problem]]:
    columns: list[Named] = []
    problems: list[Problem] = []
    advised = [name for name in _fields(model) if name not in later]
    near = False
    for number, cell in enumerate(cells, 1):
        name = cell.text.strip()
        if not name:
            continue
        place = _place(name)
        try:
            annotation = _at(model, place)
        except _Unknown as unknown:
            problem, is_near = _unknown(unknown, name, advised)
            near |= is_near
            problems.append(replace(problem, line=line, column=number))
            continue
        same = next((one for one in columns if one.place[: len(place)] == place[: len(one.place)]), None)
        if same is not None:
            en, zh = f"column {same.number} gives the same; keep one of them", f"与第{same.number}列重复，请只留一列"
            problems.append(Problem("name_twice", en, zh, line=line, column=number, field=path(place)))
            continue
        columns.append(Named(number, place, annotation))
    if problems and not columns and not near:
        names = ", ".join(advised)
        en = (
            f"the first line is to name fields, each in a cell: {names}; parts of one as in FIELD.part or FIELD[0].part"
        )
        zh = f"第一行应为各列的项名：{names}；下级项写作 项名.下级 或 项名[0].下级"
        return [], [Problem("no_header", en, zh, line=line)]
    return columns, problems


class _Unknown(Exception):
    """A header names what the model has not: known are the names that may stand at that place."""

    def __init__(self, before: Place, wrong: str, known: Collection[str]) -> None:
        super().__init__(wrong)
        self.before, self.wrong, self.known = before, wrong, known


def _unknown(unknown: _Unknown, name: str, advised: Sequence[str]) -> tuple[Problem, bool]:
    """What is wrong with a name in the header, and whether one like it is known."""
    known = unknown.known if unknown.before else advised
    near = difflib.get_close_matches(unknown.wrong.lower(), known, n=1)
    if near:
        meant = path((*unknown.before, near[0]))
        en, zh = f"this column is not known; did you mean {meant}?", f"没有这一列，是否应为 {meant}？"
    elif known:
        names = ", ".join(path((*unknown.before, one)) for one in known)
        en, zh = f"this column is not known; known are {names}", f"没有这一列，可用的有 {names}"
    else:
        en, zh = "this column is not known; take it out", "没有这一列，请删除"
    return Problem("unknown_column", en, zh, field=path((name[:LONGEST_NAME],))), bool(near)


def _place(name: str) -> Place:
    """A path as problems show it, in its steps; what is no path stays one name, which no model knows."""
    place: list[int | str] = []
    end = 0
    while end < len(name):
        step = STEP.match(name, end)
        if step is None or (step[0][:1] == ".") != (end > 0 and step[2] is None):
            return (name,)
        place.append(int(step[2]) if step[2] is not None else step[1])
        end = step.end()
    return tuple(place)


def _at(model: type[BaseModel], place: Place) -> object:
    """What is to stand at a place. Raises _Unknown."""
    here: object = model
    for depth, step in enumerate(place):
        before = place[:depth]
        if isinstance(step, int):
            element = element_of(here)
            if element is None:
                raise _Unknown(before, f"[{step}]", ())
            here = element
            continue
        inner, mapped = model_of(here), mapped_in(here)
        if inner is not None and step in (fields := _fields(inner)):
            here = fields[step]
        elif inner is None and mapped is not None:
            here = mapped
        else:
            if inner is None and (element := element_of(here)) is not None and (inner := model_of(element)):
                before = (*before, 0)
            raise _Unknown(before, step, tuple(_fields(inner)) if inner is not None else ())
    return here


def _fields(model: type[BaseModel]) -> Mapping[str, object]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


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

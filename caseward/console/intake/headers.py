"""The first line of a table: which field each column names, by its path or by its label, and what none is."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel

from caseward.console.intake.cell_values import element_of, mapped_in, model_of
from caseward.console.intake.header_lines import GROUPED
from caseward.console.intake.labels import Label, Labels, Place, folded, place_of
from caseward.console.intake.sheets import Cell
from caseward.console.text.problem import Problem
from caseward.console.text.visible import path

LONGEST_NAME = 200
NUMBERED = re.compile(r"(.*?)[ (]*([0-9]{1,2})\)?")
"""The name of a group with the number of the element that its columns are of: 著作权人2."""


@dataclass(frozen=True)
class Named:
    """A column whose name is known: where its values stand in a row, and what they are to be."""

    number: int
    place: Place
    annotation: object


@dataclass(frozen=True)
class Asked:
    """A column that may be filled. needed: no row is taken without it."""

    place: Place
    annotation: object
    needed: bool


def columns_of(
    line: int, cells: Sequence[Cell], model: type[BaseModel], later: Collection[str], labels: Labels
) -> tuple[list[Named], list[Problem]]:
    """The columns of a header, or what is wrong with it; later: fields that it is not advised to name."""
    columns: list[Named] = []
    problems: list[Problem] = []
    advised = [name for name in _fields(model) if name not in later]
    near = False
    for number, cell in enumerate(cells, 1):
        name = cell.text.strip()
        if not name:
            continue
        if cell.kind == GROUPED:
            name = _ungrouped(model, name, labels)
        try:
            place, annotation = _found(model, name, labels)
        except _Unknown as unknown:
            problem, is_near = _unknown(unknown, name, advised, labels)
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
        en, zh = _listed(((name,) for name in advised), labels)
        en = f"the first line is to name fields, each in a cell: {en}; parts of one as in FIELD.part or FIELD[0].part"
        zh = f"第一行应为各列的项名：{zh}；下级项写作 项名.下级 或 项名[0].下级"
        return [], [Problem("no_header", en, zh, line=line)]
    return columns, problems


def place_named(model: type[BaseModel], name: str, labels: Labels) -> Place | None:
    """The place that a header means; None where it means none, or several."""
    try:
        return _found(model, name, labels)[0]
    except _Unknown:
        return None


def asked_columns(
    model: type[BaseModel],
    later: Collection[str],
    before: Place = (),
    needed: bool = True,
    within: tuple[type[BaseModel], ...] = (),
) -> Iterator[Asked]:
    """All columns that may be filled, in the order of the model; of lists of objects those of the first.

    within: the models around this one. What holds one of them again is a column of its own, filled with JSON.
    """
    around = (*within, model)
    for info_name, info in model.model_fields.items():
        name = info.alias or info_name
        if not before and name in later:
            continue
        place, is_needed = (*before, name), needed and info.is_required()
        element = element_of(info.annotation)
        if (inner := model_of(info.annotation)) and inner not in around:
            yield from asked_columns(inner, later, place, is_needed, around)
        elif element is not None and (inner := model_of(element)) and inner not in around:
            yield from asked_columns(inner, later, (*place, 0), is_needed, around)
        else:
            yield Asked(place, info.annotation, is_needed)


def _listed(places: Iterator[Place], labels: Labels) -> Label:
    en, zh = zip(*(labels.named(place) for place in places), strict=True)
    return ", ".join(en), "、".join(zh)


class _Unknown(Exception):
    """A header names what the model has not: known are the names that may stand at that place."""

    def __init__(self, before: Place, wrong: str, known: Collection[str], several: Collection[str] = ()) -> None:
        super().__init__(wrong)
        self.before, self.wrong, self.known, self.several = before, wrong, known, several


def _unknown(unknown: _Unknown, name: str, advised: Sequence[str], labels: Labels) -> tuple[Problem, bool]:
    """What is wrong with a name in the header, and whether one like it is known."""
    known = [(*unknown.before, one) for one in (unknown.known if unknown.before else advised)]
    words = {word: place for place in known for word in labels.meant(place)}
    near = difflib.get_close_matches(folded(unknown.wrong), words, n=1)
    if unknown.several:
        en, zh = _listed(((*unknown.before, one) for one in unknown.several), labels)
        en, zh = f"several fields are called so: {en}; write the name of one", f"有多项叫此名称：{zh}，请写其项名"
    elif near:
        en, zh = labels.named(words[near[0]])
        en, zh = f"this column is not known; did you mean {en}?", f"没有这一列，是否应为 {zh}？"
    elif known:
        en, zh = _listed(iter(known), labels)
        en, zh = f"this column is not known; known are {en}", f"没有这一列，可用的有 {zh}"
    else:
        en, zh = "this column is not known; take it out", "没有这一列，请删除"
    return Problem("unknown_column", en, zh, field=path((name[:LONGEST_NAME],))), bool(near or unknown.several)


def _found(model: type[BaseModel], name: str, labels: Labels) -> tuple[Place, object]:
    """The place that a header means, and what is to stand there. Raises _Unknown."""
    place = place_of(name)
    try:
        return place, _at(model, place)
    except _Unknown:
        pass  # it may be a label, which may have dots
    place = _by_labels(model, (name,), labels)
    if place == (name,):
        place = _by_labels(model, place_of(unicodedata.normalize("NFKC", name)), labels)
    return place, _at(model, place)


def _ungrouped(model: type[BaseModel], name: str, labels: Labels) -> str:
    """The path of a name under another one, of a list's element by its number; a group that is no field says nothing.

    Raises nothing: what is not known is told of the whole.
    """
    group, _, under = name.partition(".")
    numbered = NUMBERED.fullmatch(unicodedata.normalize("NFKC", group).strip())
    called, number = (numbered[1], int(numbered[2])) if numbered else (group, 1)
    try:
        place, annotation = _found(model, called, labels)
    except _Unknown:
        return under
    if (element := element_of(annotation)) is not None and model_of(element) is not None:
        return f"{path(place)}[{max(number - 1, 0)}].{under}"
    return f"{path(place)}.{under}" if model_of(annotation) is not None else under


def _by_labels(model: type[BaseModel], place: Place, labels: Labels) -> Place:
    """The same place with the names of fields where it says their labels. Raises _Unknown where one means several."""
    here: object = model
    found: Place = ()
    for step in place:
        inner = model_of(here) if isinstance(step, str) else None
        known = _fields(inner) if inner is not None else {}
        if isinstance(step, str) and step not in known:
            meant = [one for one in known if folded(step) in labels.meant((*found, one))]
            if len(meant) > 1:
                raise _Unknown(found, step, tuple(known), meant)
            step = meant[0] if meant else step
        here = known.get(step) if isinstance(step, str) else element_of(here)
        found = (*found, step)
    return found


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

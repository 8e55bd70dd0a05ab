"""FIELD=VALUE as people type it, put into the particulars of a case; read by the rules of a row of a table."""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from caseward.console.intake.cell_values import WrongCell, value_of
from caseward.console.intake.headers import columns_of
from caseward.console.intake.labels import Labels, Place
from caseward.console.intake.sheets import Cell
from caseward.console.text.problem import Problem
from caseward.console.text.visible import path, shown

BY_ID = re.compile(r"([^.\[\]=]+)\.([^.\[\]=]+)(\..*)?")
NO_PLACE = (
    "the list has no such place; it may go on behind its last entry",
    "列表中没有这个位置；只能接在最后一项之后",
)


def with_said(
    fields: Mapping[str, Any], said: Mapping[str, str], model: type[BaseModel], later: Collection[str], labels: Labels
) -> tuple[dict[str, Any], Sequence[Problem]]:
    """The particulars with what was typed in them, or what is wrong with it. An empty value takes a field out.

    An entry of a list is named by its place, as in owners[0].city, or by its id, as in owners.o1.city: the place that
    it has before anything of this is put.
    """
    found = copy.deepcopy(dict(fields))
    named = [_by_place(name, fields) for name in said]
    columns, problems = columns_of(1, [Cell(name) for name in named], model, later, labels)
    problems = [_plain(one, [name for name in model.model_fields if name not in later]) for one in problems]
    texts, values, gone = list(said.values()), list[tuple[Place, object]](), list[tuple[Place, object]]()
    for column in columns:
        text = texts[column.number - 1]
        try:
            value = value_of(Cell(text), column.annotation) if text.strip() else None
        except WrongCell as wrong:
            problems.append(Problem(wrong.rule, wrong.en, wrong.zh, field=path(column.place), value=shown(text)))
            continue
        (gone if value is None else values).append((column.place, value))
    # an entry that goes moves those behind it: until the last value is put, each place is that of before
    for place, value in (*sorted(values, key=_of_place), *sorted(gone, key=_of_place, reverse=True)):
        if not _put(found, place, value):
            problems.append(Problem("no_place", *NO_PLACE, field=path(place)))
    return found, problems


def _of_place(put: tuple[Place, object]) -> tuple[tuple[str, int], ...]:
    """By the order of the list; places of one list alone are compared by their numbers."""
    return tuple((step, 0) if isinstance(step, str) else ("", step) for step in put[0])


def _by_place(name: str, fields: Mapping[str, Any]) -> str:
    """owners.o1.city as owners[0].city, where an entry of the list has that id."""
    match = BY_ID.fullmatch(name.strip())
    entries = fields.get(match[1]) if match else None
    if match is None or not isinstance(entries, list):
        return name
    places = [at for at, one in enumerate(entries) if isinstance(one, Mapping) and one.get("id") == match[2]]
    return f"{match[1]}[{places[0]}]{match[3] or ''}" if len(places) == 1 else name


def _put(found: dict[str, Any], place: Place, value: object) -> bool:
    """Whether there is such a place."""
    here: Any = found
    for step, following in pairwise(place):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            if step == len(here):
                here.append(empty)
            if not 0 <= step < len(here):
                return False
            here = here[step]
        else:
            here = here.setdefault(step, empty)
    last = place[-1]
    if isinstance(here, list) and isinstance(last, int):
        if value is None:
            if not 0 <= last < len(here):
                return False
            del here[last]
            return True
        if last == len(here):
            here.append(value)
            return True
        if not 0 <= last < len(here):
            return False
    if value is None:
        here.pop(last, None)
    else:
        here[last] = value
    return True


def _plain(problem: Problem, known: Sequence[str]) -> Problem:
    """Without line and column, which a table has."""
    if problem.rule == "no_header":
        en, zh = f"there is no such field; there are {', '.join(known)}", f"没有此项；可用的有 {'、'.join(known)}"
        return Problem("unknown_column", en, zh)
    return Problem(problem.rule, problem.en, problem.zh, field=problem.field, value=problem.value)

"""The header of a sheet on one line: a title above it is left out, and names under a merged name say whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

GROUPED = "grouped"
"""How a name is kept that stands under another one: NAME.name, and NAME2.name under the second of that name."""
Line = tuple[int, list[tuple[str, str]]]
"""A line's number, and of each cell its text and how it is kept."""


class Range(NamedTuple):
    """Merged cells, by columns and lines that count from 1; both ends are among them."""

    left: int
    top: int
    right: int
    bottom: int


def one_header(lines: Sequence[Line], merged: Sequence[Range]) -> list[Line]:
    """The same lines, the first of them with the names of all columns."""
    found = list(lines)
    if len(found) > 1 and _is_title(found[0], merged):
        del found[0]
    if len(found) < 2:
        return found
    (first, names), (second, below) = found[0], found[1]
    groups = [
        one
        for one in merged
        if one.top == one.bottom == first and one.right > one.left and _text(names, one.left)
        and any(_text(below, column) for column in range(one.left, one.right + 1))
    ]  # fmt: skip
    if not groups:
        return found
    called: dict[int, str] = {}
    seen: dict[str, int] = {}
    for group in sorted(groups):
        name = _text(names, group.left)
        seen[name] = seen.get(name, 0) + 1
        numbered = name if seen[name] == 1 else f"{name}{seen[name]}"
        called |= dict.fromkeys(range(group.left, group.right + 1), numbered)
    head: list[tuple[str, str]] = []
    for column in range(1, max(len(names), len(below)) + 1):
        own, under = _text(names, column), _text(below, column)
        if column in called:
            head.append((f"{called[column]}.{under}", GROUPED) if under else ("", "text"))
        else:
            head.append((under or own, "text"))
    return [(second, head), *found[2:]]


def _is_title(line: Line, merged: Sequence[Range]) -> bool:
    """Whether nothing stands in the line but one text over several columns."""
    number, cells = line
    filled = [column for column, (text, _) in enumerate(cells, 1) if text.strip()]
    return len(filled) == 1 and any(
        one.top == number and one.left == filled[0] and one.right > one.left for one in merged
    )


def _text(cells: Sequence[tuple[str, str]], column: int) -> str:
    return cells[column - 1][0].strip() if column <= len(cells) else ""

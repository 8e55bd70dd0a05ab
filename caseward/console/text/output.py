"""Lays words out on a terminal: columns that count Chinese letters as two wide, colours where they are wanted, JSON."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from rich.cells import cell_len, chop_cells, set_cell_size

from caseward.console.text.visible import visible

BOUNDLESS = 100_000
"""The width where there is no terminal: a file or a pipe gets whole lines."""
COLOURS = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}
GAP = "  "


@dataclass(frozen=True)
class Column:
    """least: the width below which it is not cut. right: figures stand under each other."""

    title: str
    least: int = 0
    right: bool = False


@dataclass(frozen=True)
class Screen:
    """How wide it is, and whether it shows colours."""

    width: int
    colours: bool

    def paint(self, text: str, colour: str) -> str:
        return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m" if self.colours and text else text

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], indent: int = 0) -> Iterator[str]:
        """Lines no wider than the screen: the widest columns are cut, at the end of a word's last whole letter."""
        room = self.width - indent - len(GAP) * (len(columns) - 1)
        cells = [[visible(cell) for cell in row] for row in rows]
        wanted = [
            max([cell_len(column.title), *(cell_len(row[place]) for row in cells)])
            for place, column in enumerate(columns)
        ]
        widths, before = _narrowed(wanted, [column.least for column in columns], room), " " * indent
        yield before + self.paint(_line([column.title for column in columns], columns, widths), "bold")
        yield from (before + _line(row, columns, widths) for row in cells)

    def wrapped(self, text: str, indent: int = 0, first: str | None = None) -> Iterator[str]:
        """The text in lines no wider than the screen, indented; `first` stands before it in the indent's place."""
        room = max(self.width - indent, 20)
        for place, line in enumerate(_broken(visible(text), room)):
            yield (" " * indent if first is None or place else _padded(first, indent)) + line


def screen(stream: TextIO | None = None, environ: Mapping[str, str] = os.environ) -> Screen:
    """The screen behind a stream: NO_COLOR and TERM=dumb say no colours, COLUMNS the width."""
    stream = stream or sys.stdout
    terminal = stream.isatty()
    coloured = terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    named = environ.get("COLUMNS", "")
    if named.isdecimal() and int(named) > 0:
        return Screen(int(named), coloured)
    return Screen(shutil.get_terminal_size().columns if terminal else BOUNDLESS, coloured)


class ReaderGone(Exception):
    """The reader of standard output has closed it. Not an OSError, on which Typer would end the process by itself."""


def say(*lines: str) -> None:
    """Print to standard output. Raises ReaderGone."""
    try:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
    except BrokenPipeError as error:
        raise ReaderGone from error


def complain(*lines: str) -> None:
    """Print to standard error, away from the data that a program reads."""
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def as_json(value: Any) -> str:
    """One object, readable, in the order that it was made; letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)


def listed(data: Sequence[Any], next_cursor: str | None = None, **more: Any) -> str:
    """The JSON shape of every list."""
    return as_json({"data": list(data), "next_cursor": next_cursor, **more})


def cut(text: str, width: int) -> str:
    """The text, or as much of it as fits with a … at its end."""
    return text if cell_len(text) <= width else set_cell_size(text, max(width - 1, 0)).rstrip() + "…"


def _narrowed(wanted: list[int], least: Sequence[int], room: int) -> list[int]:
    widths = list(wanted)
    while sum(widths) > room:
        spare = [(width, place) for place, width in enumerate(widths) if least[place] and width > least[place]]
        if not spare:
            break
        widths[max(spare)[1]] -= 1
    return widths


def _line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    laid = [
        _padded(cut(cell, width), width, column.right)
        for cell, column, width in zip(cells, columns, widths, strict=True)
    ]
    return GAP.join(laid).rstrip()


def _padded(text: str, width: int, right: bool = False) -> str:
    blank = " " * (width - cell_len(text))
    return blank + text if right else text + blank


def _broken(text: str, room: int) -> list[str]:
    """Lines broken at blanks, and inside a word (Chinese has no blanks) only where it is too long for a line."""
    lines, line = [], ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= room:
            line = joined
            continue
        fill = room - cell_len(line) - 1
        if line and cell_len(word) > room and fill >= room // 3:
            head = chop_cells(word, fill)[0]
            line, word = f"{line} {head}", word[len(head) :]
        lines += [line] if line else []
        *whole, line = chop_cells(word, room) or [""]
        lines += whole
    return [*lines, line]

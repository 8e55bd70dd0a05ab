"""The blank page that owners sign and seal, as the bureau prints it: long names go on in further lines."""

from __future__ import annotations

from collections.abc import Iterator

from caseward.sandbox.pdf import Line, Mark, Text, write
from caseward.sandbox.things import Draft

LEFT, SIGN_AT, RIGHT, FULL = 72, 204, 500, 451
FIRST, LOWEST, ROW, LEADING, SIZE = 620, 200, 80, 16, 12
"""The first owner's line, the lowest that one may have, and the steps from line to line, in points."""


def blank_seal_page(found: Draft) -> bytes:
    """Six owners a page where all names are short; a name stands beside its owner's line, or above it if long."""
    pages: list[list[Mark]] = []
    y = 0
    for number, owner in enumerate(found.owners or (), start=1):
        lines = list(wrapped(f"{number}. {owner['name']}", SIGN_AT - LEFT - SIZE))
        if len(lines) > 1:
            lines = list(wrapped(f"{number}. {owner['name']}", FULL))
        above = LEADING * len(lines) if width(lines[0]) > SIGN_AT - LEFT - SIZE or len(lines) > 1 else 0
        if not pages or y - above < LOWEST:
            pages.append(list(_head(found)))
            y = FIRST - LEADING * (len(pages[-1]) - 4)
        top = y
        y -= above
        pages[-1] += [Text(LEFT, top - LEADING * place if above else y, text) for place, text in enumerate(lines)]
        if above:
            y -= ROW - LEADING
        pages[-1] += [Text(SIGN_AT, y, "签章："), Line(260, y, RIGHT, y)]
        y -= ROW
    return write(pages)


def _head(found: Draft) -> Iterator[Mark]:
    """The title, and at least three lines below it."""
    yield Text(196, 770, "软件著作权登记签章页", 20)
    y = 720
    for text, step in (
        (f"软件名称：{found.full_name}", 24),
        (f"版本号：{found.version}    草稿编号：{found.id}", 24),
        (f"申请人：{found.applicant_name()}", 0),
    ):
        for place, line in enumerate(wrapped(text, FULL)):
            y -= LEADING if place else 0
            yield Text(LEFT, y, line)
        y -= step


def width(text: str) -> int:
    """In points; letters of the Latin alphabet are half as wide as a character."""
    return sum(SIZE // 2 if " " <= letter <= "~" else SIZE for letter in text)


def wrapped(text: str, most: int) -> Iterator[str]:
    line = ""
    for letter in text:
        if width(line + letter) > most:
            yield line
            line = ""
        line += letter
    yield line

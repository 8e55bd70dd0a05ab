"""Looks at a seal page that people hand in: made from this matter's blank, and signed or sealed by each owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any

from adapters.bureau.seal_page import boxes_beside
from adapters.papers.form_marks import FormCode
from adapters.papers.pdf_head import from_head
from adapters.papers.returned_form import SigningLine, looked_at
from workflow.errors import Drifted

ROW = 80.0
"""Points from one owner's line to the next, where a page has only one."""
LEAST_SEALED, LEAST_SIGNED = 70.0, 45.0
"""Points of a row: in lower ones a seal of one owner stands on the next one's line as well, or a signature does."""
ABOVE = 0.75
"""Share of a row that lies above its line: there people sign."""


def look_at_seal_page(contents: Sequence[bytes], about: Mapping[str, Any]) -> dict[str, Any]:
    """The verdict and its findings; contents: the page and its blank.

    about: code, which the blank bears, or None; owners, in their order, each with name and whether it must be sealed.
    """
    paper, blank = contents
    code = FormCode.read(about["code"]) if about["code"] else None
    try:
        lines = signing_lines(blank, about["owners"])
    except Drifted:
        return looked_at(blank, paper, None, code)
    return looked_at(blank, paper, lines if all(map(_stands_alone, lines)) else None, code)


def _stands_alone(line: SigningLine) -> bool:
    """Whether a line is high enough to tell whose ink stands on it; two that stand side by side are of no height."""
    return line.height >= (LEAST_SEALED if line.sealed else LEAST_SIGNED)


def signing_lines(blank: bytes, owners: Sequence[Mapping[str, Any]]) -> list[SigningLine]:
    """Where each owner signs. Raises Drifted where the blank does not name him on his line."""
    from pypdf import PdfReader

    pages = PdfReader(BytesIO(from_head(blank) or b"")).pages
    boxes = boxes_beside(pages, [owner["name"] for owner in owners])
    rows = [one.y - other.y for one, other in pairwise(boxes) if one.page == other.page]
    row = min(rows, default=ROW)
    lines = []
    for owner, box in zip(owners, boxes, strict=True):
        line = float(pages[box.page].mediabox.height) - box.y
        lines.append(
            SigningLine(owner["name"], box.page + 1, line - ABOVE * row, line + (1 - ABOVE) * row, owner["sealed"])
        )
    return lines

"""What was read from a page of the bureau, in one go, by the sheet of that page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.bureau.filing_form import told_apart
from adapters.bureau.selectors import FRAME
from adapters.bureau.sheets import Page
from adapters.personal import SHORT, without_numbers

Row = Mapping[str, str | None]
NONE, TOTAL = "none of {}", "total of {}"
"""Under these names a page's statements about a list are read."""


@dataclass(frozen=True)
class Seen:
    """What stood on a page: texts and lists as its sheet names them, None where there was no such element."""

    page: str
    texts: Row
    lists: Mapping[str, Sequence[Row]]
    lost: frozenset[str] = frozenset()
    """Landmarks that the page lacks."""
    doubled: tuple[str, ...] = ()
    """Texts, and cells as list.cell, that stand there more than once."""

    def text(self, name: str) -> str:
        return self.texts.get(name) or ""

    def rows(self, name: str) -> Sequence[Row]:
        return self.lists.get(name, ())

    @property
    def errors(self) -> Sequence[Row]:
        return self.rows("errors")

    @property
    def complaint(self) -> str:
        """The page's own words on why something was not done, numbers of people without their middle."""
        return without_numbers("; ".join(error["text"] or "" for error in self.errors), SHORT)


def owner_rows(seen: Seen) -> list[tuple[str, Row]]:
    """The owners on a page in its order, each by the name that tells it from the others."""
    rows = seen.rows("owners")
    return list(zip(told_apart([row["name"] or "" for row in rows]), rows, strict=True))


def sheet(page: Page) -> Mapping[str, Any]:
    """A page's sheet as portal_page.js takes it; it reads only the frame and the page that it finds itself on."""
    texts = dict(page.texts)
    for name, rows in page.lists.items():
        texts |= {NONE.format(name): rows.none} if rows.none else {}
        texts |= {TOTAL.format(name): rows.total} if rows.total else {}
    return {
        "page": page.name,
        "landmarks": page.landmarks,
        "texts": texts,
        "lists": {name: [rows.css, dict(rows.cells)] for name, rows in page.lists.items()},
    }


def seen_in(said: Mapping[str, Any]) -> Seen:
    texts, lists = said["texts"], said["lists"]
    return Seen(texts.get("page") or "", texts, lists, frozenset(said["lost"]), tuple(said["doubled"]))


def flaw(seen: Seen, pages: Sequence[Page], account: str) -> str:
    """What is wrong with a page that is to be one of these, of the account with this login; empty when nothing is."""
    page = next((page for page in pages if page.name == seen.page), None)
    if page is None:
        return f"the page is {seen.page or 'unknown'}, expected was {' or '.join(page.name for page in pages)}"
    if seen.text("heading") != page.heading:
        return f"the heading of {page.name} is {seen.text('heading')!r}, expected was {page.heading!r}"
    if not page.nobodys and seen.text("account") != account:
        return f"{page.name} is of the account {seen.text('account') or 'nobody'}, not of {account}"
    lost = [mark for mark in (*FRAME.landmarks, *page.landmarks) if mark in seen.lost]
    for one in (FRAME, page):
        lost += [path for name, path in one.texts.items() if name not in one.optional and seen.texts.get(name) is None]
    if lost:
        return f"{page.name} lacks {', '.join(dict.fromkeys(lost))}"
    empty = [
        path for one in (FRAME, page) for name, path in one.texts.items()
        if name not in one.blank and seen.texts.get(name) == ""
    ]  # fmt: skip
    if empty:
        return f"{page.name} shows nothing in {', '.join(empty)}"
    allowed = {*FRAME.repeated, *page.repeated}
    if twice := [name for name in seen.doubled if name not in allowed]:
        return f"{page.name} shows {', '.join(twice)} more than once"
    wrong = [why for one in (FRAME, page) for name in one.lists if (why := _wrong_list(seen, one, name))]
    return f"{page.name}: {wrong[0]}" if wrong else ""


def _wrong_list(seen: Seen, page: Page, name: str) -> str:
    """Why a list is not to be believed, an empty one first of all; empty when it is."""
    wanted, rows = page.lists[name], seen.rows(name)
    said_none = bool(wanted.none) and seen.texts.get(NONE.format(name)) is not None
    if not rows and not (said_none or wanted.silent):
        return f"{name} has no row, and the page does not say that there is none"
    if rows and said_none:
        return f"{name} has {len(rows)} rows, and the page says that there is none"
    if wanted.total:
        total = seen.text(TOTAL.format(name))
        if total != str(len(rows)):
            return f"{name} has {len(rows)} rows, and the page says {total or 'nothing'} of their number"
    for place, row in enumerate(rows, 1):
        lacking = [cell for cell in wanted.cells if cell not in wanted.optional and row[cell] is None]
        if lacking:
            return f"row {place} of {name} lacks {', '.join(lacking)}"
        if empty := [cell for cell in wanted.cells if cell not in wanted.blank and row[cell] == ""]:
            return f"row {place} of {name} shows nothing in {', '.join(empty)}"
    return ""

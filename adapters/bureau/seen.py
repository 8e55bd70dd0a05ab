"""What was read from a page of the bureau, in one go, by the sheet of that page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.bureau import site_words
from adapters.bureau.filing_form import told_apart
from adapters.bureau.selectors import FRAME
from adapters.bureau.sheets import Page
from adapters.names import trimmed
from adapters.personal import apart, on_page
from workflow.sentence import Sentence

Row = Mapping[str, str | None]
NONE, TOTAL = "none of {}", "total of {}"
"""Under these names a page's statements about a list are read."""
FILLED_IN = ("echo", "value")
"""The cells of what was filled into the form: a wide blank is a letter there, and the bureau would register it."""


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

    def told(self, name: str) -> str:
        """The text as people are told it: any page may show a person's number, wherever it stands."""
        return on_page(self.text(name))

    def rows(self, name: str) -> Sequence[Row]:
        return self.lists.get(name, ())

    @property
    def errors(self) -> Sequence[Row]:
        return self.rows("errors")

    @property
    def complaint(self) -> str:
        """The page's own words on why something was not done, numbers of people without their middle."""
        return on_page("; ".join(error["text"] or "" for error in self.errors))


def owner_rows(seen: Seen) -> list[tuple[str, Row]]:
    """The owners on a page in its order, each by the name that tells it from the others."""
    rows = seen.rows("owners")
    return list(zip(told_apart([row["name"] or "" for row in rows]), rows, strict=True))


def names_of(seen: Seen) -> tuple[str, ...]:
    """The owners' names on a page, as it shows them."""
    return tuple(row["name"] or "" for row in seen.rows("owners"))


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
    """What portal_page.js read, without the blanks around each text; what was filled in stands as it was written."""
    texts = _trimmed(said["texts"], "")
    lists = {name: [_trimmed(row, name) for row in rows] for name, rows in said["lists"].items()}
    return Seen(texts.get("page") or "", texts, lists, frozenset(said["lost"]), tuple(said["doubled"]))


def _trimmed(row: Row, of: str) -> Row:
    return {name: text if text is None or (of, name) == FILLED_IN else trimmed(text) for name, text in row.items()}


def flaw(seen: Seen, pages: Sequence[Page], account: str) -> Sentence | None:
    """What is wrong with a page that is to be one of these, of the account with this login; None when nothing is."""
    page = next((page for page in pages if page.name == seen.page), None)
    if page is None:
        due = " / ".join(page.name for page in pages)
        shown = on_page(seen.page) or site_words.NO_PAGE
        return Sentence("page_is_another", "the page is {page}, expected was {due}", page=shown, due=due)
    if seen.text("heading") != page.heading:
        return Sentence(
            "heading_is_another",
            "the heading of {page} is {shown}, expected was {due}",
            page=page.name,
            shown=repr(seen.told("heading")),
            due=repr(page.heading),
        )
    if not page.nobodys and seen.text("account") != account:
        return Sentence(
            "page_of_account",
            "{page} is of the account {account}, not of {due}",
            page=page.name,
            account=seen.told("account") or Sentence("nobody_named", "nobody"),
            due=apart(account, seen.told("account")),
        )
    lost = [mark for mark in (*FRAME.landmarks, *page.landmarks) if mark in seen.lost]
    for one in (FRAME, page):
        lost += [path for name, path in one.texts.items() if name not in one.optional and seen.texts.get(name) is None]
    if lost:
        told = ", ".join(dict.fromkeys(lost))
        return Sentence("page_of_part_lacks", "{page} lacks {lost}", page=page.name, lost=told)
    empty = [
        path for one in (FRAME, page) for name, path in one.texts.items()
        if name not in one.blank and seen.texts.get(name) == ""
    ]  # fmt: skip
    if empty:
        told = ", ".join(empty)
        return Sentence("page_shows_nothing", "{page} shows nothing in {empty}", page=page.name, empty=told)
    allowed = {*FRAME.repeated, *page.repeated}
    if twice := ", ".join(name for name in seen.doubled if name not in allowed):
        return Sentence("page_shows_twice", "{page} shows {twice} more than once", page=page.name, twice=twice)
    wrong = [why for one in (FRAME, page) for name in one.lists if (why := _wrong_list(seen, one, name))]
    return Sentence("page_list_wrong", "{page}: {wrong}", page=page.name, wrong=wrong[0]) if wrong else None


def _wrong_list(seen: Seen, page: Page, name: str) -> Sentence | None:
    """Why a list is not to be believed, an empty one first of all; None when it is."""
    wanted, rows = page.lists[name], seen.rows(name)
    said_none = bool(wanted.none) and seen.texts.get(NONE.format(name)) is not None
    if not rows and not (said_none or wanted.silent):
        return Sentence("list_silent", "{name} has no row, and the page does not say that there is none", name=name)
    if rows and said_none:
        return Sentence(
            "list_and_none", "{name} has {n} rows, and the page says that there is none", name=name, n=len(rows)
        )
    if wanted.total:
        total = seen.text(TOTAL.format(name))
        if total != str(len(rows)):
            return Sentence(
                "list_of_other_total",
                "{name} has {n} rows, and the page says {total} of their number",
                name=name,
                n=len(rows),
                total=on_page(total) or Sentence("says_nothing", "nothing"),
            )
    for place, row in enumerate(rows, 1):
        if lacking := ", ".join(cell for cell in wanted.cells if cell not in wanted.optional and row[cell] is None):
            return Sentence(
                "row_lacks", "row {place} of {name} lacks {lacking}", place=place, name=name, lacking=lacking
            )
        if empty := ", ".join(cell for cell in wanted.cells if cell not in wanted.blank and row[cell] == ""):
            return Sentence(
                "row_shows_nothing",
                "row {place} of {name} shows nothing in {empty}",
                place=place,
                name=name,
                empty=empty,
            )
    return None

"""What was read from a page of the bureau, in one go, by the sheet of that page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.filing_form import told_apart
from adapters.portal_selectors import FRAME, Page

Row = Mapping[str, str | None]


@dataclass(frozen=True)
class Seen:
    """What stood on a page: texts and lists as its sheet names them, None where there was no such element."""

    page: str
    texts: Row
    lists: Mapping[str, Sequence[Row]]
    lost: frozenset[str] = frozenset()
    """Landmarks that the page lacks."""

    def text(self, name: str) -> str:
        return self.texts.get(name) or ""

    def rows(self, name: str) -> Sequence[Row]:
        return self.lists.get(name, ())

    @property
    def errors(self) -> Sequence[Row]:
        return self.rows("errors")

    @property
    def complaint(self) -> str:
        """The page's own words on why something was not done."""
        return "; ".join(error["text"] or "" for error in self.errors)


def owner_rows(seen: Seen) -> list[tuple[str, Row]]:
    """The owners on a page in its order, each by the name that tells it from the others."""
    rows = seen.rows("owners")
    return list(zip(told_apart([row["name"] or "" for row in rows]), rows, strict=True))


def sheet(page: Page) -> Mapping[str, Any]:
    """A page's sheet as portal_page.js takes it; it reads only the frame and the page that it finds itself on."""
    return {
        "page": page.name,
        "landmarks": page.landmarks,
        "texts": dict(page.texts),
        "lists": {name: [css, dict(cells)] for name, (css, cells) in page.lists.items()},
    }


def seen_in(said: Mapping[str, Any]) -> Seen:
    return Seen(said["texts"].get("page") or "", said["texts"], said["lists"], frozenset(said["lost"]))


def flaw(seen: Seen, pages: Sequence[Page]) -> str:
    """What is wrong with a page that is to be one of these; empty when nothing is."""
    page = next((page for page in pages if page.name == seen.page), None)
    if page is None:
        return f"the page is {seen.page or 'unknown'}, expected was {' or '.join(page.name for page in pages)}"
    if seen.text("heading") != page.heading:
        return f"the heading of {page.name} is {seen.text('heading')!r}, expected was {page.heading!r}"
    lost = [mark for mark in (*FRAME.landmarks, *page.landmarks) if mark in seen.lost]
    return f"{page.name} lacks {', '.join(lost)}" if lost else ""

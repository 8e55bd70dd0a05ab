"""What a page must show and what is read from it, text by text and list by list; and how it says "none"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, str]
"""`css` reads an element's text, `css@name` its attribute, `@name` an attribute of the row itself."""
Reasons = Mapping[str, str]


@dataclass(frozen=True)
class Rows:
    """A list of a page. An empty one counts only where the page says so; a row lacks no cell.

    none: what the page shows in place of rows; without it, and without silent, the list is never empty.
    silent: why the page may leave the list out without a word. total: where it says how many rows there are.
    optional: cells that a row may lack, blank: cells that may hold nothing, each with its reason.
    """

    css: str
    cells: Texts
    none: str = ""
    silent: str = ""
    total: str = ""
    optional: Reasons = field(default_factory=dict)
    blank: Reasons = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """What a page must show to be taken for the one that was expected, and what is read from it.

    A text that is missing, holds nothing, or stands twice is no page of this kind, but for those that are optional,
    blank or repeated, each with its reason. Every page names the account whose it is, and must name the seat's;
    nobodys says why a page names none.
    """

    name: str
    heading: str
    landmarks: tuple[str, ...] = ()
    texts: Texts = field(default_factory=dict)
    lists: Mapping[str, Rows] = field(default_factory=dict)
    optional: Reasons = field(default_factory=dict)
    blank: Reasons = field(default_factory=dict)
    repeated: Reasons = field(default_factory=dict)
    nobodys: str = ""

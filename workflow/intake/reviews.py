"""What a person looks at, on one page, before he says yes to what cannot be undone; by a rule of the system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.flow.case import Case

SHORTEST = 6
"""So many characters of a mark are typed at least."""


@dataclass(frozen=True)
class Section:
    """A part of the page. name: of the flow's words `review.NAME`; place: which one of several.

    rows: what a field is called among the words of what guards see, and what it says; nothing: it is not there.
    """

    name: str
    rows: tuple[tuple[str, str], ...]
    place: str = ""


@dataclass(frozen=True)
class Review:
    """sheet(case, settings) is the page. mark(case, settings) is equal as long as nothing on it changes.

    yes(case, settings) is what changes in the data with a person's yes, which counts as long as the mark stays.
    """

    flow: str
    sheet: Callable[[Case[Any], Any], Iterable[Section]]
    mark: Callable[[Case[Any], Any], str]
    yes: Callable[[Case[Any], Any], Mapping[str, object]]

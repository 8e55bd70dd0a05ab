"""Numbers in a timing's sentence: lists, runs, and those that are evenly spaced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workflow.cron.problems import Language
from workflow.cron.words import WORDS

BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff])(?=[0-9])|(?<=[0-9])(?=[\u4e00-\u9fff])")
SHORTEST_RUN = 3
"""From so many on, numbers that follow each other are told by their ends."""


@dataclass(frozen=True)
class Reading:
    """A language's words, with their places filled in."""

    language: Language

    def __call__(self, name: str, **parts: str | int) -> str:
        return WORDS[self.language][name].format(**parts)

    def typeset(self, text: str) -> str:
        """Chinese with a space between its characters and what is not Chinese."""
        return text if self.language == "en" else BETWEEN.sub(" ", text)

    def list(self, parts: Iterable[str]) -> str:
        return self("list").join(parts)

    def plural(self, values: Sequence[int]) -> str:
        """What English adds to a noun before several numbers."""
        return "" if len(values) == 1 else "s"

    def numbers(self, values: Sequence[int]) -> str:
        """1, 3, 5-8."""
        return self.list(
            self("runs", first=run[0], last=run[-1]) if len(run) >= SHORTEST_RUN else self.list(map(str, run))
            for run in runs(values)
        )


def runs(values: Sequence[int]) -> list[tuple[int, ...]]:
    """Numbers in order, cut where one is left out."""
    found: list[tuple[int, ...]] = []
    for value in values:
        if found and value == found[-1][-1] + 1:
            found[-1] += (value,)
        else:
            found.append((value,))
    return found


def run_of(values: Sequence[int], whole: int) -> int | None:
    """The step with which they go round the whole without a break, from 0 on; None if they do not."""
    step = whole // len(values)
    return step if len(values) > 1 and tuple(values) == tuple(range(0, whole, step)) and whole % step == 0 else None


def spaced(values: Sequence[int], shortest: int = 2) -> int | None:
    """The one distance between four or more numbers, if it is at least so long."""
    gaps = {b - a for a, b in pairwise(values)}
    return gap if len(values) > 3 and len(gaps) == 1 and (gap := gaps.pop()) >= shortest else None

"""What people call the fields of a row, in both languages: headers may say it, and problems show it beside the name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from caseward.console.text.problem import Problem
from caseward.console.text.visible import path

STEP = re.compile(r"\.?([^.\[\]]+)|\[([0-9]{1,6})\]")
Place = tuple[int | str, ...]
"""Where a value stands in a row, step by step."""
Label = tuple[str, str]
"""In English and in Chinese; "" where there is none."""


def place_of(name: str) -> Place:
    """A path as problems show it, in its steps; what is no path stays one name, which no model knows."""
    place: list[int | str] = []
    end = 0
    while end < len(name):
        step = STEP.match(name, end)
        if step is None or (step[0][:1] == ".") != (end > 0 and step[2] is None):
            return (name,)
        place.append(int(step[2]) if step[2] is not None else step[1])
        end = step.end()
    return tuple(place)


def folded(text: str) -> str:
    """The same for texts that differ in width, case or blanks alone."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _none(name: str) -> Label:
    return "", ""


@dataclass(frozen=True)
class Labels:
    """said: the label of a field by the names of its path, as owners.phone."""

    said: Callable[[str], Label] = _none

    def of(self, place: Place) -> Label:
        """The label of the last name of a path."""
        return self.said(".".join(step for step in place if isinstance(step, str)))

    def called(self, place: Place) -> Label:
        """The path in people's words; "" where no name of it has a label."""
        steps = [self.of(place[: end + 1]) if isinstance(step, str) else ("", "") for end, step in enumerate(place)]

        def written(language: int) -> str:
            if not any(step[language] for step in steps):
                return ""
            return path(tuple(label[language] or step for label, step in zip(steps, place, strict=True)))

        return written(0), written(1)

    def beyond(self, place: Place) -> Label:
        """The same; "" where it says no more than the names do."""
        plain = folded(path(place).replace("_", " "))
        en, zh = (word if folded(word) != plain else "" for word in self.called(place))
        return en, zh

    def meant(self, place: Place) -> frozenset[str]:
        """All that a header may say for the last name of a path, folded."""
        return frozenset(folded(word) for word in (str(place[-1]), *self.of(place)) if word)

    def named(self, place: Place) -> Label:
        """A path with its label behind it."""
        name, (en, zh) = path(place), self.beyond(place)
        return f"{name} ({en})" if en else name, f"{name}（{zh}）" if zh else name

    def beside(self, problem: Problem) -> Problem:
        """The problem with the label of its field."""
        return replace(problem, called=self.beyond(place_of(problem.field))) if problem.field else problem

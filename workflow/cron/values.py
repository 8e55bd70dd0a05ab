"""A schedule's timing as values: a cron expression in its zone, or an interval; and what a field is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

FIRST_YEAR, LAST_YEAR = 1970, 2099
"""The years that Quartz knows; no instant outside them is ever given."""

Dialect = Literal["unix", "quartz"]
Mark = Literal["any", "range", "last", "last_workday", "nearest_workday", "nth", "last_of"]


@dataclass(frozen=True)
class Field:
    """A field's name, its bounds in the expression, and the words that may stand for its values in order."""

    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()


SECOND, MINUTE, HOUR = Field("second", 0, 59), Field("minute", 0, 59), Field("hour", 0, 23)
DAY, YEAR = Field("day", 1, 31), Field("year", FIRST_YEAR, LAST_YEAR)
MONTH = Field("month", 1, 12, ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"))
WEEKDAY_WORDS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
UNIX_WEEKDAY, QUARTZ_WEEKDAY = Field("weekday", 0, 7, WEEKDAY_WORDS), Field("weekday", 1, 7, WEEKDAY_WORDS)

LAYOUT: dict[int, tuple[Field, ...]] = {
    5: (MINUTE, HOUR, DAY, MONTH, UNIX_WEEKDAY),
    6: (SECOND, MINUTE, HOUR, DAY, MONTH, QUARTZ_WEEKDAY),
    7: (SECOND, MINUTE, HOUR, DAY, MONTH, QUARTZ_WEEKDAY, YEAR),
}


@dataclass(frozen=True)
class Term:
    """One entry of a field's list; weekdays count from 0 = Sunday in both dialects, 7 being Sunday again.

    any, range: first to last, each step-th · last: first days before the month's last · nearest_workday: of day first
    nth: the last-th weekday first of the month · last_of: the month's last weekday first
    """

    mark: Mark
    first: int = 0
    last: int = 0
    step: int = 1

    @property
    def values(self) -> range:
        """The numbers that it names outright; none where the month decides."""
        return range(self.first, self.last + 1, self.step) if self.mark in ("any", "range") else range(0)


@dataclass(frozen=True)
class Cron:
    """A cron expression that parse() accepted; two are equal when dialect, zone and fields are.

    `fields` are as written, in capitals, with Quartz's `?` for the day that says nothing.
    """

    text: str = field(compare=False)
    dialect: Dialect
    fields: tuple[str, ...]
    zone: str
    terms: tuple[tuple[Term, ...], ...] = field(compare=False, repr=False)

    def named(self, name: str) -> tuple[Term, ...]:
        """A field's terms by its name; of a field that was not written, what its absence means."""
        for known, terms in zip(LAYOUT[len(self.fields)], self.terms, strict=True):
            if known.name == name:
                return terms
        return (Term("range", 0, 0),) if name == "second" else (Term("any", FIRST_YEAR, LAST_YEAR),)

    def numbers(self, name: str) -> tuple[int, ...]:
        """The numbers that a field names outright, in order."""
        return tuple(sorted({number for term in self.named(name) for number in term.values}))


@dataclass(frozen=True)
class Interval:
    """Every so often by elapsed time, whatever the zone; counted from 1970, so that all who ask agree."""

    every: timedelta

    def __post_init__(self) -> None:
        if not timedelta(seconds=1) <= self.every <= timedelta(days=366) or self.every % timedelta(seconds=1):
            raise ValueError(f"an interval is a whole number of seconds, from 1 s to 366 d, not {self.every}")

    @property
    def amount(self) -> tuple[int, str]:
        """How many of the largest unit (h, min, s) that fits."""
        seconds = self.every // timedelta(seconds=1)
        return next((seconds // size, unit) for unit, size in UNITS.items() if seconds % size == 0)


UNITS = {"h": 3_600, "min": 60, "s": 1}
Timing = Cron | Interval


def normalised(timing: Timing) -> str:
    """The one way in which this timing is written; parse() reads the same from it."""
    match timing:
        case Cron():
            return " ".join(timing.fields)
        case Interval():
            return "every {} {}".format(*timing.amount)

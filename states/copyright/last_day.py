"""Until which day a correction notice is to be answered, as its own text says; pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from unicodedata import normalize

DIGITS = {word: place for place, word in enumerate("零一二三四五六七八九")} | {"两": 2}
NUMBER = "[1-9][0-9]{0,2}|[一二两三四五六七八九十百]{1,5}"
SPAN = rf"({NUMBER})(?:\((?:{NUMBER})\))?\s*(个?\s*(?:工作日|自然日|日历日|日|天|周|星期)|个\s*月)"
WITHIN = re.compile(rf"(?<![0-9月一二两三四五六七八九十百]){SPAN}[之以]?内|(?:期限|限期|时限)[为是:]?\s*{SPAN}")
DAY = r"(?:(?<![0-9])(20[0-9]{2})\s*[年./-]\s*|(?<![0-9年./-]))([0-9]{1,2})\s*[月./-]\s*([0-9]{1,2})(?![0-9])\s*日?"
BEFORE = re.compile(
    DAY + r"(?:\([^)]{1,6}\))?\s*(?:[0-9]{1,2}\s*[:时点]\s*(?:[0-9]{1,2}分?)?)?\s*(?:[之以]?前|为?止|截止)"
)
UNTIL = re.compile("(?:截止|截至|期限|限期|时限|不晚于|不迟于|最迟|最晚)[^0-9。;]{0,8}" + DAY)
CLAUSE = re.compile("[,。;!\n]")
TIME = re.compile(
    "[0-9一二两三四五六七八九十百〇半数几]\\s*个?(?:工作日|自然日|日|天|周|星期|月|年)|[本下次当明][日周月季年]|[年月季]底|周末"
)
LIMIT = re.compile("[之以]?前(?!后)|内|止|截|期限|限期|时限|不晚于|不迟于|最迟|最晚")


@dataclass(frozen=True)
class LastDay:
    """on: None where the text names none. is_unread: it names a time, and nobody here can tell which day that is."""

    on: date | None
    is_unread: bool = False


def last_day(text: str, issued_on: date) -> LastDay:
    """Of several days the first after the notice's own. Working days are counted as days: that is never too late."""
    plain = normalize("NFKC", text)
    later = [day for day in _days(plain, issued_on) if day > issued_on]
    if later:
        return LastDay(min(later))
    return LastDay(None, any(TIME.search(one) and LIMIT.search(one) for one in CLAUSE.split(plain)))


def _days(text: str, issued_on: date) -> Iterator[date]:
    for found in WITHIN.finditer(text):
        number, unit = (part for part in found.groups() if part is not None)
        yield _after(issued_on, _number(number), unit)
    for pattern in (BEFORE, UNTIL):
        for found in pattern.finditer(text):
            yield from _named(*found.groups(), issued_on=issued_on)


def _after(day: date, number: int, unit: str) -> date:
    if unit.endswith("月"):
        place = day.month - 1 + number
        year, month = day.year + place // 12, place % 12 + 1
        return date(year, month, min(day.day, monthrange(year, month)[1]))
    return day + timedelta(days=number * (7 if unit.endswith(("周", "星期")) else 1))


def _named(year: str | None, month: str, day: str, *, issued_on: date) -> Iterator[date]:
    """A day without a year is the next of that name."""
    for one in [int(year)] if year else [issued_on.year, issued_on.year + 1]:
        try:
            yield date(one, int(month), int(day))
        except ValueError:  # no such day: it is told as one that is not read
            continue


def _number(said: str) -> int:
    """A number below a thousand, in digits or as it is spoken."""
    if said.isdigit():
        return int(said)
    hundreds, _, rest = said.rpartition("百")
    tens, is_ten, ones = rest.rpartition("十")
    return 100 * DIGITS.get(hundreds, 0) + 10 * (DIGITS.get(tens, 1) if is_ten else 0) + DIGITS.get(ones, 0)

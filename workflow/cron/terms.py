"""Reads one field of a cron expression into its terms, saying to the character what is wrong."""

from __future__ import annotations

import re

from workflow.cron.problems import CronError
from workflow.cron.values import QUARTZ_WEEKDAY, UNIX_WEEKDAY, Field, Term

WEEKDAYS = (UNIX_WEEKDAY, QUARTZ_WEEKDAY)
LONGEST_NUMBER = 4
# 24:00 is the next day's 0:00, and Sunday is 0 for Unix but 1 for Quartz
MEANT = {("second", "60"): "0", ("minute", "60"): "0", ("hour", "24"): "0", ("weekday", "0"): "SUN"}


def read_terms(text: str, start: int, end: int, field: Field) -> tuple[Term, ...]:
    """The terms of text[start:end], which is in capitals."""
    if text[start:end] == "?":
        return (_any(field, 1),)
    terms = []
    at = start
    for part in text[start:end].split(","):
        terms.append(_term(text, at, part, field))
        at += len(part) + 1
    return tuple(terms)


def _term(text: str, at: int, part: str, field: Field) -> Term:
    if field.name == "day" and (special := _special_day(text, at, part, field)):
        return special
    if field in WEEKDAYS and (special := _special_weekday(text, at, part, field)):
        return special
    span, slash, stride = part.partition("/")
    step = _step(text, at + len(span) + 1, stride, field) if slash else 1
    if span == "*":
        return _any(field, step)
    left, dash, right = span.partition("-")
    first = _value(text, at, left, field)
    if not dash:
        return Term("range", first, _highest(field) if slash else first, step)
    last = _value(text, at + len(left) + 1, right, field)
    if last < first:
        wrapped = _wrapped(left, right, field) if not slash else None
        suggestion = text[:at] + wrapped + text[at + len(part) :] if wrapped else None
        raise CronError(text, at, "backwards", suggestion, field=field.name, part=span)
    return Term("range", first, last, step)


def _special_day(text: str, at: int, part: str, field: Field) -> Term | None:
    if part in ("L", "LW"):
        return Term("last" if part == "L" else "last_workday")
    if part.startswith("L-"):
        before = part.removeprefix("L-")
        if not before.isdigit() or len(before) > LONGEST_NUMBER or int(before) > 30:
            raise CronError(text, at + 2, "out_of_range", field="day", part=before or "L-", low=0, high=30)
        return Term("last", int(before))
    if re.fullmatch(r"[0-9]+W", part):
        return Term("nearest_workday", _value(text, at, part[:-1], field))
    return None


def _special_weekday(text: str, at: int, part: str, field: Field) -> Term | None:
    if part == "L" and field is QUARTZ_WEEKDAY:
        return Term("range", 6, 6)
    if len(part) > 1 and part.endswith("L"):
        return Term("last_of", _value(text, at, part[:-1], field) % 7)
    day, sharp, nth = part.partition("#")
    if not sharp:
        return None
    weekday = _value(text, at, day, field) % 7
    if nth not in ("1", "2", "3", "4", "5"):
        raise CronError(text, at + len(day) + 1, "nth", field="weekday", part=nth or "#")
    return Term("nth", weekday, int(nth))


def _value(text: str, at: int, part: str, field: Field) -> int:
    """A number or word as the number that Term counts with."""
    if not part:
        raise CronError(text, at, "missing", field=field.name)
    if part in field.words:
        return field.words.index(part) + (0 if field in WEEKDAYS else field.low)
    if not part.isdigit():
        raise CronError(text, at, "unreadable", field=field.name, part=part)
    if len(part) > LONGEST_NUMBER or not field.low <= int(part) <= field.high:
        instead = MEANT.get((field.name, part))
        suggestion = text[:at] + instead + text[at + len(part) :] if instead else None
        bounds = {"low": field.low, "high": field.high}
        raise CronError(text, at, "out_of_range", suggestion, field=field.name, part=part, **bounds)
    return int(part) - (1 if field is QUARTZ_WEEKDAY else 0)


def _step(text: str, at: int, part: str, field: Field) -> int:
    most = 6 if field in WEEKDAYS else field.high - field.low
    if not part.isdigit() or len(part) > LONGEST_NUMBER or not 1 <= int(part) <= most:
        raise CronError(text, at, "step", field=field.name, part=part or "/", most=most)
    return int(part)


def _any(field: Field, step: int) -> Term:
    return Term("any", 0, 6, step) if field in WEEKDAYS else Term("any", field.low, field.high, step)


def _highest(field: Field) -> int:
    """Where n/step ends; Unix counts Sunday once more at the week's end."""
    return 6 if field is QUARTZ_WEEKDAY else field.high


def _wrapped(left: str, right: str, field: Field) -> str:
    """A range that runs over its field's end, as the two ranges that it means."""
    words = field.words if left.isalpha() and right.isalpha() else ()
    high, low = (words[-1], words[0]) if words else (str(field.high), str(field.low))
    if field is UNIX_WEEKDAY and not words:
        high = "6"
    return ",".join(a if a == b else f"{a}-{b}" for a, b in ((left, high), (low, right)))

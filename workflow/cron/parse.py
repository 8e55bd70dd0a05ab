"""Reads a timing from text: Unix cron (5 fields), Quartz (6 or 7), or an interval; what can never fire is refused."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import available_timezones

from workflow.cron.cures import cures
from workflow.cron.instants import fires_ever, next_after
from workflow.cron.problems import CronError
from workflow.cron.terms import read_terms
from workflow.cron.values import LAYOUT, UNITS, Cron, Interval, Term, Timing

LONGEST = 200
DAY = 86_400
FOREIGN = re.compile(r"[^0-9A-Za-z*/,?#\- \t]")
INTERVAL = re.compile(r"every[ \t]+([0-9]{1,9})[ \t]*([a-z]*)")
UNIT_WORDS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
}


def parse(text: str, zone: str, *, after: datetime | None = None) -> Timing:
    """The timing that the text says, its wall times being those of the zone (an IANA name).

    With `after`, one whose last instant is not later is refused too. Raises CronError, and nothing else.
    """
    try:
        timing = _read(text, zone)
        if after is not None and isinstance(timing, Cron) and next_after(timing, after) is None:
            raise CronError(text, _place(timing, "year"), "past")
    except CronError as error:
        raise error.with_suggestion(_cure(error, zone, after)) from None
    return timing


def _cure(error: CronError, zone: str, after: datetime | None) -> str | None:
    """The first correction that would itself be accepted."""
    if error.reason in ("too_long", "zone", "past"):
        return None
    offered = [error.suggestion] if error.suggestion else []
    return next((text for text in (*offered, *cures(error.text)) if _accepted(text, zone, after)), None)


def _accepted(text: str, zone: str, after: datetime | None) -> bool:
    try:
        timing = _read(text, zone)
    except CronError:
        return False
    return after is None or isinstance(timing, Interval) or next_after(timing, after) is not None


def _read(text: str, zone: str) -> Timing:
    if len(text) > LONGEST:
        raise CronError(text, LONGEST, "too_long", most=LONGEST)
    if zone not in _zones():
        raise CronError(text, 0, "zone", part=ascii(zone[:40]))
    if foreign := FOREIGN.search(text):
        raise CronError(text, foreign.start(), "character", part=_named(foreign.group()))
    words = text.strip(" \t").lower()
    if words.startswith("every"):
        return _interval(text, words)
    return _cron(text, zone)


def _interval(text: str, words: str) -> Interval:
    match = INTERVAL.fullmatch(words)
    unit = UNIT_WORDS.get(match[2]) if match else None
    if match and unit:
        # the bound comes first: a timedelta of so many days would overflow
        seconds = int(match[1]) * (DAY if unit == "d" else UNITS[unit])
        if 1 <= seconds <= 366 * DAY:
            return Interval(timedelta(seconds=seconds))
    raise CronError(text, text.lower().index("every"), "interval")


def _cron(text: str, zone: str) -> Cron:
    spans = [match.span() for match in re.finditer(r"[^ \t]+", text)]
    capitals = text.upper()
    written = [capitals[start:end] for start, end in spans]
    if not spans:
        raise CronError(text, 0, "empty")
    question = next((start for start, end in spans if text[start:end] == "?"), None)
    layout = LAYOUT.get(len(spans))
    if question is not None and len(spans) <= 5:
        raise CronError(text, question, "question_count", count=len(spans))
    if layout is None:
        at = spans[7][0] if len(spans) > 7 else len(text.rstrip(" \t"))
        raise CronError(text, at, "field_count", count=len(spans))
    for (start, end), field in zip(spans, layout, strict=True):
        at = capitals.find("?", start, end)
        if at >= 0 and (field.name not in ("day", "weekday") or end - start > 1):
            raise CronError(text, at, "question_place", field=field.name)
    if len(spans) > 5:
        written[3], written[5] = _one_day(text, spans, written)
    terms = _terms(text, capitals, spans)
    cron = Cron(text, "unix" if len(spans) == 5 else "quartz", tuple(written), zone, terms)
    if not fires_ever(cron):
        raise CronError(text, _place(cron, "day"), "never")
    return cron


def _terms(text: str, capitals: str, spans: list[tuple[int, int]]) -> tuple[tuple[Term, ...], ...]:
    """Each field's terms; a wrong one is told of the text as it was written."""
    try:
        return tuple(
            read_terms(capitals, start, end, field)
            for (start, end), field in zip(spans, LAYOUT[len(spans)], strict=True)
        )
    except CronError as error:
        parts = dict(error.parts)
        if "part" in parts and (found := capitals.find(str(parts["part"]), error.position)) >= 0:
            parts["part"] = text[found : found + len(str(parts["part"]))]
        raise CronError(text, error.position, error.reason, error.suggestion, **parts) from None


def _one_day(text: str, spans: list[tuple[int, int]], written: list[str]) -> tuple[str, str]:
    """Quartz's day of month and of week, of which one says nothing; a star beside a day is read as that `?`."""
    day, weekday = written[3], written[5]
    if day == weekday == "?":
        raise CronError(text, spans[5][0], "question_both")
    if "?" in (day, weekday):
        return day, weekday
    if weekday == "*":
        return day, "?"
    if day == "*":
        return "?", weekday
    raise CronError(text, spans[5][0], "two_days")


def _place(cron: Cron, name: str) -> int:
    """Where a field begins in the text; where the text begins if it has no such field."""
    starts = [match.start() for match in re.finditer(r"[^ \t]+", cron.text)]
    return next((at for at, field in zip(starts, LAYOUT[len(starts)], strict=True) if field.name == name), starts[0])


def _named(character: str) -> str:
    return character if character.isprintable() and character != " " else f"U+{ord(character):04X}"


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())

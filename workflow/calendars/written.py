"""A calendar as JSON, as it is stored, and as people type changes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from workflow.calendars.calendar import Calendar
from workflow.calendars.days import Holiday, Hours, Span, Workday
from workflow.calendars.problems import BadCalendar
from workflow.calendars.words import spans_said

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED = "closed"
_SPAN = re.compile(r"(\d{1,2}:\d{2})\s*[-–~]\s*(\d{1,2}:\d{2})")
_PERIOD = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?")
SHOWN = 60
"""This much of a wrong text is repeated."""


@dataclass(frozen=True)
class Changes:
    """What somebody types about a calendar. hours: mon-fri=09:00-17:00; without days: of every weekday.

    holidays: 2026-10-01..2026-10-07=NAME. workdays: 2026-10-10, or 2026-10-10=09:00-12:00. open_again, no_workdays:
    days whose holiday, or whose make-up day, is taken out. until: up to when its holidays are entered; none: unknown.
    """

    hours: Sequence[str] = ()
    holidays: Sequence[str] = ()
    workdays: Sequence[str] = ()
    no_holidays: Sequence[str] = ()
    no_workdays: Sequence[str] = ()
    zone: str | None = None
    until: str | None = None

    @property
    def nothing(self) -> bool:
        return self == Changes()


def changed(calendar: Calendar, changes: Changes) -> Calendar:
    """The calendar with the changes; what is taken out goes first. Raises BadCalendar."""
    week, holidays, workdays = list(calendar.week), list(calendar.holidays), list(calendar.workdays)
    for text in changes.hours:
        days, _, spans = text.rpartition("=")
        hours = _hours(spans)
        for day in _weekdays(days) if days else range(7):
            week[day] = hours
    for text in changes.no_holidays:
        gone = [one for one in holidays if _day(text) in one]
        if not gone:
            raise BadCalendar("absent", value=_day(text))
        holidays.remove(gone[0])
    for text in changes.no_workdays:
        made = [one for one in workdays if one.day == _day(text)]
        if not made:
            raise BadCalendar("absent", value=_day(text))
        workdays.remove(made[0])
    until = calendar.until if changes.until is None else None if changes.until == "none" else _day(changes.until)
    return replace(
        calendar,
        zone=changes.zone or calendar.zone,
        week=tuple(week),
        holidays=(*holidays, *map(_holiday, changes.holidays)),
        workdays=(*workdays, *map(_workday, changes.workdays)),
        until=until,
    )


def as_json(calendar: Calendar) -> dict[str, Any]:
    """Everything but its name and its version."""
    return {
        "zone": calendar.zone,
        "week": {day: spans_said(hours) or CLOSED for day, hours in zip(DAYS, calendar.week, strict=True)},
        "holidays": [{"days": str(one), "name": one.name} for one in calendar.holidays],
        "workdays": [str(one) for one in calendar.workdays],
        "until": None if calendar.until is None else str(calendar.until),
    }


def read_calendar(name: str, version: int, kept: Mapping[str, Any]) -> Calendar:
    """The calendar that as_json wrote. Raises BadCalendar where it is none."""
    try:
        until = kept.get("until")
        return Calendar(
            name,
            zone=kept["zone"],
            version=version,
            week=tuple(_hours(kept["week"][day]) for day in DAYS),
            holidays=tuple(replace(_holiday(one["days"]), name=one["name"]) for one in kept["holidays"]),
            workdays=tuple(map(_workday, kept["workdays"])),
            until=None if until is None else _day(until),
        )
    except (LookupError, TypeError, AttributeError) as error:
        raise BadCalendar("unknown", value=error) from error


def _weekdays(text: str) -> list[int]:
    found: list[int] = []
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last and last not in DAYS):
            raise BadCalendar("weekday", value=text[:SHOWN])
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found += [(begin + n) % 7 for n in range((end - begin) % 7 + 1)]
    return found


def _hours(text: str) -> Hours:
    if text.strip() == CLOSED:
        return ()
    found = []
    for part in text.split("+"):
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            raise BadCalendar("hours", value=repr(text[:SHOWN]))
        found.append(Span(_time(match[1], text), _time(match[2], text)))
    return tuple(sorted(found))


def _time(text: str, whole: str) -> time:
    try:
        return time() if text == "24:00" else time.fromisoformat(text.zfill(5))
    except ValueError as error:
        raise BadCalendar("hours", value=repr(whole[:SHOWN])) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadCalendar("date", value=repr(text[:SHOWN])) from error


def _holiday(text: str) -> Holiday:
    days, equals, name = text.partition("=")
    match = _PERIOD.fullmatch(days.strip())
    if match is None:
        raise BadCalendar("date", value=repr(days[:SHOWN]))
    if equals and not name.strip():
        raise BadCalendar("label", value="''")
    return Holiday(_day(match[1]), _day(match[2] or match[1]), name.strip())


def _workday(text: str) -> Workday:
    day, equals, spans = text.partition("=")
    if equals and not _hours(spans):  # without hours it would have those of the first open weekday
        raise BadCalendar("shut", value=text[:SHOWN], day=_day(day))
    return Workday(_day(day), _hours(spans) if equals else ())

"""What the commands say of calendars: hours, holidays, whether they are open now, and what a change changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from caseward.console.terminal.view import View
from caseward.console.wording.seen import Reader
from workflow.calendars import Calendar, as_json
from workflow.calendars.days import Holiday, Workday
from workflow.calendars.words import spans_said, weekly


def hours_lines(calendar: Calendar, reader: Reader) -> Iterator[str]:
    """A line for weekdays of the same hours."""
    texts = reader.texts
    for days, hours in weekly(calendar.week, texts.language):
        named = texts("calendar.every_day") if len(set(calendar.week)) == 1 else days
        yield f"{named}  {spans_said(hours) if hours else texts('calendar.closed')}"


def holiday_said(one: Holiday) -> str:
    return f"{one}  {one.name}" if one.name else str(one)


def workday_said(one: Workday) -> str:
    return f"{one.day}  {spans_said(one.hours)}" if one.hours else str(one.day)


def now_said(calendar: Calendar, reader: Reader) -> str:
    """Open or closed at this moment, until when, and for which holiday."""
    now = reader.moments.now
    if calendar.is_open(now):
        return reader.texts("calendar.is_open", until=reader.moments.zoned(calendar.closing(now)))
    holiday = calendar.holiday(calendar.day_of(now))
    name = f" ({holiday.name})" if holiday is not None and holiday.name else ""
    return reader.texts("calendar.is_closed", until=reader.moments.zoned(calendar.opening(now))) + name


def changes(before: Calendar, after: Calendar, reader: Reader) -> Iterator[str]:
    """Each thing that differs, a line."""
    texts = reader.texts
    if before.zone != after.zone:
        yield texts("schedule.change", what=texts("calendar.field.zone"), was=before.zone, now=after.zone)
    if before.week != after.week:
        was, now = (", ".join(hours_lines(one, reader)) for one in (before, after))
        yield texts("schedule.change", what=texts("calendar.field.week"), was=was, now=now)
    for field, old, new in (
        ("holidays", list(map(holiday_said, before.holidays)), list(map(holiday_said, after.holidays))),
        ("workdays", list(map(workday_said, before.workdays)), list(map(workday_said, after.workdays))),
    ):
        yield from (texts(f"calendar.{field}.added", day=day) for day in new if day not in old)
        yield from (texts(f"calendar.{field}.gone", day=day) for day in old if day not in new)
    if before.until != after.until:
        was, now = (until_said(one.until, reader) for one in (before, after))
        yield texts("schedule.change", what=texts("calendar.field.until"), was=was, now=now)


def until_said(until: date | None, reader: Reader) -> str:
    return reader.texts("calendar.no_until") if until is None else str(until)


def calendar_shape(view: View, calendar: Calendar) -> dict[str, Any]:
    now, moments = view.moments.now, view.moments
    is_open, today = calendar.is_open(now), calendar.day_of(now)
    return {
        "name": calendar.name,
        "version": calendar.version,
        **as_json(calendar),
        "hours": view.both(lambda reader: calendar.describe(reader.texts.language, on=today)),
        "open": is_open,
        "changes_at": moments.iso(calendar.closing(now) if is_open else calendar.opening(now)),
    }

"""When remote systems are open: hours by weekday, holidays, and days that make up for them; as values and as text."""

from __future__ import annotations

from workflow.calendars.calendar import Calendar
from workflow.calendars.days import Holiday, Span, Workday
from workflow.calendars.problems import BadCalendar
from workflow.calendars.written import Changes, as_json, changed, read_calendar

__all__ = ["BadCalendar", "Calendar", "Changes", "Holiday", "Span", "Workday", "as_json", "changed", "read_calendar"]

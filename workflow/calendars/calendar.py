"""A calendar: whether a remote system is open at an instant, and when it opens or closes next, in its time zone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from workflow.calendars.days import DAY, Holiday, Hours, Span, Workday, instant_of
from workflow.calendars.problems import BadCalendar, Language
from workflow.calendars.words import exceptions_said, hours_said
from workflow.cron import FIRST_YEAR, LAST_YEAR

LONGEST = 366
"""No calendar is closed for this many days in a row; the next opening is searched no further."""
YEAR = LONGEST * DAY
MOST = 400
"""One calendar holds this many holidays and working days at most."""
LABEL = 40
"""A holiday's name has this many characters at most."""


@dataclass(frozen=True, init=False)
class Calendar:
    """Open on each weekday in its hours, but for holidays, and on working days that make up for them.

    week: the hours of each weekday, Monday first. until: its holidays are entered up to this day; None: nobody says.
    Spans are half-open, begin on their day, and may end after midnight. Instants are aware; answers are in the
    instant's own zone. Raises BadCalendar where it contradicts itself or is closed for longer than a year.
    """

    name: str
    zone: str
    week: tuple[Hours, ...]
    version: int
    holidays: tuple[Holiday, ...]
    workdays: tuple[Workday, ...]
    until: date | None

    def __init__(
        self,
        name: str,
        opens: time | None = None,
        closes: time | None = None,
        zone: str = "UTC",
        version: int = 1,
        *,
        week: tuple[Hours, ...] | None = None,
        closed: Collection[int] = (),
        holidays: Collection[Holiday] = (),
        workdays: Collection[Workday] = (),
        until: date | None = None,
    ) -> None:
        """Give opens and closes, the same on every weekday but for those closed (0 is Monday), or give the week."""
        if (week is None) != (opens is not None and closes is not None):
            raise TypeError(f"calendar {name}: give opens and closes, or week")
        if opens is not None and closes is not None:
            week = tuple(() if day in closed else (Span(opens, closes),) for day in range(7))
        values = {
            "name": name,
            "zone": zone,
            "version": version,
            "week": tuple(tuple(sorted(hours)) for hours in week or ()),
            "holidays": tuple(sorted(holidays)),
            "workdays": tuple(sorted(workdays)),
            "until": until,
        }
        for field, value in values.items():
            object.__setattr__(self, field, value)
        _check(self)

    def is_open(self, at: datetime) -> bool:
        return any(begin <= at < end for begin, end in self._around(at))

    def opening(self, after: datetime) -> datetime:
        """The next instant at which it is open; the instant itself when it is."""
        begin, _ = next(self._spans(after))
        return begin.astimezone(after.tzinfo) if begin > after else after

    def closing(self, after: datetime) -> datetime:
        """The next instant at which it closes; one a year away where it stays open for longer."""
        _, end = next(self._spans(after, YEAR))
        return end.astimezone(after.tzinfo)

    def fits(self, at: datetime, takes: timedelta) -> bool:
        """Whether something that takes this long, begun now, ends before closing."""
        begin, end = next(self._spans(at, takes))
        return begin <= at and at.astimezone(UTC) + takes <= end

    def next_fit(self, at: datetime, takes: timedelta) -> datetime:
        """The first instant at which it fits; where it never does, the next opening."""
        begin = self._first_fit(at, takes)
        if begin is None:
            begin = next(begin for begin, _ in self._spans(at) if begin > at)
        return begin.astimezone(at.tzinfo) if begin > at else at

    def ever_fits(self, at: datetime, takes: timedelta) -> bool:
        """Whether something that takes this long can ever, within a year, end before closing."""
        return self._first_fit(at, takes) is not None

    def coming(self, after: datetime, n: int) -> list[tuple[datetime, datetime]]:
        """The next times that it is open, in UTC, each from when until when."""
        return list(islice(self._spans(after, YEAR), n))

    def hours_on(self, day: date) -> Hours:
        """The spans that begin on this day."""
        for one in self.workdays:
            if one.day == day:
                return one.hours or next(hours for hours in self.week if hours)
        return () if self.holiday(day) is not None else self.week[day.weekday()]

    def holiday(self, day: date) -> Holiday | None:
        """The holiday that this day belongs to."""
        return next((one for one in self.holidays if day in one), None)

    def day_of(self, at: datetime) -> date:
        """The day that its clocks show."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def describe(self, language: Language = "en", *, on: date | None = None) -> str:
        """Its hours in short. on: also what differs in the days from this one on."""
        said = hours_said(self.week, self.zone, language)
        return said if on is None else said + exceptions_said(self.holidays, self.workdays, on, language)

    def _around(self, at: datetime) -> list[tuple[datetime, datetime]]:
        """The spans that begin on the instant's day and on the day before."""
        zone, day = ZoneInfo(self.zone), self.day_of(at)
        return [span.on(begun, zone) for begun in (day - DAY, day) for span in self.hours_on(begun)]

    def _first_fit(self, at: datetime, takes: timedelta) -> datetime | None:
        spans = self._spans(at, takes)
        return next((begin for begin, end in spans if max(begin, at.astimezone(UTC)) + takes <= end), None)

    def _spans(self, after: datetime, long: timedelta = timedelta(0)) -> Iterator[tuple[datetime, datetime]]:
        """The spans that are open from this instant on, in UTC and in order, for some more than a year.

        Spans that touch are one, up to that length.
        """
        held: tuple[datetime, datetime] | None = None
        zone, today, after = ZoneInfo(self.zone), self.day_of(after), after.astimezone(UTC)
        for day in (today + n * DAY for n in range(-1, LONGEST + 3)):
            if held is not None and held[1] < instant_of(day, time(), zone):
                yield held
                held = None
            for span in self.hours_on(day):
                begin, end = span.on(day, zone)
                if end <= max(after, begin):  # over, or skipped by a clock that was put forward
                    continue
                if held is not None and begin <= held[1] < max(held[0], after) + long:
                    held = held[0], max(held[1], end)
                    continue
                if held is not None:
                    yield held
                held = begin, end
        if held is not None:
            yield held


def _check(calendar: Calendar) -> None:
    try:
        ZoneInfo(calendar.zone)
    except (KeyError, ValueError, OSError) as error:
        raise BadCalendar("zone", value=calendar.zone) from error
    if len(calendar.week) != 7:
        raise BadCalendar("week", value=len(calendar.week))
    for hours in (*calendar.week, *(one.hours for one in calendar.workdays)):
        for one, other in pairwise(hours):
            if other.opens < one.closes or one.closes <= one.opens:
                raise BadCalendar("overlap", value=f"{one} {other}")
    if not any(calendar.week):
        raise BadCalendar("never")
    _check_days(calendar)
    for holiday in calendar.holidays:
        days = (holiday.first + n * DAY for n in range(LONGEST))
        if not any(calendar.hours_on(day) for day in days):
            raise BadCalendar("closed_long", value=holiday.first)


def _check_days(calendar: Calendar) -> None:
    """Raise where a day is named twice or lies outside the years, or a holiday's name cannot be read."""
    holidays, workdays = calendar.holidays, calendar.workdays
    if len(holidays) + len(workdays) > MOST:
        raise BadCalendar("many", value=len(holidays) + len(workdays), most=MOST)
    for day in (*(day for one in holidays for day in (one.first, one.last)), *(one.day for one in workdays)):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise BadCalendar("date", value=day)
    for holiday in holidays:
        if holiday.last < holiday.first:
            raise BadCalendar("backwards", value=holiday)
        if holiday.last - holiday.first >= YEAR:
            raise BadCalendar("too_long", value=holiday)
        if holiday.name and not (len(holiday.name) <= LABEL and holiday.name.isprintable()):
            raise BadCalendar("label", value=repr(holiday.name)[: LABEL + 20])
    for one, other in pairwise(holidays):
        if other.first <= one.last:
            raise BadCalendar("twice", value=other)
    for before, after in pairwise(workdays):
        if before.day == after.day:
            raise BadCalendar("twice", value=after.day)
    for workday in workdays:
        if calendar.holiday(workday.day) is not None:
            raise BadCalendar("both", value=workday.day)

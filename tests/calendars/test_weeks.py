"""Hours by weekday, holidays and the days that make up for them, over midnight and over the turns of a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.calendars import BadCalendar, Calendar, Changes, Holiday, Span, Workday, as_json, changed, read_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
NATIONAL_DAY = Holiday(date(2026, 10, 1), date(2026, 10, 7), "国庆节")
"""As the State Council's notice of 4 November 2025 arranges it, with two days that make up for it."""
OFFICE = Calendar(
    "office", time(9), time(17), "Asia/Shanghai", closed=(5, 6),
    holidays=[NATIONAL_DAY], workdays=[Workday(date(2026, 9, 20)), Workday(date(2026, 10, 10))],
)  # fmt: skip


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("2026-09-18 12:00", True),  # a Friday
        ("2026-09-19 12:00", False),
        ("2026-09-20 12:00", True),  # a Sunday that makes up
        ("2026-09-20 17:00", False),
        ("2026-09-30 16:59", True),
        ("2026-10-01 12:00", False),  # a Thursday
        ("2026-10-07 12:00", False),
        ("2026-10-08 09:00", True),
        ("2026-10-10 09:00", True),  # a Saturday that makes up
        ("2026-10-11 12:00", False),
    ],
)
def test_a_week_of_holidays_is_closed_and_the_days_that_make_up_for_it_are_open(text: str, is_open: bool) -> None:
    assert OFFICE.is_open(at(text)) is is_open


def test_what_does_not_fit_before_the_holidays_waits_for_the_day_after_them() -> None:
    evening = at("2026-09-30 16:30")
    assert OFFICE.next_fit(evening, timedelta(minutes=30)) == evening
    assert OFFICE.next_fit(evening, timedelta(minutes=31)) == at("2026-10-08 09:00")
    assert OFFICE.opening(at("2026-10-01 00:00")) == at("2026-10-08 09:00")
    assert OFFICE.opening(at("2026-10-09 17:00")) == at("2026-10-10 09:00")


def test_a_span_belongs_to_the_day_on_which_it_begins() -> None:
    night = Calendar("night", time(22), time(6), "Asia/Shanghai", closed=(5, 6), holidays=[NATIONAL_DAY])
    assert night.is_open(at("2026-10-01 05:59")), "the night before the holiday goes on to its end"
    assert not night.is_open(at("2026-10-01 22:30"))
    assert night.is_open(at("2026-09-19 03:00")), "Friday's night ends on Saturday"
    assert not night.is_open(at("2026-09-19 23:00"))


def test_spans_that_touch_are_one_and_a_gap_of_noon_is_none() -> None:
    hours = ((Span(time(8), time(12)), Span(time(13), time(0))), (Span(time(0), time(8)),), *[()] * 5)
    calendar = Calendar("halves", zone="Asia/Shanghai", week=hours)
    monday = at("2026-11-30 13:00")
    assert calendar.closing(monday) == at("2026-12-01 08:00")
    assert calendar.fits(monday, timedelta(hours=19))
    assert not calendar.fits(monday, timedelta(hours=19, seconds=1))
    assert calendar.next_fit(at("2026-11-30 08:00"), timedelta(hours=5)) == monday


def test_what_never_fits_is_known_and_waits_for_the_next_opening() -> None:
    assert not OFFICE.ever_fits(at("2026-11-30 09:00"), timedelta(hours=9))
    assert OFFICE.next_fit(at("2026-11-30 09:00"), timedelta(hours=9)) == at("2026-12-01 09:00")
    always = Calendar("always", time(0), time(0), "Asia/Shanghai")
    assert always.fits(at("2026-11-30 23:59"), timedelta(days=30))
    assert always.closing(at("2026-11-30 12:00")) > at("2027-11-30 12:00")


@pytest.mark.parametrize(
    ("calendar", "asked", "opens"),
    [
        # 02:00 to 03:00 is left out on 29 March 2026 and comes twice on 25 October
        (Calendar("b", time(2, 30), time(5), "Europe/Berlin"), "2026-03-29 01:00", "2026-03-29 03:00"),
        (Calendar("b", time(2, 30), time(2, 45), "Europe/Berlin"), "2026-03-29 01:00", "2026-03-30 02:30"),
        (Calendar("b", time(2, 30), time(3, 10), "Europe/Berlin"), "2026-03-29 01:00", "2026-03-29 03:00"),
        (Calendar("b", time(2, 30), time(5), "Europe/Berlin"), "2026-10-25 01:00", "2026-10-25 02:30"),
    ],
)
def test_hours_that_a_zone_leaves_out_begin_as_its_clock_jumps(calendar: Calendar, asked: str, opens: str) -> None:
    assert calendar.opening(at(asked, "Europe/Berlin").astimezone(UTC)) == at(opens, "Europe/Berlin").astimezone(UTC)


quarters = st.integers(0, 95).map(lambda n: time(n // 4, 15 * (n % 4)))


@st.composite
def hours(draw: st.DrawFn) -> tuple[Span, ...]:
    edges = sorted(draw(st.sets(quarters, min_size=0, max_size=4)))
    if len(edges) % 2:
        return (Span(edges[-1], edges[0]),)  # over midnight
    return tuple(Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=True))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = tuple(draw(hours()) for _ in range(7))
    days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
    starts = sorted(draw(st.sets(days, max_size=4)))
    holidays = [
        Holiday(first, min(first + draw(st.integers(0, 9)) * DAY, after - DAY))
        for first, after in zip(starts, [*starts, date(2028, 1, 1)][1:], strict=True)
    ]
    free = [day for day in draw(st.sets(days, max_size=4)) if not any(day in one for one in holidays)]
    zone = draw(st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]))
    made = [Workday(day, draw(hours())) for day in free]
    if not any(week):
        week = ((Span(time(9), time(17)),), *week[1:])
    return Calendar("any", zone=zone, week=week, holidays=holidays, workdays=made)


instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def by_the_clock(calendar: Calendar, instant: datetime) -> bool | None:
    """Whether a clock on the wall shows a time of today's spans, or of yesterday's that go on; None: it comes twice."""
    wall = instant.astimezone(ZoneInfo(calendar.zone))
    if wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset():
        return None
    now, today = wall.time(), wall.date()
    late = any(one.opens <= now and (now < one.closes or one.closes <= one.opens) for one in calendar.hours_on(today))
    early = any(now < one.closes <= one.opens for one in calendar.hours_on(today - DAY))
    return late or early


@given(calendars(), instants)
def test_it_is_open_when_the_clock_on_its_wall_says_so(calendar: Calendar, instant: datetime) -> None:
    said = by_the_clock(calendar, instant)
    assert said is None or calendar.is_open(instant) is said


@settings(deadline=None)
@given(calendars(), instants, st.integers(0, 10**6))
def test_nothing_is_open_before_the_next_opening_or_shut_before_the_next_closing(
    calendar: Calendar, instant: datetime, part: int
) -> None:
    opening = calendar.opening(instant)
    assert calendar.is_open(opening)
    assert opening >= instant
    assert (opening == instant) is calendar.is_open(instant)
    assert opening == instant or not calendar.is_open(instant + (opening - instant) * (part / (10**6 + 1)))
    closing = calendar.closing(opening)
    assert closing > opening
    assert calendar.is_open(opening + (closing - opening) * (part / (10**6 + 1)))


MICRO = timedelta(microseconds=1)


@settings(deadline=None)
@given(calendars(), instants, st.integers(1, 40 * 60))
def test_what_fits_ends_before_closing_and_nothing_sooner_would(
    calendar: Calendar, instant: datetime, minutes: int
) -> None:
    takes = timedelta(minutes=minutes)
    begin = calendar.next_fit(instant, takes)
    if not calendar.ever_fits(instant, takes):
        assert begin == calendar.opening(begin) > instant
        return
    assert calendar.fits(begin, takes)
    assert begin + takes <= calendar.closing(begin)
    assert begin == instant or not calendar.fits(instant, takes)
    assert begin == instant or not calendar.fits(begin - MICRO, takes + MICRO)


@given(calendars())
def test_what_is_kept_comes_back_the_same(calendar: Calendar) -> None:
    assert read_calendar("any", 1, as_json(calendar)) == calendar


def test_what_people_type_becomes_hours_holidays_and_working_days() -> None:
    typed = Changes(
        hours=["mon-fri=08:30-12:00+13:00-17:00", "sat,sun=closed"],
        holidays=["2027-02-06..2027-02-12=Spring Festival (invented)", "2027-01-01"],
        workdays=["2027-02-14", "2027-01-02=09:00-12:00"],
        until="2027-12-31",
    )
    calendar = changed(Calendar("office", time(9), time(17), "Asia/Shanghai"), typed)
    assert calendar.hours_on(date(2027, 1, 4)) == (Span(time(8, 30), time(12)), Span(time(13), time(17)))
    assert calendar.hours_on(date(2027, 1, 2)) == (Span(time(9), time(12)),)
    assert calendar.hours_on(date(2027, 2, 14)) == calendar.hours_on(date(2027, 1, 4))
    assert calendar.hours_on(date(2027, 2, 8)) == ()
    opened = changed(calendar, Changes(no_holidays=["2027-02-08"], no_workdays=["2027-02-14"], until="none"))
    assert opened.hours_on(date(2027, 2, 9))
    assert (opened.holidays, opened.until) == ((Holiday(date(2027, 1, 1), date(2027, 1, 1)),), None)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (Changes(hours=["closed"]), "it would never be open; give a weekday hours"),
        (Changes(hours=["25:00-26:00"]), "'25:00-26:00' is no span of a day; write 08:00-23:00"),
        (Changes(hours=["funday=09:00-17:00"]), "funday is no weekday; write mon, mon-fri or sat,sun"),
        (Changes(hours=["09:00-12:00+11:00-13:00"]), "09:00-12:00 11:00-13:00 overlap"),
        (Changes(holidays=["2026-02-30"]), "'2026-02-30' is no day; write 2026-10-01"),
        (Changes(holidays=["2026-10-07..2026-10-01"]), "2026-10-07..2026-10-01 ends before it begins"),
        (Changes(holidays=["2026-10-05"]), "2026-10-05 is named twice"),
        (Changes(workdays=["2026-10-05"]), "2026-10-05 is a holiday and a working day"),
        (Changes(holidays=["2026-11-01..2027-12-01"]), "2026-11-01..2027-12-01 is longer than a year"),
        (
            Changes(holidays=["2026-11-01..2027-10-01", "2027-10-02..2028-05-01"]),
            "it would be closed for more than a year from 2026-11-01",
        ),
        (Changes(zone="Asia/Nowhere"), "there is no time zone Asia/Nowhere"),
        (Changes(no_holidays=["2026-12-24"]), "2026-12-24 is not in it"),
        (Changes(workdays=["2026-12-05=closed"]), "2026-12-05=closed opens no hours; write --holiday 2026-12-05"),
    ],
)
def test_what_makes_no_calendar_is_refused_with_its_cure(changes: Changes, told: str) -> None:
    with pytest.raises(BadCalendar) as refused:
        changed(OFFICE, changes)
    assert refused.value.told("en").startswith(told)
    assert refused.value.told("zh-CN") != refused.value.told("en")


def test_hours_are_said_by_weekdays_and_with_what_differs_soon() -> None:
    assert OFFICE.describe() == "Mon-Fri 09:00-17:00 Asia/Shanghai"
    assert OFFICE.describe("zh-CN") == "周一至周五 09:00-17:00 Asia/Shanghai"
    soon = date(2026, 9, 15)
    assert OFFICE.describe(on=soon) == (
        "Mon-Fri 09:00-17:00 Asia/Shanghai; open 2026-09-20; closed 2026-10-01..2026-10-07 国庆节; open 2026-10-10"
    )
    assert OFFICE.describe("zh-CN", on=date(2026, 10, 3)) == (
        "周一至周五 09:00-17:00 Asia/Shanghai；休 2026-10-01..2026-10-07 国庆节；上班 2026-10-10"
    )
    assert OFFICE.describe(on=date(2026, 11, 30)) == OFFICE.describe()

"""When a changed calendar opens first where it was closed before."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calendars.test_weeks import calendars, instants
from workflow.calendars import Calendar, Changes, changed
from workflow.scheduler.calendars import newly_open

BUREAU = Calendar("bureau", time(8), time(23), "Asia/Shanghai")
EVENING = datetime(2026, 11, 30, 20, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_calendar_that_only_closes_more_opens_nothing_new() -> None:
    closed = changed(BUREAU, Changes(holidays=["2026-12-01..2026-12-07"], hours=["sat,sun=closed"]))
    assert newly_open(BUREAU, closed, EVENING) is None


def test_the_first_difference_counts_whether_it_is_open_now_or_not() -> None:
    later = changed(BUREAU, Changes(hours=["tue=08:00-24:00"]))
    assert newly_open(BUREAU, later, EVENING) == datetime(2026, 12, 1, 15, tzinfo=UTC)
    holiday = changed(BUREAU, Changes(holidays=["2026-12-01..2026-12-07"]))
    assert newly_open(holiday, BUREAU, EVENING) == datetime(2026, 12, 1, 0, tzinfo=UTC)
    assert holiday.holiday(date(2026, 12, 3)) is not None


@settings(deadline=None)
@given(calendars(), calendars(), instants, st.integers(0, 10**6))
def test_before_it_nothing_is_open_that_was_closed(before: Calendar, after: Calendar, now: datetime, part: int) -> None:
    found = newly_open(before, after, now)
    if found is None:
        return
    assert after.is_open(found)
    assert not before.is_open(found)
    if found == now:
        return
    between = now + (found - now) * (part / (10**6 + 1))
    assert before.is_open(between) or not after.is_open(between)

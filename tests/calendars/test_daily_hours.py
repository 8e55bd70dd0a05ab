"""Opening hours are half-open, and what does not fit before closing waits for the next opening."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendars import Calendar

BUREAU = Calendar("bureau", time(8), time(23), "Asia/Shanghai")
NIGHT = Calendar("night", time(23), time(8), "Asia/Shanghai")
SHANGHAI = ZoneInfo("Asia/Shanghai")
EARLIEST, LATEST = datetime(2026, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-21T{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("local", "is_open"), [("07:59:59", False), ("08:00", True), ("22:59:59", True), ("23:00", False), ("00:00", False)]
)
def test_the_opening_is_included_and_the_closing_is_not(local: str, is_open: bool) -> None:
    assert BUREAU.is_open(at(local)) is is_open
    assert NIGHT.is_open(at(local)) is not is_open


def test_nothing_is_begun_that_would_not_be_through_before_closing() -> None:
    takes = timedelta(seconds=90)
    assert BUREAU.next_fit(at("22:58:30"), takes) == at("22:58:30")
    assert BUREAU.next_fit(at("22:58:31"), takes) == at("08:00") + timedelta(days=1)
    assert BUREAU.next_fit(at("03:00"), takes) == at("08:00")


def test_hours_are_those_of_the_remote_whatever_zone_asks() -> None:
    asked = at("23:30").astimezone(UTC)
    assert BUREAU.opening(asked) == at("08:00") + timedelta(days=1)
    assert BUREAU.opening(asked).tzinfo is UTC


@given(st.datetimes(min_value=EARLIEST, max_value=LATEST, timezones=st.just(UTC)))
def test_the_next_opening_is_open_and_never_before(instant: datetime) -> None:
    for calendar in (BUREAU, NIGHT, Calendar("berlin", time(2, 30), time(3, 30), "Europe/Berlin")):
        opening = calendar.opening(instant)
        assert opening >= instant
        assert calendar.is_open(opening) or calendar.name == "berlin"  # 02:30 does not exist on one night of spring

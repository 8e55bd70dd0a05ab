"""When schedules are due: Quartz's days, the bounds of time, and the hours that zones leave out or repeat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from workflow.cron import Interval, instants, next_after, parse

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


def due(text: str, after: str, n: int, zone: str = "UTC") -> list[str]:
    """The next n instants after a wall time of the zone, as wall times with their offset."""
    place = ZoneInfo(zone)
    found = instants(parse(text, zone), datetime.fromisoformat(after).replace(tzinfo=place), n)
    return [f"{instant.astimezone(place):%m-%d %H:%M%z}" for instant in found]


def days(text: str, after: str, n: int) -> list[str]:
    found = instants(parse(text, "UTC"), datetime.fromisoformat(after).replace(tzinfo=UTC), n)
    return [f"{instant:%Y-%m-%d}" for instant in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 0 9 L * ?", ["2027-01-31", "2027-02-28", "2027-03-31"]),
        ("0 0 9 L-2 * ?", ["2027-01-29", "2027-02-26", "2027-03-29"]),
        ("0 0 9 LW * ?", ["2027-01-29", "2027-02-26", "2027-03-31"]),
        # 1 May is a Saturday, 15 May too, 1 August a Sunday, 31 October a Sunday
        ("0 0 9 1W 5,8 ?", ["2027-05-03", "2027-08-02", "2028-05-01"]),
        ("0 0 9 15W 5 ?", ["2027-05-14", "2028-05-15", "2029-05-15"]),
        ("0 0 9 31W 9,10 ?", ["2027-10-29", "2028-10-31", "2029-10-31"]),
        ("0 0 9 ? * 6L", ["2027-01-29", "2027-02-26", "2027-03-26"]),
        ("0 0 9 ? * MON#5", ["2027-03-29", "2027-05-31", "2027-08-30"]),
        ("0 0 9 ? * 2#1", ["2027-01-04", "2027-02-01", "2027-03-01"]),
        ("0 0 9 ? 1 L", ["2027-01-02", "2027-01-09", "2027-01-16"]),
        ("0 0 9 1,L 2 ?", ["2027-02-01", "2027-02-28", "2028-02-01"]),
        ("0 0 0 1 1 ? 2027/2", ["2027-01-01", "2029-01-01", "2031-01-01"]),
        ("0 0 0 29 2 ?", ["2028-02-29", "2032-02-29", "2036-02-29"]),
        ("0 0 0 31 * ?", ["2027-01-31", "2027-03-31", "2027-05-31"]),
        # Unix: two given days widen each other, a star narrows
        ("0 0 1,15 * 1", ["2027-01-01", "2027-01-04", "2027-01-11"]),
        ("0 0 */2 * 1", ["2027-01-11", "2027-01-25", "2027-02-01"]),
    ],
)
def test_days_are_those_of_the_calendar(text: str, expected: list[str]) -> None:
    assert days(text, "2026-12-31T23:00", 3) == expected


def test_seconds_are_part_of_quartz() -> None:
    assert instants(parse("5/20 * * * * ?", "UTC"), datetime(2026, 1, 1, 0, 0, 44, 999_999, UTC), 3) == (
        datetime(2026, 1, 1, 0, 0, 45, tzinfo=UTC),
        datetime(2026, 1, 1, 0, 1, 5, tzinfo=UTC),
        datetime(2026, 1, 1, 0, 1, 25, tzinfo=UTC),
    )


def test_an_instant_itself_is_not_after_itself() -> None:
    at = datetime(2026, 1, 1, 9, tzinfo=UTC)
    assert next_after(parse("0 9 * * *", "UTC"), at) == at + timedelta(days=1)
    assert next_after(parse("0 9 * * *", "UTC"), at - timedelta(microseconds=1)) == at


def test_time_goes_on_after_2038_and_ends_with_2099() -> None:
    daily = parse("0 9 * * *", "Asia/Shanghai")
    assert next_after(daily, datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC)) == datetime(2038, 1, 20, 1, tzinfo=UTC)
    assert instants(daily, datetime(2099, 12, 30, 12, tzinfo=UTC), 5) == (datetime(2099, 12, 31, 1, tzinfo=UTC),)
    for timing in (daily, Interval(timedelta(seconds=30))):
        assert next_after(timing, datetime.max.replace(tzinfo=UTC)) is None
        assert next_after(timing, datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)) is None


def test_before_1970_the_first_instant_is_that_of_1970() -> None:
    for zone, hour in ((BERLIN, 0), (NEW_YORK, 5)):
        first = next_after(parse("0 * * * *", zone), datetime.min.replace(tzinfo=UTC))
        assert first == datetime(1970, 1, 1, hour, tzinfo=UTC)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        next_after(parse("0 9 * * *", "UTC"), datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused


def test_an_interval_goes_by_elapsed_time_from_1970_whoever_asks() -> None:
    every = parse("every 90 min", BERLIN)
    after = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert instants(every, after, 3) == tuple(
        datetime(2026, 3, 29, hour, minute, tzinfo=UTC) for hour, minute in ((1, 30), (3, 0), (4, 30))
    )


@pytest.mark.parametrize("every", [timedelta(0), timedelta(seconds=-1), timedelta(milliseconds=1500), timedelta(367)])
def test_an_interval_is_of_whole_seconds_up_to_a_year(every: timedelta) -> None:
    with pytest.raises(ValueError, match="whole number of seconds"):
        Interval(every)


# Berlin, 29 March 2026: after 01:59:59 +01 comes 03:00 +02


def test_a_daily_time_that_does_not_exist_is_due_right_after_the_gap() -> None:
    assert due("30 2 * * *", "2026-03-28T00:00", 3, BERLIN) == [
        "03-28 02:30+0100",
        "03-29 03:00+0200",
        "03-30 02:30+0200",
    ]


def test_all_times_of_one_gap_are_due_once() -> None:
    assert due("0/10 2 * * *", "2026-03-28T02:45", 2, BERLIN) == ["03-28 02:50+0100", "03-29 03:00+0200"]
    assert due("0 2,3 * * *", "2026-03-28T23:00", 2, BERLIN) == ["03-29 03:00+0200", "03-30 02:00+0200"]


def test_what_runs_in_every_hour_gets_nothing_made_up_for_a_gap() -> None:
    assert due("30 * * * *", "2026-03-29T01:00", 2, BERLIN) == ["03-29 01:30+0100", "03-29 03:30+0200"]
    assert due("0 5/10 * * * ?", "2026-03-29T01:50", 2, BERLIN) == ["03-29 01:55+0100", "03-29 03:05+0200"]


def test_a_gap_at_midnight_moves_the_day_to_its_first_instant() -> None:
    found = due("0 0 * * *", "2018-11-03T00:00", 3, "America/Sao_Paulo")
    assert found == ["11-04 01:00-0200", "11-05 00:00-0200", "11-06 00:00-0200"]


def test_a_day_that_a_zone_left_out_is_due_at_the_start_of_the_next() -> None:
    found = due("0 12 * * *", "2011-12-29T00:00", 3, "Pacific/Apia")
    assert found == ["12-29 12:00-1000", "12-31 00:00+1400", "12-31 12:00+1400"]


# Berlin, 25 October 2026: after 02:59:59 +02 comes 02:00 +01


def test_a_daily_time_that_comes_twice_is_due_the_first_time() -> None:
    assert due("30 2 * * *", "2026-10-25T00:00", 2, BERLIN) == ["10-25 02:30+0200", "10-26 02:30+0100"]
    second_pass = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert next_after(parse("30 2 * * *", BERLIN), second_pass) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_what_runs_by_the_hour_or_oftener_runs_through_both_passes() -> None:
    assert due("0 * * * *", "2026-10-25T01:30", 3, BERLIN) == [
        "10-25 02:00+0200",
        "10-25 02:00+0100",
        "10-25 03:00+0100",
    ]
    assert due("0 0/30 22,23,0-7 * * ?", "2026-10-25T01:45", 5, BERLIN) == [
        "10-25 02:00+0200",
        "10-25 02:30+0200",
        "10-25 02:00+0100",
        "10-25 02:30+0100",
        "10-25 03:00+0100",
    ]


def test_half_an_hour_may_be_repeated_too() -> None:
    # Lord Howe, 5 April 2026: after 01:59:59 +11 comes 01:30 +10:30
    found = due("45 * * * *", "2026-04-05T01:00", 3, "Australia/Lord_Howe")
    assert found == ["04-05 01:45+1100", "04-05 01:45+1030", "04-05 02:45+1030"]


def test_every_second_of_a_long_gap_is_passed_over_at_once() -> None:
    every_second = parse("* * * * * ?", "Pacific/Apia")
    last = datetime(2011, 12, 30, 9, 59, 59, tzinfo=UTC)
    assert next_after(every_second, last) == last + timedelta(seconds=1)


def test_a_turn_that_follows_no_season_is_kept_to_as_well() -> None:
    # Morocco sets its clocks back for Ramadan: 15 February 2026
    zone = "Africa/Casablanca"
    found = due("0 2 * * *", "2026-02-14T12:00", 3, zone)
    assert found == ["02-15 02:00+0100", "02-16 02:00+0000", "02-17 02:00+0000"]

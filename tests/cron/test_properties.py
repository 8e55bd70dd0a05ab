"""What holds for every cron expression: two other ways of computing agree, and no text does harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from cronsim import CronSim
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.cron.brute import instants_by_the_minute, wall_times
from tests.cron.expressions import UNIX, entries, quartz
from workflow.cron import (
    LONGEST,
    Cron,
    CronError,
    Interval,
    Timing,
    instants,
    next_after,
    normalised,
    parse,
    sentence,
)

SIGNS = "0123456789*/,-?LW# \tMONFRIJA"
INSTANTS = st.datetimes(datetime(2025, 12, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
ZONES = st.sampled_from(sorted(available_timezones()))
# whole hours only: of Lord Howe's half an hour cronsim leaves out what comes twice in the second pass
CROSSED = ("Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Africa/Casablanca")
# the first question about a zone reads its file
UNHURRIED = settings(deadline=None)


def read(expression: str, zone: str = "UTC") -> Cron:
    """A random expression as a value; those that name no day of any month are left out."""
    try:
        timing = parse(expression, zone)
    except CronError as error:
        assume(error.reason != "never")
        raise
    assert isinstance(timing, Cron)
    return timing


def outcome_of(text: str, zone: str) -> Timing | CronError:
    try:
        return parse(text, zone)
    except CronError as error:
        return error


@given(UNIX, INSTANTS)
@settings(max_examples=1000, deadline=None)
def test_unix_expressions_are_due_when_cronsim_says(expression: str, after: datetime) -> None:
    cron = read(expression)
    expected = islice(CronSim(expression, after), 5)
    assert list(instants(cron, after, 5)) == [instant for instant in expected if instant.year < 2100]


@given(quartz(), INSTANTS)
@settings(max_examples=250, deadline=None)
def test_quartz_expressions_are_due_when_every_field_fits(expression: str, after: datetime) -> None:
    cron = read(expression)
    horizon = 70
    end = after.date() + timedelta(days=horizon)
    walls = islice(wall_times(expression, after.replace(tzinfo=None), horizon), 20)
    found = [instant.replace(tzinfo=None) for instant in instants(cron, after, 20) if instant.date() < end]
    assert found == list(walls)


@given(st.one_of(UNIX, quartz()), ZONES)
@UNHURRIED
def test_what_is_printed_reads_as_the_same(expression: str, zone: str) -> None:
    cron = read(expression, zone)
    assert parse(normalised(cron), zone) == cron
    assert normalised(parse(normalised(cron), zone)) == normalised(cron)


@given(st.integers(1, 366 * 86_400))
@UNHURRIED
def test_an_interval_that_is_printed_reads_as_the_same(seconds: int) -> None:
    interval = Interval(timedelta(seconds=seconds))
    assert parse(normalised(interval), "UTC") == interval


@given(st.one_of(UNIX, quartz()), ZONES, INSTANTS)
@UNHURRIED
def test_due_instants_strictly_increase_from_the_instant_on(expression: str, zone: str, after: datetime) -> None:
    due = (after, *instants(read(expression, zone), after, 6))
    assert all(earlier < later for earlier, later in pairwise(due))
    assert all(instant.tzinfo is UTC and instant.microsecond == 0 for instant in due[1:])


@given(
    st.one_of(
        st.text(max_size=LONGEST + 50),
        st.text(SIGNS, max_size=60),
        st.lists(st.text(SIGNS.replace(" ", ""), min_size=1, max_size=4), min_size=4, max_size=8).map(" ".join),
    ),
    st.sampled_from(["UTC", "Asia/Shanghai"]),
)
@example("\x00", "UTC")
@example("\ud800", "UTC")
@example("every 999999999 d", "UTC")
@settings(max_examples=1000, deadline=None)
def test_every_text_is_read_or_refused_with_a_position_and_a_cure_that_works(text: str, zone: str) -> None:
    outcome = outcome_of(text, zone)
    if isinstance(outcome, CronError):
        assert 0 <= outcome.position <= len(text)
        assert all(outcome.told(language).encode("utf-8") for language in ("zh-CN", "en"))
        assert outcome.suggestion is None or parse(outcome.suggestion, zone)
    else:
        assert all(sentence(outcome, language) for language in ("zh-CN", "en"))
        assert next_after(outcome, datetime(1970, 1, 1, tzinfo=UTC)) is not None


@given(st.one_of(UNIX, quartz()))
@UNHURRIED
def test_chinese_sentences_have_no_latin_letter_and_english_ones_nothing_else(expression: str) -> None:
    cron = read(expression)
    assert not any(sign.isascii() and sign.isalpha() for sign in sentence(cron, "zh-CN"))
    assert sentence(cron, "en").isascii()


def turns(zone: ZoneInfo, year: int) -> list[datetime]:
    """The midnights (UTC) of a year before a day on which the zone's offset changes."""
    days = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(366)]
    return [a for a, b in pairwise(days) if a.astimezone(zone).utcoffset() != b.astimezone(zone).utcoffset()]


@given(ZONES, st.integers(1970, 2037), st.data())
@settings(max_examples=60, deadline=None)
def test_hours_that_a_zone_leaves_out_or_repeats_count_as_the_policy_says(
    name: str, year: int, data: st.DataObject
) -> None:
    zone = ZoneInfo(name)
    days = turns(zone, year)
    assume(days)
    since = data.draw(st.sampled_from(days)) - timedelta(hours=6)
    until = since + timedelta(hours=42)
    # offsets of whole minutes only: the second opinion walks by the minute
    assume(all(at.astimezone(zone).utcoffset().seconds % 60 == 0 for at in (since, until)))  # type: ignore[union-attr]
    hour = st.one_of(st.just("*"), entries(0, 23), st.integers(0, 3).map(str))
    minute = st.one_of(st.sampled_from(["0", "30", "*/10", "5/10"]), entries(0, 59))
    clock = f"{data.draw(minute)} {data.draw(hour)}"
    expected = instants_by_the_minute(clock, since, until, zone)
    found = instants(read(f"{clock} * * *", name), since - timedelta(microseconds=1), len(expected) + 1)
    assert [instant for instant in found if instant < until] == expected


@pytest.mark.parametrize("name", CROSSED)
@given(minute=entries(0, 59), fixed=st.tuples(st.integers(0, 59), st.integers(0, 23)), data=st.data())
@settings(max_examples=30, deadline=None)
def test_cronsim_agrees_over_the_turns_of_a_zone(
    name: str, minute: str, fixed: tuple[int, int], data: st.DataObject
) -> None:
    zone = ZoneInfo(name)
    since = data.draw(st.sampled_from(turns(zone, 2016))) - timedelta(hours=3)
    for expression in (f"{minute} * * * *", f"{fixed[0]} {fixed[1]} * * *"):
        expected = [instant.astimezone(UTC) for instant in islice(CronSim(expression, since.astimezone(zone)), 30)]
        assert list(instants(read(expression, name), since, 30)) == expected


@given(ZONES, INSTANTS)
@settings(max_examples=25, deadline=None)
def test_a_daily_time_is_due_as_often_as_there_are_days(name: str, after: datetime) -> None:
    found = instants(read("30 2 * * *", name), after, 400)
    walls = [instant.astimezone(ZoneInfo(name)).date() for instant in found]
    assert walls == [walls[0] + timedelta(days=n) for n in range(400)]

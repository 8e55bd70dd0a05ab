"""What cannot be read, or would never be due, is refused at once: where it is wrong, why, and what would be right."""

from __future__ import annotations

import time
import tracemalloc
from datetime import UTC, datetime

import pytest

from workflow.cron import LONGEST, CronError, parse
from workflow.cron.problems import PROBLEMS
from workflow.errors import WorkflowError

NOW = datetime(2026, 11, 21, 4, 32, 10, tzinfo=UTC)

REFUSED = [
    ("", 0, "empty", None),
    ("  \t ", 0, "empty", None),
    ("\x00", 0, "character", None),
    ("0 9 * *\x00 *", 7, "character", None),
    ("0 9 * * *\n", 9, "character", "0 9 * * *"),
    ("0 9 * * ١", 8, "character", None),
    ("0 9，18 * * *", 3, "character", "0 9,18 * * *"),
    ("“0 9 * * *”", 0, "character", "0 9 * * *"),
    ("@daily", 0, "character", "0 0 * * *"),
    ("0 9", 3, "field_count", "0 9 * * *"),
    ("* * * * * * * *", 14, "field_count", "* * * * *"),
    ("0 9 ? * MON", 4, "question_count", "0 0 9 ? * MON"),
    ("? * * * *", 0, "question_count", "* * * * *"),
    ("0 ? 9 * * MON", 2, "question_place", "0 * 9 * * MON"),
    ("0 0 0 ?/2 * MON", 6, "question_place", None),
    ("0 0 9 ? * ?", 10, "question_both", "0 0 9 * * ?"),
    ("0 0 9 1 * 2", 10, "two_days", None),
    ("5,,7 * * * *", 2, "missing", None),
    ("5- * * * *", 2, "missing", None),
    ("/5 * * * *", 0, "missing", None),
    ("1--5 * * * *", 2, "unreadable", None),
    ("0 0 1--100000000 * *", 6, "unreadable", None),
    ("x * * * *", 0, "unreadable", None),
    ("0 0 * FOO *", 6, "unreadable", None),
    ("0 0 0 L/2 * ?", 6, "unreadable", None),
    ("0 24 * * *", 2, "out_of_range", "0 0 * * *"),
    ("0,60 * * * *", 2, "out_of_range", "0,0 * * * *"),
    ("0 0 0 * *", 4, "out_of_range", None),
    ("0 0 * 13 *", 6, "out_of_range", None),
    ("0 0 * * 8", 8, "out_of_range", None),
    ("0 0 9 ? * 0", 10, "out_of_range", "0 0 9 ? * SUN"),
    ("0 0 9 32W * ?", 6, "out_of_range", None),
    ("0 0 9 L-31 * ?", 8, "out_of_range", None),
    ("0 0 0 1 1 ? 9999", 12, "out_of_range", None),
    ("00000000000000000000005 * * * *", 0, "out_of_range", None),
    ("0 22-6 * * *", 2, "backwards", "0 22-23,0-6 * * *"),
    ("0 0 9 ? * FRI-MON", 10, "backwards", "0 0 9 ? * FRI-SAT,SUN-MON"),
    ("0 9 * * 6-2", 8, "backwards", "0 9 * * 6,0-2"),
    ("0 0 0 1 1 ? 2030-2027", 12, "backwards", "0 0 0 1 1 ? 2030-2099,1970-2027"),
    ("1-3/0 * * * *", 4, "step", None),
    ("*/60 * * * *", 2, "step", None),
    ("*/99999999999999999999 * * * *", 2, "step", None),
    ("*/-5 * * * *", 2, "step", None),
    ("*/ * * * *", 2, "step", None),
    ("0 0 9 ? * MON#6", 14, "nth", None),
    ("0 0 9 ? * MON#", 14, "nth", None),
    ("0 0 0 31 2 *", 6, "never", None),
    ("0 0 31 2 *", 4, "never", None),
    ("0 0 0 31W 4,6,9,11 ?", 6, "never", None),
    ("0 0 0 29 2 ? 2027", 6, "never", None),
    ("0 0 0 L-30 2 ?", 6, "never", None),
    ("every", 0, "interval", None),
    ("every 0 s", 0, "interval", None),
    ("  every 400 d", 2, "interval", None),
    ("every 999999999 d", 0, "interval", None),
    ("every 5 fortnights", 0, "interval", None),
]


@pytest.mark.parametrize(("text", "position", "reason", "suggestion"), REFUSED)
def test_a_wrong_text_is_refused_at_its_wrong_character(
    text: str, position: int, reason: str, suggestion: str | None
) -> None:
    with pytest.raises(CronError) as refused:
        parse(text, "Asia/Shanghai")
    error = refused.value
    assert (error.position, error.reason, error.suggestion) == (position, reason, suggestion)
    assert (error.text, error.what in str(error)) == (text, True)


def test_every_way_to_be_wrong_is_provoked_here() -> None:
    assert {reason for _, _, reason, _ in REFUSED} | {"too_long", "past", "zone"} == set(PROBLEMS)


def test_a_refusal_says_place_reason_and_cure_in_both_languages() -> None:
    with pytest.raises(WorkflowError) as refused:
        parse("0 22-6 * * *", "UTC")
    assert isinstance(refused.value, CronError)
    assert str(refused.value) == (
        "'0 22-6 * * *', character 3: hours: the range 22-6 runs backwards; try '0 22-23,0-6 * * *'"
    )
    assert refused.value.told("zh-CN") == (
        "'0 22-6 * * *' 第 3 个字符：时：范围 22-6 前后颠倒；可改为 '0 22-23,0-6 * * *'"
    )


def test_what_is_refused_is_shown_as_it_was_written() -> None:
    with pytest.raises(CronError, match="mondy is no value"):
        parse("0 9 * * mondy", "UTC")


def test_what_is_due_only_in_the_past_is_refused_where_the_present_is_given() -> None:
    assert parse("0 0 0 1 1 ? 2020", "UTC")
    with pytest.raises(CronError) as refused:
        parse("0 0 0 1 1 ? 2020", "UTC", after=NOW)
    assert (refused.value.position, refused.value.reason) == (12, "past")


def test_a_suggestion_that_is_due_only_in_the_past_is_not_made() -> None:
    with pytest.raises(CronError) as refused:
        parse("0 0 24 1 1 ? 2020", "UTC", after=NOW)
    assert (refused.value.reason, refused.value.suggestion) == ("out_of_range", None)


def test_a_day_that_its_zone_left_out_is_never_due() -> None:
    assert parse("* * * 30 12 ? 2011", "Pacific/Pago_Pago")
    with pytest.raises(CronError, match="no instant ever fits"):
        parse("* * * 30 12 ? 2011", "Pacific/Apia")


@pytest.mark.parametrize(
    "zone", ["", "Asia", "Mars/Olympus", "../../etc/passwd", "UTC\x00", "Asia/Shanghai ", "\ud800"]
)
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(CronError) as refused:
        parse("0 9 * * *", zone)
    assert refused.value.reason == "zone"


def refusal(text: str) -> str:
    """What is said of a text; nothing when it is read."""
    try:
        parse(text, "America/New_York")
    except CronError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "text",
    [
        "*" * 100_000,
        "0 9 * * *" + " " * 10_000,
        ",".join(["*"] * 50_000),
        "9" * 10_000 + " * * * *",
        "*/" + "9" * 190 + " * * * *",
        "1-" + "9" * 190 + " * * * *",
        ",".join(["*/1"] * 40) + " * 29 2 *",
        "0 0 0 31W 2 ?",
        "59 59 23 29 2 ? 2097-2099",
        "0 0 0 ? 2 7#5",
        "every " + "9" * 190 + " d",
    ],
)
def test_no_text_takes_time_or_memory(text: str) -> None:
    tracemalloc.start()
    began = time.process_time()
    told = refusal(text)
    spent, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(told) < 2 * LONGEST + 200
    assert spent < 1
    assert most < 5_000_000


def test_the_longest_text_is_still_read() -> None:
    text = "0 9 * * *"
    assert parse(text + " " * (LONGEST - len(text)), "UTC") == parse(text, "UTC")
    with pytest.raises(CronError) as refused:
        parse(text + " " * (LONGEST - len(text) + 1), "UTC")
    assert (refused.value.reason, refused.value.position) == ("too_long", LONGEST)

"""Every cron expression of the documents is read and said, or refused with what was meant (R24, R165, R275, R290)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from workflow.cron import Cron, CronError, instants, next_after, normalised, parse, sentence

SHANGHAI = "Asia/Shanghai"
NOW = datetime(2026, 11, 21, 4, 32, 10, tzinfo=UTC)

READ = [
    # the registration's tasks: every 10 minutes, 5 minutes, hourly at 5, every 30 minutes, every 30 seconds
    ("0 0/10 * * * ?", "quartz", "每 10 分钟", "every 10 minutes", "11-21 12:40:00"),
    ("0 0/5 * * * ?", "quartz", "每 5 分钟", "every 5 minutes", "11-21 12:35:00"),
    ("0 5 * * * ?", "quartz", "每小时的第 5 分", "at minute 5 of every hour", "11-21 13:05:00"),
    ("0 0/30 * * * ?", "quartz", "每 30 分钟", "every 30 minutes", "11-21 13:00:00"),
    ("*/5 * * * *", "unix", "每 5 分钟", "every 5 minutes", "11-21 12:35:00"),
    ("0 9 * * *", "unix", "每天 09:00", "every day at 09:00", "11-22 09:00:00"),
    ("* * * * *", "unix", "每分钟", "every minute", "11-21 12:33:00"),
    ("*/10 * * * *", "unix", "每 10 分钟", "every 10 minutes", "11-21 12:40:00"),
    ("0 * * * *", "unix", "每小时整点", "every hour", "11-21 13:00:00"),
    ("0 9,18 * * *", "unix", "每天 09:00、18:00", "every day at 09:00, 18:00", "11-21 18:00:00"),
    ("0 0 * * *", "unix", "每天 00:00", "every day at 00:00", "11-22 00:00:00"),
    ("0 0 * * 1", "unix", "每周一 00:00", "every Monday at 00:00", "11-23 00:00:00"),
    ("0 0 1 * *", "unix", "每月 1 日 00:00", "on day 1 of every month at 00:00", "12-01 00:00:00"),
    ("0 1 * * *", "unix", "每天 01:00", "every day at 01:00", "11-22 01:00:00"),
    ("0 4 * * *", "unix", "每天 04:00", "every day at 04:00", "11-22 04:00:00"),
    ("0 */6 * * *", "unix", "每 6 小时", "every 6 hours", "11-21 18:00:00"),
    ("0 2 * * *", "unix", "每天 02:00", "every day at 02:00", "11-22 02:00:00"),
    ("0 3 * * 0", "unix", "每周日 03:00", "every Sunday at 03:00", "11-22 03:00:00"),
    # what the shop's three wrong expressions mean
    ("0 10 0 1 * ?", "quartz", "每月 1 日 00:10", "on day 1 of every month at 00:10", "12-01 00:10:00"),
    ("0 30 23 * * ?", "quartz", "每天 23:30", "every day at 23:30", "11-21 23:30:00"),
    ("0 0 0/1 * * ?", "quartz", "每小时整点", "every hour", "11-21 13:00:00"),
]


@pytest.mark.parametrize(("text", "dialect", "chinese", "english", "first"), READ)
def test_an_expression_of_the_documents_is_read_and_said(
    text: str, dialect: str, chinese: str, english: str, first: str
) -> None:
    cron = parse(text, SHANGHAI)
    assert isinstance(cron, Cron)
    assert (cron.dialect, normalised(cron), cron.zone) == (dialect, text, SHANGHAI)
    assert (sentence(cron, "zh-CN"), sentence(cron, "en")) == (chinese, english)
    due = next_after(cron, NOW)
    assert due is not None
    assert f"{due.astimezone(ZoneInfo(SHANGHAI)):%m-%d %H:%M:%S}" == first


def test_the_health_of_interfaces_is_asked_every_thirty_seconds() -> None:
    interval = parse("every 30 s", SHANGHAI)
    assert (sentence(interval, "zh-CN"), sentence(interval, "en")) == ("每 30 秒", "every 30 seconds")
    assert instants(interval, NOW, 3) == tuple(NOW + timedelta(seconds=n) for n in (20, 50, 80))


@pytest.mark.parametrize(
    ("text", "position", "suggestion"),
    [
        ("0 10 0 1 ?", 9, "0 10 0 1 * ?"),
        ("(0 10 0 1 ?)", 0, "0 10 0 1 * ?"),
        ("0 30 23 ?", 8, "0 30 23 * * ?"),
        ("0 0 0/1 * ?", 10, "0 0 0/1 * * ?"),
        ("0 */6 * * * cd /path/to/project && python tools/refresh_baoming_tokens.py", 32, "0 */6 * * *"),
    ],
)
def test_what_the_documents_write_wrongly_is_refused_with_what_was_meant(
    text: str, position: int, suggestion: str
) -> None:
    with pytest.raises(CronError) as refused:
        parse(text, SHANGHAI)
    assert (refused.value.position, refused.value.suggestion) == (position, suggestion)
    assert parse(suggestion, SHANGHAI)


@pytest.mark.parametrize("sunday", ["0", "7", "SUN", "sun"])
def test_sunday_is_zero_and_seven_in_unix_and_one_in_quartz(sunday: str) -> None:
    expected = instants(parse("0 0 3 ? * 1", SHANGHAI), NOW, 4)
    assert instants(parse(f"0 3 * * {sunday}", SHANGHAI), NOW, 4) == expected
    assert {due.astimezone(ZoneInfo(SHANGHAI)).strftime("%a") for due in expected} == {"Sun"}

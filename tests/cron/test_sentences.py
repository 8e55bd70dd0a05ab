"""A schedule's sentence says in both languages what its expression means, the less usual ones included."""

from __future__ import annotations

import pytest

from workflow.cron import parse, sentence
from workflow.cron.words import CHINESE, ENGLISH, MONTHS, ORDINALS, WEEKDAYS

SAID = [
    ("0 0 9 ? * MON-FRI", "每周一至周五 09:00", "every Monday to Friday at 09:00"),
    ("0 0 9 ? * 2,4", "每周一、周三 09:00", "every Monday, Wednesday at 09:00"),
    ("0 9 * * 6,0", "每周六、周日 09:00", "every Saturday, Sunday at 09:00"),
    ("0 0 9 ? * 6L", "每月最后一个周五 09:00", "on the last Friday of every month at 09:00"),
    ("0 0 9 ? * 3#2", "每月第二个周二 09:00", "on the second Tuesday of every month at 09:00"),
    ("0 0 9 L * ?", "每月最后一天 09:00", "on the last day of every month at 09:00"),
    ("0 0 9 L-3 * ?", "每月最后一天的前 3 天 09:00", "3 days before the last day of every month at 09:00"),
    ("0 0 9 LW * ?", "每月最后一个工作日 09:00", "on the last working day of every month at 09:00"),
    ("0 0 9 15W * ?", "每月离 15 日最近的工作日 09:00", "on the working day nearest to day 15 of every month at 09:00"),
    ("0 0 0 1 1 ? 2027", "2027 年，每年 1 月 1 日 00:00", "on day 1 of January in 2027 at 00:00"),
    ("0 0 12 ? 1-3,7 MON", "每年 1 月至 3 月、7 月的每周一 12:00", "every Monday in January to March, July at 12:00"),
    ("0 0 1,15 * 1", "每月 1、15 日或每周一 00:00", "on days 1, 15 of every month or every Monday at 00:00"),
    ("* * * * * ?", "每秒", "every second"),
    ("0/30 * * * * ?", "每 30 秒", "every 30 seconds"),
    ("15 * * * * ?", "每分钟的第 15 秒", "every minute, at second 15"),
    ("30 0 9 * * ?", "每天 09:00:30", "every day at 09:00:30"),
    ("0,30 9 * * *", "每天 09:00、09:30", "every day at 09:00, 09:30"),
    ("0 7/9 * * * ?", "每小时从第 7 分到第 52 分每 9 分钟", "every 9 minutes from minute 7 to 52 of every hour"),
    ("1-5,40 * * * *", "每小时的第 1-5、40 分", "at minutes 1-5, 40 of every hour"),
    ("0 0/10 23,0-7 * * ?", "23:00 至 07:59 之间每 10 分钟", "every 10 minutes, from 23:00 to 07:59"),
    (
        "*/20 8-17 * * 1-5",
        "每周一至周五，08:00 至 17:59 之间每 20 分钟",
        "every 20 minutes, from 08:00 to 17:59, every Monday to Friday",
    ),
    ("0 8-20 * * *", "08:00 至 20:00 每小时", "every hour from 08:00 to 20:00"),
    ("0 0 9 * 6 ?", "每年 6 月的每天 09:00", "every day in June at 09:00"),
    ("every 90 min", "每 90 分钟", "every 90 minutes"),
    ("every 1 second", "每秒", "every second"),
    ("every 2 days", "每 48 小时", "every 48 hours"),
]


@pytest.mark.parametrize(("text", "chinese", "english"), SAID)
def test_a_timing_is_said_in_both_languages(text: str, chinese: str, english: str) -> None:
    timing = parse(text, "Asia/Shanghai")
    assert (sentence(timing, "zh-CN"), sentence(timing, "en")) == (chinese, english)


@pytest.mark.parametrize(("left", "right"), [("0 0/10 * * * ?", "*/10 * * * *"), ("0 0 9 ? * 1", "0 9 * * 7")])
def test_two_dialects_with_one_meaning_are_said_alike(left: str, right: str) -> None:
    assert sentence(parse(left, "UTC"), "zh-CN") == sentence(parse(right, "UTC"), "zh-CN")


def test_both_languages_have_the_same_words() -> None:
    assert ENGLISH.keys() == CHINESE.keys()
    for table in (WEEKDAYS, MONTHS, ORDINALS):
        assert len(table["en"]) == len(table["zh-CN"])

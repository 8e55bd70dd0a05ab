"""The words of a timing's sentence, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "list": ", ",
    "runs": "{first}-{last}",
    "clocks.run": "{first} to {last}",
    # days and times put together
    "at": "{days} at {times}",
    "often": "{often}, {days}",
    "or": "{one} or {other}",
    "and": "{one} if it is {other}",
    # how often
    "each.second": "every second",
    "each.minute": "every minute",
    "each.hour": "every hour",
    "step.second": "every {n} seconds",
    "step.minute": "every {n} minutes",
    "step.hour": "every {n} hours",
    "part.second": "at second{s} {at} of every minute",
    "part.minute": "at minute{s} {at} of every hour",
    "spaced.second": "every {n} seconds from second {first} to {last} of every minute",
    "spaced.minute": "every {n} minutes from minute {first} to {last} of every hour",
    "spaced.clock": "every {n} hours from {first} to {last}",
    "hourly.clock": "every hour from {first} to {last}",
    "on_the_second": "{often}, at second {at}",
    "within_minutes": "{often}, during minute{s} {at} of every hour",
    "within_hours": "{often}, from {at}",
    # which days
    "every_day": "every day",
    "day": "on day{s} {at}",
    "spaced.day": "every {n} days from day {first} to {last}",
    "last_day": "on the last day",
    "before_last_day": "{n} day{s} before the last day",
    "last_workday": "on the last working day",
    "nearest_workday": "on the working day nearest to day {n}",
    "nth": "on the {nth} {weekday}",
    "last_of": "on the last {weekday}",
    "of_month": "{days} of {months}",
    "weekdays": "every {weekdays}",
    "named_run": "{first} to {last}",
    "weekdays_in": "{days} in {months}",
    "every_day_in": "every day in {months}",
    "every_month": "every month",
    "months": "{months}",
    "spaced.year": "every {n} years from {first} to {last}",
    "in_years": "{days} in {years}",
}
CHINESE: Mapping[str, str] = {
    "list": "、",
    "runs": "{first}-{last}",
    "clocks.run": "{first} 至 {last}",
    "at": "{days} {times}",
    "often": "{days}，{often}",
    "or": "{one}或{other}",
    "and": "{one}且为{other}",
    "each.second": "每秒",
    "each.minute": "每分钟",
    "each.hour": "每小时整点",
    "step.second": "每 {n} 秒",
    "step.minute": "每 {n} 分钟",
    "step.hour": "每 {n} 小时",
    "part.second": "每分钟的第 {at} 秒",
    "part.minute": "每小时的第 {at} 分",
    "spaced.second": "每分钟从第 {first} 秒到第 {last} 秒每 {n} 秒",
    "spaced.minute": "每小时从第 {first} 分到第 {last} 分每 {n} 分钟",
    "spaced.clock": "{first} 至 {last} 每 {n} 小时",
    "hourly.clock": "{first} 至 {last} 每小时",
    "on_the_second": "{often}的第 {at} 秒",
    "within_minutes": "每小时第 {at} 分内{often}",
    "within_hours": "{at} 之间{often}",
    "every_day": "每天",
    "day": "{at} 日",
    "spaced.day": "从 {first} 日到 {last} 日每 {n} 天",
    "last_day": "最后一天",
    "before_last_day": "最后一天的前 {n} 天",
    "last_workday": "最后一个工作日",
    "nearest_workday": "离 {n} 日最近的工作日",
    "nth": "{nth}{weekday}",
    "last_of": "最后一个{weekday}",
    "of_month": "{months}{days}",
    "weekdays": "每{weekdays}",
    "named_run": "{first}至{last}",
    "weekdays_in": "{months}的{days}",
    "every_day_in": "{months}的每天",
    "every_month": "每月",
    "months": "每年 {months}",
    "spaced.year": "{first}-{last} 每 {n} ",
    "in_years": "{years}年，{days}",
}
WORDS = {"en": ENGLISH, "zh-CN": CHINESE}
WEEKDAYS = {
    "en": ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    "zh-CN": ("周日", "周一", "周二", "周三", "周四", "周五", "周六"),
}
MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "zh-CN": tuple(f"{month} 月" for month in range(1, 13)),
}
ORDINALS = {
    "en": ("first", "second", "third", "fourth", "fifth"),
    "zh-CN": ("第一个", "第二个", "第三个", "第四个", "第五个"),
}
UNIT_NAMES = {"s": "second", "min": "minute", "h": "hour"}
ONE_UNIT = {
    "en": {"s": "every second", "min": "every minute", "h": "every 60 minutes"},
    "zh-CN": {"s": "每秒", "min": "每分钟", "h": "每 60 分钟"},
}

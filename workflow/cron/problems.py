"""What can be wrong with a cron expression, said in both languages with the place and a cure."""

from __future__ import annotations

from typing import Literal

from workflow.errors import WorkflowError

Language = Literal["zh-CN", "en"]

SHOWN = 60
"""A wrong text may be of any length: this much of it is repeated."""

FIELD_NAMES = {
    "second": ("seconds", "秒"),
    "minute": ("minutes", "分"),
    "hour": ("hours", "时"),
    "day": ("day of month", "日"),
    "month": ("month", "月"),
    "weekday": ("day of week", "周"),
    "year": ("year", "年"),
}
PROBLEMS = {
    "empty": ("nothing is written", "什么都没有写"),
    "too_long": ("longer than {most} characters", "超过 {most} 个字符"),
    "character": ("{part} does not belong in a cron expression", "cron 表达式中不能有 {part}"),
    "field_count": (
        "5 fields (Unix) or 6 or 7 (Quartz, seconds first) are expected, here are {count}",
        "应有 5 个字段（Unix）或 6、7 个字段（Quartz，秒在最前），这里有 {count} 个",
    ),
    "question_count": (
        "? belongs to Quartz, which has 6 or 7 fields, seconds first; here are {count}",
        "? 只用于 Quartz，Quartz 有 6 或 7 个字段（秒在最前），这里有 {count} 个",
    ),
    "question_place": (
        "{field}: ? stands only for the day of month or the day of week",
        "{field}：? 只能用于“日”或“周”",
    ),
    "question_both": (
        "? stands for the day of month or the day of week, not for both",
        "? 只能用于“日”或“周”之一，不能两者都用",
    ),
    "two_days": (
        "Quartz takes the day of month or the day of week, and ? for the other",
        "Quartz 只能指定“日”或“周”之一，另一个写 ?",
    ),
    "missing": ("{field}: a value is missing", "{field}：缺少值"),
    "unreadable": ("{field}: {part} is no value", "{field}：{part} 不是有效的值"),
    "out_of_range": ("{field}: {part} is outside {low}-{high}", "{field}：{part} 不在 {low}-{high} 之内"),
    "backwards": ("{field}: the range {part} runs backwards", "{field}：范围 {part} 前后颠倒"),
    "step": ("{field}: {part} is no step from 1 to {most}", "{field}：步长 {part} 应为 1 到 {most}"),
    "nth": ("{field}: {part} is no place from 1 to 5", "{field}：# 后面的 {part} 应为 1 到 5"),
    "never": ("no instant ever fits", "没有任何时刻符合"),
    "past": ("the last instant that fits is past", "符合的最后时刻已经过去"),
    "zone": ("there is no time zone {part}", "没有时区 {part}"),
    "interval": (
        "an interval is written as in 'every 30 s', with s, min, h or d, from 1 s to 366 d",
        "间隔应写成 every 30 s 的样子，单位为 s、min、h 或 d，从 1 s 到 366 d",
    ),
}


class CronError(WorkflowError):
    """A timing is not accepted: `position` counts the text's characters from 0; `suggestion` is accepted, or None."""

    def __init__(
        self, text: str, position: int, reason: str, suggestion: str | None = None, **parts: str | int
    ) -> None:
        self.text, self.position, self.reason = text, position, reason
        self.suggestion, self.parts = suggestion, parts
        super().__init__(self.told("en"))

    @property
    def what(self) -> str:
        """What is wrong, in English, without place and cure."""
        return self._what(0)

    def told(self, language: Language) -> str:
        """Text, place, problem and cure in one sentence."""
        text = self.text if len(self.text) <= SHOWN else f"{self.text[:SHOWN]}…"
        if language == "en":
            cure = f"; try {self.suggestion!r}" if self.suggestion else ""
            return f"{text!r}, character {self.position + 1}: {self._what(0)}{cure}"
        cure = f"；可改为 {self.suggestion!r}" if self.suggestion else ""
        return f"{text!r} 第 {self.position + 1} 个字符：{self._what(1)}{cure}"

    def with_suggestion(self, suggestion: str | None) -> CronError:
        return CronError(self.text, self.position, self.reason, suggestion, **self.parts)

    def _what(self, language: int) -> str:
        parts = dict(self.parts)
        if "field" in parts:
            parts["field"] = FIELD_NAMES[str(parts["field"])][language]
        return PROBLEMS[self.reason][language].format(**parts)

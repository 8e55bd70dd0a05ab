"""What can be wrong with a calendar, said in both languages."""

from __future__ import annotations

from typing import Literal

from workflow.errors import CommandError

Language = Literal["zh-CN", "en"]

PROBLEMS = {
    "zone": (
        "there is no time zone {value}; write one such as Asia/Shanghai",
        "没有时区 {value}；请写成 Asia/Shanghai 的样子",
    ),
    "week": ("a week has 7 days, here are {value}", "一周有 7 天，这里有 {value} 天"),
    "weekday": (
        "{value} is no weekday; write mon, mon-fri or sat,sun",
        "{value} 不是星期；请写成 mon、mon-fri 或 sat,sun",
    ),
    "hours": (
        "{value} is no span of a day; write 08:00-23:00, two of them with + between, or closed",
        "{value} 不是一天中的时段；请写成 08:00-23:00，两段之间用 +，不开放写 closed",
    ),
    "overlap": ("{value} overlap; write one span for both", "{value} 互相重叠；请合写成一段"),
    "date": (
        "{value} is no day; write 2026-10-01, or 2026-10-01..2026-10-07 for several",
        "{value} 不是日期；请写成 2026-10-01，多天写成 2026-10-01..2026-10-07",
    ),
    "backwards": (
        "{value} ends before it begins; put the earlier day first",
        "{value} 的结束早于开始；请把较早的日期写在前面",
    ),
    "too_long": (
        "{value} is longer than a year; write the weekday as closed",
        "{value} 超过一年；请改为把相应的星期设为 closed",
    ),
    "twice": ("{value} is named twice; name each day once", "{value} 重复；每天只写一次"),
    "both": (
        "{value} is a holiday and a working day; name it as one of the two",
        "{value} 既是假日又是上班日；请只保留一种",
    ),
    "label": (
        "{value} is no name of a holiday; use 1 to 40 characters that can be seen",
        "{value} 不能作假日名称；请用 1 到 40 个可见字符",
    ),
    "many": (
        "{value} holidays and working days are too many; {most} are kept: take out those that are past",
        "假日和上班日共 {value} 条，太多了；最多保留 {most} 条：请删去已过去的",
    ),
    "shut": (
        "{value} opens no hours; write --holiday {day} for a day that is closed",
        "{value} 没有开放时段；要关闭这一天，请写 --holiday {day}",
    ),
    "never": (
        "it would never be open; give a weekday hours, as in mon-fri=09:00-17:00",
        "这样永远不会开放；请给某个星期设定时段，如 mon-fri=09:00-17:00",
    ),
    "closed_long": (
        "it would be closed for more than a year from {value}; take out holidays, or give a weekday hours",
        "自 {value} 起将关闭一年以上；请删去部分假日，或给某个星期设定时段",
    ),
    "takes": (
        "{value} takes up to {takes} and would never be through before closing; leave a longer span",
        "{value} 最长需要 {takes}，永远无法在关闭前完成；请留出更长的时段",
    ),
    "unknown": ("there is no {value} in a calendar", "日历没有 {value} 这一项"),
    "absent": (
        "{value} is not in it; `caseward calendar show` lists what is",
        "其中没有 {value}；`caseward calendar show` 会列出已有的",
    ),
}


class BadCalendar(CommandError):
    """A calendar, or a change of one, is not accepted. what: a key of PROBLEMS."""

    def __init__(self, what: str, **parts: object) -> None:
        self.what, self.parts = what, parts
        super().__init__(self.told("en"))

    def told(self, language: Language) -> str:
        return PROBLEMS[self.what][language != "en"].format(**self.parts)

"""A calendar's hours and what differs from them soon, in short and in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from workflow.calendars.days import Holiday, Hours, Workday
from workflow.calendars.problems import Language

WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh-CN": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
SOON = timedelta(days=30)
"""What begins later than this is not told along with the hours."""


def hours_said(week: Sequence[Hours], zone: str, language: Language) -> str:
    """08:00-23:00 Asia/Shanghai; Mon-Fri 09:00-17:00, Sat 09:00-12:00 Asia/Shanghai."""
    if len(set(week)) == 1:
        return f"{spans_said(week[0])} {zone}"
    parts = [f"{days} {spans_said(hours)}" for days, hours in weekly(week, language) if hours]
    return f"{', '.join(parts)} {zone}"


def weekly(week: Sequence[Hours], language: Language) -> list[tuple[str, Hours]]:
    """The weekdays that have the same hours, in the order of their first."""
    return [(_runs([day for day in range(7) if week[day] == hours], language), hours) for hours in dict.fromkeys(week)]


def spans_said(hours: Hours) -> str:
    return "+".join(map(str, hours))


def exceptions_said(holidays: Sequence[Holiday], workdays: Sequence[Workday], on: date, language: Language) -> str:
    """The holidays that last on this day or begin soon, and the days that make up for them."""
    chinese = language != "en"
    said = [
        (one.first, f"{'休' if chinese else 'closed'} {one}{f' {one.name}' if one.name else ''}")
        for one in holidays
        if one.last >= on and one.first <= on + SOON
    ]
    said += [(one.day, f"{'上班' if chinese else 'open'} {one}") for one in workdays if on <= one.day <= on + SOON]
    if not said:
        return ""
    listed = ("；" if chinese else "; ").join(text for _, text in sorted(said))
    return f"；{listed}" if chinese else f"; {listed}"


def _runs(days: list[int], language: Language) -> str:
    """Mon-Wed,Fri."""
    names, runs = WEEKDAYS[language], list[list[int]]()
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    to, comma = ("-", ",") if language == "en" else ("至", "、")
    return comma.join(names[run[0]] if len(run) == 1 else f"{names[run[0]]}{to}{names[run[-1]]}" for run in runs)

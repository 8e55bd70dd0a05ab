"""A slow second opinion on cron: every wall time is held against every field, every instant against the zone."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
MINUTE = timedelta(minutes=1)


def fits(expression: str, wall: datetime) -> bool:
    """Whether a Quartz (6 or 7) or Unix (5) expression names this wall time, to the second."""
    fields = expression.upper().split()
    if len(fields) == 5:
        fields = ["0", *fields]
    second, minute, hour, _, month, _ = fields[:6]
    return (
        _listed(second, wall.second, 59)
        and _listed(minute, wall.minute, 59)
        and _listed(hour, wall.hour, 23)
        and _listed(month, wall.month, 12, MONTHS, base=1)
        and (len(fields) < 7 or _listed(fields[6], wall.year, 2099, base=1970))
        and day_fits(expression, wall.date())
    )


def day_fits(expression: str, day: date) -> bool:
    fields = expression.upper().split()
    quartz = len(fields) > 5
    of_month, of_week = (fields[3], fields[5]) if quartz else (fields[2], fields[4])
    one = any(_day_of_month(part, day) for part in of_month.split(","))
    other = any(_day_of_week(part, day, quartz) for part in of_week.split(","))
    if quartz or of_month[0] == "*" or of_week[0] == "*":
        return one and other
    return one or other


def wall_times(expression: str, after: datetime, days: int) -> Iterator[datetime]:
    """All wall times that it names later than this one, day by day."""
    fields = expression.upper().split()
    second, minute, hour = fields[:3] if len(fields) > 5 else ["0", *fields[:2]]
    hours, minutes, seconds = (
        [n for n in range(high + 1) if _listed(field, n, high)]
        for field, high in ((hour, 23), (minute, 59), (second, 59))
    )
    for n in range(days):
        day = after.date() + timedelta(days=n)
        noon = datetime.combine(day, time(hours[0], minutes[0], seconds[0]))
        if fits(expression, noon):
            walls = (datetime.combine(day, time(h, m, s)) for h in hours for m in minutes for s in seconds)
            yield from (wall for wall in walls if wall > after)


def instants_by_the_minute(clock: str, since: datetime, until: datetime, zone: ZoneInfo) -> list[datetime]:
    """What `minute hour * * *` is due at, found by walking through every minute of the zone, gaps included."""
    minute, hour = clock.split()
    minutes, hours = [n for n in range(60) if _listed(minute, n, 59)], [n for n in range(24) if _listed(hour, n, 23)]
    names_hours, once = len(hours) < 24, len(hours) < 24 and len(minutes) == 1
    due = {(h, m) for h in hours for m in minutes}
    found = []
    instant, before = since, (since - MINUTE).astimezone(zone).replace(tzinfo=None)
    while instant < until:
        shown = instant.astimezone(zone)
        wall = shown.replace(tzinfo=None, fold=0)
        left_out = range(1, (wall - before) // MINUTE) if names_hours else range(0)
        walls = [before + n * MINUTE for n in left_out] + ([] if once and shown.fold else [wall])
        if any((w.hour, w.minute) in due for w in walls):
            found.append(instant)
        instant, before = instant + MINUTE, wall
    return found


def _listed(field: str, value: int, high: int, words: list[str] | None = None, base: int = 0) -> bool:
    def number(text: str) -> int:
        return words.index(text) + base if words and text in words else int(text)

    for part in field.split(","):
        span, _, step = part.partition("/")
        left, _, right = span.partition("-")
        first = base if span in "*?" else number(left)
        last = number(right) if right else high if step or span in "*?" else first
        if first <= value <= last and (value - first) % int(step or 1) == 0:
            return True
    return False


def _day_of_month(part: str, day: date) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    working = [n for n in range(1, last + 1) if calendar.weekday(day.year, day.month, n) < 5]
    if part == "L":
        return day.day == last
    if part == "LW":
        return day.day == working[-1]
    if part.startswith("L-"):
        return day.day == last - int(part[2:])
    if part.endswith("W"):
        wanted = int(part[:-1])
        # of two working days as near, which there never are, the earlier
        return wanted <= last and day.day == min(working, key=lambda n: (abs(n - wanted), n))
    return _listed(part, day.day, 31, base=1)


def _day_of_week(part: str, day: date, quartz: bool) -> bool:
    shift = 1 if quartz else 0

    def number(text: str) -> int:
        return (WEEKDAYS.index(text) if text in WEEKDAYS else int(text) - shift) % 7

    today = day.isoweekday() % 7
    if part == "L":
        return today == 6
    if part.endswith("L"):
        return today == number(part[:-1]) and (day + timedelta(days=7)).month != day.month
    if "#" in part:
        weekday, nth = part.split("#")
        return today == number(weekday) and (day.day - 1) // 7 + 1 == int(nth)
    words = [WEEKDAYS[n] for n in range(7)]
    return any(_listed(part, n, 6 + (1 if not quartz or shift else 0), words, base=shift) for n in _names(today, shift))


def _names(weekday: int, shift: int) -> list[int]:
    """The numbers by which a dialect calls a weekday: Sunday has two in Unix."""
    return [weekday + shift] if shift else [weekday] + ([7] if weekday == 0 else [])

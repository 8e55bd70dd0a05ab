"""Finds the next wall time that a cron expression fits; cronsim searches, the days that it does not know are ours."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from cronsim import CronSim, CronSimError

from workflow.cron.values import LAST_YEAR, Cron, Term

SATURDAY, SUNDAY = 5, 6
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Plan:
    """A Cron made ready for the search; `clock` and `weekdays` are in cronsim's words.

    `both`: a day must fit day of month and day of week; else one is enough, as Unix has it when both are given.
    """

    clock: str
    days: tuple[Term, ...]
    months: tuple[int, ...]
    weekdays: str
    years: tuple[int, ...]
    both: bool
    names_hours: bool
    once: bool

    @property
    def irregular(self) -> bool:
        """Whether some day depends on the month in a way that cronsim does not know: nW and L-n."""
        return any(term.mark == "nearest_workday" or (term.mark == "last" and term.first) for term in self.days)


@lru_cache(maxsize=1024)
def plan_of(cron: Cron) -> Plan:
    seconds, minutes, hours = (cron.numbers(name) for name in ("second", "minute", "hour"))
    day, _, weekday = cron.fields[2:5] if cron.dialect == "unix" else cron.fields[3:6]
    # Debian's rule: a field that begins with a star narrows the other, two given days widen each other
    both = cron.dialect == "quartz" or day.startswith("*") or weekday.startswith("*")
    return Plan(
        clock=" ".join(_spelled(cron.named(name), stars=True) for name in ("second", "minute", "hour")),
        days=cron.named("day"),
        months=cron.numbers("month"),
        weekdays=_spelled(cron.named("weekday"), stars=both),
        years=cron.numbers("year"),
        both=both,
        names_hours=len(hours) < 24,
        once=len(hours) < 24 and len(minutes) == len(seconds) == 1,
    )


def next_wall(plan: Plan, wall: datetime) -> datetime | None:
    """The first fitting wall time, to the second, later than this one; None when none is left."""
    for first, last, spec in _spans(plan, wall.date()):
        begin = max(wall, datetime.combine(first, time()) - SECOND)
        found = _search(spec, begin)
        if found is not None and found.date() <= last:
            return found
    return None


def _search(spec: str, wall: datetime) -> datetime | None:
    try:
        return next(CronSim(spec, wall), None)
    except CronSimError:
        # the values are checked before: what it refuses is a day that none of the months has
        return None


def _spans(plan: Plan, since: date) -> Iterator[tuple[date, date, str]]:
    """The stretches of time, first to last day, in which one expression of cronsim's says the same as the plan."""
    if not plan.irregular:
        spec = f"{plan.clock} {_spelled(plan.days, stars=plan.both)} {','.join(map(str, plan.months))} {plan.weekdays}"
        yield from ((first, last, spec) for first, last in _runs(plan.years) if last >= since)
        return
    for year in (year for year in plan.years if year >= since.year):
        for month in plan.months:
            last = date(year, month, calendar.monthrange(year, month)[1])
            days = _days(plan, year, month)
            if last >= since and days:
                yield date(year, month, 1), last, f"{plan.clock} {days} {month} {plan.weekdays}"


def _runs(years: tuple[int, ...]) -> Iterator[tuple[date, date]]:
    """Years that follow each other, as one stretch."""
    for year in years:
        if year - 1 not in years:
            last = next(y for y in range(year, LAST_YEAR + 1) if y + 1 not in years)
            yield date(year, 1, 1), date(last, 12, 31)


def _days(plan: Plan, year: int, month: int) -> str:
    """The days of one month in cronsim's words; nothing when no day of it can fit."""
    last = calendar.monthrange(year, month)[1]
    spelled = []
    for term in plan.days:
        if term.mark == "nearest_workday":
            spelled += [str(_nearest_workday(year, month, term.first))] if term.first <= last else []
        elif term.mark == "last":
            spelled += [str(last - term.first)] if term.first < last else []
        else:
            spelled.append(_spelled((term,), stars=plan.both))
    # where either day is enough, the star leaves the choice to the day of week
    return ",".join(spelled) or ("" if plan.both else "*")


def _nearest_workday(year: int, month: int, day: int) -> int:
    """The day itself, or the Friday or Monday beside it; never one of another month."""
    last = calendar.monthrange(year, month)[1]
    weekday = calendar.weekday(year, month, day)
    if weekday == SATURDAY:
        return day - 1 if day > 1 else day + 2
    if weekday == SUNDAY:
        return day + 1 if day < last else day - 2
    return day


def _spelled(terms: tuple[Term, ...], *, stars: bool) -> str:
    """Terms in cronsim's words; a leading star is a rule of its own there, so one that must not be is spelled out."""
    return ",".join(_word(term, stars=stars) for term in terms)


def _word(term: Term, *, stars: bool) -> str:
    step = f"/{term.step}" if term.step > 1 else ""
    match term.mark:
        case "any" if stars:
            return f"*{step}"
        case "any" | "range":
            return f"{term.first}-{term.last}{step}" if term.last > term.first else str(term.first)
        case "last":
            return "L"
        case "last_workday":
            return "LW"
        case "nth":
            return f"{term.first}#{term.last}"
        case "last_of":
            return f"{term.first}L"
        case _:
            raise AssertionError(f"{term.mark} is settled month by month")

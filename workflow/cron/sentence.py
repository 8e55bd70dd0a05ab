"""Says a timing in a sentence, in Chinese or English: which days, and at what times or how often."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from workflow.cron.days import days_told
from workflow.cron.numbers import Reading, run_of, spaced
from workflow.cron.problems import Language
from workflow.cron.values import Cron, Interval, Timing
from workflow.cron.words import ONE_UNIT, UNIT_NAMES

MOST_CLOCKS = 6
"""As many times of a day are listed one by one."""


@dataclass(frozen=True)
class Times:
    """What is said of the times: clock times, which need their days, or how often, which needs them only if not all."""

    said: str
    clocks: bool


def sentence(timing: Timing, language: Language) -> str:
    """What people read beside the expression: "每 10 分钟", "every day at 09:00"."""
    words = Reading(language)
    return words.typeset(_interval(timing, words) if isinstance(timing, Interval) else _cron(timing, words))


def _interval(interval: Interval, words: Reading) -> str:
    amount, unit = interval.amount
    return ONE_UNIT[words.language][unit] if amount == 1 else words(f"step.{UNIT_NAMES[unit]}", n=amount)


def _cron(cron: Cron, words: Reading) -> str:
    times, days = _times(cron, words), days_told(cron, words)
    if times.clocks:
        return words("at", days=days or words("every_day"), times=times.said)
    return words("often", days=days, often=times.said) if days else times.said


def _times(cron: Cron, words: Reading) -> Times:
    seconds, minutes, hours = (cron.numbers(name) for name in ("second", "minute", "hour"))
    if len(seconds) == len(minutes) == 1 and len(hours) < 24:
        return _clock_times(hours, minutes[0], seconds[0], words)
    if (
        len(seconds) == 1
        and len(minutes) * len(hours) <= MOST_CLOCKS
        and (len(minutes) == 2 or not run_of(minutes, 60))
    ):
        clocks = [_clock(hour, minute, seconds[0]) for hour in hours for minute in minutes]
        return Times(words.list(clocks), clocks=True)
    if len(seconds) > 1:
        often = _often("second", seconds, words)
        if len(minutes) < 60:
            often = words("within_minutes", often=often, at=words.numbers(minutes), s=words.plural(minutes))
    else:
        often = _often("minute", minutes, words)
        if seconds != (0,):
            often = words("on_the_second", often=often, at=seconds[0])
    if len(hours) < 24:
        often = words("within_hours", often=often, at=words.list([_window(run, words) for run in _windows(hours)]))
    return Times(often, clocks=False)


def _clock_times(hours: tuple[int, ...], minute: int, second: int, words: Reading) -> Times:
    """One time in each of some hours."""
    step = run_of(hours, 24)
    if step and len(hours) > 2 and minute == second == 0:
        return Times(words("step.hour", n=step), clocks=False)
    clocks = [_clock(hour, minute, second) for hour in hours]
    if len(hours) > MOST_CLOCKS and (gap := spaced(hours, shortest=1)):
        name = "hourly.clock" if gap == 1 else "spaced.clock"
        return Times(words(name, first=clocks[0], last=clocks[-1], n=gap), clocks=False)
    return Times(words.list(clocks), clocks=True)


def _often(unit: str, values: tuple[int, ...], words: Reading) -> str:
    """How often within the next larger unit, of which there are sixty."""
    if unit == "minute" and values == (0,):
        return words("each.hour")
    if len(values) == 60:
        return words(f"each.{unit}")
    if step := run_of(values, 60):
        return words(f"step.{unit}", n=step)
    if gap := spaced(values):
        return words(f"spaced.{unit}", n=gap, first=values[0], last=values[-1])
    return words(f"part.{unit}", at=words.numbers(values), s=words.plural(values))


def _windows(hours: tuple[int, ...]) -> list[tuple[int, int]]:
    """Hours that follow each other, first and last, over midnight too."""
    starts = [hours[0]] + [b for a, b in pairwise(hours) if b - a > 1]
    ends = [a for a, b in pairwise(hours) if b - a > 1] + [hours[-1]]
    runs = list(zip(starts, ends, strict=True))
    if len(runs) > 1 and runs[0][0] == 0 and runs[-1][1] == 23:
        runs = [*runs[1:-1], (runs[-1][0], runs[0][1])]
    return runs


def _window(run: tuple[int, int], words: Reading) -> str:
    return words("clocks.run", first=f"{run[0]:02}:00", last=f"{run[1]:02}:59")


def _clock(hour: int, minute: int, second: int) -> str:
    return f"{hour:02}:{minute:02}:{second:02}" if second else f"{hour:02}:{minute:02}"

"""When schedules are due: cron expressions and intervals, read, computed, and said in two languages."""

from __future__ import annotations

from workflow.cron.instants import instants, next_after
from workflow.cron.parse import LONGEST, parse
from workflow.cron.problems import CronError, Language
from workflow.cron.sentence import sentence
from workflow.cron.values import FIRST_YEAR, LAST_YEAR, Cron, Interval, Timing, normalised

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "LONGEST",
    "Cron",
    "CronError",
    "Interval",
    "Language",
    "Timing",
    "instants",
    "next_after",
    "normalised",
    "parse",
    "sentence",
]

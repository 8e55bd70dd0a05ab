"""Spans and instants as people type them for schedules: 90m, 1d6h, 2026-12-01T09:00+08:00."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from caseward.console.terminal.complaints import USAGE, Complaint, Stopped
from caseward.console.wording.texts import Texts

SPAN = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?")

FIRST_YEAR, LAST_YEAR = 1900, 9000
SECONDS = re.compile(r"\d{1,8}(?:\.\d{1,3})?")


def span_of(texts: Texts, option: str, typed: str) -> timedelta:
    found = SPAN.fullmatch(typed.strip())
    if found is None or not any(found.groups()):
        raise not_a_value(texts, option, typed, "cure.span")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def limit_of(texts: Texts, option: str, typed: str) -> timedelta:
    """How long to wait; a number alone is seconds."""
    bare = typed.strip()
    return timedelta(seconds=float(bare)) if SECONDS.fullmatch(bare) else span_of(texts, option, typed)


def instant_of(texts: Texts, option: str, typed: str) -> datetime:
    """With its offset: whose nine o'clock it is must not be guessed."""
    try:
        at = datetime.fromisoformat(typed.strip())
    except ValueError:
        raise not_a_value(texts, option, typed, "cure.instant") from None
    # at the edges of the calendar another zone's year does not exist
    if at.tzinfo is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise not_a_value(texts, option, typed, "cure.instant")
    return at


def not_a_value(texts: Texts, option: str, typed: str, cure: str) -> Stopped:
    return Stopped(Complaint("usage", texts("usage.wrong_value", what=option, why=typed), texts(cure), USAGE))

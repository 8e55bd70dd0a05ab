"""When an owner is reminded of a code that nobody filled in, and when a person is told; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from states.copyright.notices import code_reminder
from states.copyright.owners import lacking_codes
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from states.copyright.values import OwnerId
from workflow import Case, CodesOnFile, Message
from workflow.record.values import Effect, EffectStatus

AHEAD = timedelta(minutes=5)
"""Our clock and the record system's may differ by this much; a code that is dated later is not believed."""
EVERY = timedelta(hours=48)
"""A code is valid for ten hours: after two days it is too old, and nobody has said so."""
REMINDERS = 2
"""An owner is reminded this often of one code; then a person is told."""


@dataclass(frozen=True)
class Request:
    """How often the bureau was asked for an owner's code in this round, and when it was last asked."""

    count: int
    last: datetime


def requests(effects: Sequence[Effect], case: Case[Registration], now: datetime) -> Mapping[OwnerId, Request]:
    """By owner, of the case's round.

    A request of a time that is still to come was made by a wrong clock: it counts from when the case came to where it
    is, or was opened.
    """
    known = case.here_since(now) or now
    found: dict[OwnerId, Request] = {}
    for effect in effects:
        if effect.action == "request_code" and effect.round == case.round and effect.status is EffectStatus.done:
            at = effect.intended_at if effect.intended_at <= now + AHEAD else known
            before = found.get(effect.item["owner"], Request(0, at))
            found[effect.item["owner"]] = Request(before.count + 1, max(before.last, at))
    return found


def overdue(
    case: Case[Registration], asked: Mapping[OwnerId, Request], on_file: CodesOnFile, now: datetime
) -> Mapping[OwnerId, int]:
    """By owner whose code is missing, how many times two days have gone by since it was asked for."""
    waiting = [owner for owner in lacking_codes(case) if owner in asked and owner not in on_file]
    times = {owner: (now - asked[owner].last) // EVERY for owner in waiting}
    return {owner: count for owner, count in times.items() if count > 0}


def reminders(
    case: Case[Registration],
    asked: Mapping[OwnerId, Request],
    on_file: CodesOnFile,
    settings: CopyrightSettings,
    now: datetime,
) -> list[Message]:
    """The reminders that are due and were not written yet; one that was missed is not made up for."""
    due: list[Message] = []
    for owner, times in overdue(case, asked, on_file, now).items():
        if times <= REMINDERS:
            due += code_reminder(case, settings, owner, f"{asked[owner].count}.{times}")
    return [one for one in due if (one.occasion, one.recipient) not in case.done]


def unanswered(
    case: Case[Registration], asked: Mapping[OwnerId, Request], on_file: CodesOnFile, now: datetime
) -> tuple[OwnerId, ...]:
    """The owners who were reminded in vain."""
    return tuple(owner for owner, times in overdue(case, asked, on_file, now).items() if times > REMINDERS)

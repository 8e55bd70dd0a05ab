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
from workflow.case import Case, CodesOnFile, Message
from workflow.claims import Effect, EffectStatus

EVERY = timedelta(hours=48)
"""A code holds ten hours: after two days it is too old, and nobody has said so."""
REMINDERS = 2
"""So often is an owner reminded of one code; then it is a person's."""


@dataclass(frozen=True)
class Request:
    """How often the bureau was asked for an owner's code in this round, and when last."""

    count: int
    last: datetime


def requests(effects: Sequence[Effect], round_: int) -> Mapping[OwnerId, Request]:
    """By owner."""
    found: dict[OwnerId, Request] = {}
    for effect in effects:
        if effect.action == "request_code" and effect.round == round_ and effect.status is EffectStatus.done:
            before = found.get(effect.item["owner"])
            last = max(before.last, effect.intended_at) if before else effect.intended_at
            found[effect.item["owner"]] = Request(before.count + 1 if before else 1, last)
    return found


def overdue(
    case: Case[Registration], asked: Mapping[OwnerId, Request], on_file: CodesOnFile, now: datetime
) -> Mapping[OwnerId, int]:
    """How many times two days have gone by since the code of an owner was asked for, where it is missing."""
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

"""When a code that nobody filled in is asked for again, and when a person is told; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from states.copyright.owners import EVERY, REMINDERS, is_waking, lacking_codes
from states.copyright.registration import Registration
from states.copyright.values import OwnerId
from workflow import Case, CodesOnFile
from workflow.record.values import Effect, EffectStatus

AHEAD = timedelta(minutes=5)
"""Our clock and the record system's may differ by this much; a code that is dated later is not believed."""


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


def run_out(
    case: Case[Registration], asked: Mapping[OwnerId, Request], on_file: CodesOnFile, now: datetime
) -> tuple[OwnerId, ...]:
    """The owners who are to be sent another code, since nobody filled in the last one for a day; none at night."""
    if not is_waking(now):
        return ()
    late = _silent(case, asked, on_file, now)
    return tuple(owner for owner, left in late.items() if left > 0)


def unanswered(
    case: Case[Registration], asked: Mapping[OwnerId, Request], on_file: CodesOnFile, now: datetime
) -> tuple[OwnerId, ...]:
    """The owners who have been silent for three days, however many codes they were sent in them."""
    late = _silent(case, asked, on_file, now)
    return tuple(owner for owner, left in late.items() if now - asked[owner].last >= EVERY * (left + 1))


def _silent(
    case: Case[Registration], asked: Mapping[OwnerId, Request], on_file: CodesOnFile, now: datetime
) -> dict[OwnerId, int]:
    """By owner whose last code has been missing for a day, how many more are asked for by the clock."""
    renewed = case.data.extra_in(case.round).renewed
    waiting = [owner for owner in lacking_codes(case) if owner in asked and owner not in on_file]
    return {owner: REMINDERS - renewed.get(owner, 0) for owner in waiting if now - asked[owner].last >= EVERY}

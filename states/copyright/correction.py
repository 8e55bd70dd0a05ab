"""A correction: what the bureau's notice asks, who can give it, and by when it must be answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from states.copyright.last_day import last_day
from states.copyright.notice_text import asked_by
from states.copyright.orders import own_materials
from states.copyright.owners import BEIJING, WAKING
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from states.copyright.standing import what_ended
from states.copyright.values import Notice, Warned
from workflow import Case, No, Verdict, Yes, fact
from workflow.intake.values import Value

TIME = timedelta(days=30)
"""The bureau takes what is not answered by then as withdrawn, unless the notice names another time."""
WARNINGS = (7, 1)
"""With this many days left people are warned, beside the day on which the notice comes; never at night."""
LOST = -1


class Deadline(Value):
    """Until which day the notice of the present round is to be answered, and the days that are left."""

    on: date
    left: int
    warned: Warned


def notice_of(case: Case[Registration]) -> Notice | None:
    """The notice that this round answers: it found the round before wanting."""
    notice = case.data.notice
    return notice if notice is not None and notice.round + 1 == case.round else None


def answer_by(notice: Notice) -> date:
    """The last day: what a person said, what the notice says, or what the bureau always gives."""
    return notice.answer_by or last_day(notice.text, notice.issued_on).on or notice.issued_on + TIME


def is_time_unread(notice: Notice) -> bool:
    """The notice names a time of its own, and nobody said which day that is."""
    return notice.answer_by is None and last_day(notice.text, notice.issued_on).is_unread


def told(case: Case[Registration]) -> dict[str, Any]:
    """The notice as the generation system is told it, with what we read in it."""
    notice = notice_of(case)
    if notice is None:
        return {}
    asked = asked_by(notice.text).model_dump(mode="json", exclude={"unread"})
    return {"correction": {"notice": notice.text, "issued_on": notice.issued_on.isoformat(), **asked}}


@fact
async def deadline(case: Case[Registration], now: datetime) -> Deadline | None:
    """By when the notice of this round is to be answered."""
    notice = notice_of(case)
    if notice is None:
        return None
    on = answer_by(notice)
    left = (on - now.astimezone(BEIJING).date()).days
    level = LOST if left < 0 else next((days for days in reversed(WARNINGS) if left <= days), TIME.days)
    return Deadline(on=on, left=left, warned=Warned(round=case.round, days=level))


def correction_agreed(case: Case[Registration], settings: CopyrightSettings, deadline: Deadline | None) -> Verdict:
    """What only people can give was given, or the notice asks for materials alone: new ones may be ordered.

    A round that a person forced has no notice: what it asks, and that it is wanted, people say.
    """
    notice = notice_of(case)
    seen: dict[str, Any] = {"notice": None} if notice is None else {**_asked(notice), **_left(deadline)}
    if deadline is not None and deadline.left < 0:
        return No(**seen, too_late=True, waits_for="operator")
    if case.data.correction_given == case.round or settings.corrections == "at_once":
        return Yes(round=case.round, **_time(notice))
    if notice is None:
        return Yes(round=case.round) if own_materials(case) else No(**seen, waits_for="operator")
    if settings.corrections == "after_yes" or is_time_unread(notice) or not asked_by(notice.text).of_materials_alone:
        return No(**seen, waits_for="operator")
    return Yes(round=case.round)


def answer_open(case: Case[Registration], deadline: Deadline | None) -> Verdict:
    """The bureau still takes an answer: its time is not over, and nothing ended the matter; or it is a first filing."""
    if over := what_ended(case):
        return No(**over, waits_for="operator")
    if deadline is not None and deadline.left < 0:
        return No(**_left(deadline), too_late=True, waits_for="operator")
    return Yes(round=case.round, **_left(deadline))


def correction_untold(
    case: Case[Registration], settings: CopyrightSettings, deadline: Deadline | None, now: datetime
) -> Verdict:
    """A notice came that waits for people, and its owners were not told of it yet."""
    if correction_agreed(case, settings, deadline) or deadline is None or _warned(case) is not None:
        return No(notice=None)
    notice = notice_of(case)
    return No(notice=None) if notice is None else _by_day(now, {**_asked(notice), **_left(deadline)})


def deadline_near(case: Case[Registration], deadline: Deadline | None, now: datetime) -> Verdict:
    """The bureau's deadline comes near, and nobody was warned of that yet."""
    if deadline is None or deadline.warned.days not in WARNINGS:
        return No(**_left(deadline))
    before = _warned(case)
    is_new = before is None or before > deadline.warned.days
    return _by_day(now, _left(deadline)) if is_new else No(**_left(deadline))


def deadline_over(case: Case[Registration], deadline: Deadline | None, now: datetime) -> Verdict:
    """The bureau's deadline went by unanswered: the matter is lost to it."""
    if deadline is None or deadline.left >= 0 or _warned(case) == LOST:
        return No(**_left(deadline))
    return _by_day(now, _left(deadline))


def _by_day(now: datetime, seen: Mapping[str, Any]) -> Verdict:
    """Yes, but at night No until the morning."""
    here = now.astimezone(BEIJING)
    if WAKING[0] <= here.time() < WAKING[1]:
        return Yes(**seen)
    day = here.date() + timedelta(days=here.time() >= WAKING[1])
    return No(**seen, until=datetime.combine(day, WAKING[0], BEIJING))


def _warned(case: Case[Registration]) -> int | None:
    """Of how many days people were warned last in this round."""
    warned = case.data.warned
    return warned.days if warned is not None and warned.round == case.round else None


def _left(deadline: Deadline | None) -> dict[str, Any]:
    return {} if deadline is None else {"answer_by": deadline.on.isoformat(), "days_left": deadline.left}


def _asked(notice: Notice) -> dict[str, Any]:
    """The notice, and what was read in it."""
    asked = {f"asked_{name}": list(found) for name, found in asked_by(notice.text) if found}
    return {"notice": notice.text, **asked, **_time(notice)}


def _time(notice: Notice | None) -> dict[str, Any]:
    return {"time_unread": True} if notice is not None and is_time_unread(notice) else {}

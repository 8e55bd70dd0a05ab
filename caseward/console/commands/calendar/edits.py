"""`caseward calendar edit`: a calendar changed for all processes, or only shown with what that would block and open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from caseward.console.commands.calendar.views import openings_said, openings_shape
from caseward.console.terminal.complaints import CONFLICT, USAGE, Complaint, Stopped
from caseward.console.terminal.openings import calendar_shape, changes
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import as_json, say
from caseward.console.wording.texts import Texts
from workflow.calendars import BadCalendar, Changes
from workflow.engine.reasons import reason_given
from workflow.errors import Conflict
from workflow.scheduler.calendars import Effects, NextRun


def edit(
    texts: Texts,
    name: str,
    wanted: Changes,
    *,
    reset: bool,
    reason: str,
    version: int | None,
    dry: bool,
    json: bool,
) -> int:
    """reset: back to what its system brings."""
    said = reason_given(reason)
    if reset != wanted.nothing:
        cause = texts("error.either", one="--reset", other="--hours") if reset else texts("error.nothing_to_edit")
        raise Stopped(Complaint("usage", cause, texts("cure.usage", command="caseward calendar edit"), USAGE))
    asked = None if reset else wanted

    async def work(view: View) -> int:
        calendars = view.record.calendars(person())
        with refused(texts, name):
            effects = await calendars.effects(name, asked)
            lines = list(changes(effects.before, effects.after, view.reader))
            if not lines:
                cause, cure = texts("error.no_change", name=name), texts("cure.calendar", name=name)
                raise Stopped(Complaint("usage", cause, cure, USAGE))
            if not dry:
                await calendars.edit(name, asked, said, version)
        if json:
            say(as_json({**calendar_shape(view, effects.after), **_shape(view, effects), "dry": dry}))
            return 0
        if not dry:
            was, now = effects.before.version, effects.after.version
            say(texts("calendar.edited", name=name, was=was, now=now))
        for line in lines:
            say(*view.screen.wrapped(line, 2))
        say(*_told(view, effects))
        if dry:
            say("", texts("schedule.dry"))
        return 0

    return viewing(texts, work)


@contextmanager
def refused(texts: Texts, name: str) -> Iterator[None]:
    try:
        yield
    except BadCalendar as error:
        cause, _, cure = error.told(texts.language).rpartition("; " if texts.language == "en" else "；")
        raise Stopped(Complaint("bad_calendar", cause, cure, USAGE)) from error
    except Conflict as error:
        cause = texts("error.conflict", case=error.case, why=texts.told(error.why))
        raise Stopped(Complaint("conflict", cause, texts("cure.calendar", name=name), CONFLICT)) from error


def _told(view: View, effects: Effects) -> Iterator[str]:
    """Openings before and after, the next runs of its schedules, and how many cases wait longer or less."""
    texts, (before, after) = view.texts, effects.openings
    yield ""
    yield texts("calendar.openings")
    if list(before) == list(after):
        yield from openings_said(view, after)
    else:
        yield "  " + texts("calendar.before")
        yield from (f"  {line}" for line in openings_said(view, before))
        yield "  " + texts("calendar.after")
        yield from (f"  {line}" for line in openings_said(view, after))
    if effects.runs:
        yield ""
        yield texts("calendar.runs")
    for run in effects.runs:
        yield from view.screen.wrapped(_run_said(view, run), 4, "  ")
    yield ""
    if not effects.later and not effects.sooner:
        yield texts("calendar.no_case")
    if effects.later:
        yield texts("calendar.later", n=effects.later)
    if effects.sooner:
        yield texts("calendar.sooner", n=effects.sooner)


def _run_said(view: View, run: NextRun) -> str:
    was, now = _at(view, run.before), _at(view, run.after)
    if was == now:
        return view.texts("calendar.run_same", name=run.schedule, at=now)
    return view.texts("schedule.change", what=run.schedule, was=was, now=now)


def _at(view: View, at: datetime | None) -> str:
    return view.texts("value.none") if at is None else view.moments.short(at)


def _shape(view: View, effects: Effects) -> dict[str, Any]:
    before, after = effects.openings
    return {
        "openings": {"before": openings_shape(view, before), "after": openings_shape(view, after)},
        "schedules": [
            {"name": run.schedule, "before": view.moments.iso(run.before), "after": view.moments.iso(run.after)}
            for run in effects.runs
        ],
        "cases": {"later": effects.later, "sooner": effects.sooner},
    }

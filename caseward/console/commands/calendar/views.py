"""`caseward calendar list` and `show`: when remote systems are open, and who changed that and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from caseward.console.commands.case.views import labelled
from caseward.console.terminal.answers import Json
from caseward.console.terminal.openings import (
    calendar_shape,
    changes,
    holiday_said,
    hours_lines,
    now_said,
    until_said,
    workday_said,
)
from caseward.console.terminal.timings import DOT, who_said
from caseward.console.terminal.view import View, viewing
from caseward.console.text.output import Column, complain, say
from caseward.console.wording.texts import Texts
from workflow.calendars import BadCalendar, Calendar
from workflow.record.configuration import Change
from workflow.scheduler.calendars import Opening
from workflow.store.configuration import calendar_of

OPENINGS = 3


def list_calendars(texts: Texts, *, json: Json | None) -> int:
    async def work(view: View) -> int:
        found = list(view.record.rules.calendars.values())
        if json:
            say(json.many([calendar_shape(view, one) for one in found]))
            return 0
        if not found:
            complain(texts("calendar.none"))
            return 0
        columns = [
            Column(texts("column.name")),
            Column(texts("column.hours"), 20),
            Column(texts("column.state"), 20),
            Column(texts("column.version"), right=True),
        ]
        say(*view.screen.table(columns, [_cells(view, one) for one in found]))
        say("", texts("more.calendar.list", name=found[0].name))
        return 0

    return viewing(texts, work)


def show(texts: Texts, name: str, *, json: Json | None) -> int:
    async def work(view: View) -> int:
        calendars = view.record.calendars("")
        calendar = calendars.named(name)
        versions = await view.record.store.changes("calendar", name)
        schedules = [one.definition.name for one in await calendars.scheduled(name)]
        remotes = [one.name for one in calendars.keeping(name)]
        openings = calendar.coming(view.moments.now, OPENINGS)
        if json:
            told = {"remotes": remotes, "schedules": schedules, "openings": openings_shape(view, openings)}
            kept = [_version_shape(view, one) for one in versions]
            say(json.one({**calendar_shape(view, calendar), **told, "versions": kept}))
            return 0
        head = [view.screen.paint(name, "bold"), now_said(calendar, view.reader), f"v{calendar.version}"]
        say("  ".join(head), *labelled(view, list(_lines(view, calendar, remotes, schedules))))
        say("", texts("calendar.openings"), *openings_said(view, openings))
        say("", texts("schedule.versions"), *_history(view, view.record.systems.brought[name], versions))
        say("", texts("more.calendar.show"))
        return 0

    return viewing(texts, work)


def openings_said(view: View, openings: Sequence[Opening]) -> Iterator[str]:
    for begin, end in openings:
        yield f"  {view.moments.whole(begin)[:16]} – {view.moments.whole(end)[:16]}"


def openings_shape(view: View, openings: Sequence[Opening]) -> list[dict[str, Any]]:
    return [{"from": view.moments.iso(begin), "until": view.moments.iso(end)} for begin, end in openings]


def _cells(view: View, calendar: Calendar) -> list[str]:
    today = calendar.day_of(view.moments.now)
    hours = calendar.describe(view.texts.language, on=today)
    return [calendar.name, hours, now_said(calendar, view.reader), str(calendar.version)]


def _lines(
    view: View, calendar: Calendar, remotes: Sequence[str], schedules: Sequence[str]
) -> Iterator[tuple[str, str]]:
    texts, today = view.texts, calendar.day_of(view.moments.now)
    yield texts("calendar.field.zone"), calendar.zone
    for place, line in enumerate(hours_lines(calendar, view.reader)):
        yield "" if place else texts("calendar.field.week"), line
    for field, lines in (
        ("holidays", [holiday_said(one) for one in calendar.holidays if one.last >= today]),
        ("workdays", [workday_said(one) for one in calendar.workdays if one.day >= today]),
    ):
        for place, line in enumerate(lines or [texts("value.none")]):
            yield "" if place else texts(f"calendar.field.{field}"), line
    yield texts("calendar.field.until"), until_said(calendar.until, view.reader)
    listed = [view.reader.labels("remote", one) for one in remotes]
    yield texts("calendar.field.remotes"), texts("mark.comma").join(listed) or texts("value.none")
    yield texts("calendar.field.schedules"), texts("mark.comma").join(schedules) or texts("value.none")


def _history(view: View, brought: Calendar, versions: Sequence[Change]) -> Iterator[str]:
    """Newest first: who, when, why, and what became of what; the first is the one that its system brings."""
    known, lines = brought, list[list[str]]()
    lines.append([*view.screen.wrapped(view.texts("calendar.brought"), 6, f"  v{brought.version}")])
    for one in versions:
        said = [view.moments.short(one.at), who_said(one.actor, view.reader), one.reason]
        found = [*view.screen.wrapped(DOT.join(said), 6, f"  v{one.version}")]
        try:
            now = calendar_of(one, brought) if one.sound else known
        except BadCalendar as error:
            now, found = known, [*found, *view.screen.wrapped(error.told(view.texts.language), 8)]
        if not one.sound:
            found += view.screen.wrapped(view.texts("configuration.unsound"), 8)
        elif one.value is None:
            found += view.screen.wrapped(view.texts("calendar.as_brought"), 8)
        for line in changes(known, now, view.reader):
            found += view.screen.wrapped(line, 8)
        known = now
        lines.append(found)
    for found in reversed(lines):
        yield from found


def _version_shape(view: View, change: Change) -> dict[str, Any]:
    return {
        "version": change.version,
        "at": view.moments.iso(change.at),
        "actor": change.actor,
        "reason": change.reason,
        "calendar": change.value,
        "sound": change.sound,
    }

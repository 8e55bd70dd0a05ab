"""`caseward schedule add`, `edit`, `pause`, `resume`, `delete` and `restore`: what people order of schedules."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from caseward.console.commands.case.views import labelled
from caseward.console.commands.schedule.views import (
    field_lines,
    heading,
    instant_lines,
    last_run,
    preview_lines,
    tell_without_beat,
)
from caseward.console.terminal.complaints import CONFLICT, REFUSED, USAGE, Complaint, Stopped
from caseward.console.terminal.schedule_fields import said_of
from caseward.console.terminal.spans import instant_of, not_a_value, span_of
from caseward.console.terminal.timings import changes, later_parts, named, schedule_shape, standing
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import as_json, complain, say
from caseward.console.wording.texts import Texts
from workflow.cron import CronError
from workflow.engine.reasons import reason_given
from workflow.errors import Conflict, NotAllowed
from workflow.scheduler.commands import ScheduleCommands
from workflow.schedules.due_instants import foreseen
from workflow.schedules.schedule import BadSchedule, Definition, Preview, Schedule, edited, first_after
from workflow.schedules.targets import BadTarget
from workflow.sentence import Sentence

FORESEEN = 5
GROUP = "own"
"""The group of a schedule for which none is given."""
ADD, EDIT = "caseward schedule add", "caseward schedule edit"
Give = Callable[[View, ScheduleCommands, Schedule], Awaitable[Schedule]]


def add(texts: Texts, name: str, given: Mapping[str, Any], *, reason: str, dry: bool, json: bool) -> int:
    """Says what the schedule is, and its first instants; dry: without making it."""
    said, wanted = reason_given(reason), said_of(texts, given, ADD)
    for field, option in (("target", "--target"), ("timing", "--cron | --every")):
        if field not in wanted:
            cause = texts("usage.missing", what=option)
            raise Stopped(Complaint("usage", cause, texts("cure.option", option=option), USAGE))

    async def work(view: View) -> int:
        begin = {"name": name.strip(), "group": GROUP, "zone": view.record.settings.timezone}
        new, people = Definition(**{**begin, **wanted}), view.record.timetable(person())
        with refused(texts, new.name, texts("cure.usage", command=ADD)):
            if dry:
                onward = first_after(new, await people.checked(new))
                made = Schedule("", new, 1, onward, planned=None, deleted_at=None)
            else:
                made = await people.add(new, said)
        instants = foreseen(view.record.rules, new, view.moments.now, FORESEEN)
        if json:
            say(as_json({**schedule_shape(view, made, None), **_next(view, instants), "dry": dry}))
            return 0
        say(heading(view, made), *labelled(view, list(field_lines(view, new))))
        say("", *instant_lines(view, new, instants))
        if dry:
            say("", texts("schedule.dry.add"))
            return 0
        await tell_without_beat(view)
        say("", texts("more.schedule.list", name=new.name))
        return 0

    return viewing(texts, work)


def edit(
    texts: Texts, name: str, given: Mapping[str, Any], *, reason: str, version: int | None, dry: bool, json: bool
) -> int:
    """Says what becomes of each field, and the next instants; dry: without doing it."""
    said, wanted = reason_given(reason), said_of(texts, given, EDIT)
    if not wanted:
        cause = texts("error.nothing_to_edit")
        raise Stopped(Complaint("usage", cause, texts("cure.usage", command=EDIT), USAGE))

    async def work(view: View) -> int:
        schedule = await named(view, name)
        with refused(texts, schedule.definition.name):
            if edited(schedule.definition, wanted) == schedule.definition:
                cause, cure = texts("error.no_change", name=schedule.definition.name), texts("cure.schedule", name=name)
                raise Stopped(Complaint("usage", cause, cure, USAGE))
            if dry:
                return await _would_edit(view, schedule, wanted, json)
            after = await view.record.timetable(person()).edit(schedule.id, wanted, said, version)
        if json:
            say(as_json(schedule_shape(view, after, await last_run(view, after))))
            return 0
        say(texts("schedule.edited", name=after.definition.name, was=schedule.version, now=after.version))
        say(*_changed(view, schedule, after))
        say(*preview_lines(view, after, foreseen(view.record.rules, after.definition, view.moments.now, FORESEEN)))
        await _tell_kept(view, schedule, after.definition)
        await tell_without_beat(view)
        return 0

    return viewing(texts, work)


def pause(
    texts: Texts, name: str, *, until: str | None, span: str | None, reason: str, version: int | None, json: bool
) -> int:
    said = reason_given(reason)
    if (until is None) == (span is None):
        option = "--until | --for"
        raise Stopped(
            Complaint("usage", texts("usage.missing", what=option), texts("cure.option", option=option), USAGE)
        )
    at = instant_of(texts, "--until", until) if until is not None else None
    long = span_of(texts, "--for", span) if span is not None else None

    async def give(view: View, people: ScheduleCommands, schedule: Schedule) -> Schedule:
        end = at if long is None else view.moments.now + long
        if end is None or end <= view.moments.now:
            raise not_a_value(texts, "--until" if long is None else "--for", until or span or "", "cure.in_future")
        return await people.pause(schedule.id, end, said, version)

    return _ordered(texts, name, give, "schedule.is_paused", json)


def resume(texts: Texts, name: str, *, reason: str, version: int | None, json: bool) -> int:
    said = reason_given(reason)

    async def give(view: View, people: ScheduleCommands, schedule: Schedule) -> Schedule:
        if standing(schedule, view.moments.now) == "on":
            raise NotAllowed(
                schedule.definition.name,
                Sentence("to_resume", "to resume"),
                Sentence("neither_paused_nor_disabled", "it is neither paused nor disabled"),
            )
        return await people.resume(schedule.id, said, version)

    return _ordered(texts, name, give, "schedule.is_resumed", json)


def delete(texts: Texts, name: str, *, reason: str, version: int | None, json: bool) -> int:
    said = reason_given(reason)

    async def give(_: View, people: ScheduleCommands, schedule: Schedule) -> Schedule:
        return await people.delete(schedule.id, said, version)

    return _ordered(texts, name, give, "schedule.is_deleted", json)


def restore(texts: Texts, name: str, *, reason: str, json: bool) -> int:
    said = reason_given(reason)

    async def give(_: View, people: ScheduleCommands, schedule: Schedule) -> Schedule:
        return await people.restore(schedule.id, said)

    return _ordered(texts, name, give, "schedule.is_restored", json)


def _ordered(texts: Texts, name: str, give: Give, told: str, json: bool) -> int:
    async def work(view: View) -> int:
        schedule = await named(view, name)
        with refused(texts, schedule.definition.name):
            after = await give(view, view.record.timetable(person()), schedule)
        if json:
            say(as_json(schedule_shape(view, after, await last_run(view, after))))
            return 0
        onward = view.record.rules.preview(after.definition, view.moments.now, 1)
        at = view.moments.zoned(onward[0].at) if onward else texts("value.none")
        until = after.definition.paused_until
        end = view.moments.zoned(until) if until is not None else ""
        say(texts(told, name=after.definition.name, version=after.version, next=at, until=end))
        return 0

    return viewing(texts, work)


async def _would_edit(view: View, schedule: Schedule, wanted: Mapping[str, Any], json: bool) -> int:
    after = replace(schedule, definition=edited(schedule.definition, wanted))
    await view.record.timetable(person()).checked(after.definition, schedule)
    instants = foreseen(view.record.rules, after.definition, view.moments.now, FORESEEN)
    if json:
        last = await last_run(view, schedule)
        say(as_json({**schedule_shape(view, after, last), **_next(view, instants), "dry": True}))
        return 0
    say(heading(view, schedule), *_changed(view, schedule, after))
    say(*preview_lines(view, after, instants), "", view.texts("schedule.dry"))
    await _tell_kept(view, schedule, after.definition)
    return 0


async def _tell_kept(view: View, before: Schedule, after: Definition) -> None:
    """A new recheck counts from a case's next look on: which cases wait longer than it says."""
    if before.definition.recheck == after.recheck:
        return
    kept = await view.record.timetable("").later(before.id, after.recheck or timedelta(0))
    if kept is not None:
        complain(*view.screen.wrapped(view.texts("schedule.kept", **later_parts(view, kept))))


def _next(view: View, instants: Sequence[Preview]) -> dict[str, Any]:
    return {"next": [{"at": view.moments.iso(one.at), "skipped": one.skipped} for one in instants]}


def _changed(view: View, before: Schedule, after: Schedule) -> Iterator[str]:
    for what, was, now in changes(before.definition, after.definition, view.reader):
        yield from view.screen.wrapped(view.texts("schedule.change", what=what, was=was, now=now), 2)


@contextmanager
def refused(texts: Texts, name: str, usage: str | None = None) -> Iterator[None]:
    """What the rules of schedules refuse, in the reader's language, with the cure that fits a schedule.

    usage: the cure for a schedule that does not exist yet.
    """
    cure = texts("cure.schedule", name=name)
    try:
        yield
    except (CronError, BadTarget) as error:
        bare = type(error)(error.text, error.position, error.reason, None, **error.parts)
        near = texts("cure.suggestion", text=error.suggestion) if error.suggestion else usage or cure
        raise Stopped(Complaint("bad_schedule", bare.told(texts.language), near, USAGE)) from error
    except BadSchedule as error:
        near = texts("cure.suggestion", text=error.suggestion) if error.suggestion else usage or cure
        if error.problem == "after" and not error.suggestion:
            near = texts("cure.not_found.schedule")
        raise Stopped(Complaint("bad_schedule", error.told(texts.language), near, USAGE)) from error
    except Conflict as error:
        cause = texts("error.conflict", case=error.case, why=texts.told(error.why))
        raise Stopped(Complaint("conflict", cause, cure, CONFLICT)) from error
    except NotAllowed as error:
        cause = texts("error.not_allowed", case=error.case, what=texts.told(error.what), why=texts.told(error.why))
        raise Stopped(Complaint("not_allowed", cause, cure, REFUSED)) from error

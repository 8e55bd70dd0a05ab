"""`caseward schedule list`, `show`, `next` and `log`: what runs when, what will be skipped, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from caseward.app.default_schedules import BEGINNING
from caseward.console.commands.case.views import labelled
from caseward.console.terminal.answers import Json
from caseward.console.terminal.spans import instant_of
from caseward.console.terminal.timings import (
    DOT,
    SHOWN,
    after_said,
    changes,
    field_said,
    label_of,
    named,
    next_run,
    number_of,
    result_said,
    run_shape,
    schedule_shape,
    second,
    standing,
    standing_said,
    strangeness,
    timing_said,
    took_said,
    version_shape,
    who_said,
)
from caseward.console.terminal.view import View, viewing
from caseward.console.text.output import Column, complain, say
from caseward.console.wording.texts import Texts
from workflow.schedules.run import Heartbeat, Run
from workflow.schedules.schedule import Definition, Preview, Schedule, Version

RAN = ("running", "finished", "lost")


def list_schedules(texts: Texts, *, deleted: bool, json: Json | None) -> int:
    async def work(view: View) -> int:
        found = await view.record.store.schedules(deleted=deleted)
        found.sort(key=lambda each: (number_of(view, each.definition.name) or 1000, each.definition.name))
        rows = [(each, await last_run(view, each)) for each in found]
        if json:
            say(json.many([schedule_shape(view, each, last) for each, last in rows]))
            return 0
        if not found:
            complain(texts("schedule.none_deleted" if deleted else "schedule.none"))
            return 0
        say(*_table(view, rows))
        if not deleted:
            tell_strange(view, found)
            await tell_without_beat(view)
            await tell_unserved(view)
        say("", texts("more.schedule.list", name=found[0].definition.name))
        return 0

    return viewing(texts, work)


def show(texts: Texts, name: str, *, json: Json | None) -> int:
    async def work(view: View) -> int:
        schedule = await named(view, name)
        last, open_run = await last_run(view, schedule), await waiting_run(view, schedule)
        versions = await view.record.store.schedule_versions(schedule.id)
        if json:
            told = [version_shape(view, version) for version in versions]
            waiting = run_shape(view, open_run) if open_run is not None else None
            say(json.one({**schedule_shape(view, schedule, last), "waiting_run": waiting, "versions": told}))
            return 0
        lines = list(_lines(view, schedule, last))
        if open_run is not None:
            said = f"{view.moments.zoned(open_run.due_at)}{texts('mark.dash')}{result_said(open_run, view.reader)}"
            lines.append((texts("column.state"), said))
        say(heading(view, schedule), *labelled(view, lines))
        say("", texts("schedule.versions"), *_history(view, versions))
        say("", texts("more.schedule.show", name=schedule.definition.name))
        return 0

    return viewing(texts, work)


def coming(texts: Texts, name: str, *, n: int, json: Json | None) -> int:
    """The next instants, in the schedule's own zone, and which of them nothing will be done at."""

    async def work(view: View) -> int:
        schedule = await named(view, name)
        instants = await view.record.timetable("").preview(schedule.id, n)
        if json:
            rows = [{"at": view.moments.iso(one.at), "skipped": one.skipped} for one in instants]
            definition = schedule.definition
            say(json.many(rows, schedule=definition.name, zone=definition.zone, after=definition.after))
            return 0
        say(heading(view, schedule), *preview_lines(view, schedule, instants))
        return 0

    return viewing(texts, work)


def log(texts: Texts, name: str, *, limit: int, cursor: str | None, status: str | None, json: Json | None) -> int:
    before = instant_of(texts, "--cursor", cursor) if cursor is not None else None

    async def work(view: View) -> int:
        schedule = await named(view, name)
        runs = await view.record.store.runs(schedule.id, status=status, before=before, limit=limit + 1)
        further = view.moments.iso(runs[limit - 1].due_at) if len(runs) > limit else None
        if json:
            say(json.many([run_shape(view, run) for run in runs[:limit]], further))
            return 0
        if not runs:
            complain(texts("run.none"))
            return 0
        columns = [
            Column(texts("column.due")),
            Column(texts("column.began")),
            Column(texts("column.took"), right=True),
            Column(texts("column.result"), 16),
            Column(texts("column.asked_by"), 6),
        ]
        say(*view.screen.table(columns, [_run_cells(view, run) for run in runs[:limit]]))
        if further:
            complain(texts("list.more", cursor=further))
        return 0

    return viewing(texts, work)


async def last_run(view: View, schedule: Schedule) -> Run | None:
    """The newest run that ran or is running; a skipped one did neither."""
    store = view.record.store
    newest = [run for status in RAN for run in await store.runs(schedule.id, status=status, limit=1)]
    return max(newest, key=lambda run: run.due_at, default=None)


async def waiting_run(view: View, schedule: Schedule) -> Run | None:
    """The oldest run that another schedule's runs keep from beginning."""
    pending = await view.record.store.runs(schedule.id, status="pending")
    return next((run for run in reversed(pending) if run.waits_for is not None), None)


async def alive(view: View) -> list[Heartbeat]:
    return [one for one in await view.record.store.heartbeats() if one.is_alive(view.real)]


async def tell_without_beat(view: View) -> None:
    """Say that no beat is alive: nothing fires without one, and no list of instants would show it."""
    if not any(one.kind == "beat" for one in await alive(view)):
        complain(*view.screen.wrapped(view.texts("schedule.no_beat")))


async def tell_unserved(view: View) -> None:
    """The queues in which runs wait that no living worker serves."""
    served = {queue for one in await alive(view) for queue in one.queues}
    waiting = [run for run in await view.record.store.open_runs(view.moments.now) if run.status == "pending"]
    for queue in sorted({run.queue for run in waiting if run.waits_for is None} - served):
        complain(*view.screen.wrapped(view.texts("run.no_worker", queue=queue)))


def tell_strange(view: View, found: Sequence[Schedule]) -> None:
    """Name the schedules that no beat would run as they say."""
    for each in found:
        strange = strangeness(each, view.record.rules, view.moments.now)
        if strange is not None:
            said = view.texts(f"schedule.strange.{strange.what}", **strange.parts)
            complain(*view.screen.wrapped(said))


def heading(view: View, schedule: Schedule) -> str:
    reader, screen, name = view.reader, view.screen, schedule.definition.name
    label = label_of(view, name, reader.texts.language)
    said = [screen.paint(name, "bold"), *([label] if label != name else []), standing_said(schedule, reader)]
    return "  ".join([*said, f"v{schedule.version}"])


def preview_lines(view: View, schedule: Schedule, instants: Sequence[Preview]) -> Iterator[str]:
    zone = schedule.definition.zone
    yield f"  {timing_said(schedule.definition, view.reader)} ({zone})"
    if schedule.definition.after is not None:
        yield from view.screen.wrapped(after_said(schedule.definition, view.reader), 2)
    yield from instant_lines(view, schedule.definition, instants)


def instant_lines(view: View, definition: Definition, instants: Sequence[Preview]) -> Iterator[str]:
    """Lines of instants, in the wall time of the schedule's own zone."""
    moments = replace(view.moments, zone=ZoneInfo(definition.zone))
    if not instants:
        yield "  " + view.texts("schedule.never_again")
    for one in instants:
        if one.skipped is None:
            yield f"  {moments.whole(one.at)}  ✔"
            continue
        why = view.reader.labels("skipped", one.skipped)
        yield f"  {moments.whole(one.at)}  ✖ {view.texts('run.will_skip', why=why)}"


def _table(view: View, rows: Sequence[tuple[Schedule, Run | None]]) -> Iterator[str]:
    """One table, with a line above each group."""
    texts = view.texts
    columns = [
        Column(texts("column.schedule_number"), right=True),
        Column(texts("column.name")),
        Column(texts("column.task"), 6),
        Column(texts("column.timing"), 16),
        Column(texts("column.last"), 7),
        Column(texts("column.next")),
        Column(texts("column.state")),
    ]
    head, *lines = view.screen.table(columns, [_cells(view, each, last) for each, last in rows])
    yield head
    above = None
    for line, (each, _) in zip(lines, rows, strict=True):
        if each.definition.group != above:
            above = each.definition.group
            yield view.screen.paint(view.reader.labels("group", above), "dim")
        yield line


def _cells(view: View, schedule: Schedule, last: Run | None) -> list[str]:
    definition, reader, texts = schedule.definition, view.reader, view.texts
    upcoming = next_run(view, schedule) if standing(schedule, view.moments.now) == "on" else None
    return [
        str(number_of(view, definition.name) or ""),
        definition.name,
        label_of(view, definition.name, texts.language),
        timing_said(definition, reader),
        f"{view.moments.short(last.due_at)} {result_said(last, reader)}" if last else view.texts("run.never"),
        view.moments.short(upcoming) if upcoming else "",
        # `show` says until when a pause lasts: here it would cost every row its width
        view.texts(f"schedule.{standing(schedule, view.moments.now)}"),
    ]


def field_lines(view: View, definition: Definition) -> Iterator[tuple[str, str]]:
    """Lines of a schedule's fields, by the names that people use."""
    reader, texts = view.reader, view.texts
    for name in SHOWN:
        value = getattr(definition, name)
        if name in ("paused_until", "paused_reason") and value is None:
            continue
        said = field_said(name, value, reader)
        if name == "group":
            said = reader.labels("group", definition.group)
        if name == "timing":
            said = f"{timing_said(definition, reader)}  {said}"
        if name == "after" and value is not None:
            said = after_said(definition, reader)
        if name == "calendar" and value in view.record.rules.calendars:
            calendar = view.record.rules.calendars[value]
            today = calendar.day_of(view.moments.now)
            said = f"{said}  {calendar.describe(reader.texts.language, on=today)}"
        yield texts(f"schedule.field.{name}"), said


def _lines(view: View, schedule: Schedule, last: Run | None) -> Iterator[tuple[str, str]]:
    texts, reader = view.texts, view.reader
    yield from field_lines(view, schedule.definition)
    ran = f"{view.moments.zoned(last.due_at)}{texts('mark.dash')}{result_said(last, reader)}" if last else ""
    yield texts("column.last"), ran or texts("run.never")
    onward = next_run(view, schedule)
    yield texts("column.next"), view.moments.zoned(onward) if onward else texts("value.none")


def _history(view: View, versions: Sequence[Version]) -> Iterator[str]:
    """Newest first: who, when, why, and what became of which field."""
    reader = view.reader
    before = {version.version + 1: version.definition for version in versions}
    for version in reversed(versions):
        kind, at = view.texts(f"version.{version.kind}"), view.moments.short(version.at)
        begins = version.actor == BEGINNING  # it has no reason of its own
        why = [view.texts("version.begins")] if begins else [version.reason] if version.reason else []
        said = [at, kind, who_said(version.actor, reader), *why]
        yield from view.screen.wrapped(DOT.join(said), 6, f"  v{version.version}")
        for what, was, now in changes(before.get(version.version, version.definition), version.definition, reader):
            yield from view.screen.wrapped(view.texts("schedule.change", what=what, was=was, now=now), 8)


def _run_cells(view: View, run: Run) -> list[str]:
    began = "" if run.begun_at is None else view.moments.whole(run.begun_at)[11:]
    due, reader = second(run.due_at, view.reader), view.reader
    return [due, began, took_said(run, reader), result_said(run, reader), who_said(run.actor, reader)]

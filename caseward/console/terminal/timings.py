"""What the commands say of schedules and of their runs: in words for people, and as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from caseward.console.terminal.complaints import NOT_FOUND, Complaint, Stopped
from caseward.console.terminal.view import View
from caseward.console.wording.seen import Reader
from caseward.console.wording.words import Language
from workflow.cron import CronError, parse, sentence
from workflow.errors import NotFound
from workflow.schedules.due_instants import MICROSECOND, ON_TIME, first_run
from workflow.schedules.outages import Outage
from workflow.schedules.run import Failing, Later, Run
from workflow.schedules.schedule import SPANS, BadSchedule, Definition, Rules, Schedule, Version, in_both, too_far
from workflow.schedules.targets import BadTarget, split

Standing = Literal["on", "paused", "disabled", "deleted"]
SHOWN = tuple(field.name for field in dataclasses.fields(Definition) if field.name != "name")
DOT = " · "


async def named(view: View, typed: str) -> Schedule:
    """The schedule of this name, or with this number in the list.

    Raises NotFound, and Stopped where it is a default one that no beat has laid down yet.
    """
    name, names = typed.strip(), list(view.record.systems.schedules)
    if name.isdecimal() and 1 <= int(name) <= len(names):
        name = names[int(name) - 1]
    try:
        return await view.record.store.schedule(name)
    except NotFound:
        if name not in names:
            raise NotFound("schedule", typed) from None
        cause, cure = view.texts("error.not_laid_down", name=name), view.texts("cure.not_laid_down")
        raise Stopped(Complaint("not_found", cause, cure, NOT_FOUND)) from None


def number_of(view: View, name: str) -> int | None:
    """The place of a schedule among those that the installation begins with; others have none."""
    names = list(view.record.systems.schedules)
    return names.index(name) + 1 if name in names else None


def label_of(view: View, name: str, language: Language) -> str:
    """What people call the schedule; its name where nobody gave it another."""
    known = view.record.systems.schedules.get(name)
    if known is None:
        return name
    return known[0].english if language == "en" else known[0].chinese


def next_run(view: View, schedule: Schedule) -> datetime | None:
    """The first instant from its next one on that nothing bars; None where there is none, or the row is unreadable."""
    definition, at, rules = schedule.definition, schedule.next_run_at, view.record.rules
    if at is None or rules.wrong(definition) is not None:
        return None
    timing, _ = rules.read(definition)
    return first_run(definition, timing, at - MICROSECOND, rules.calendars)


def timing_said(definition: Definition, reader: Reader) -> str:
    """The sentence of the timing, or what stands there where somebody wrote what cannot be read."""
    try:
        return sentence(parse(definition.timing, definition.zone), reader.texts.language)
    except CronError:
        return reader.texts("schedule.unreadable", timing=definition.timing)


def after_said(definition: Definition, reader: Reader) -> str:
    """In words: what a schedule's runs wait for, and for how long."""
    span = reader.moments.span(max(definition.catch_up, ON_TIME))
    return reader.texts("schedule.waits", after=definition.after, span=span)


def standing(schedule: Schedule, now: datetime) -> Standing:
    definition = schedule.definition
    if schedule.deleted_at is not None:
        return "deleted"
    if not definition.enabled:
        return "disabled"
    return "paused" if definition.paused_until is not None and now < definition.paused_until else "on"


@dataclasses.dataclass(frozen=True)
class Strangeness:
    """Why a schedule will not run as it says, whatever beats there are.

    off: it names what no system that is on brings. gone: what its flow lost. unreadable: it cannot be read otherwise.
    far: its next instant is further off than its own timing has one.
    """

    what: Literal["off", "gone", "unreadable", "far"]
    parts: dict[str, str]


def strangeness(schedule: Schedule, rules: Rules, now: datetime) -> Strangeness | None:
    """A row that this code cannot read, or whose next instant is further off than its own timing has one."""
    definition = schedule.definition
    parts = {"name": definition.name, "timing": definition.timing}
    if (wrong := rules.wrong(definition)) is not None:
        return Strangeness(_unreadable(wrong), {**parts, "why": in_both(wrong)})
    timing, _ = rules.read(definition)
    if schedule.next_run_at is not None and too_far(schedule, timing, now):
        at = schedule.next_run_at.astimezone(ZoneInfo(definition.zone))
        return Strangeness("far", {**parts, "at": f"{at:%Y-%m-%d %H:%M:%S}"})
    return None


def _unreadable(wrong: CronError | BadTarget | BadSchedule) -> Literal["off", "gone", "unreadable"]:
    """Flows and jobs are brought by systems; the states and lines of a flow change with its code."""
    reason = wrong.reason if isinstance(wrong, BadTarget) else ""
    if reason in ("flow", "job"):
        return "off"
    return "gone" if reason in ("state", "final", "line") else "unreadable"


def failing_parts(failing: Failing, zone: ZoneInfo) -> dict[str, str]:
    """The parts of the sentence about a schedule whose runs fail: name, how many, since when, and why."""
    since = f"{failing.since.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return {"name": failing.name, "runs": str(failing.runs), "since": since, "why": failing.why or ""}


def outage_parts(outage: Outage, zone: ZoneInfo) -> dict[str, str]:
    """The parts of the sentence about an outage: of what, since when, how often, and the newest words."""
    since = f"{outage.since.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return {"about": outage.about, "n": str(outage.count), "since": since, "why": outage.why or ""}


def later_parts(view: View, later: Later) -> dict[str, str]:
    """The parts of a sentence about cases that wait for a later look."""
    at = view.moments.short
    return {"n": str(later.cases), "number": later.number, "first": at(later.first_at), "last": at(later.last_at)}


def standing_said(schedule: Schedule, reader: Reader) -> str:
    found = standing(schedule, reader.moments.now)
    said = reader.texts(f"schedule.{found}")
    until = schedule.definition.paused_until
    if found == "paused" and until is not None:
        said = reader.texts("schedule.paused_until", at=reader.moments.short(until))
    return said


def result_said(run: Run, reader: Reader) -> str:
    """How a run ended, in one line; of what never ran, why not."""
    texts = reader.texts
    if run.status == "skipped":
        why = reader.labels("skipped", run.why or "")
        if not run.count:
            return texts("run.skipped_uncounted", until=reader.moments.short(run.until), why=why)
        if run.count == 1:
            return texts("run.skipped", why=why)
        return texts("run.skipped_many", n=run.count, until=reader.moments.short(run.until), why=why)
    if run.waits_for is not None:
        return texts("run.waits", after=run.waits_for)
    said = counts_said(run, reader) or texts("run.nothing")
    failures = len(run.failures)
    if run.error is not None and len(run.parts) > 1:
        return texts("run.parts_failed", n=run.parts.count("failed"), of=len(run.parts), error=run.error)
    if run.error is not None:
        return texts("run.broke_off_many" if failures > 1 else "run.broke_off", n=failures, error=run.error)
    if run.again_at is not None and failures:
        return texts("run.again", n=failures, at=reader.moments.short(run.again_at), error=run.failures[-1].error)
    said = said if run.status == "finished" else texts(f"run.{run.status}")
    return texts("run.after_failures", said=said, n=failures) if failures else said


def counts_said(run: Run, reader: Reader) -> str:
    """In words: the outcomes so far; empty where there is none."""
    texts = reader.texts
    return DOT.join(
        texts(name, n=n) if (name := f"count.{word}") in texts else f"{n} {word}" for word, n in run.counts.items() if n
    )


def who_said(actor: str, reader: Reader) -> str:
    """A person by name; every beat and process is the timetable itself."""
    kind, _, name = actor.partition(":")
    return name if kind == "person" else reader.texts("run.by_timetable")


def took(run: Run) -> timedelta | None:
    return run.ended_at - run.begun_at if run.begun_at is not None and run.ended_at is not None else None


def took_said(run: Run, reader: Reader) -> str:
    span = took(run)
    if span is None:
        return ""
    seconds = span.total_seconds()
    return reader.moments.span(span) if seconds >= 60 else reader.texts("span.seconds", n=f"{max(seconds, 0):.1f}")


def second(at: datetime, reader: Reader) -> str:
    """An instant to the second, without the year where it is this one."""
    moments = reader.moments
    said, today = moments.whole(at), moments.whole(moments.now)
    return said[5:] if said[:4] == today[:4] else said


def field_said(name: str, value: object, reader: Reader) -> str:
    """A field of a definition as people read it."""
    texts = reader.texts
    match value:
        case None:
            return texts("value.none")
        case bool():
            return texts("value.on" if value else "value.off")
        case timedelta():
            return reader.moments.span(value)
        case datetime():
            return reader.moments.zoned(value)
        case -1:
            return texts("schedule.no_limit")
        case _:
            key = f"{name}.{value}"
            return texts(key) if name in ("overlap", "misfire") and key in texts else str(value)


def changes(old: Definition, new: Definition, reader: Reader) -> Iterator[tuple[str, str, str]]:
    """Each field that an edit changed: what it is called, what it was, what it is."""
    for name in SHOWN:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            what = reader.texts(f"schedule.field.{name}")
            yield what, field_said(name, before, reader), field_said(name, after, reader)


def schedule_shape(view: View, schedule: Schedule, last: Run | None) -> dict[str, Any]:
    definition, moments = schedule.definition, view.moments
    group = definition.group
    return {
        "number": number_of(view, definition.name),
        "name": definition.name,
        "label": view.both(lambda reader: label_of(view, definition.name, reader.texts.language)),
        "group_label": view.both(lambda reader: reader.labels("group", group)),
        "sentence": view.both(lambda reader: timing_said(definition, reader)),
        "state": standing(schedule, moments.now),
        "next_run_at": moments.iso(schedule.next_run_at),
        "first_run_at": moments.iso(next_run(view, schedule)),
        "last_run": run_shape(view, last) if last else None,
        **definition_shape(view, definition),
        "version": schedule.version,
        "deleted_at": moments.iso(schedule.deleted_at),
        "id": schedule.id,
    }


def definition_shape(view: View, definition: Definition) -> dict[str, Any]:
    """Its fields; spans in seconds under NAME_s."""
    shape: dict[str, Any] = {}
    for name in SHOWN:
        value = getattr(definition, name)
        if name in SPANS:
            shape[f"{name}_s"] = None if value is None else int(value.total_seconds())
        else:
            shape[name] = view.moments.iso(value) if isinstance(value, datetime) else value
    return shape


def run_shape(view: View, run: Run) -> dict[str, Any]:
    span, iso, targets = took(run), view.moments.iso, dict(enumerate(split(str(run.target))))
    plain = ("status", "why", "counts", "error", "target", "queue", "version", "actor", "reason", "owner", "tries")
    return {
        "id": run.id,
        "schedule": run.name,
        "due_at": iso(run.due_at),
        "until": iso(run.until),
        "instants": run.count,
        **{name: getattr(run, name) for name in plain},
        "failures": [
            {"at": iso(one.at), "error": one.error, "target": targets.get(one.part or 0)} for one in run.failures
        ],
        "targets": [{"target": targets[n], "status": each} for n, each in enumerate(run.parts) if len(targets) > 1],
        "again_at": iso(run.again_at),
        "waits_for": run.waits_for,
        "result": view.both(lambda reader: result_said(run, reader)),
        "begun_at": iso(run.begun_at),
        "ended_at": iso(run.ended_at),
        "seconds": None if span is None else round(span.total_seconds(), 3),
    }


def version_shape(view: View, version: Version) -> dict[str, Any]:
    return {
        "version": version.version,
        "kind": version.kind,
        "at": view.moments.iso(version.at),
        "actor": version.actor,
        "reason": version.reason,
        "definition": definition_shape(view, version.definition),
    }

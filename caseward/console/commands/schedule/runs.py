"""`caseward schedule run`: begins a run by hand; --dry shows what it would do, --follow shows it to its end."""

from __future__ import annotations

from caseward.console.commands.schedule.edits import refused
from caseward.console.commands.schedule.log import follow, tell_without_worker
from caseward.console.terminal.complaints import USAGE, Complaint, Stopped
from caseward.console.terminal.spans import limit_of
from caseward.console.terminal.timings import later_parts, named, run_shape
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import Column, as_json, complain, say
from caseward.console.wording.texts import Texts
from workflow.engine.reasons import reason_given
from workflow.scheduler.commands import ScheduleCommands
from workflow.schedules.run import Later
from workflow.schedules.schedule import Schedule
from workflow.schedules.targets import Job

SHORT = 8
"""This much of a run's id is shown to people."""


def run(
    texts: Texts,
    name: str,
    *,
    reason: str | None,
    dry: bool,
    follows: bool,
    timeout: str | None,
    limit: int,
    json: bool,
) -> int:
    if dry and follows:
        raise _misused(texts, texts("error.either", one="--dry", other="--follow"))
    if timeout is not None and not follows:
        raise _misused(texts, texts("error.needs", one="--timeout", other="--follow"))
    longest = limit_of(texts, "--timeout", timeout) if timeout is not None else None

    async def work(view: View) -> int:
        schedule = await named(view, name)
        people = view.record.timetable(person())
        with refused(texts, schedule.definition.name):
            if dry:
                return await _would_take(view, people, schedule, limit, json)
            later = await _idle(people, schedule)
            asked = await people.run_now(schedule.id, reason_given(reason) if reason is not None else None)
        if json and not follows:
            say(as_json({**run_shape(view, asked.run), "already": asked.already}))
            return 0
        if not json:
            told = "run.already" if asked.already else "run.asked"
            say(texts(told, name=schedule.definition.name, id=asked.run.id[:SHORT]))
            _tell_later(view, later)
        if follows:
            return await follow(view, asked, longest, json=json)
        await tell_without_worker(view, asked.run.queue)
        say("", texts("more.schedule.run", name=schedule.definition.name))
        return 0

    return viewing(texts, work)


async def _idle(people: ScheduleCommands, schedule: Schedule) -> Later | None:
    """The cases that wait for a later look, where none is to be looked at now; None where there is none such."""
    return None if await people.would_take(schedule.id, 1) else await people.later(schedule.id)


def _tell_later(view: View, later: Later | None) -> None:
    """Say of a run that finds nothing to do which cases wait for their time, and what looks at one of them now."""
    if later is not None:
        complain(*view.screen.wrapped(view.texts("run.later", **later_parts(view, later))))


def _misused(texts: Texts, cause: str) -> Stopped:
    return Stopped(Complaint("usage", cause, texts("cure.usage", command="caseward schedule run"), USAGE))


async def _would_take(view: View, people: ScheduleCommands, schedule: Schedule, limit: int, json: bool) -> int:
    """Print the cases that a sweep or a line would look at; for a job, that it looks at none."""
    texts, found = view.texts, await people.would_take(schedule.id, limit)
    if json:
        rows = [
            {"number": one.number, "state": one.state, "due_at": view.moments.iso(one.due_at), "id": one.case}
            for one in found
        ]
        say(as_json({"data": rows, "next_cursor": None, "schedule": schedule.definition.name, "dry": True}))
        return 0
    targets = view.record.rules.targets.read(schedule.definition.target)
    if all(isinstance(target, Job) for target in targets):
        complain(texts("run.dry.job", name=schedule.definition.name))
    elif not found:
        complain(texts("run.dry.none", name=schedule.definition.name))
        _tell_later(view, await people.later(schedule.id))
    else:
        columns = [Column(texts("column.number")), Column(texts("column.state")), Column(texts("column.due"))]
        cells = [
            [
                one.number,
                view.of(one.flow).reader.labels("state", one.state),
                view.moments.short(one.due_at) if one.due_at else "",
            ]
            for one in found
        ]
        say(*view.screen.table(columns, cells))
        complain(texts("run.dry.more" if len(found) == limit else "run.dry.all", n=len(found)))
    return 0

"""What is known to come, and the instant of the timetable at which it will be noticed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from caseward.app.installation import Record
from workflow.cron import next_after, parse
from workflow.demonstration import Outside
from workflow.schedules.schedule import Rules, Schedule, barred
from workflow.schedules.targets import Job, NamedLine, Sweep
from workflow.store import CaseRow, Filters

Place = tuple[str, str]
"""Flow and state."""
MICRO = timedelta(microseconds=1)
MOST = 1000
"""Instants after which a timetable that lets none of them run is left alone."""


async def next_known(
    record: Record, outside: Outside, planned: datetime | None, *, looks: bool = False
) -> datetime | None:
    """The earliest event outside, act of a person (planned), or due time that is more than another look.

    looks: where nothing else is known, another look at what stands still counts too.
    """
    rows = await awake(record)
    others = [at for at in (await outside.next_event(), planned) if at is not None]
    firm = [*_due(record, rows).values(), *others]
    if not firm and looks:
        firm = [row.due_at for row in rows if row.due_at]
    return min(firm, default=None)


async def next_noticed(
    record: Record, outside: Outside, planned: datetime | None, *, browser: bool = True
) -> datetime | None:
    """The instant of the timetable at which the next thing that is known to come is looked at; None: nothing is.

    A notice that is held back comes too, after the last case has ended as well.
    browser: whether there is one; where there is none, cases that need it are nothing to come.
    """
    apart = record.systems.remotes.browser_queues
    rows = [row for row in await awake(record) if browser or row.claim.queue not in apart]
    now, live = await record.clock.business(), await live_schedules(record)
    wanted = [
        _first(record.rules, [one for one in live if place in _places(record, one)], max(at, now))
        for place, at in _due(record, rows).items()
    ]
    others = [at for at in (await outside.next_event(), planned) if at is not None]
    wanted += [_first(record.rules, live, max(min(others), now))] if others else []
    if (notice_at := await record.store.next_notice_at()) is not None:
        enabled = [one for one in await record.store.schedules() if one.definition.enabled]
        wanted.append(_first(record.rules, enabled, max(notice_at, now)))
    return min((at for at in wanted if at is not None), default=None)


async def next_round(record: Record) -> datetime | None:
    """The next instant at which any cases are looked at."""
    return _first(record.rules, await live_schedules(record), await record.clock.business())


async def live_schedules(record: Record) -> list[Schedule]:
    """Those that look at cases and have an instant to come."""
    targets = record.rules.targets
    return [
        one
        for one in await record.store.schedules()
        if one.definition.enabled and one.next_run_at
        if any(not isinstance(target, Job) for target in targets.read(one.definition.target))
    ]


async def awake(record: Record) -> list[CaseRow]:
    """The open cases that come up by themselves."""
    rows = await record.store.cases(Filters(final=False), limit=10_000)
    return [row for row in rows if not (row.deferred or row.barred or row.claim.held or not row.claim.auto)]


def _due(record: Record, rows: Iterable[CaseRow]) -> Mapping[Place, datetime]:
    """The earliest due time of each state that is more than another look at what stands still."""
    found: dict[Place, datetime] = {}
    for row in rows:
        place = (row.claim.flow, row.claim.state)
        if row.due_at and not _is_a_look_again(record, row):
            found[place] = min(found.get(place, row.due_at), row.due_at)
    return found


def _is_a_look_again(record: Record, row: CaseRow) -> bool:
    check = row.claim.check
    if check is None or check.last < row.claim.entered_at:
        return False  # what was seen in the state before says nothing of this one
    state = record.plans[row.claim.flow].states[row.claim.state]
    return state.recheck is None and check.body.get("why") == "guards"


def _places(record: Record, schedule: Schedule) -> set[Place]:
    found = set[Place]()
    for target in record.rules.targets.read(schedule.definition.target):
        match target:
            case Sweep(flow=flow, states=states):
                found |= {(flow, state) for state in states}
            case NamedLine(flow=flow, line=line):
                found |= {(flow, state) for state in record.plans[flow].named_lines[line]}
            case Job():
                pass
    return found


def _first(rules: Rules, schedules: Iterable[Schedule], since: datetime) -> datetime | None:
    """The first instant from since on at which one of them runs."""
    return min((at for one in schedules if (at := _first_of(rules, one, since)) is not None), default=None)


def _first_of(rules: Rules, schedule: Schedule, since: datetime) -> datetime | None:
    definition, at = schedule.definition, schedule.next_run_at
    timing = parse(definition.timing, definition.zone)
    if at is not None and at < since:
        at = next_after(timing, since - MICRO)
    for _ in range(MOST):
        if at is None or barred(definition, at, rules.calendars) is None:
            return at
        at = next_after(timing, at)
    return None

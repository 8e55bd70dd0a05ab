"""A schedule as a value: what runs, when, and what becomes of instants that cannot run; and the rules of its edits."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args, get_origin, get_type_hints

from workflow.calendars import Calendar
from workflow.cron import CronError, Language, Timing, instants, next_after, parse
from workflow.errors import CommandError
from workflow.jumps import JUMP
from workflow.record.columns import Unreadable
from workflow.schedules.targets import BadTarget, Sweep, Target, Targets
from workflow.sentence import InBoth

Overlap = Literal["skip", "queue_one", "allow"]
Misfire = Literal["run_once", "run_all", "skip"]
Kind = Literal["created", "edited", "paused", "resumed", "deleted", "restored"]

PROBLEMS = {
    "name": ("a name of 1 to 120 characters is needed", "名称应为 1 到 120 个字符"),
    "group": ("a group of 1 to 60 characters is needed", "分组应为 1 到 60 个字符"),
    "calendar": ("there is no calendar {value}; known are {known}", "没有日历 {value}；已有 {known}"),
    "after": ("there is no schedule {value}", "没有任务 {value}"),
    "after.itself": ("a schedule cannot wait for itself", "任务不能等待自己"),
    "after.circle": ("{circle} would wait for each other", "{circle} 会互相等待"),
    "name.number": ("a number names a place in the list; add a word to it", "数字表示列表中的编号；请加上文字"),
    "name.awaited": ("{value} waits for this schedule under its name", "{value} 按此名称等待本任务"),
    "overlap": ("{value} is none of {known}", "{value} 不在 {known} 之中"),
    "misfire": ("{value} is none of {known}", "{value} 不在 {known} 之中"),
    "recheck": ("a recheck lasts from 1 minute to 366 days", "复查间隔应为 1 分钟到 366 天"),
    "catch_up": ("a catch-up window lasts up to 366 days", "补跑窗口最长 366 天"),
    "timeout": ("a time-out lasts from 1 second to 1 day", "超时应为 1 秒到 1 天"),
    "retries": ("a run that broke off is begun again 0 to 10 times", "运行中断后重试 0 到 10 次"),
    "batch": ("a batch limit is 1 or more, or -1 for no limit", "批量上限应大于等于 1，或为 -1 表示不限"),
    "paused_until": ("a pause needs a reason", "暂停必须写明原因"),
    "field": ("a schedule has no {value}", "任务没有 {value} 这一项"),
}
YEAR = timedelta(days=366)
MOST_RETRIES = 10


class BadSchedule(CommandError):
    """A field of a schedule is not accepted. suggestion: the value that may be meant, or None."""

    def __init__(
        self, field: str, problem: str | None = None, *, suggestion: str | None = None, **parts: object
    ) -> None:
        self.field, self.problem, self.suggestion, self.parts = field, problem or field, suggestion, parts
        super().__init__(self.told("en"))

    def told(self, language: Language) -> str:
        return f"{self.field}: {PROBLEMS[self.problem][language != 'en'].format(**self.parts)}"


class OddField(BadSchedule):
    """Somebody edited a row by hand, and a column of it holds what it cannot hold."""

    def told(self, language: Language) -> str:
        words = "{value} is nothing that can stand there", "不能填 {value}"
        return f"{self.field}: {words[language != 'en'].format(**self.parts)}"


@dataclass(frozen=True)
class Definition:
    """What a person says of a schedule. timing: cron or `every 30 s`, its wall times those of the zone.

    calendar: instants outside its hours do not run. after: the schedule that goes first: a run does not begin before
    all runs of that one up to the same instant have ended, however they ended; one that waited for as long as catch_up
    does not run at all. recheck: a case is looked at again no sooner; None: as its state
    says. overlap: what becomes of an instant while a run is pending or under way. misfire: what becomes of instants
    that nobody was there for: the newest of them runs, each, or none; none of them later than catch_up.
    batch: so many cases a run at most; -1: all. retries: so often is a run begun again that an error broke off; one
    that ran out of its time is not, since what it did stands and the next instant goes on from there.
    """

    name: str
    group: str
    target: str
    timing: str
    zone: str
    calendar: str | None = None
    after: str | None = None
    recheck: timedelta | None = None
    overlap: Overlap = "skip"
    misfire: Misfire = "run_once"
    catch_up: timedelta = timedelta(hours=1)
    timeout: timedelta = timedelta(minutes=30)
    batch: int = -1
    retries: int = 0
    enabled: bool = True
    paused_until: datetime | None = None
    paused_reason: str | None = None

    @property
    def plan(self) -> str:
        """What its instants are computed from."""
        return f"{self.timing} @ {self.zone}"


@dataclass(frozen=True)
class Schedule:
    """A row of a schedule. next_run_at: business time, None when no instant is left.

    planned: what next_run_at was computed from. odd_next: what stands in place of next_run_at where that is no instant;
    it is planned anew.
    """

    id: str
    definition: Definition
    version: int
    next_run_at: datetime | None
    planned: str | None
    deleted_at: datetime | None
    odd_next: str | None = None


@dataclass(frozen=True)
class Version:
    """One edit: the definition after it, who made it, and why."""

    schedule: str
    version: int
    kind: Kind
    definition: Definition
    actor: str
    reason: str | None
    at: datetime


@dataclass(frozen=True)
class Preview:
    """An instant to come. skipped: why it will not run."""

    at: datetime
    skipped: str | None


@dataclass(frozen=True)
class Rules:
    """What this installation's schedules may name."""

    targets: Targets
    calendars: Mapping[str, Calendar]

    def sweeping(self, known: Sequence[Schedule], now: datetime) -> Callable[[str, str], Schedule | None]:
        """The schedule that sweeps a flow's state and may run at this instant."""
        found: dict[tuple[str, str], Schedule] = {}
        for schedule in known:
            try:
                _, targets = self.read(schedule.definition)
            except (CronError, BadTarget, BadSchedule):
                continue  # another process may know it; its cases wait for its next instant
            if barred(schedule.definition, now, self.calendars) is not None:
                continue
            for target in [one for one in targets if isinstance(one, Sweep)]:
                for state in target.states:
                    for name in self.targets.plans[target.flow].called(state):
                        found.setdefault((target.flow, name), schedule)
        return lambda flow, state: found.get((flow, state))

    def check(self, new: Definition, now: datetime) -> tuple[Timing, tuple[Target, ...]]:
        """The definition's timing and targets. Raises CronError, BadTarget or BadSchedule."""
        whole(new)
        if not 1 <= len(new.name.strip()) <= 120:
            raise BadSchedule("name")
        if new.name.strip().isdecimal():
            raise BadSchedule("name", "name.number")
        if not 1 <= len(new.group.strip()) <= 60:
            raise BadSchedule("group")
        timing = parse(new.timing, new.zone, after=now)
        targets = self._named(new)
        if new.recheck is not None and not timedelta(minutes=1) <= new.recheck <= YEAR:
            raise BadSchedule("recheck")
        if not timedelta(0) <= new.catch_up <= YEAR:
            raise BadSchedule("catch_up")
        if not timedelta(seconds=1) <= new.timeout <= timedelta(days=1):
            raise BadSchedule("timeout")
        if new.batch != -1 and new.batch < 1:
            raise BadSchedule("batch")
        if not 0 <= new.retries <= MOST_RETRIES:
            raise BadSchedule("retries")
        if new.paused_until is not None and not (new.paused_reason or "").strip():
            raise BadSchedule("paused_until")
        return timing, targets

    def read(self, schedule: Definition) -> tuple[Timing, tuple[Target, ...]]:
        """The definition of a row. Raises as check does where it names what this code does not know.

        A newer process may have written it; a process that cannot read a row leaves it alone.
        """
        whole(schedule)
        return parse(schedule.timing, schedule.zone), self._named(schedule)

    def wrong(self, schedule: Definition) -> CronError | BadTarget | BadSchedule | None:
        """Why the row cannot be read here; None where it can."""
        try:
            self.read(schedule)
        except (CronError, BadTarget, BadSchedule) as error:
            return error
        return None

    def _named(self, new: Definition) -> tuple[Target, ...]:
        targets = self.targets.read(new.target)
        if new.calendar is not None and new.calendar not in self.calendars:
            raise BadSchedule("calendar", value=new.calendar, known=", ".join(self.calendars) or "-")
        for field, known in (("overlap", get_args(Overlap)), ("misfire", get_args(Misfire))):
            if getattr(new, field) not in known:
                raise BadSchedule(field, value=getattr(new, field), known=", ".join(known))
        return targets

    def preview(self, schedule: Definition, after: datetime, n: int = 5) -> tuple[Preview, ...]:
        """The next n instants; those that will be skipped with the reason."""
        timing = parse(schedule.timing, schedule.zone)
        return tuple(Preview(at, barred(schedule, at, self.calendars)) for at in instants(timing, after, n))


def in_both(wrong: CronError | BadTarget | BadSchedule) -> InBoth:
    """What is wrong, in both languages."""
    return InBoth(wrong.told("en"), wrong.told("zh-CN"))


def whole(definition: Definition) -> None:
    """Raise OddField where a field holds what its column cannot hold: SQLite keeps whatever is put into it."""
    for field in dataclasses.fields(Definition):
        value, kinds = getattr(definition, field.name), KINDS[field.name]
        fits = type(value) in kinds or (isinstance(value, kinds) and not isinstance(value, bool | Unreadable))
        if not fits:
            raise OddField(field.name, value=repr(value)[:60])


def barred(schedule: Definition, at: datetime, calendars: Mapping[str, Calendar]) -> str | None:
    """Why the definition does not let this instant run: disabled, paused, or outside the calendar.

    None where it does.
    """
    if not schedule.enabled:
        return "disabled"
    if schedule.paused_until is not None and at < schedule.paused_until:
        return "paused"
    if schedule.calendar is not None:
        calendar = calendars.get(schedule.calendar)
        if calendar is None or not calendar.is_open(at):
            return "calendar"
    return None


def _kinds(hint: Any) -> tuple[type, ...]:
    return (str,) if get_origin(hint) is Literal else get_args(hint) or (hint,)


KINDS = {name: _kinds(hint) for name, hint in get_type_hints(Definition).items()}
"""The types of a definition's fields."""
SPANS = tuple(name for name, kinds in KINDS.items() if timedelta in kinds)
"""The fields that are durations; a column or key NAME_s holds their seconds."""


def edited(old: Definition, changes: Mapping[str, Any]) -> Definition:
    """The definition with these changes. Raises BadSchedule where it has no such field."""
    known = {field.name for field in dataclasses.fields(Definition)}
    if unknown := changes.keys() - known:
        raise BadSchedule("field", value=", ".join(sorted(unknown)))
    return dataclasses.replace(old, **changes)


def check_after(new: Definition, known: Mapping[str, str | None]) -> None:
    """Raise BadSchedule where the schedule could wait for itself. known: for which schedule each other one waits."""
    if new.after is None:
        return
    if new.after == new.name:
        raise BadSchedule("after", "after.itself")
    if new.after not in known:
        near = difflib.get_close_matches(new.after, list(known), n=1)
        raise BadSchedule("after", value=new.after, suggestion=near[0] if near else None)
    chain = [new.name, new.after]
    while (onward := known.get(chain[-1])) is not None and onward not in chain:
        chain.append(onward)
    if onward == new.name:
        raise BadSchedule("after", "after.circle", circle=", ".join(chain))


def too_far(schedule: Schedule, timing: Timing, now: datetime) -> bool:
    """Whether its next instant is further off than its own timing has one: a wrong clock set it.

    A minute does not count: an instant that ran just before a clock went back a little does not run again.
    """
    if schedule.next_run_at is None or schedule.next_run_at <= now + JUMP:
        return False
    sooner = next_after(timing, now + JUMP)
    return sooner is not None and sooner < schedule.next_run_at


def first_after(definition: Definition, now: datetime) -> datetime | None:
    """Its first instant later than this one."""
    return next_after(parse(definition.timing, definition.zone), now)

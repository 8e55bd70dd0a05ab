"""What people do with calendars: see what a change blocks and opens, then make it; it is checked and on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from workflow.calendars import BadCalendar, Calendar, Changes, as_json, changed
from workflow.clock import Clock
from workflow.cron import next_after
from workflow.errors import Conflict, NotFound
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Remote, Remotes, wanted_by
from workflow.record.configuration import Change
from workflow.schedules.schedule import Rules, Schedule, barred
from workflow.schedules.targets import Sweep
from workflow.store import Store
from workflow.store.closures import NextLook
from workflow.store.configuration import MEANWHILE

Opening = tuple[datetime, datetime]
MOST = 2_000
"""This many instants of a schedule are searched for one that runs."""


@dataclass(frozen=True)
class NextRun:
    """When a schedule runs next, by the calendar before and after; None: not soon."""

    schedule: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True)
class Effects:
    """What a change comes to. later, sooner: how many waiting cases are looked at later, or sooner, than without it."""

    before: Calendar
    after: Calendar
    openings: tuple[Sequence[Opening], Sequence[Opening]]
    runs: tuple[NextRun, ...]
    later: int
    sooner: int


class CalendarCommands:
    """Commands of one person, "person:NAME". rules: with the calendars that count now; brought: as systems bring them.

    number: the newest change that the rules include.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        rules: Rules,
        plans: Mapping[str, Plan],
        remotes: Remotes,
        brought: Mapping[str, Calendar],
        actor: str,
        number: int,
    ) -> None:
        self._store, self._clock, self._rules, self._actor, self._number = store, clock, rules, actor, number
        self._plans, self._remotes, self._brought = plans, remotes, brought

    def named(self, name: str) -> Calendar:
        """The calendar that counts now. Raises NotFound."""
        if name not in self._rules.calendars:
            raise NotFound("calendar", name)
        return self._rules.calendars[name]

    def keeping(self, name: str) -> list[Remote]:
        """The remotes that keep its hours."""
        return [one for one in self._remotes.all() if one.calendar is not None and one.calendar.name == name]

    async def scheduled(self, name: str) -> list[Schedule]:
        """The schedules that run only within its hours."""
        return [one for one in await self._store.schedules() if one.definition.calendar == name]

    async def effects(self, name: str, changes: Changes | None, openings: int = 3) -> Effects:
        """What a change would come to; None: back to what the system brings. Raises BadCalendar or NotFound."""
        before = self.named(name)
        after = self._brought[name] if changes is None else changed(before, changes)
        now = await self._clock.business()
        self._check_takes(after, now)
        schedules = await self.scheduled(name)
        looks = await self._store.next_looks(self._places(name, schedules), [one.name for one in self.keeping(name)])
        return Effects(
            before,
            replace(after, version=before.version + 1),
            (before.coming(now, openings), after.coming(now, openings)),
            tuple(self._next_run(one, before, after, now) for one in schedules),
            sum(_later(one, before, after, now) for one in looks),
            sum(_sooner(one, before, after, now, newly_open(before, after, now)) for one in looks),
        )

    async def edit(self, name: str, changes: Changes | None, reason: str, version: int | None = None) -> Change:
        """Store the change; processes take it at their next look.

        Cases that wait for an opening that now comes sooner are due by then. version: the one that the person saw; None
        takes the newest. Raises Conflict where somebody was faster.
        """
        known = [one.number for one in await self._store.changes("calendar", name) if one.number <= self._number]
        effects = await self.effects(name, changes)
        if version is not None and version != effects.before.version:
            raise Conflict(name, MEANWHILE)
        now, after = await self._clock.business(), effects.after
        change = await self._store.put_change(
            "calendar",
            name,
            None if changes is None else as_json(after),
            first=self._brought[name].version + 1,
            seen=max(known, default=0),
            actor=self._actor,
            reason=reason,
            now=now,
        )
        if (opens := newly_open(effects.before, after, now)) is not None:
            await self._store.wake_closed([one.name for one in self.keeping(name)], opens)
        return change

    def _check_takes(self, after: Calendar, now: datetime) -> None:
        """Raise BadCalendar where an action could never end before closing."""
        keeping = {one.protocol for one in self.keeping(after.name)}
        for plan in self._plans.values():
            for done in plan.flow.actions.values():
                asks = any(need.protocol in keeping for need in (*done.needs, *done.proof_needs))
                if asks and done.takes is not None and not after.ever_fits(now, done.takes):
                    raise BadCalendar("takes", value=f"{plan.flow.name}.{done.name}", takes=_span(done.takes))

    def _places(self, name: str, schedules: Sequence[Schedule]) -> set[tuple[str, str]]:
        """The flows and states whose cases need a remote that keeps these hours, or are swept only within them."""
        keeping = {one.protocol for one in self.keeping(name)}
        found = set()
        for plan in self._plans.values():
            for today, state in plan.states.items():
                if any(need.protocol in keeping for line in state.lines for need in wanted_by(plan, line)):
                    found |= {(plan.flow.name, known) for known in plan.called(today)}
        for schedule in schedules:
            if self._rules.wrong(schedule.definition) is None:
                swept = [one for one in self._rules.targets.read(schedule.definition.target) if isinstance(one, Sweep)]
                for one in swept:
                    plan = self._plans[one.flow]
                    found |= {(one.flow, known) for state in one.states for known in plan.called(state)}
        return found

    def _next_run(self, schedule: Schedule, before: Calendar, after: Calendar, now: datetime) -> NextRun:
        return NextRun(
            schedule.definition.name, self._runs_at(schedule, before, now), self._runs_at(schedule, after, now)
        )

    def _runs_at(self, schedule: Schedule, calendar: Calendar, now: datetime) -> datetime | None:
        definition, at = schedule.definition, now
        if self._rules.wrong(definition) is not None or not definition.enabled:
            return None
        timing, _ = self._rules.read(definition)
        for _ in range(MOST):
            instant = next_after(timing, at)
            if instant is None or barred(definition, instant, {calendar.name: calendar}) is None:
                return instant
            at = max(instant, calendar.opening(instant) - timedelta(microseconds=1))
        return None


def _later(look: NextLook, before: Calendar, after: Calendar, now: datetime) -> bool:
    at = max(look.due_at, now)
    return before.is_open(at) and not after.is_open(at)


def _sooner(look: NextLook, before: Calendar, after: Calendar, now: datetime, opens: datetime | None) -> bool:
    at = max(look.due_at, now)
    return (look.closed and opens is not None and opens < at) or (not before.is_open(at) and after.is_open(at))


def newly_open(before: Calendar, after: Calendar, now: datetime) -> datetime | None:
    """The first instant within a year at which the one calendar is closed and the other open."""
    for begin, end in after.coming(now, MOST):
        at = max(begin, now.astimezone(UTC))
        if before.is_open(at):
            at = before.closing(at)
        if at < end:
            return at
    return None


def _span(takes: timedelta) -> str:
    return f"{takes.total_seconds():g} s"

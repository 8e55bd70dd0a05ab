"""Reads what stands around cases: schedules and their runs, who is alive, accounts, and the remotes that are silent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from caseward.app.installation import Record
from caseward.app.systems import Systems
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Remotes, wanted_by
from workflow.flow.surroundings import (
    Accounts,
    AccountSeen,
    OpenRun,
    RemoteSeen,
    ScheduleSeen,
    ShutSeen,
    Surroundings,
    Unscheduled,
)
from workflow.schedules.run import Health, Heartbeat, Run
from workflow.schedules.schedule import Rules, Schedule, in_both
from workflow.schedules.targets import BadTarget, NamedLine, Sweep, Target
from workflow.store import CaseRow
from workflow.store.values import Account

DOWN = 5
"""A remote counts as down after this many failures in a row: as many as open its breaker."""
ASKED_WITHIN = timedelta(minutes=5)
"""A remote that was not asked for longer is not known to be silent."""


@dataclass(frozen=True)
class Around:
    """The installation at one instant; `of` says what of it concerns a case. own: accounts' own cases, by account."""

    now: datetime
    real: datetime
    rules: Rules
    schedules: Sequence[Schedule]
    runs: Sequence[Run]
    queues: frozenset[str]
    lacking: Mapping[str, Sequence[str]] | None
    has_beat: bool
    accounts: Sequence[Account]
    own: Mapping[str, CaseRow]
    silent: Sequence[Health]
    systems: Systems

    def of(self, row: CaseRow) -> Surroundings:
        claim = row.claim
        plan = self.systems.plans.get(claim.flow)
        own = next((one for one in self.accounts if one.id == claim.account), None)
        sits, asked = _needs_seat(row, self.seated), _asked(self.systems.remotes, plan, claim.state)
        pending = [run.queue for run in self.runs if run.status == "pending" and run.waits_for is None]
        schedules = self._schedules(row, plan) if plan is not None else []
        return Surroundings(
            now=self.now,
            schedules=tuple(schedules),
            unscheduled=self._unscheduled(row, plan) if plan is not None and not schedules else None,
            has_beat=self.has_beat,
            served=self.queues,
            lacking=self.lacking,
            pending={queue: pending.count(queue) for queue in pending},
            account=self._account(own) if own is not None and sits else None,
            accounts=self._accounts(asked, self.seats.get((claim.flow, claim.state)))
            if sits and claim.account is None
            else None,
            silent=tuple(
                RemoteSeen(one.remote, one.since, one.count, one.why or "")
                for one in self.silent
                if one.remote in asked
            ),
            shut=self._shut,
            people=self.systems.people,
            outside=self.systems.outside,
        )

    @cached_property
    def seated(self) -> Mapping[str, Sequence[str]]:
        """By flow, the queues in which it works on accounts."""
        return self.systems.remotes.seated(self.systems.plans.values())

    @cached_property
    def seats(self) -> Mapping[tuple[str, str], str]:
        """By flow and state, the remote on whose accounts its cases work there."""
        return self.systems.remotes.seats(self.systems.plans.values())

    @cached_property
    def _shut(self) -> dict[str, ShutSeen]:
        found = {}
        for remote in self.systems.remotes.all():
            calendar = remote.calendar
            if calendar is not None and not calendar.is_open(self.now):
                today = calendar.day_of(self.now)
                said = calendar.describe(on=today), calendar.describe("zh-CN", on=today)
                found[remote.name] = ShutSeen(*said, calendar.opening(self.now))
        return found

    def _schedules(self, row: CaseRow, plan: Plan) -> list[ScheduleSeen]:
        """The schedules that sweep the state; where all its lines are called by name, those that call one of them."""
        swept, lines = list[ScheduleSeen](), list[ScheduleSeen]()
        for schedule in self.schedules:
            sweeps, calls = self._looks(schedule.definition.target, row, plan)
            if sweeps or calls:
                (swept if sweeps else lines).append(self._schedule(schedule))
        is_swept = any(not line.name for line in plan.state(row.claim.state).lines)
        return swept if is_swept else swept + lines

    def _unscheduled(self, row: CaseRow, plan: Plan) -> Unscheduled:
        """What is to be said of a state at which no schedule looks."""
        known = {schedule.definition.name for schedule in self.schedules}
        brought = (one for one, _ in self.systems.schedules.values() if one.name not in known)
        default = next((one.name for one in brought if any(self._looks(one.target, row, plan))), None)
        return Unscheduled(has_begun=bool(self.schedules) or self.has_beat, default=default)

    def _looks(self, target: str, row: CaseRow, plan: Plan) -> tuple[bool, bool]:
        """Whether a schedule of this target sweeps the case's state, and whether it calls a line of it."""
        sweeps, calls = False, False
        today = {today for today in plan.states if row.claim.state in plan.called(today)}
        for one in self._targets(target):
            match one:
                case Sweep(flow, states) if flow == row.claim.flow and today & set(states):
                    sweeps = True
                case NamedLine(flow, line) if flow == row.claim.flow and today & set(plan.named_lines[line]):
                    calls = True
        return sweeps, calls

    def _targets(self, target: str) -> tuple[Target, ...]:
        """The targets of a schedule; none where this process cannot read them."""
        try:
            return self.rules.targets.read(target)
        except (BadTarget, TypeError):
            return ()

    def _schedule(self, schedule: Schedule) -> ScheduleSeen:
        definition = schedule.definition
        run, name = self._run(schedule), definition.name
        if schedule.deleted_at is not None:
            return ScheduleSeen(name, "deleted")
        if (wrong := self.rules.wrong(definition)) is not None:
            return ScheduleSeen(name, "unreadable", said=in_both(wrong), run=run)
        if not definition.enabled:
            return ScheduleSeen(name, "disabled", run=run)
        until = definition.paused_until
        if until is not None and self.now < until:
            return ScheduleSeen(name, "paused", until, definition.paused_reason, run=run)
        calendar = self.rules.calendars.get(definition.calendar or "")
        shut = calendar is not None and not calendar.is_open(self.now)
        return ScheduleSeen(
            name,
            next_at=schedule.next_run_at,
            calendar=definition.calendar,
            hours=calendar.describe(on=calendar.day_of(self.now)) if calendar is not None else None,
            hours_zh=calendar.describe("zh-CN", on=calendar.day_of(self.now)) if calendar is not None else None,
            opens_at=calendar.opening(self.now) if calendar is not None and shut else None,
            run=run,
        )

    def _run(self, schedule: Schedule) -> OpenRun | None:
        """The run that is under way, or the one that waits longest; a run whose worker is dead is neither."""
        mine = [run for run in self.runs if run.schedule == schedule.id]
        for run in mine:
            if run.status == "running" and run.lease_until is not None and run.lease_until > self.real:
                return OpenRun(run.queue, run.made_at, under_way=True)
        for run in mine:
            if run.status == "pending":
                return OpenRun(run.queue, run.begun_at or run.made_at, under_way=False, waits_for=run.waits_for)
        return None

    def _account(self, account: Account) -> AccountSeen:
        own = self.own.get(account.id)
        return AccountSeen(
            login=account.login,
            case=own.claim.number if own else None,
            flow=own.claim.flow if own else None,
            wrong=own.claim.state if own is not None and self._waits_for_person(own) else None,
            retired=account.retired,
            owner=account.leased_by,
            lease_until=account.lease_until,
            others=tuple(
                one.login
                for one in self.accounts
                if one.adapter == account.adapter and one.id != account.id and self._may_take(one)
            ),
        )

    def _accounts(self, asked: Collection[str], remote: str | None) -> Accounts:
        """Those of the remotes that are asked; one that is about to log in by itself is as good as one that has."""
        able = [one for one in self.accounts if one.adapter in asked and self._may_take(one)]
        leases = [one.lease_until for one in able if one.lease_until is not None and one.lease_until > self.real]
        known = sum(one.adapter in asked and one.retired is None for one in self.accounts)
        return Accounts(len(able), min(leases) if able and len(leases) == len(able) else None, remote, known)

    def _may_take(self, account: Account) -> bool:
        own = self.own.get(account.id)
        logs_in = own is not None and not self._waits_for_person(own)
        return account.retired is None and (account.usable or logs_in)

    def _waits_for_person(self, own: CaseRow) -> bool:
        """Whether an account's own case, which logs in, waits until a person has done something."""
        plan = self.systems.plans.get(own.claim.flow)
        state = plan.state(own.claim.state) if plan is not None and own.claim.state in plan.states else None
        return own.barred or bool(own.claim.held) or not own.claim.auto or bool(state and state.waits_for == "operator")


def lacking(alive: Sequence[Heartbeat]) -> dict[str, list[str]] | None:
    """The settings that living workers started without, each with these workers; None where no worker lives."""
    workers = [one for one in alive if one.queues]
    names = sorted({name for one in workers for name in one.lacks})
    return {name: [one.process for one in workers if name in one.lacks] for name in names} if workers else None


def _asked(remotes: Remotes, plan: Plan | None, state: str) -> set[str]:
    """The remotes that the state's lines ask, each by the name of the whole that it belongs to."""
    if plan is None or state not in plan.states:
        return set()
    wanted = (need for line in plan.states[state].lines for need in wanted_by(plan, line))
    return {remote.whole for remote in remotes.behind(wanted)}


async def around(record: Record, accounts: Sequence[Account], *, now: datetime, real: datetime) -> Around:
    """Read a few small tables once, for as many cases as are shown."""
    store = record.store
    await record.refresh()
    alive = [one for one in await store.heartbeats() if one.is_alive(real)]
    return Around(
        now=now,
        real=real,
        rules=record.rules,
        schedules=[*await store.schedules(), *await store.schedules(deleted=True)],
        runs=await store.open_runs(now),
        queues=frozenset(queue for one in alive for queue in one.queues),
        lacking=lacking(alive),
        has_beat=any(one.kind == "beat" for one in alive),
        accounts=accounts,
        own={one.id: await store.case(one.case) for one in accounts if one.case is not None and not one.usable},
        silent=[
            one
            for one in await store.health()
            if one.status != "up" and one.count >= DOWN and abs(now - one.last) <= ASKED_WITHIN
        ],
        systems=record.systems,
    )


def _needs_seat(row: CaseRow, seated: Mapping[str, Sequence[str]]) -> bool:
    """Whether its next step is one on a seat, or it was asked for a login."""
    claim = row.claim
    here = claim.check is not None and claim.check.body.get("state") == claim.state
    asked = claim.check is not None and here and claim.check.body.get("why") == "seat"
    return not row.final and (claim.queue in seated.get(claim.flow, ()) or row.deferred == "seat" or asked)

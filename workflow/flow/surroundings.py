"""What stands around a case: its schedules, who serves them, its account, the remotes; and what of it is in its way.

Plain values. Whoever reads the tables makes them (see caseward/console/terminal/surroundings.py); nothing here asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

Hindrance = Literal[
    "closed", "schedule_paused", "schedule_disabled", "schedule_deleted", "schedule_unreadable", "schedule_late",
    "schedule_waits", "unscheduled", "beat_never", "beat_down", "no_worker", "queue_backlog", "account_retired",
    "account_unusable", "account_missing", "accounts_busy", "circuit_open",
]  # fmt: skip
HINDRANCES: tuple[Hindrance, ...] = get_args(Hindrance)
Found = tuple[Hindrance, str, dict[str, Any]]
"""The reason, who can change it, and its details."""

LATE = timedelta(minutes=1)
"""An instant may wait this long for a beat, or a run for a worker: a process that restarts takes less."""
BACKLOG = timedelta(minutes=5)
"""A run may wait this long for workers that are alive."""


@dataclass(frozen=True)
class OpenRun:
    """A run that is pending or under way. since: real time when it was made.

    waits_for: the schedule that goes first.
    """

    queue: str
    since: datetime
    under_way: bool
    waits_for: str | None = None


@dataclass(frozen=True)
class ScheduleSeen:
    """A schedule whose target is the case's state.

    stopped: why it does nothing; until and said: of a pause its end and its reason, of an unreadable row what is wrong.
    next_at: its next instant; None: it has none, and runs when a person asks. opens_at: set while its calendar is shut.
    """

    name: str
    stopped: Literal["paused", "disabled", "deleted", "unreadable"] | None = None
    until: datetime | None = None
    said: str | None = None
    next_at: datetime | None = None
    calendar: str | None = None
    hours: str | None = None
    hours_zh: str | None = None
    opens_at: datetime | None = None
    run: OpenRun | None = None


@dataclass(frozen=True)
class Unscheduled:
    """No schedule of the record looks at the case's state, and none of a line of the state is there either.

    has_begun: whether a beat ever ran on the record. default: the schedule that the next beat to start lays down for
    the state; None: no system brings one that is not there.
    """

    has_begun: bool
    default: str | None = None


@dataclass(frozen=True)
class AccountSeen:
    """The account that the case works with. wrong: the state of its own case, where that waits for a person."""

    login: str
    case: str | None = None
    flow: str | None = None
    wrong: str | None = None
    retired: str | None = None
    """Why the account is retired; None where it is not."""
    owner: str | None = None
    lease_until: datetime | None = None
    others: tuple[str, ...] = ()
    """The logins at the same remote that could take the case."""


@dataclass(frozen=True)
class Accounts:
    """The accounts that may take a case without one: how many there are, and until when the first is taken."""

    usable: int
    taken_until: datetime | None = None
    """Real time; None: one of them is free."""
    remote: str | None = None
    """Of which remote; None where the case's state needs no seat."""
    known: int = 0
    """How many are not retired, whether they can work now or not."""


@dataclass(frozen=True)
class RemoteSeen:
    """A remote that the case's state asks and that does not answer. since: business time."""

    name: str
    since: datetime
    count: int
    why: str


@dataclass(frozen=True)
class ShutSeen:
    """A remote that its calendar closes now. hours_zh: the hours in Chinese."""

    hours: str
    hours_zh: str
    opens_at: datetime

    @property
    def detail(self) -> dict[str, Any]:
        """The details as a look that found it closed stores them."""
        said = {"hours": self.hours, "until": self.opens_at.isoformat()}
        return said | ({"hours_zh": self.hours_zh} if self.hours_zh != self.hours else {})


@dataclass(frozen=True)
class Surroundings:
    """As they are at this business instant.

    served: the queues of the workers that are alive; lacking: the settings that some of these started without, each
    with those workers, None where no worker is alive to say it; pending: how many runs wait in each queue. account,
    accounts: set where the case's next step needs one, accounts where it has none of its own. shut: remotes by name.
    people, outside: who of those that a flow names is a person, and who a system. unscheduled: set where schedules is
    empty for that reason.
    """

    now: datetime
    schedules: tuple[ScheduleSeen, ...] = ()
    unscheduled: Unscheduled | None = None
    has_beat: bool = True
    served: frozenset[str] = frozenset()
    lacking: Mapping[str, Sequence[str]] | None = None
    pending: Mapping[str, int] = field(default_factory=dict)
    account: AccountSeen | None = None
    accounts: Accounts | None = None
    silent: tuple[RemoteSeen, ...] = ()
    shut: Mapping[str, ShutSeen] = field(default_factory=dict)
    people: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()


def unserved(around: Surroundings, real: datetime) -> Iterator[Found]:
    """Why nobody comes to look at the case, the first reason first; none where a run of its schedule is under way."""
    live = [one for one in around.schedules if one.stopped != "deleted"]
    running = [one.run for one in live if one.run is not None]
    if any(run.under_way for run in running):
        return
    on = [one for one in live if one.stopped is None]
    if running:
        yield from _waiting(around, live, real)
    elif on:
        yield from _shut(on)
        timed = [one for one in on if one.next_at is not None]
        late = [one for one in timed if one.next_at is not None and around.now - one.next_at > LATE]
        if late and len(late) == len(timed):
            reason: Hindrance = "schedule_late" if around.has_beat else "beat_down"
            yield reason, "operator", {"schedule": late[0].name, "due": iso(late[0].next_at)}
    elif around.schedules:
        yield _stopped(live or list(around.schedules))
    elif around.unscheduled is not None:
        yield _unscheduled(around, around.unscheduled)


def _shut(on: list[ScheduleSeen]) -> Iterator[Found]:
    """All of its schedules are outside their calendars; the one that opens first is named."""
    closed = [(one.opens_at, one) for one in on if one.opens_at is not None]
    if len(closed) == len(on):
        opens_at, first = min(closed, key=lambda pair: pair[0])
        told = {"schedule": first.name, "remote": first.calendar, "hours": first.hours, "until": iso(opens_at)}
        told |= {"hours_zh": first.hours_zh} if first.hours_zh not in (None, first.hours) else {}
        yield "closed", first.calendar or "", told


def _stopped(schedules: list[ScheduleSeen]) -> Found:
    """None of its schedules runs: the pause that ends first, or what a person did to the first of them."""
    paused = sorted((one.until, place) for place, one in enumerate(schedules) if one.until is not None)
    first = schedules[paused[0][1] if paused else 0]
    reasons: Mapping[str, Hindrance] = {
        "paused": "schedule_paused",
        "disabled": "schedule_disabled",
        "deleted": "schedule_deleted",
        "unreadable": "schedule_unreadable",
    }
    detail = {"schedule": first.name, "until": iso(first.until), "said": first.said}
    return reasons[first.stopped or "disabled"], "operator", {name: text for name, text in detail.items() if text}


def _unscheduled(around: Surroundings, told: Unscheduled) -> Found:
    """Nobody looks at the state before a beat lays the schedules down, or a person adds one."""
    if not told.has_begun:
        return "beat_never", "operator", {"served": sorted(around.served)} if around.served else {}
    return "unscheduled", "operator", {"schedule": told.default} if told.default is not None else {}


def _waiting(around: Surroundings, live: list[ScheduleSeen], real: datetime) -> Iterator[Found]:
    """A run was made, and no worker has begun it."""
    held = [(one.name, one.run.waits_for) for one in live if one.run is not None]
    if all(first is not None for _, first in held):
        yield "schedule_waits", "system", {"schedule": held[0][0], "after": held[0][1]}
    for schedule in live:
        run = schedule.run
        if run is None or run.waits_for is not None:
            continue
        is_served = run.queue in around.served
        if abs(real - run.since) > (BACKLOG if is_served else LATE):  # ahead of now: written by a wrong clock
            detail = {
                "queue": run.queue,
                "schedule": schedule.name,
                "runs": around.pending.get(run.queue, 1),
                "run_since": iso(run.since),
            }
            yield "queue_backlog" if is_served else "no_worker", "operator", detail
            return


def unusable(around: Surroundings, account: str | None) -> Iterator[Found]:
    """The account can work on nothing until a person has done something."""
    own = around.account
    if own is not None and own.retired is not None:
        yield "account_retired", "operator", {
            "login": own.login, "account": account, "said": own.retired, "others": list(own.others)
        }  # fmt: skip
    elif own is not None and own.wrong is not None:
        detail = {"login": own.login, "account": account, "account_case": own.case, "flow": own.flow}
        yield "account_unusable", "operator", {**detail, "account_state": own.wrong}
    if around.accounts is not None and not around.accounts.usable:
        of, known = around.accounts.remote, around.accounts.known
        yield "account_missing", "operator", {**({"remote": of} if of is not None else {}), "known": known}


def occupied(around: Surroundings, *, due_at: datetime | None, real: datetime) -> Iterator[Found]:
    """What a due case waits for and what ends by itself: a busy account, a remote that is down."""
    if due_at is None or due_at > around.now:
        return
    own, several = around.account, around.accounts
    if own is not None and own.lease_until is not None and own.lease_until > real:
        yield "accounts_busy", "system", {"login": own.login, "owner": own.owner, "lease_until": iso(own.lease_until)}
    elif several is not None and several.usable and several.taken_until is not None and several.taken_until > real:
        yield "accounts_busy", "system", {"accounts": several.usable, "lease_until": iso(several.taken_until)}
    for remote in around.silent[:1]:
        detail = {"remote": remote.name, "down_since": iso(remote.since), "tries": remote.count, "error": remote.why}
        yield "circuit_open", "system", detail


def iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

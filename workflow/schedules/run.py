"""A run as a value: one due instant of a schedule, run or skipped, by whom and with what outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from workflow.backoff import FAILED_RUNS, FAILED_RUNS_AT_LATEST, FAILED_RUNS_FOR
from workflow.sentence import Said

Status = Literal["pending", "running", "finished", "lost", "skipped"]
PartStatus = Literal["left", "done", "again", "failed"]
"""A target of a run that has several: still to be done, done, failed and to be tried again, failed for good."""
OPEN: tuple[Status, ...] = ("pending", "running")
ALIVE = timedelta(seconds=30)
"""A process that was not seen for this long is dead; each is seen every few seconds."""
RESEND = timedelta(seconds=30)
"""A run that has not begun this long after it was sent is sent again."""


@dataclass(frozen=True)
class Failure:
    """A try that an error broke off, and when (real time). part: the place of its target, in a run that has several."""

    at: datetime
    error: Said
    part: int | None = None


@dataclass(frozen=True)
class Run:
    """A row of the log. due_at to until, count: the instants that it stands for; more than one never ran.

    due_at, until and again_at are business time, all others real time. why: of a skipped one disabled, paused,
    calendar, overlap, waited, process_down, jumped, clock or deleted, in old rows unreadable. count: 0 where nobody
    counted them. counts: outcomes by word. error: what broke the run off for good; failures: every try that broke
    off, oldest first; again_at: when the next try is due. parts: of a run with several targets what became of each;
    empty before the first of them ended.
    next_run_at: its schedule's next instant, business time. waits_for: the schedule that goes first, as long as runs of
    it up to this run's instant are not over. owner: who began it; in the hands of a worker that helps with it that
    worker, and helps_since: when the try was begun, real time.
    """

    id: str
    schedule: str
    name: str
    due_at: datetime
    until: datetime
    count: int
    status: Status
    why: str | None
    target: str
    queue: str
    version: int
    actor: str
    reason: str | None
    made_at: datetime
    sent_at: datetime | None
    begun_at: datetime | None
    ended_at: datetime | None
    owner: str | None
    tries: int
    lease_until: datetime | None
    counts: Mapping[str, int]
    error: Said | None
    failures: tuple[Failure, ...] = ()
    again_at: datetime | None = None
    parts: tuple[PartStatus, ...] = ()
    batch: int = -1
    recheck: timedelta | None = None
    timeout: timedelta = timedelta(minutes=30)
    retries: int = 0
    next_run_at: datetime | None = None
    waits_for: str | None = None
    helps_since: datetime | None = None

    @property
    def part(self) -> int:
        """The place of the target that is being done, or comes next."""
        return self.parts.index("left") if "left" in self.parts else 0


@dataclass(frozen=True)
class Failing:
    """A schedule all of whose runs since the last good one failed or were lost.

    since: when the first of them ended, real time. why: the newest error; None where that run was lost.
    """

    name: str
    runs: int
    since: datetime
    why: Said | None

    @property
    def how(self) -> Literal["failing", "lost"]:
        return "lost" if self.why is None else "failing"

    def is_told(self, real: datetime) -> bool:
        """Whether it has failed often and long enough for a person to hear of it."""
        lasted = real - self.since
        often = self.runs >= FAILED_RUNS and lasted >= FAILED_RUNS_FOR
        return often or lasted >= FAILED_RUNS_AT_LATEST


@dataclass(frozen=True)
class Asked:
    """A run that a person asked for. already: an open run counts as the one that was asked for."""

    run: Run
    already: bool


@dataclass(frozen=True)
class Candidate:
    """A case that a run would look at now."""

    case: str
    number: str
    state: str
    due_at: datetime | None
    flow: str


@dataclass(frozen=True)
class Later:
    """Cases that wait for a later look than one by this schedule would be: the first and the last of their instants.

    number: of the case that is looked at first.
    """

    cases: int
    first_at: datetime
    last_at: datetime
    number: str


@dataclass(frozen=True)
class Heartbeat:
    """A process as it was last seen. doing: what it says of itself: how much is under way, and what it lacks."""

    process: str
    kind: str
    queues: tuple[str, ...]
    doing: Mapping[str, Any]
    started_at: datetime
    seen_at: datetime

    def is_alive(self, real: datetime) -> bool:
        """Whether it is alive; one that was seen later than now was seen by a wrong clock, and is not."""
        return abs(real - self.seen_at) < ALIVE

    @property
    def lacks(self) -> tuple[str, ...]:
        """The settings that it started without and that some of its cases need."""
        said = self.doing.get("lacks", ())
        return tuple(str(name) for name in said) if isinstance(said, list) else ()


@dataclass(frozen=True)
class Health:
    """A run of equal answers of a remote, from since to last (business time); the newest says how it is now."""

    remote: str
    status: str
    why: Said | None
    since: datetime
    last: datetime
    count: int
    latency_ms: int | None

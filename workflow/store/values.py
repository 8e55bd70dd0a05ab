"""What the store takes and returns beside claims and commits: new cases, accounts, notices, and rows for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workflow.errors import CommandError
from workflow.queues import DEFAULT_QUEUE
from workflow.record.values import Claim, Json
from workflow.sentence import Said


class Duplicate(CommandError):
    """Two live cases of a flow may not be about the same subject."""

    def __init__(self, subject: str, first: str, second: str) -> None:
        super().__init__(f"{second} is about the same as {first}: {subject}")
        self.subject, self.first, self.second = subject, first, second


@dataclass(frozen=True)
class NewAccount:
    """An account that is opened with a case of its own."""

    adapter: str
    login: str
    password: str = field(repr=False)
    usable: bool = False


@dataclass(frozen=True)
class NewCase:
    """A case to open. subject: no two live cases of the flow may share it. origin: the digest of the imported row."""

    flow: str
    flow_version: int
    prefix: str
    state: str
    data: Json
    subject: str | None = None
    origin: str | None = None
    label: str = ""
    """How an error names it: row 3 of the file."""
    account: str | None = None
    """The account that it works with in its state."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """By remote, its accounts at others."""
    account_case: bool = False
    """Whether it is an account's own case: the one that logs in."""
    opens: NewAccount | None = None
    """The account that is opened with it, and whose own case it is."""
    auto: bool = True
    queue: str = DEFAULT_QUEUE
    round: int = 0
    due_at: datetime | None = None
    """Business time; None: now."""

    @property
    def is_of_account(self) -> bool:
        return self.account_case or self.opens is not None


@dataclass(frozen=True)
class Created:
    """A case that was opened, or that the same imported row had opened before."""

    case: str
    number: str
    already: bool


@dataclass(frozen=True)
class Filters:
    """Which cases people want to see; None: any. text: a part of the number or subject."""

    flow: str | None = None
    state: str | None = None
    account: str | None = None
    auto: bool | None = None
    held: bool | None = None
    final: bool | None = None
    barred: bool | None = None
    text: str | None = None


@dataclass(frozen=True)
class CaseRow:
    """A case as people see it: its claim, and what schedules it. claim.owner is "" where nobody is at work."""

    claim: Claim
    due_at: datetime | None
    deferred: str | None
    barred: bool
    final: bool
    subject: str | None


@dataclass(frozen=True)
class Incident:
    """What a person must settle. bars: the case is not claimed while it is open."""

    id: str
    case: str
    number: str
    flow: str
    kind: str
    cause: str
    effect: str | None
    seen: Json
    bars: bool
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    close_reason: str | None


@dataclass(frozen=True)
class Account:
    """An account as people see it; never its password or session."""

    id: str
    adapter: str
    login: str
    secret_version: int
    usable: bool
    case: str | None
    session_version: int
    session_at: datetime | None
    has_session: bool
    leased_by: str | None
    lease_until: datetime | None
    retired: str | None
    """Why the account is retired; None: it is in use."""


@dataclass(frozen=True)
class SentMessage:
    """A notice. status: queued, sending, sent, failed, dropped by a person, or unknown where no definite answer came.

    due_at: when a queued one goes out. number: the gateway's. receipt: delivered, undelivered, or none where
    the gateway never said; None while it is still asked.
    """

    id: str
    case: str
    round: int
    occasion: str
    recipient: str
    address: str
    channel: str
    text: str
    status: str
    why: Said | None
    settled_at: datetime | None
    number: str | None = None
    receipt: str | None = None
    due_at: datetime | None = None
    written_at: datetime | None = None


@dataclass(frozen=True)
class DueMessage:
    """A notice that is being sent by whoever took it; attempt counts from 1."""

    id: str
    case: str
    round: int
    occasion: str
    recipient: str
    address: str
    channel: str
    text: str
    attempt: int
    written_at: datetime


@dataclass(frozen=True)
class ClockJump:
    """The clock was set by more than a minute: the real time that it should have shown, and the one it showed.

    put_right: how many rows of which kind had been written by the wrong clock and were corrected.
    """

    id: int
    expected: datetime
    found: datetime
    process: str
    put_right: Mapping[str, int]

    @property
    def by(self) -> timedelta:
        """By how much; negative where it was set back."""
        return self.found - self.expected

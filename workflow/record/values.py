"""What passes between a tick and the store: the claimed case, and one transaction as a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from workflow.record.codes_on_file import CodesOnFile
from workflow.sentence import Said

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Message:
    """A notice for the outbox. Unique by case, round, occasion and recipient. after: so long people may release it."""

    occasion: str
    recipient: str
    """Who is told: the id of a person in the case."""
    address: str
    """Where: a phone number, an e-mail address, as its channel sends."""
    text: str
    channel: str = "sms"
    after: timedelta = timedelta(0)


class Epoch(NamedTuple):
    """The number of a lease. A restored database begins a new timeline; both numbers are compared."""

    timeline: int
    number: int


class EffectStatus(StrEnum):
    """What is known of an action's outcome. intended and unknown have none."""

    intended = "intended"
    unknown = "unknown"
    done = "done"
    not_sent = "not_sent"
    refused = "refused"
    failed = "failed"


OPEN = (EffectStatus.intended, EffectStatus.unknown)


class Stage(StrEnum):
    """How far it is found out what became of an unknown effect."""

    fence = "fence"
    settle = "settle"
    ask = "ask"
    ask_again = "ask_again"
    person = "person"


@dataclass(frozen=True)
class Effect:
    """A row of the journal of actions: one item of one action. Times of settling are business time."""

    key: str
    action: str
    item_id: str
    item: Any
    round: int
    decision: int
    attempt: int
    status: EffectStatus
    epoch: Epoch
    process: str
    intended_at: datetime
    result: Json | None = None
    why: Said | None = None
    """Why it was refused or failed."""
    testimony: Json | None = None
    """A definite answer that came too late for an outcome: {"status", "result", "why", "attempt", "epoch"}."""
    stage: Stage | None = None
    check_at: datetime | None = None
    deadline: datetime | None = None
    retried: bool = False
    """The one new try that reconcile has is used up."""
    refusals: int = 0
    failures: int = 0
    evidence: Sequence[Json] = ()
    renewed: int = 0
    """How many definite refusals have given it a new key at the remote."""
    key_stays: bool = False
    """A try ended without an answer: from then on every try has the same key at the remote."""
    first_error: Json | None = None
    """The first error: {"error"}; of a mistake of ours also {"function", "place"}.

    Of a result that does not fit {"returned"}.
    """

    @property
    def remote_key(self) -> str:
        """The key that the remote is given."""
        return self.key if not self.renewed else f"{self.key}-{self.renewed}"

    def answered(self) -> Effect:
        """After a definite no, the next try has a new key; after a doubt, or where nothing was sent, the same one."""
        return self if self.key_stays else replace(self, renewed=self.renewed + 1)

    def doubted(self, why: Json | None = None) -> Effect:
        """Nobody knows whether it happened. why is kept where no error was there before."""
        return replace(self, key_stays=True, first_error=self.first_error or why)


@dataclass(frozen=True)
class Planned:
    """One action and item of a decision."""

    action: str
    item_id: str
    item: Any
    key: str


@dataclass(frozen=True)
class Decision:
    """A line with actions was chosen; it is open until they are settled. facts: as they were recorded."""

    number: int
    seq: int
    state: str
    line: str
    planned: tuple[Planned, ...]
    facts: Json
    now: datetime
    data: Json
    """The case's data as the decision saw it. Its actions see this and their own results, nothing later."""


@dataclass(frozen=True)
class Check:
    """The open run of equal waits of a case."""

    digest: str
    first: datetime
    last: datetime
    count: int
    body: Json


@dataclass(frozen=True)
class Seat:
    """A leased account. session: decrypted, as it was stored; None where there is none.

    It is read once, with the lease.
    """

    account: str
    adapter: str
    login: str
    epoch: Epoch
    owner: str
    lease_until: datetime
    session: Json | None
    session_version: int
    fresh_login: bool = False
    """Its last lease ran out or ended unknown: nothing begins before a fresh login, or proof of its holder's death."""
    last_owner: str | None = None


@dataclass(frozen=True)
class Claim:
    """The row of a case, with the lease on it.

    due_at and times of waiting are business time, the lease is real time.
    """

    case: str
    number: str
    flow: str
    flow_version: int
    state: str
    data: Json
    round: int
    seq: int
    head: bytes
    epoch: Epoch
    owner: str
    lease_until: datetime
    opened_at: datetime
    entered_at: datetime
    account: str | None
    """The account that it works with now: of the remote of its state."""
    decision: Decision | None
    decisions: int
    """How many decisions this case has had; the next one has this number plus one."""
    effects: tuple[Effect, ...]
    codes_on_file: CodesOnFile
    failures: int
    """The ticks in a row that failed; they determine the backoff."""
    crash_count: int
    queue: str
    auto: bool
    held: str | None
    check: Check | None
    seat: Seat | None = None
    only: str | None = None
    """The named line of this sweep, or None."""
    told: frozenset[tuple[str, str]] = frozenset()
    """The (occasion, recipient) pairs of this round's notices."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """By remote, its accounts at other remotes than the one it works with now."""

    @property
    def all_accounts(self) -> tuple[str, ...]:
        """The one that it works with now, and those at other remotes."""
        return (*([self.account] if self.account is not None else []), *self.accounts.values())


EntryKind = Literal[
    "created", "decided", "moved", "stayed", "abandoned", "settled", "forced", "changed", "held", "resumed", "noted",
    "upgraded", "incident_opened", "incident_closed", "erased",
]  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """An event to append; the store gives it seq, hash and time."""

    kind: EntryKind
    body: Json
    actor: str
    reason: str | None = None


@dataclass(frozen=True)
class NewIncident:
    """An incident to open. cause groups equal ones. bars: the case is not claimed while it is open.

    While one of the same case, kind and effect is open, no second is opened.
    """

    kind: str
    cause: str
    seen: Json
    effect: str | None = None
    bars: bool = True


@dataclass(frozen=True)
class Commit:
    """One transaction on one case: what becomes of its row, and what is written with it.

    guard: what must still hold beside the lease: "version" the seq that was claimed, "decision" that this decision is
    open, "epoch" nothing more. Where not, nothing is written and Fenced is raised. A person's command has no lease, and
    is guarded by version alone. freed: held notices by id; True sends one, False drops it, None as untrue: see store.
    """

    guard: Literal["version", "decision", "epoch"]
    entries: tuple[Entry, ...] = ()
    state: str | None = None
    data: Json | None = None
    """The whole new data of the case, or None to leave it."""
    round: int | None = None
    decision: Decision | Literal["clear", "leave"] = "leave"
    due_at: datetime | None = None
    deferred: str | None = None
    """"seat" while the case waits for its account's login; a claim skips it. "" clears it, None leaves it."""
    queue: str | None = None
    held: str | None = None
    """The reason of a hold; "" clears it, None leaves it."""
    auto: bool | None = None
    failures: int | None = None
    crash_count: int | None = None
    final: bool | None = None
    effects: tuple[Effect, ...] = ()
    """Effect rows as they shall be, written by key."""
    messages: tuple[Message, ...] = ()
    freed: tuple[tuple[str, bool | None], ...] = ()
    new_incidents: tuple[NewIncident, ...] = ()
    close: tuple[str, ...] = ()
    """The kinds of incident of this case to close; "*" closes every one that bars it."""
    wipe: tuple[str, ...] = ()
    """Keys of effects: the codes that they read are used up. Their values are deleted, the count is kept."""
    wakes: str | None = None
    """"seat": the cases that wait for this account's login become due."""
    flow_version: int | None = None
    check: Check | None = None
    """A wait: it opens a new run, or counts up the open one where the digest is the same."""
    nudge: bool = False
    """The account's own case becomes due now; it is to log in."""
    release: bool = False
    """Give the lease back in the same transaction."""
    account: str | None = None
    """The account of the case at its remote from now on; only in a person's command. Refused where it is retired."""
    seat: str | None = None
    """The remote whose account the case works with from now on, where its flow works with several; None leaves it."""
    retired: str | None = None
    """Why the account, whose own case this is, is retired; "" restores it. Only in a person's command."""
    subject: str | None = None
    """What no other live case of the flow may share, where a change of the data changed it."""

"""What passes between a tick and the store: the claimed case, and one transaction written as a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Message:
    """A notice for the outbox. Unique by case, round, occasion and recipient."""

    occasion: str
    recipient: str
    """Who is told: the owner's id."""
    address: str
    """Where: a phone number."""
    text: str
    channel: str = "sms"


class CodesOnFile(BaseModel):
    """Which owners' codes lie ready in this round, and how many each has used up; never a code."""

    model_config = ConfigDict(frozen=True)
    unused: frozenset[str] = frozenset()
    used: dict[str, int] = {}

    def __contains__(self, owner: str) -> bool:
        return owner in self.unused


class Epoch(NamedTuple):
    """The number of a lease; compared whole. A restored database begins a new timeline."""

    timeline: int
    number: int


class EffectStatus(StrEnum):
    """How far the outcome of an action is known. intended and unknown are without an outcome."""

    intended = "intended"
    unknown = "unknown"
    done = "done"
    not_sent = "not_sent"
    refused = "refused"
    failed = "failed"


OPEN = (EffectStatus.intended, EffectStatus.unknown)


class Stage(StrEnum):
    """How far the settling of an unknown effect has come."""

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
    why: str | None = None
    """The remote's own words where it refused or failed."""
    testimony: Json | None = None
    """A definite answer that came too late for an outcome: {"status", "result", "why", "attempt", "epoch"}."""
    stage: Stage | None = None
    check_at: datetime | None = None
    deadline: datetime | None = None
    retried: bool = False
    """Reconcile's one new try is used up."""
    refusals: int = 0
    failures: int = 0
    evidence: Sequence[Json] = ()
    renewed: int = 0
    """How many definite refusals have given it a new key at the remote."""
    key_stays: bool = False
    """A try ended without an answer: from then on every try has the same key at the remote, whatever comes after."""
    first_error: Json | None = None
    """What went wrong first: {"error"}, of a mistake of ours also {"function", "place"}, of a result that does not
    fit {"returned"}."""

    @property
    def remote_key(self) -> str:
        """The key that the remote is given."""
        return self.key if not self.renewed else f"{self.key}-{self.renewed}"

    def answered(self) -> Effect:
        """After a definite no the next try has a new key; after a doubt, or where nothing was sent, it has not."""
        return self if self.key_stays else replace(self, renewed=self.renewed + 1)

    def doubted(self, why: Json | None = None) -> Effect:
        """Nobody knows whether it happened; why is kept where nothing went wrong before."""
        return replace(self, key_stays=True, first_error=self.first_error or why)


@dataclass(frozen=True)
class Planned:
    """One action item of a decision."""

    action: str
    item_id: str
    item: Any
    key: str


@dataclass(frozen=True)
class Decision:
    """The choice of a line with actions; it stands until they are settled. facts: as recorded (see look.py)."""

    number: int
    seq: int
    state: str
    line: str
    planned: tuple[Planned, ...]
    facts: Json
    now: datetime
    data: Json
    """The case's data as the decision saw it; its actions see this and their own results, nothing later."""


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
    """A leased account. session is the decrypted session as stored, or None; read once, with the lease."""

    account: str
    adapter: str
    login: str
    epoch: Epoch
    owner: str
    lease_until: datetime
    session: Json | None
    session_version: int
    fresh_login: bool = False
    """Its last lease ran out or ended unknown: no draft may be opened before a fresh login or proof of death."""
    last_owner: str | None = None


@dataclass(frozen=True)
class Claim:
    """A case row with the right to work on it. due_at and times of waiting are business time, the lease real time."""

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
    decision: Decision | None
    decisions: int
    """How many decisions this case has seen; the next one is this plus one."""
    effects: tuple[Effect, ...]
    codes_on_file: CodesOnFile
    failures: int
    """Ticks in a row that failed; drives the backoff."""
    crash_count: int
    queue: str
    auto: bool
    held: str | None
    check: Check | None
    seat: Seat | None = None
    only: str | None = None
    """The named line of this sweep, or None."""
    told: frozenset[tuple[str, str]] = frozenset()
    """(occasion, recipient) of the messages of this round."""


EntryKind = Literal[
    "created", "decided", "moved", "stayed", "abandoned", "settled", "forced", "changed", "held", "resumed", "noted",
    "upgraded", "incident_opened", "incident_closed", "erased",
]  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """An event to append; seq, hash and time are the store's."""

    kind: EntryKind
    body: Json
    actor: str
    reason: str | None = None


@dataclass(frozen=True)
class NewIncident:
    """An incident to open. cause groups equal ones; bars: the case is not claimed while it is open.

    Opened once for the same case, kind and effect while one is open.
    """

    kind: str
    cause: str
    seen: Json
    effect: str | None = None
    bars: bool = True


@dataclass(frozen=True)
class Commit:
    """One transaction on one case: what becomes of its row, and what is written with it.

    guard: what must still hold, beside the claim's epoch and a live claim: "version" the seq that was claimed,
    "decision" that the decision of that number stands, "epoch" nothing more. If it does not hold: Fenced, nothing is
    written. A person's command has no epoch and is guarded by version alone.
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
    """Set to "seat" while the case waits for its account's login; a claim skips it. "" clears, None leaves."""
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
    new_incidents: tuple[NewIncident, ...] = ()
    close: tuple[str, ...] = ()
    """Kinds of incident of this case to close; "*" closes every one that bars it."""
    wipe: tuple[str, ...] = ()
    """Keys of effects: the codes that were read for them are used up. The stored value is deleted, the count kept."""
    wakes: str | None = None
    """"seat": the cases deferred for this case's account become due."""
    flow_version: int | None = None
    check: Check | None = None
    """A wait: opens a new run, or counts up the open one when the digest is the same."""
    nudge: bool = False
    """The account's own case becomes due now (it waits for a login)."""
    release: bool = False
    """Give the lease back in the same transaction."""
    account: str | None = None
    """The account that the case works with from now on; of a person's command alone. Refused where it is retired."""
    retired: str | None = None
    """Why the account of this case, its own, is retired; "" restores it. Of a person's command alone."""
    subject: str | None = None
    """What no other live case of the flow may be about, where a change of the data changed it."""

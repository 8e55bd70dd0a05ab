"""The engine's own jobs, which schedules may run beside sweeps: notices, health of remotes, retention, the audit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol, TypeVar, cast

from pydantic import Field

from workflow.clock import Clock
from workflow.engine.audit import audit
from workflow.engine.commands import Commands
from workflow.engine.outbox import Send, deliver
from workflow.engine.processes import marks_of
from workflow.engine.receipts import receipts
from workflow.errors import RemoteError, WorkflowError
from workflow.flow.compiled import Plan
from workflow.flow.mistakes import words
from workflow.flow.remotes import Remotes
from workflow.record.forgetting import STOOD_FOR, oldest_kept
from workflow.record.watch import Finding
from workflow.schedules.schedule import Rules
from workflow.schedules.targets import JobKind, Parameters
from workflow.sentence import Sentence, Sentences, said_or_quoted
from workflow.store import DueMessage, SentMessage, Store

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Probe:
    """A question that tells whether a remote is well; ask raises RemoteError where it is not."""

    name: str
    ask: Callable[[], Awaitable[None]]


class Channel(Protocol):
    """A way by which notices are sent."""

    async def send(self, to: str, text: str, reference: str) -> str:
        """Send the text; returns the channel's number for the message. reference names the occasion."""

    async def delivered(self, number: str) -> bool | None:
        """True: it arrived; False: it will not, or nobody knows; None: too early to say."""


T = TypeVar("T")


@dataclass(frozen=True)
class JobContext:
    """What a job may use."""

    store: Store
    clock: Clock
    plans: Mapping[str, Plan]
    anchors: Path
    process: str
    lease: timedelta
    channels: Mapping[str, Channel] = field(default_factory=dict)
    probes: Sequence[Probe] = ()
    remotes: Remotes = field(default_factory=lambda: Remotes(()))
    rules: Rules | None = None
    unsaid: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    """By flow and function that tells, the missing settings that its notice needs; it tells nobody."""

    def behind(self, protocol: type[T]) -> T | None:
        """What stands behind a Protocol in this process; None where its address is not set."""
        remote = next((one for one in self.remotes.all() if one.protocol is protocol), None)
        return cast(T, remote.implementation) if remote is not None and remote.implementation is not None else None

    def commands(self, actor: str) -> Commands:
        """Commands of people, in the name of this actor."""
        marks = marks_of(self.anchors.parent)
        return Commands(self.store, self.clock, self.plans, self.remotes, actor, marks=marks, rules=self.rules)


class AuditFailed(WorkflowError):
    """The record has findings; those about cases that exist are incidents too."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = Sentences(_said(one) for one in findings[:5])
        self.said = Sentence("audit_found", "{n} findings: {first}", n=len(findings), first=first)
        super().__init__(self.said)


class Batch(Parameters):
    """How many at once."""

    limit: int = Field(default=500, ge=1, le=5000)


class Kept(Parameters):
    """How many days the log of runs and the answers of remotes are kept."""

    days: int = Field(default=90, ge=1, le=3660)


class Audited(Parameters):
    """Whether every case is looked at, or only those written since they were last in order."""

    whole: bool = False


async def notices(office: JobContext, given: Batch) -> Counts:
    """Send the notices in the outbox, and ask whether those that were sent arrived."""

    def by(channel: Channel) -> Send:
        return lambda message: channel.send(message.address, message.text, reference(message))

    senders = {name: by(channel) for name, channel in office.channels.items()}
    askers = {name: channel.delivered for name, channel in office.channels.items()}
    store, clock, owner = office.store, office.clock, office.process
    came = await deliver(store, clock, senders, owner=owner, lease=office.lease, limit=given.limit)
    return came + await receipts(store, clock, askers, owner=owner, limit=given.limit)


async def adapter_health(office: JobContext, _: Parameters) -> Counts:
    """Task 9: ask whether each remote is well, and store the answer with its history (R114)."""
    answers = await asyncio.gather(*(_probed(office, probe) for probe in office.probes))
    return {"up": sum(answers), "down": len(answers) - sum(answers)}


async def retention(office: JobContext, given: Kept) -> Counts:
    """Delete old rows of the log; never a case, an event or a document.

    A clock that is wrong for a day deletes none.
    """
    kept, store = timedelta(days=given.days), office.store
    now, real = await office.clock.business(), await office.clock.real()
    await store.forget_heartbeats(real - timedelta(days=1))
    made, due = await store.lived(real - STOOD_FOR) or (None, None)
    runs, answers = oldest_kept(real, kept, made), oldest_kept(now, kept, due)
    return {
        "runs": await store.forget_runs(runs) if runs else 0,
        "answers": await store.forget_health(answers) if answers else 0,
    }


async def hold_audit(office: JobContext, given: Audited) -> Counts:
    """Check the record, or what changed of it, against itself and its anchors, and anchor what is in order."""
    audited = await audit(office.store, office.clock, office.anchors, changed=not given.whole)
    if audited.findings:
        raise AuditFailed(audited.findings)
    return {"cases": audited.cases, "events": audited.events}


JOBS = (
    JobKind("notices", Batch, does=notices),
    JobKind("adapter_health", does=adapter_health),
    JobKind("retention", Kept, does=retention),
    JobKind("audit", Audited, does=hold_audit),
)
"""The jobs of every installation."""


def reference(message: DueMessage | SentMessage) -> str:
    """The occasion of a notice, as the gateway gets it."""
    return f"{message.case}/{message.round}/{message.occasion}/{message.recipient}"


def _said(found: Finding) -> Sentence:
    return Sentence(
        "audit_finding",
        "{number} {invariant}: {place}: {what}",
        number=found.number,
        invariant=found.invariant,
        place=found.place,
        what=found.what,
    )


async def _probed(office: JobContext, probe: Probe) -> bool:
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        await probe.ask()
    except Exception as error:  # noqa: BLE001 - one probe's own mistake says nothing of the others
        why = said_or_quoted(error.why) if isinstance(error, RemoteError) else words(error)
        await office.store.note_health(probe.name, "down", why, latency_ms=None, now=await office.clock.business())
        return False
    latency = round((loop.time() - began) * 1000)
    await office.store.note_health(probe.name, "up", None, latency_ms=latency, now=await office.clock.business())
    return True

"""What a tick works with: the store, the clock, the adapters, and who is working."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar

from workflow.clock import Clock
from workflow.engine.allowance import Stop
from workflow.engine.processes import mark, marks_of, this_process
from workflow.errors import Fenced
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Queue, Remotes
from workflow.record.journal import Journal
from workflow.record.values import Claim, Commit, EffectStatus
from workflow.sentence import Sentence
from workflow.store import Store
from workflow.store.patience import patiently

P = ParamSpec("P")
T = TypeVar("T")

STOPPED = "another tick goes on with the case"
"""With what a tick is cancelled by the one that took its case over."""


class Documents(Protocol):
    """Files of cases: content-addressed, encrypted. put answers the reference."""

    async def put(self, content: bytes, *, name: str, media_type: str, case: str, kind: str, now: datetime) -> str: ...
    async def get(self, reference: str) -> bytes: ...
    async def elsewhere(self, content: bytes, *, kind: str, case: str) -> tuple[str, ...]:
        """The numbers of the cases of other subjects under which the same content of this kind was filed."""


@dataclass(frozen=True)
class Limits:
    """How long things may take. lease, fact, action, look and fence are real time, the others business time.

    look: one look at one case with all that it asks and does. fence: ending what an earlier holder may have under way.
    """

    lease: timedelta = timedelta(seconds=60)
    fact: timedelta = timedelta(seconds=60)
    action: timedelta = timedelta(seconds=120)
    look_again: timedelta = timedelta(minutes=10)
    ask_again: timedelta = timedelta(seconds=60)
    deadline: timedelta = timedelta(hours=2)
    look: timedelta = timedelta(hours=1)
    fence: timedelta = timedelta(minutes=5)


@dataclass(frozen=True)
class Unfenced:
    """Tries in a row to end what an earlier holder of an account's seat may have under way. Real time."""

    tries: int
    since: datetime
    again_at: datetime


@dataclass
class Dependencies:
    """Handed to every tick of a process. active: the ticks of this queue's engine that are under way, by case.

    unfenced: by account, as far as this process tried. stop: ends the run that these ticks are part of; None: they are
    part of none, and nothing waits for a database that does not answer.
    """

    store: Store
    clock: Clock
    remotes: Remotes
    documents: Documents
    journal: Journal
    plans: Mapping[str, Plan]
    queue: Queue = "http"
    limits: Limits = field(default_factory=Limits)
    channels: frozenset[str] = frozenset({"sms"})
    """The channels that notices are sent by here; one that names another is its author's mistake."""
    unsaid: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    """By flow and function that tells, the settings that its words hold and that are missing; its lines wait."""
    process: str = field(default_factory=this_process)
    active: dict[str, set[asyncio.Task[Any]]] = field(default_factory=dict)
    unfenced: dict[str, Unfenced] = field(default_factory=dict)
    stop: Stop | None = None

    def __post_init__(self) -> None:
        self._mark = mark(self.process, self.marks)

    @property
    def marks(self) -> Path:
        """Where the living processes of this installation hold their marks."""
        return marks_of(self.journal.path.parent)

    @property
    def actor(self) -> str:
        return f"worker:{self.process}"

    async def surely(self, call: Callable[P, Awaitable[T]], /, *given: P.args, **named: P.kwargs) -> T:
        """Writes what was done already. It waits for a database that does not answer: nobody else knows it."""
        stop = self.stop
        if stop is None:
            return await call(*given, **named)
        return await patiently(call, lambda: stop.asked, *given, **named)

    async def commit(self, claim: Claim, commit: Commit, *, now: datetime, real: datetime) -> Claim:
        """Raises Fenced where it would begin something, and the run is to stop."""
        if not _begins_something(commit):
            return await self.surely(self.store.commit, claim, commit, now=now, real=real)
        if self.stop is not None and self.stop.asked:
            raise Fenced(
                claim.number, Sentence("run_is_stopping", "this run is stopping; the next one goes on from here")
            )
        # what waits here would begin it with a lease that ran out meanwhile
        return await self.store.commit(claim, commit, now=now, real=real)


def _begins_something(commit: Commit) -> bool:
    return any(effect.status is EffectStatus.intended and effect.stage is None for effect in commit.effects)

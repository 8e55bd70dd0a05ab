"""What a tick works with: the store, the clock, the remotes, the limits, and this process's name."""

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
from workflow.flow.remotes import Remotes
from workflow.queues import DEFAULT_QUEUE
from workflow.record.journal import Journal
from workflow.record.values import Claim, Commit, EffectStatus
from workflow.sentence import Sentence
from workflow.store import Store
from workflow.store.patience import patiently

P = ParamSpec("P")
T = TypeVar("T")

STOPPED = "another tick goes on with the case"
"""The message with which a tick is cancelled by the tick that took its case over."""


class Documents(Protocol):
    """The store of case files, which keeps them encrypted by their content. put() returns the reference."""

    async def put(self, content: bytes, *, name: str, media_type: str, case: str, kind: str, now: datetime) -> str: ...
    async def get(self, reference: str) -> bytes: ...
    async def elsewhere(self, content: bytes, *, kind: str, case: str) -> tuple[str, ...]:
        """The numbers of cases about other subjects that hold a file of this kind with the same content."""


@dataclass(frozen=True)
class Limits:
    """How long things may take. lease, fact, action, look and fence are real time, the others business time.

    look: one look at a case with all its questions and actions. fence: the end of what an earlier holder of a seat may
    have under way.
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
    """Failed tries in a row to end what an earlier holder of an account's seat may have under way.

    Times are real time.
    """

    tries: int
    since: datetime
    again_at: datetime


@dataclass
class Dependencies:
    """What every tick of a process is given.

    active: the ticks of this queue that are under way, by case. unfenced: by account, the tries of this process. stop:
    the stop of the run that the ticks belong to; with None, no tick waits for a database that does not answer.
    """

    store: Store
    clock: Clock
    remotes: Remotes
    documents: Documents
    journal: Journal
    plans: Mapping[str, Plan]
    queue: str = DEFAULT_QUEUE
    limits: Limits = field(default_factory=Limits)
    channels: frozenset[str] = frozenset({"sms"})
    """The channels by which notices can be sent here. A notice that names another one is a mistake of the flow."""
    unsaid: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    """By flow and function that tells, the missing settings that its text needs; a line that tells it waits."""
    process: str = field(default_factory=this_process)
    active: dict[str, set[asyncio.Task[Any]]] = field(default_factory=dict)
    unfenced: dict[str, Unfenced] = field(default_factory=dict)
    stop: Stop | None = None

    def __post_init__(self) -> None:
        self._mark = mark(self.process, self.marks)

    @property
    def marks(self) -> Path:
        """The folder in which the living processes of this installation hold their marks."""
        return marks_of(self.journal.path.parent)

    @property
    def actor(self) -> str:
        return f"worker:{self.process}"

    async def surely(self, call: Callable[P, Awaitable[T]], /, *given: P.args, **named: P.kwargs) -> T:
        """Write what was done already. Waits for a database that does not answer, since nothing else holds it."""
        stop = self.stop
        if stop is None:
            return await call(*given, **named)
        return await patiently(call, lambda: stop.asked, *given, **named)

    async def commit(self, claim: Claim, commit: Commit, *, now: datetime, real: datetime) -> Claim:
        """Write the commit. Raises Fenced where it would begin something and the run is to stop."""
        if not _begins_something(commit):
            return await self.surely(self.store.commit, claim, commit, now=now, real=real)
        if self.stop is not None and self.stop.asked:
            raise Fenced(
                claim.number, Sentence("run_is_stopping", "this run is stopping; the next one goes on from here")
            )
        # not patiently: after a wait it would begin with a lease that has run out
        return await self.store.commit(claim, commit, now=now, real=real)


def _begins_something(commit: Commit) -> bool:
    return any(effect.status is EffectStatus.intended and effect.stage is None for effect in commit.effects)

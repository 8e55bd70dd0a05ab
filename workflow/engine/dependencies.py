"""What a tick works with: the store, the clock, the adapters, and who is working."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from workflow.clock import Clock
from workflow.engine.processes import mark, marks_of, this_process
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Queue, Remotes
from workflow.record.journal import Journal
from workflow.store import Store

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

    unfenced: by account, as far as this process tried.
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

    def __post_init__(self) -> None:
        self._mark = mark(self.process, self.marks)

    @property
    def marks(self) -> Path:
        """Where the living processes of this installation hold their marks."""
        return marks_of(self.journal.path.parent)

    @property
    def actor(self) -> str:
        return f"worker:{self.process}"

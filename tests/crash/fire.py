"""The product's own parts with a trigger behind them: each step is told before and after, and one of them may kill."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from workflow.clock import DatabaseClock
from workflow.record.journal import Journal
from workflow.record.values import Claim, Commit, Effect, Seat
from workflow.record.vault import Vault
from workflow.store import Store

T = TypeVar("T")

STEP: ContextVar[str] = ContextVar("STEP", default="")
# written by the wall clock, so never at the same place twice; and what stands just between a journal and its call
UNTOLD = frozenset({"renew", "renew_seat", "read_codes"})
# a look into an empty box is no step
NOTHING = frozenset({"claim", "lease_seat", "due_messages", "take_answer", "forget_codes"})


class Trigger:
    """Counts the steps of a worker; at a deadly one the process is gone, as by a power cut, and a file says where."""

    def __init__(self, last_words: Path, deadly: frozenset[str] = frozenset()) -> None:
        self.deadly, self.reached, self._last_words = deadly, list[str](), last_words

    def __call__(self, step: str) -> None:
        self.reached.append(step)
        if step in self.deadly:
            with self._last_words.open("a", encoding="utf-8") as said:
                said.write(f"{step}\n")
            os.kill(os.getpid(), signal.SIGKILL)

    async def around(self, step: str, call: Awaitable[T]) -> T:
        self(f"{step}: before")
        result = await call
        self(f"{step}: after")
        return result


class LaterClock(DatabaseClock):
    """The database's clock after some real time has gone by: leases run out while nobody waits for it."""

    def __init__(self, engine: AsyncEngine, later: timedelta) -> None:
        super().__init__(engine)
        self.later = later

    async def real(self) -> datetime:
        return await super().real() + self.later


class StoreUnderFire(Store):
    """Tells each transaction by what it writes, before and after its COMMIT."""

    def __init__(self, engine: AsyncEngine, vault: Vault, revision: str, trigger: Trigger) -> None:
        super().__init__(engine, vault, revision)
        self.trigger = trigger

    async def writing(
        self,
        work: Callable[[AsyncConnection], Awaitable[T]],
        held: Callable[[AsyncConnection, T], Awaitable[bool]] | None = None,
    ) -> T:
        name = work.__qualname__.split(".")[1]
        if name in UNTOLD:
            return await super().writing(work, held)

        def told(result: object) -> str | None:
            if name in NOTHING and not result:
                return None
            return f"commit {name} {STEP.get() or _about(result)}".rstrip()

        async def watched(connection: AsyncConnection) -> T:
            result = await work(connection)
            if step := told(result):
                self.trigger(f"{step}: before")
            return result

        result = await super().writing(watched, held)
        if step := told(result):
            self.trigger(f"{step}: after")
        return result

    async def commit(self, claim: Claim, commit: Commit, *, now: datetime, real: datetime) -> Claim:
        with _step(claim, commit):
            return await super().commit(claim, commit, now=now, real=real)

    async def commit_many(self, pairs: Sequence[tuple[Claim, Commit]], *, now: datetime, real: datetime) -> set[str]:
        with _step(*pairs[0]) if pairs else nullcontext():
            return await super().commit_many(pairs, now=now, real=real)


class JournalUnderFire(Journal):
    def __init__(self, journal: Journal, trigger: Trigger) -> None:
        super().__init__(journal.path)
        self.trigger = trigger

    async def note(self, case: str, effect: Effect) -> None:
        step = f"journal {effect.action} {effect.item_id} round {effect.round}"
        await self.trigger.around(step, super().note(case, effect))

    def _append(self, line: str) -> None:
        torn = f"journal {json.loads(line)['action']}: half a line"
        if torn in self.trigger.deadly:
            super()._append(line[: len(line) // 2])
        self.trigger(torn)
        super()._append(line)


class UnderFire:
    """An adapter whose irreversible calls are told: before, through the gate, after."""

    def __init__(self, inner: object, calls: Iterable[str], trigger: Trigger) -> None:
        self._inner, self._calls, self._trigger = inner, frozenset(calls), trigger

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in self._calls:
            return found

        async def called(*given: Any, **named: Any) -> Any:
            in_round = next((f" round {one}" for one in given if isinstance(one, int)), "")
            if gate := named.get("gate"):
                named["gate"] = self._gate(f"call {name}{in_round}", gate)
            return await self._trigger.around(f"call {name}{in_round}", found(*given, **named))

        return called

    def _gate(self, step: str, gate: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def passed() -> None:
            await gate()
            self._trigger(f"{step}: through the gate")

        return passed


@contextmanager
def _step(claim: Claim, commit: Commit) -> Iterator[None]:
    """Names the transaction that is written inside, by what it makes of its case."""
    token = STEP.set(f"{claim.flow} {claim.state} round {claim.round}: {_made(commit)}")
    try:
        yield
    finally:
        STEP.reset(token)


def _made(commit: Commit) -> str:
    parts = [entry.kind + (f" to {entry.body['to']}" if entry.kind == "moved" else "") for entry in commit.entries]
    parts += [f"{effect.action} {effect.item_id} {effect.status}".replace("  ", " ") for effect in commit.effects]
    parts += [trouble.kind for trouble in commit.new_incidents]
    if commit.deferred:
        parts.append(f"deferred for the {commit.deferred}")
    if not parts:
        parts.append(f"handed to {commit.queue}" if commit.queue else "waits")
    return ", ".join(parts)


def _about(result: object) -> str:
    match result:
        case [Claim() as claim, *_]:
            return f"{claim.flow} {claim.state} round {claim.round} by {claim.queue}"
        case Seat(fresh_login=True):
            return "to be logged in afresh"
        case _:
            return ""

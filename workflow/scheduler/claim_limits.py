"""Where claims end: when the process stops, and after as many cases as a run may take; it stands before the store."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from workflow.errors import Fenced
from workflow.record.values import Claim, Commit, EffectStatus, Seat
from workflow.store import Store
from workflow.store.patience import patiently


class Stop:
    """Whether a run, or the process that it is part of, is to end; looked at before each claim and each action."""

    def __init__(self, beyond: Stop | None = None) -> None:
        self._beyond, self._asked = beyond, False

    @property
    def asked(self) -> bool:
        return self._asked or (self._beyond is not None and self._beyond.asked)

    def ask(self) -> None:
        self._asked = True


DONE = frozenset(
    {"move_many", "wait_many", "testify", "release_seat", "message_sent", "message_unknown", "message_failed"}
)
"""Words about what was done already. They wait for a database that does not answer: nobody else knows them."""


class ClaimLimit:
    """A store that gives out so many cases, and none once the process stops; ticks under way stop between steps.

    What was done is written as soon as the database takes it; everything else passes through. What was claimed and not
    ended is given back when the process has stopped.
    """

    def __init__(self, store: Store, stop: Stop, most: int = -1) -> None:
        self._store, self._stop, self._left = store, stop, most

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        return functools.partial(patiently, found, lambda: self._stop.asked) if name in DONE else found

    async def claim(self, *, limit: int, **wanted: Any) -> list[Claim]:
        if self._stop.asked or self._left == 0:
            return []
        claims = await self._store.claim(limit=limit if self._left < 0 else min(limit, self._left), **wanted)
        if self._left > 0:
            self._left -= len(claims)
        return claims

    async def lease_seat(self, adapter: str, **wanted: Any) -> Seat | None:
        if self._stop.asked or self._left == 0:
            return None
        return await self._store.lease_seat(adapter, **wanted)

    async def commit(self, claim: Claim, commit: Commit, **times: Any) -> Claim:
        if self._stop.asked and _begins_something(commit.effects):
            raise Fenced(claim.number, "this run is stopping; the next one goes on from here")
        if _begins_something(commit.effects):
            # what waits here would begin it with a lease that ran out meanwhile
            return await self._store.commit(claim, commit, **times)
        return await patiently(self._store.commit, lambda: self._stop.asked, claim, commit, **times)


def _begins_something(effects: Sequence[Any]) -> bool:
    return any(effect.status is EffectStatus.intended and effect.stage is None for effect in effects)

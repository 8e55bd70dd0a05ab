"""A store with two clocks that are set by hand, and the few gestures that the suite repeats."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from workflow.record.values import Claim, Commit, Decision, Effect, EffectStatus, Entry, Planned, Seat
from workflow.store import Created, NewCase, Store

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
ACTOR = "worker:one"


class Desk:
    """now is business time, real is real time; a test moves them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = START
        self.real = START + timedelta(days=1000)

    async def open(self, count: int = 1, **values: Any) -> list[Created]:
        new = {"flow": "copyright", "flow_version": 1, "prefix": "RZ", "state": "unprocessed", "data": {"title": "A"}}
        rows = [NewCase(**{**new, **values}) for _ in range(count)]
        return await self.store.create(rows, actor="person:clerk", reason=None, now=self.now)

    async def claim(self, limit: int = 100, owner: str = "one", **values: Any) -> list[Claim]:
        given: dict[str, Any] = {"flow": "copyright", "state": "unprocessed", "queue": "http", "cutoff": self.now}
        return await self.store.claim(**{**given, **values}, real=self.real, lease=LEASE, limit=limit, owner=owner)

    async def one(self, **values: Any) -> Claim:
        """A new case, claimed."""
        await self.open()
        return (await self.claim(**values))[0]

    async def commit(self, claim: Claim, commit: Commit) -> Claim:
        return await self.store.commit(claim, commit, now=self.now, real=self.real)

    async def command(self, case: str, commit: Commit, version: int | None = None) -> Claim:
        return await self.store.command(case, version, lambda _: commit, now=self.now, real=self.real)

    async def seat(self, account: str | None = None, owner: str = "one") -> Seat | None:
        return await self.store.lease_seat(
            "portal",
            owner=owner,
            real=self.real,
            lease=LEASE,
            cutoff=self.now,
            account=account,
            wanted={"copyright": ["unprocessed"], "accounts": ["unprocessed"]},
            queue="browser",
        )

    def pass_time(self, by: timedelta) -> None:
        self.now += by
        self.real += by


def moved(to: str, claim: Claim, **values: Any) -> Commit:
    body = {"from": claim.state, "to": to, "line": to, "patch": {}, "round": claim.round}
    return Commit(guard="version", entries=(Entry("moved", body, ACTOR),), state=to, release=True, **values)


def changed(patch: dict[str, Any], claim: Claim) -> Commit:
    entry = Entry("changed", {"patch": patch}, "person:clerk")
    return Commit(guard="version", entries=(entry,), data={**claim.data, **patch})


def effect(claim: Claim, status: EffectStatus = EffectStatus.intended, **values: Any) -> Effect:
    row = Effect(
        key="key-1",
        action="pay",
        item_id="",
        item=None,
        round=claim.round,
        decision=1,
        attempt=1,
        status=status,
        epoch=claim.epoch,
        process="host/1/1",
        intended_at=START,
    )
    return replace(row, **values)


def decided(claim: Claim) -> Commit:
    """The choice of a line with its first intent."""
    planned = (Planned("pay", "", None, "key-1"),)
    decision = Decision(claim.decisions + 1, claim.seq, claim.state, "ordering", planned, {}, START, dict(claim.data))
    body = {"number": decision.number, "line": "ordering"}
    return Commit(
        guard="version", entries=(Entry("decided", body, ACTOR),), decision=decision, effects=(effect(claim),)
    )

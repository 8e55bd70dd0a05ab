"""The passwords and sessions of accounts, for adapters: only the holder of an account's seat stores a session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflow.clock import Clock
from workflow.record.values import Seat
from workflow.store import Store


class AccountBook:
    """Reads passwords and stores sessions of the accounts in this record."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def session(self, account: str) -> Mapping[str, Any] | None:
        return await self._store.session(account)

    async def store_session(self, seat: Seat, session: Mapping[str, Any], *, password_version: int) -> None:
        kept = {**session, "password_version": password_version}
        await self._store.store_session(seat, kept, now=await self._clock.business())

    async def forget_session(self, seat: Seat) -> None:
        stored = await self._store.session(seat.account) or {}
        device = {"device": stored.get("device")}
        await self._store.store_session(seat, device, now=await self._clock.business(), fresh=False)

    async def doubt_session(self, seat: Seat) -> None:
        stored = await self._store.session(seat.account)
        if stored and seat.session and stored.get("token") == seat.session.get("token"):
            refused = {**stored, "refused": True}
            await self._store.store_session(seat, refused, now=await self._clock.business(), fresh=False)

    async def password(self, account: str) -> tuple[str, int]:
        return await self._store.password(account)

"""Browser work: a seat is leased first, then its account's due cases are looked at one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from workflow.claims import Claim, Seat
from workflow.engine import RENEWAL, Engine, Swept
from workflow.equipment import Equipment
from workflow.errors import RemoteError
from workflow.remotes import Remote
from workflow.store.values import Account

log = structlog.get_logger()

Wanted = Sequence[tuple[str, str]]
"""(flow, state) pairs that a dispatch names."""


class SeatStore(Protocol):
    """What browser work needs of the store; see workflow/store."""

    async def accounts(self, adapter: str | None = None) -> list[Account]: ...
    async def account(self, account: str) -> Account: ...
    async def lease_seat(
        self,
        adapter: str,
        *,
        owner: str,
        real: datetime,
        lease: timedelta,
        cutoff: datetime,
        account: str | None = None,
    ) -> Seat | None: ...
    async def renew_seat(self, seat: Seat, *, real: datetime, until: datetime) -> bool: ...
    async def release_seat(self, seat: Seat, *, clean: bool, fenced: bool = False) -> None: ...
    async def claim(
        self,
        *,
        flow: str,
        state: str | Sequence[str],
        cutoff: datetime,
        real: datetime,
        lease: timedelta,
        limit: int,
        owner: str,
        queue: str,
        seat: Seat | None = None,
        assign: bool = False,
        only: str | None = None,
        after: str | None = None,
        suspects: bool = False,
        version: int | None = None,
    ) -> list[Claim]: ...


class SeatWork:
    """Works the seats of one adapter, at_once of them side by side. Needs an Engine of the browser queue."""

    def __init__(
        self, engine: Engine, equipment: Equipment, store: SeatStore, remote: Remote, at_once: int = 3
    ) -> None:
        self._engine, self._equipment, self._store, self._remote = engine, equipment, store, remote
        self._at_once = at_once

    async def sweep(self, wanted: Wanted, *, only: str | None = None) -> Swept:
        """One seat after another that has due work in these states; a named line's sweep visits every seat."""
        cutoff = await self._equipment.clock.business()
        swept, visited = Swept(), set[str]()
        waiting = [account.id for account in await self._store.accounts(self._remote.name)] if only else None

        async def worker() -> None:
            while True:
                if waiting is not None and not waiting:
                    return
                seat = await self._take(cutoff, waiting.pop() if waiting else None)
                if seat is None:
                    if waiting:
                        continue
                    return
                again = seat.account in visited
                visited.add(seat.account)
                done = await self._work(seat, wanted, cutoff, only)
                swept.__iadd__(done)
                if again and not done.total:
                    return

        await asyncio.gather(*(worker() for _ in range(self._at_once)))
        return swept

    @asynccontextmanager
    async def sitting(self, account: str) -> AsyncIterator[Seat | None]:
        """The seat of one account, for a job of its own; None while somebody else sits there."""
        seat = await self._take(await self._equipment.clock.business(), account)
        if seat is None:
            yield None
            return
        async with self._renewing(seat):
            try:
                yield seat
            finally:
                await self._store.release_seat(seat, clean=not seat.fresh_login)

    async def _take(self, cutoff: datetime, account: str | None) -> Seat | None:
        equipment = self._equipment
        return await self._store.lease_seat(
            self._remote.name,
            owner=equipment.process,
            real=await equipment.clock.real(),
            lease=equipment.limits.lease,
            cutoff=cutoff,
            account=account,
        )

    async def _work(self, seat: Seat, wanted: Wanted, cutoff: datetime, only: str | None) -> Swept:
        """What is due on this seat, until nothing is, its session was replaced, or an outcome is unknown."""
        swept, clean, fenced = Swept(), True, False
        async with self._renewing(seat):
            try:
                if seat.fresh_login:
                    fenced = await self._afresh(seat)
                    clean = fenced
                    if not fenced or await self._is_replaced(seat):
                        return swept  # the next lease reads the new session
                for flow in dict.fromkeys(flow for flow, _ in wanted):
                    states = [state for of, state in wanted if of == flow]
                    after: str | None = None
                    while claim := await self._claim(seat, flow, states, cutoff, only, after):
                        after = claim.case if only else None
                        done = await self._engine.look_at([claim])
                        swept += done
                        clean = clean and not done.counts["unknown"]
                        if not clean or await self._is_replaced(seat):
                            return swept
            except BaseException:
                clean = False  # cut off in the middle of a tick: something may be under way
                raise
            finally:
                await self._store.release_seat(seat, clean=clean, fenced=fenced and clean)
        return swept

    async def _claim(
        self, seat: Seat, flow: str, states: Sequence[str], cutoff: datetime, only: str | None, after: str | None
    ) -> Claim | None:
        equipment = self._equipment
        plan = equipment.plans[flow]
        for suspects in (False, True):
            found = await self._store.claim(
                flow=flow,
                state=[name for state in states for name in plan.called(state)],
                cutoff=cutoff,
                real=await equipment.clock.real(),
                lease=equipment.limits.lease,
                limit=1,
                owner=equipment.process,
                queue="browser",
                seat=seat,
                assign=only is None,
                only=only,
                after=after,
                suspects=suspects,
                version=plan.flow.version,
            )
            if found:
                return found[0]
        return None

    async def _is_replaced(self, seat: Seat) -> bool:
        return (await self._store.account(seat.account)).session_version != seat.session_version

    async def _afresh(self, seat: Seat) -> bool:
        """What an earlier holder may still have under way is ended by a login of our own."""
        if self._remote.fence is None:
            return False
        try:
            return await self._remote.fence(seat)
        except RemoteError as error:
            log.warning("seat.unclean", account=seat.login, why=str(error))
            return False

    @asynccontextmanager
    async def _renewing(self, seat: Seat) -> AsyncIterator[None]:
        keeper = asyncio.create_task(self._renew(seat))
        try:
            yield
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper

    async def _renew(self, seat: Seat) -> None:
        lease, clock = self._equipment.limits.lease, self._equipment.clock
        while True:
            await asyncio.sleep(min(RENEWAL, lease / 3).total_seconds())
            real = await clock.real()
            await self._store.renew_seat(seat, real=real, until=real + lease)

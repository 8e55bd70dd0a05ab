"""Works on seats: leases one first, then looks at its account's due cases, one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog

from workflow.backoff import STUCK_FOR, STUCK_TRIES, backoff
from workflow.engine.dependencies import Dependencies, Unfenced
from workflow.engine.sweep import Engine, SweepResult
from workflow.errors import RemoteError
from workflow.flow.mistakes import words
from workflow.flow.remotes import Remote
from workflow.record.values import Claim, Commit, NewIncident, Seat
from workflow.sentence import Said, Sentence, told_beside
from workflow.store.renewal import renewing
from workflow.store.seats import NOTHING

log = structlog.get_logger()

UNCLEAN = "seat_unclean"
"""The kind of the incident about a seat that nobody can use, because what its last holder began cannot be ended."""

Wanted = Sequence[tuple[str, str]]
"""The (flow, state) pairs that a run names."""


class Sitting:
    """How long a seat's holder has been at one look, and whether that is longer than any look takes.

    It is measured with a clock that nobody can set.
    """

    def __init__(self, longest: timedelta) -> None:
        self._longest = longest.total_seconds()
        self.went_on()

    def went_on(self) -> None:
        self._since = asyncio.get_running_loop().time()

    @property
    def hangs(self) -> bool:
        return asyncio.get_running_loop().time() - self._since > self._longest


class SeatWork:
    """Works on the seats of one remote, at_once of them side by side. Needs an Engine of the remote's queue."""

    def __init__(self, engine: Engine, dependencies: Dependencies, remote: Remote, at_once: int = 3) -> None:
        self._engine, self._dependencies, self._remote = engine, dependencies, remote
        self._store = dependencies.store
        self._at_once = at_once

    async def sweep(self, wanted: Wanted, *, only: str | None = None, cutoff: datetime | None = None) -> SweepResult:
        """Visit each seat that has due cases in these states; a named line's sweep visits every seat.

        cutoff: a business time; cases that are due by then are taken, instead of those due by now.
        """
        by = cutoff or await self._dependencies.clock.business()
        swept, visited = SweepResult(), set[str]()
        states = self._states(wanted)
        waiting = [account.id for account in await self._store.accounts(self._remote.name)] if only else None

        async def worker() -> None:
            while True:
                if waiting is not None and not waiting:
                    return
                seat = await self._take(by, waiting.pop() if waiting else None, states)
                if seat is None:
                    if waiting:
                        continue
                    return
                again = seat.account in visited
                visited.add(seat.account)
                done = await self._work(seat, states, by, only)
                swept.__iadd__(done)
                if again and not done.total:
                    return

        # all are awaited, whatever becomes of one: nothing is under way after a run
        ended = await asyncio.gather(*(worker() for _ in range(self._at_once)), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error
        return swept

    @asynccontextmanager
    async def sitting(self, account: str) -> AsyncIterator[Seat | None]:
        """The seat of one account, for a job that needs it; None while somebody else holds it."""
        seat = await self._take(await self._dependencies.clock.business(), account)
        if seat is None:
            yield None
            return
        async with self._renewing(seat):
            try:
                yield seat
            finally:
                # a login here made the seat clean; without one it stays as it was found
                await self._dependencies.surely(self._store.release_seat, seat, clean=True)

    def _states(self, wanted: Wanted) -> dict[str, list[str]]:
        """The states by flow, with the names that they had before."""
        found: dict[str, list[str]] = {}
        for flow, state in wanted:
            found.setdefault(flow, []).extend(self._dependencies.plans[flow].called(state))
        return found

    async def _take(
        self, cutoff: datetime, account: str | None, states: Mapping[str, Sequence[str]] = NOTHING
    ) -> Seat | None:
        dependencies = self._dependencies
        if self._engine.allowance.is_used_up:
            return None
        return await self._store.lease_seat(
            self._remote.name,
            owner=dependencies.process,
            real=await dependencies.clock.real(),
            lease=dependencies.limits.lease,
            cutoff=cutoff,
            account=account,
            wanted=states,
            queue=dependencies.queue,
        )

    async def _work(
        self, seat: Seat, states: Mapping[str, Sequence[str]], cutoff: datetime, only: str | None
    ) -> SweepResult:
        """Look at the due cases of this seat until none is left, its session was replaced, or an outcome is unknown."""
        swept, clean, fenced = SweepResult(), True, False
        async with self._renewing(seat) as sitting:
            try:
                if self._remote.lacks:
                    pass  # nothing begins or ends at the remote; the cases still have their deadlines
                elif seat.fresh_login:
                    fenced = await self._afresh(seat)
                    clean = fenced
                    if not fenced:
                        for flow, names in states.items():
                            await self._engine.free_overdue(flow, names, seat.account)
                    if not fenced or await self._is_replaced(seat):
                        return swept  # the next lease reads the new session
                else:
                    await self._is_clean(seat)
                for flow, names in states.items():
                    after: str | None = None
                    while claim := await self._claim(seat, flow, names, cutoff, only, after):
                        after = claim.case if only else None
                        sitting.went_on()
                        done = await self._engine.look_at([claim])
                        swept += done
                        in_doubt = done.counts["doubted"] and not self._remote.lacks
                        clean = clean and not (in_doubt or done.counts["hung"])
                        if not clean or await self._is_replaced(seat):
                            return swept
            except BaseException:
                clean = False  # cut off in the middle of a tick: an action may be under way
                raise
            finally:
                left, release = bool(self._remote.lacks) and seat.fresh_login, self._store.release_seat
                is_clean = clean and not left
                await self._dependencies.surely(release, seat, clean=is_clean, fenced=fenced and clean)
        return swept

    async def _claim(
        self, seat: Seat, flow: str, states: Sequence[str], cutoff: datetime, only: str | None, after: str | None
    ) -> Claim | None:
        # a case over which the process died is looked at by its state's schedule, not by a named line's
        for crashed in (False, True) if only is None else (False,):
            found = await self._engine.claim(
                flow, states, cutoff, 1, seat=seat, only=only, after=after, crashed=crashed
            )
            if found:
                return found[0]
        return None

    async def _is_replaced(self, seat: Seat) -> bool:
        return (await self._store.account(seat.account)).session_version != seat.session_version

    async def _afresh(self, seat: Seat) -> bool:
        """Log in anew, which ends what an earlier holder may have under way."""
        if self._remote.fence is None:
            return False
        dependencies, real = self._dependencies, await self._dependencies.clock.real()
        before = dependencies.unfenced.get(seat.account)
        if before is not None and before.again_at > real:
            return False
        why: Said = Sentence("session_goes_on", "its session goes on")
        try:
            async with asyncio.timeout(dependencies.limits.fence.total_seconds()):
                if await self._remote.fence(seat):
                    await self._is_clean(seat)
                    return True
        except (RemoteError, TimeoutError) as error:
            why = words(error)
        log.warning("seat.unclean", account=seat.login, why=why)
        tries, since = (before.tries + 1, before.since) if before is not None else (1, real)
        dependencies.unfenced[seat.account] = Unfenced(tries, since, real + backoff(tries, real - since))
        if tries >= STUCK_TRIES and real - since >= STUCK_FOR:
            hours = int((real - since).total_seconds() // 3600)
            seen = {"login": seat.login, **told_beside(error=why), "tries": tries, "hours": hours}
            cause = f"{seat.adapter}:account:{seat.login}"
            await self._own(
                seat, Commit(guard="version", new_incidents=(NewIncident(UNCLEAN, cause, seen, bars=False),))
            )
        return False

    async def _is_clean(self, seat: Seat) -> None:
        """Close the incident about the seat."""
        self._dependencies.unfenced.pop(seat.account, None)
        own = (await self._store.account(seat.account)).case
        if own is not None and any(one.kind == UNCLEAN for one in await self._store.incidents(case=own)):
            await self._own(seat, Commit(guard="version", close=(UNCLEAN,)))

    async def _own(self, seat: Seat, commit: Commit) -> None:
        """Write to the account's own case, where it has one."""
        own, clock = (await self._store.account(seat.account)).case, self._dependencies.clock
        if own is not None:
            now, real = await clock.business(), await clock.real()
            await self._store.command(own, None, lambda _: commit, now=now, real=real)

    @asynccontextmanager
    async def _renewing(self, seat: Seat) -> AsyncIterator[Sitting]:
        """Renew the lease while its holder gets on. A seat whose holder hangs is free when its lease runs out."""
        lease, clock = self._dependencies.limits.lease, self._dependencies.clock
        sitting = Sitting(self._dependencies.limits.look + self._dependencies.limits.fence)

        async def renew() -> bool:
            if sitting.hangs:
                log.error("seat.hangs", account=seat.login, owner=seat.owner)
                return False
            real = await clock.real()
            await self._store.renew_seat(seat, real=real, until=real + lease)
            return True

        def failed(error: Exception) -> None:
            log.warning("seat.not_renewed", account=seat.login, why=words(error))

        async with renewing(lease, renew, failed):
            yield sitting

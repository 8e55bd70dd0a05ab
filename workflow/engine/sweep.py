"""Claims the due cases of a state, looks at each, and writes the outcomes; leases are renewed meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import StatementError

from workflow.backoff import DEATHS
from workflow.engine.allowance import Allowance
from workflow.engine.commits import failed, hung
from workflow.engine.context import TickContext
from workflow.engine.dependencies import STOPPED, Dependencies
from workflow.engine.outcomes import Deferred, Failed, Lost, Moved, Outcome, Stayed, Waiting
from workflow.engine.tick import tick
from workflow.errors import Fenced
from workflow.flow.mistakes import Mistake, mistake_of, report, words
from workflow.record.values import Claim, Commit, Seat
from workflow.sentence import Sentence
from workflow.store.renewal import renewing

log = structlog.get_logger()

BATCH = 100
UNHEARD = timedelta(seconds=5)
"""A tick that was cancelled may take this long to end before it is abandoned."""


@dataclass
class SweepResult:
    """The outcomes of a sweep, counted by name. It holds nothing of any case, so a sweep may be as long as it likes."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        self.counts[outcome.word] += 1

    def __iadd__(self, other: SweepResult) -> SweepResult:
        self.counts += other.counts
        return self

    @property
    def total(self) -> int:
        return self.counts.total()


class Engine:
    """Looks at the cases that a sweep claims, each in a task of its own. allowance: how many its sweeps may take."""

    def __init__(self, dependencies: Dependencies, allowance: Allowance | None = None) -> None:
        self._dependencies = dependencies
        self.allowance = allowance or Allowance()

    def check(self) -> list[Sentence]:
        """Raise DefinitionError where a flow cannot run with these remotes; return the warnings."""
        warnings = [
            line for plan in self._dependencies.plans.values() for line in self._dependencies.remotes.check(plan)
        ]
        for warning in warnings:
            log.info("flow.warning", said=warning)
        return warnings

    async def sweep(
        self, flow: str, state: str, *, only: str | None = None, limit: int = BATCH, cutoff: datetime | None = None
    ) -> SweepResult:
        """Look at every due case of a state, or at every case of it that holds the named line.

        cutoff: a business time; cases that are due by then are taken, instead of those due by now.
        """
        swept, after = SweepResult(), None
        cutoff = cutoff or await self._dependencies.clock.business()
        states = self._dependencies.plans[flow].called(state)
        while claims := await self.claim(flow, states, cutoff, limit, only=only, after=after):
            after = max(claim.case for claim in claims) if only else None
            swept += await self.look_at(claims)
        # a case over which the process died is looked at by its state's schedule, not by a named line's
        while only is None and (claims := await self.claim(flow, states, cutoff, 1, crashed=True)):
            swept += await self.look_at(claims)
        return swept

    async def free_overdue(self, flow: str, states: Sequence[str], account: str | None = None) -> None:
        """Doubts past their deadline are looked at without a seat, where nobody can use the account of the case.

        account: this one, which cannot be used though it is not marked so.
        """
        dependencies = self._dependencies
        plan = dependencies.plans[flow]
        if not (entered := dependencies.remotes.entered(plan)):
            return
        freed = await dependencies.store.free_overdue(
            flow,
            {name: dependencies.remotes.seat_in(plan, state) for state in states for name in plan.called(state)},
            queues=sorted({remote.queue for remote in entered}),
            now=await dependencies.clock.business(),
            real=await dependencies.clock.real(),
            deadline=dependencies.limits.deadline,
            deaths=DEATHS,
            account=account,
        )
        if freed:
            log.warning("cases.freed_of_seat", flow=flow, cases=freed)

    async def look_at(self, claims: Sequence[Claim]) -> SweepResult:
        """Run a tick for each claim, and write what is left to write of each.

        All are decided at one instant of business time, which is read after the claim: a clock that is set meanwhile
        counts from the next batch on. The clock and the lease are read again before each action.
        """
        async with self._renewing(claims):
            now = await self._dependencies.clock.business()
            outcomes = await asyncio.gather(*(self._tick(claim, now) for claim in claims))
            await self._write(outcomes)
        swept = SweepResult()
        for outcome in outcomes:
            swept.add(outcome)
        await self.allowance.came_to(swept.counts)
        return swept

    async def claim(
        self,
        flow: str,
        states: Sequence[str],
        cutoff: datetime,
        limit: int,
        *,
        seat: Seat | None = None,
        only: str | None = None,
        after: str | None = None,
        crashed: bool = False,
    ) -> list[Claim]:
        """Claim due cases, as many as the allowance leaves; with a seat, those that need its account."""
        limit = self.allowance.take(limit)
        if not limit:
            return []
        claims = list[Claim]()
        try:
            claims = await self._claim(flow, states, cutoff, limit, seat, only, after, crashed)
        finally:
            self.allowance.give_back(limit - len(claims))
        return claims

    async def _claim(
        self,
        flow: str,
        states: Sequence[str],
        cutoff: datetime,
        limit: int,
        seat: Seat | None,
        only: str | None,
        after: str | None,
        crashed: bool,
    ) -> list[Claim]:
        dependencies = self._dependencies
        return await dependencies.store.claim(
            flow=flow,
            state=states,
            cutoff=cutoff,
            real=await dependencies.clock.real(),
            lease=dependencies.limits.lease,
            limit=limit,
            owner=dependencies.process,
            queue=dependencies.queue,
            seat=seat,
            assign=seat is not None and only is None,
            only=only,
            after=after,
            crashed=crashed,
            version=dependencies.plans[flow].flow.version,
        )

    async def _tick(self, claim: Claim, now: datetime) -> Outcome:
        looking = asyncio.create_task(tick(self._dependencies, self._dependencies.plans[claim.flow], claim, now))
        ticks = self._dependencies.active.setdefault(claim.case, set())
        ticks.add(looking)
        looking.add_done_callback(lambda _: self._ended(claim.case, looking))
        try:
            over = await asyncio.wait({looking}, timeout=self._dependencies.limits.look.total_seconds())
            outcome = looking.result() if over[0] else await self._hung(claim, looking)
        except asyncio.CancelledError as cancelled:
            if not looking.done():
                looking.cancel()
                await asyncio.wait({looking}, timeout=UNHEARD.total_seconds())
                raise
            if STOPPED not in cancelled.args:
                raise
            # the tick ends alone: the other cases of its sweep still have outcomes to write
            outcome = Lost(claim, None, why=STOPPED)
        except Exception as error:  # noqa: BLE001 - the end of one tick could not be made; the others have theirs
            outcome = await self._broken(claim, error)
        log.info(f"case.{outcome.word}", case=claim.number, flow=claim.flow, state=claim.state)
        return outcome

    async def _hung(self, claim: Claim, looking: asyncio.Task[Outcome]) -> Outcome:
        """A tick that ignores its cancellation too is abandoned: its lease ends soon."""
        looking.cancel()
        await asyncio.wait({looking}, timeout=UNHEARD.total_seconds())
        log.error("case.hangs", case=claim.number, flow=claim.flow, state=claim.state, ended=looking.done())
        if looking.done() and not looking.cancelled():
            return looking.result()  # it ended after all
        context = TickContext(
            self._dependencies, self._dependencies.plans[claim.flow], claim, await self._dependencies.clock.business()
        )
        return hung(context, self._dependencies.limits.look)

    def _ended(self, case: str, looking: asyncio.Task[Outcome]) -> None:
        ticks = self._dependencies.active.get(case, set())
        ticks.discard(looking)
        if not ticks:
            self._dependencies.active.pop(case, None)
        if not looking.cancelled():
            looking.exception()  # read the result, so that asyncio does not complain of one that nobody awaits any more

    async def _broken(self, claim: Claim, error: Exception) -> Outcome:
        """Count the failed tick like any other error, so that a person is told; without a database its lease ends."""
        try:
            now = await self._dependencies.clock.business()
            return failed(TickContext(self._dependencies, self._dependencies.plans[claim.flow], claim, now), error)
        except Exception as worse:  # noqa: BLE001 - nothing can be written of it
            mistake = mistake_of(worse) or Mistake("", words(worse), "")
            report(mistake, worse, case=claim.number, flow=claim.flow, state=claim.state)
            return Failed(claim, None, error=mistake.error)

    async def _write(self, outcomes: Sequence[Outcome]) -> None:
        """Write moves and waits many at a time. A claim that does not come back was fenced."""
        clock = self._dependencies.clock
        now, real = await clock.business(), await clock.real()
        together, others = list[tuple[Claim, Commit]](), list[tuple[Claim, Commit]]()
        for found in outcomes:
            if found.commit is not None:
                (together if _is_plain(found) else others).append((found.claim, found.commit))
        surely = self._dependencies.surely
        held = await surely(self._dependencies.store.commit_many, together, now=now, real=real)
        for claim, commit in others:
            try:
                await self._dependencies.commit(claim, commit, now=now, real=real)
            except Fenced as lost:
                log.warning("case.fenced", case=claim.number, why=lost.why)
            except (ValueError, TypeError, StatementError) as error:
                mistake = mistake_of(error) or Mistake("", words(error), "")
                report(mistake, error, case=claim.number, flow=claim.flow, state=claim.state)
                await surely(
                    self._dependencies.store.commit_many, [(claim, commit)], now=now, real=real
                )  # sets the case apart
        for claim, _ in together:
            if claim.case not in held:
                log.warning("case.fenced", case=claim.number, why="the row did not hold")

    def _renewing(self, claims: Sequence[Claim]) -> AbstractAsyncContextManager[None]:
        """Renew the leases while the ticks are within their deadlines."""
        lease, clock = self._dependencies.limits.lease, self._dependencies.clock

        async def renew() -> bool:
            if working := [claim for claim in claims if claim.case in self._dependencies.active]:
                real = await clock.real()
                await self._dependencies.store.renew(working, real=real, until=real + lease)
            return True

        def failed(error: Exception) -> None:
            log.warning("case.not_renewed", cases=len(claims), why=words(error))

        return renewing(lease, renew, failed)


def _is_plain(outcome: Outcome) -> bool:
    """Whether the commit is a plain move, or a wait that changes nothing but the due time and the check."""
    if not isinstance(outcome, Deferred):
        return isinstance(outcome, Moved | Waiting | Stayed)
    commit = outcome.commit
    return commit is not None and not (commit.effects or commit.queue or commit.deferred or commit.entries)

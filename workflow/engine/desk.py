"""What every command of people begins and ends with: who orders it, on which version, what is written and made due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workflow.clock import Clock
from workflow.engine import refusals
from workflow.engine.context import patched
from workflow.engine.upgrades import as_of_today, subject_of
from workflow.errors import NotFound
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Remotes
from workflow.record.values import OPEN, Claim, Commit, Entry
from workflow.schedules.schedule import Rules
from workflow.store import Store

Build = Callable[[Claim], Commit]


class Desk:
    """Commands in the name of one person. actor is "person:NAME" or "cast:NAME".

    version: the one that the person saw; None takes the case as it stands. remotes: those that the flows of this
    process name. marks: where this installation's living processes hold their marks. rules: the rules of schedules;
    with them a command that makes a case due also begins a run for it, where the case's schedule may run now.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        plans: Mapping[str, Plan],
        remotes: Remotes,
        actor: str,
        *,
        marks: Path,
        rules: Rules | None = None,
    ) -> None:
        self._remotes, self._rules = remotes, rules
        self._store, self._clock, self._plans, self.actor, self._marks = store, clock, plans, actor, marks

    async def _do(self, case: str, version: int | None, build: Build) -> Claim:
        now, real = await self._clock.business(), await self._clock.real()
        sweeping = None if self._rules is None else self._rules.sweeping(await self._store.schedules(), now)
        return await self._store.command(case, version, build, now=now, real=real, sweeping=sweeping, actor=self.actor)

    def _plan(self, claim: Claim) -> Plan:
        """Raises NotFound where no process of here knows the flow of the case."""
        if claim.flow not in self._plans:
            raise NotFound("flow", claim.flow)
        return self._plans[claim.flow]

    def _entry(self, kind: Any, body: Mapping[str, Any], reason: str | None = None) -> Entry:
        return Entry(kind, body, self.actor, reason)

    def _changed(
        self,
        claim: Claim,
        patch: Mapping[str, object],
        reason: str | None,
        now: datetime,
        real: datetime,
        told: Mapping[str, object] = MappingProxyType({}),
    ) -> Commit:
        """Of an older version of its flow the case is raised first, as a look would. told: what its event says too."""
        plan = self._plan(claim)
        flow = plan.flow
        today, upgraded = self._raised(claim)
        if upgraded:
            self._nobody_leases(claim, real)  # whoever is at work may know the older version alone
        data, kept = _patched(plan, today.data, patch)
        return Commit(
            guard="version",
            entries=(*upgraded, self._entry("changed", {"patch": kept, **told}, reason)),
            state=today.state if today.state != claim.state else None,
            flow_version=today.flow_version if upgraded else None,
            data=data,
            subject=subject_of(flow, data),
            due_at=self._due(claim, now),
        )

    def _result(self, claim: Claim, result: Mapping[str, object]) -> dict[str, Any]:
        """What was learned of an effect, as the data takes it."""
        return _patched(self._plan(claim), self._raised(claim)[0].data, result)[1]

    def _raised(self, claim: Claim) -> tuple[Claim, tuple[Entry, ...]]:
        """The case as today's table knows it, with the event that says so where it was of an older version."""
        today, body = as_of_today(self._plan(claim), claim)
        return today, () if body is None else (self._entry("upgraded", body),)

    def _due(self, claim: Claim, now: datetime) -> datetime | None:
        """When a case is due after something was handed in: now, whatever time its guards or its recheck said."""
        return None if self._plan(claim).state(claim.state).final else now

    def _abandoned(self, claim: Claim, reason: str) -> tuple[Entry, ...]:
        if claim.decision is None:
            return ()
        return (self._entry("abandoned", {"number": claim.decision.number}, reason),)

    def _nobody_leases(self, claim: Claim, real: datetime) -> None:
        if claim.owner and claim.lease_until > real:
            raise refusals.leased(claim)

    def _is_at_work(self, claim: Claim, real: datetime) -> bool:
        """Whether a worker holds the case, or nobody knows yet what became of an action."""
        return bool(claim.owner and claim.lease_until > real) or any(row.status in OPEN for row in claim.effects)

    def _nobody_at_work(self, claim: Claim, real: datetime) -> None:
        self._nobody_leases(claim, real)
        if unknown := [row for row in claim.effects if row.status in OPEN]:
            raise refusals.being_found_out(claim, unknown[0])


def _patched(plan: Plan, data: Mapping[str, Any], patch: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        return patched(plan, data, patch)
    except ValueError as error:
        raise refusals.unfit(error) from error

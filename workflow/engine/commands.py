"""What people do to a case. Each command names the version of the case that the person saw, and writes an event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from workflow.clock import Clock
from workflow.engine import refusals
from workflow.engine.actions import DOUBTS
from workflow.engine.commits import told_of
from workflow.engine.context import patched
from workflow.engine.processes import lives
from workflow.engine.progress import kinds_told
from workflow.engine.upgrades import as_of_today
from workflow.flow.compiled import Plan
from workflow.record.codes_on_file import CODE
from workflow.record.values import OPEN, Claim, Commit, Effect, EffectStatus, Entry, Message
from workflow.schedules.schedule import Rules
from workflow.store import Store

Build = Callable[[Claim], Commit]


class Commands:
    """Commands in the name of one person. actor is "person:NAME" or "cast:NAME".

    version: the one that the person saw; None takes the case as it stands. marks: where this installation's living
    processes hold their marks. rules: the rules of schedules; with them a command that makes a case due also begins a
    run for it, where the case's schedule may run now.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        plans: Mapping[str, Plan],
        actor: str,
        *,
        marks: Path,
        rules: Rules | None = None,
    ) -> None:
        self._rules = rules
        self._store, self._clock, self._plans, self.actor, self._marks = store, clock, plans, actor, marks

    async def hold(self, case: str, reason: str, version: int | None = None) -> Claim:
        """Hold the case. It is always accepted, and takes effect before the next step."""

        def build(claim: Claim) -> Commit:
            return Commit(guard="version", entries=(self._entry("held", {"reason": reason}, reason),), held=reason)

        return await self._do(case, version, build)

    async def resume(self, case: str, reason: str | None = None, version: int | None = None) -> Claim:
        """End the hold. Refused for the own case of a retired account, which goes on when the account is restored."""
        now, retired = await self._clock.business(), await self._store.retired_with(case)

        def build(claim: Claim) -> Commit:
            if retired is not None:
                raise refusals.own_case(claim, retired)
            return Commit(guard="version", entries=(self._entry("resumed", {}, reason),), held="", due_at=now)

        return await self._do(case, version, build)

    async def note(self, case: str, text: str) -> Claim:
        return await self._do(
            case, None, lambda claim: Commit(guard="version", entries=(self._entry("noted", {"text": text}),))
        )

    async def set_auto(self, case: str, on: bool, reason: str | None = None, version: int | None = None) -> Claim:
        """Full-auto on or off (R1)."""
        now = await self._clock.business()
        return await self._do(
            case,
            version,
            lambda claim: Commit(
                guard="version",
                entries=(self._entry("changed", {"patch": {}, "auto": on}, reason),),
                auto=on,
                due_at=now if on else None,
            ),
        )

    async def change(
        self, case: str, patch: Mapping[str, object], reason: str | None = None, version: int | None = None
    ) -> Claim:
        """Give or correct data; the case becomes due now."""
        now, real = await self._clock.business(), await self._clock.real()

        def build(claim: Claim) -> Commit:
            self._nobody_at_work(claim, real)
            changed = self._changed(claim, patch, reason, now, real)
            entries = (*self._abandoned(claim, reason or "the data was corrected"), *changed.entries)
            return replace(changed, entries=entries, decision="clear")

        return await self._do(case, version, build)

    async def give(
        self, case: str, patch: Mapping[str, object], reason: str | None = None, version: int | None = None
    ) -> Claim:
        """Hand in what the case waits for (an upload, an authorisation).

        It is accepted while a worker is at work on the case.
        """
        now, real = await self._clock.business(), await self._clock.real()
        return await self._do(case, version, lambda claim: self._changed(claim, patch, reason, now, real))

    async def enter_code(
        self, case: str, owner: str, code: str, *, source: str | None = None, kind: str = CODE
    ) -> bool:
        """Store a code, or a secret of another kind, encrypted; the event says only whose. False: known already."""
        now, claim = await self._clock.business(), (await self._store.case(case)).claim
        if not await self._store.put_code(claim.case, owner, claim.round, code, now=now, source=source, kind=kind):
            return False

        def build(claim: Claim) -> Commit:
            of = {} if kind == CODE else {"secret": kind}
            entry = self._entry("noted", {"code_of": owner, "round": claim.round, **of})
            return Commit(guard="version", entries=(entry,), due_at=self._due(claim, now))

        await self._do(claim.case, None, build)
        return True

    async def look_now(self, case: str) -> Claim:
        """Make the case due now, whatever its recheck says."""
        now = await self._clock.business()
        return await self._do(case, None, lambda claim: Commit(guard="version", due_at=now, deferred="", queue="http"))

    async def settle(
        self,
        case: str,
        effect: str,
        *,
        happened: bool,
        reason: str,
        result: Mapping[str, object] | None = None,
        version: int | None = None,
    ) -> Claim:
        """Settle an effect of which nobody could tell whether it happened.

        Refused while a worker is at work on the case.
        """
        now, real = await self._clock.business(), await self._clock.real()

        def build(claim: Claim) -> Commit:
            row = _effect(claim, effect)
            self._nobody_leases(claim, real)
            if row.status not in OPEN:
                raise refusals.settled(claim, row)
            if row.status is EffectStatus.intended and lives(row.process, self._marks):
                # the lease is over, but a call may still arrive
                raise refusals.still_at_work(claim, row)
            found = self._result(claim, result) if result else {}
            status = EffectStatus.done if happened else EffectStatus.not_sent
            settled = replace(row, status=status, result=found if happened else None, stage=None, check_at=None)
            body = {
                "effect": row.key, "action": row.action, "item": row.item_id,
                "status": str(status), "result": settled.result, "why": "a person found out",
            }  # fmt: skip
            return Commit(
                guard="version",
                entries=(self._entry("settled", body, reason),),
                effects=(settled,),
                wipe=(row.key,) if happened else (),
                close=DOUBTS,
                due_at=now,
            )

        return await self._do(case, version, build)

    async def retry(self, case: str, reason: str, version: int | None = None) -> Claim:
        """Close the incidents that bar the case, and make it due now: the person has mended the cause."""
        now = await self._clock.business()

        def build(claim: Claim) -> Commit:
            if unsettled := [row for row in claim.effects if row.status in OPEN and row.stage == "person"]:
                raise refusals.unsettled(claim, unsettled[0])
            entry = self._entry("noted", {"text": "retry"}, reason)
            return Commit(guard="version", entries=(entry,), close=("*",), due_at=now, failures=0, crash_count=0)

        return await self._do(case, version, build)

    async def resend(self, case: str, again: Sequence[Message], reason: str, *, close: tuple[str, ...] = ()) -> Claim:
        """Send notices again that reached nobody. close: the kinds of incident that end with it."""

        def build(claim: Claim) -> Commit:
            told = [{"occasion": one.occasion, "recipient": one.recipient} for one in again]
            named = ", ".join(f"{one.occasion} to {one.recipient}" for one in again)
            entry = self._entry("noted", {"text": f"sent again: {named}", "told": told}, reason)
            return Commit(guard="version", entries=(entry,), messages=tuple(again), close=close)

        return await self._do(case, None, build)

    async def force(
        self, case: str, state: str, reason: str, *, new_round: bool = False, version: int | None = None
    ) -> Claim:
        """Move the case to a state. The round stays, unless new_round is given; nothing that is done is done again."""
        now, real = await self._clock.business(), await self._clock.real()

        def build(claim: Claim) -> Commit:
            self._nobody_at_work(claim, real)
            plan = self._plans[claim.flow]
            if state not in plan.states:
                raise refusals.no_state(claim, state)
            source, dest = plan.state(claim.state), plan.states[state]
            body = {"from": claim.state, "to": state, "round": claim.round + new_round, "patch": {}}
            trouble = told_of(plan.flow.name, dest)
            over = ((claim.state,) if source.incident else ()) + kinds_told(claim.check)
            return Commit(
                guard="version",
                entries=(*self._abandoned(claim, reason), self._entry("forced", body, reason)),
                state=state,
                round=claim.round + 1 if new_round else None,
                decision="clear",
                due_at=now,
                deferred="",
                queue="http",
                failures=0,
                crash_count=0,
                final=dest.final,
                new_incidents=trouble,
                close=(*over, "*") if dest.final else over,  # nobody looks at a case in a final state
            )

        return await self._do(case, version, build)

    # ---------------------------------------------------------------- parts

    async def _do(self, case: str, version: int | None, build: Build) -> Claim:
        now, real = await self._clock.business(), await self._clock.real()
        sweeping = None if self._rules is None else self._rules.sweeping(await self._store.schedules(), now)
        return await self._store.command(case, version, build, now=now, real=real, sweeping=sweeping, actor=self.actor)

    def _entry(self, kind: Any, body: Mapping[str, Any], reason: str | None = None) -> Entry:
        return Entry(kind, body, self.actor, reason)

    def _changed(
        self, claim: Claim, patch: Mapping[str, object], reason: str | None, now: datetime, real: datetime
    ) -> Commit:
        """Of an older version of its flow the case is raised first, as a look would."""
        plan, flow = self._plans[claim.flow], self._plans[claim.flow].flow
        today, upgraded = self._raised(claim)
        if upgraded:
            self._nobody_leases(claim, real)  # whoever is at work may know the older version alone
        data, kept = _patched(plan, today.data, patch)
        return Commit(
            guard="version",
            entries=(*upgraded, self._entry("changed", {"patch": kept}, reason)),
            state=today.state if today.state != claim.state else None,
            flow_version=today.flow_version if upgraded else None,
            data=data,
            subject=flow.subject(flow.data.model_validate(data)) if flow.subject else None,
            due_at=self._due(claim, now),
        )

    def _result(self, claim: Claim, result: Mapping[str, object]) -> dict[str, Any]:
        """What was learned of an effect, as the data takes it."""
        return _patched(self._plans[claim.flow], self._raised(claim)[0].data, result)[1]

    def _raised(self, claim: Claim) -> tuple[Claim, tuple[Entry, ...]]:
        """The case as today's table knows it, with the event that says so where it was of an older version."""
        today, body = as_of_today(self._plans[claim.flow], claim)
        return today, () if body is None else (self._entry("upgraded", body),)

    def _due(self, claim: Claim, now: datetime) -> datetime | None:
        """When a case is due after something was handed in: now, whatever time its guards or its recheck said."""
        return None if self._plans[claim.flow].state(claim.state).final else now

    def _abandoned(self, claim: Claim, reason: str) -> tuple[Entry, ...]:
        if claim.decision is None:
            return ()
        return (self._entry("abandoned", {"number": claim.decision.number}, reason),)

    def _nobody_leases(self, claim: Claim, real: datetime) -> None:
        if claim.owner and claim.lease_until > real:
            raise refusals.leased(claim)

    def _nobody_at_work(self, claim: Claim, real: datetime) -> None:
        self._nobody_leases(claim, real)
        if unknown := [row for row in claim.effects if row.status in OPEN]:
            raise refusals.being_found_out(claim, unknown[0])


def _patched(plan: Plan, data: Mapping[str, Any], patch: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        return patched(plan, data, patch)
    except ValueError as error:
        raise refusals.unfit(error) from error


def _effect(claim: Claim, key: str) -> Effect:
    for row in claim.effects:
        if row.key == key:
            return row
    raise refusals.no_effect(claim, key)

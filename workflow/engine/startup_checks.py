"""What must hold before the first claim: tables that know every live case, and a database that forgot no call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import structlog

from workflow.clock import Clock
from workflow.errors import DefinitionError, NotFound
from workflow.flow.compiled import Plan
from workflow.record.journal import Journal
from workflow.record.values import Claim, Effect, NewIncident

log = structlog.get_logger()


class StartStore(Protocol):
    """What the start needs of the store; see workflow/store."""

    async def live_states(self) -> set[tuple[str, str]]: ...
    async def live_decisions(self) -> set[tuple[str, str]]: ...
    async def tries(self, case: str, key: str) -> int | None: ...
    async def begin_timeline(self) -> int: ...
    async def adopt(
        self, case: str, effect: Effect, trouble: NewIncident, *, now: datetime, real: datetime
    ) -> Claim | None: ...


async def check_live(store: StartStore, plans: Mapping[str, Plan]) -> None:
    """Refuses to start where a live case stands in a state, or on an action, that today's table lacks.

    Cases of a flow that is not here are another process's, or wait until it is here again: the log says so.
    """
    live = sorted(await store.live_states())
    for flow in sorted({flow for flow, _ in live if flow not in plans}):
        log.warning("flow.unknown", flow=flow, said="live cases of it are on record, and this process does not know it")
    for flow, state in live:
        plan = plans.get(flow)
        if plan is None:
            continue
        if state not in plan.states and state not in plan.flow.renamed:
            raise DefinitionError(
                f"{flow}: {state}", "live cases stand in it, and the table lacks it", f'say renamed={{"{state}": ...}}'
            )
    for flow, action in sorted(await store.live_decisions()):
        if flow in plans and action not in plans[flow].flow.actions:
            raise DefinitionError(
                f"{flow}: action {action}", "live cases have decided on it, and the table lacks it", "bring it back"
            )


async def recall_calls(store: StartStore, journal: Journal, clock: Clock) -> int:
    """After a restore: calls that the journal knows and the database does not are adopted as unknown, with an incident.

    A new timeline begins before the first of them, so that no worker of before the restore is believed.
    """
    now, real = await clock.business(), await clock.real()
    journal.forget(now)
    forgotten = []
    for noted in journal.read():
        known = await store.tries(noted.case, noted.effect.key)
        if known is None or known < noted.effect.attempt:
            forgotten.append(noted)
    if not forgotten:
        return 0
    timeline = await store.begin_timeline()
    for noted in forgotten:
        seen = {"action": noted.effect.action, "item": noted.effect.item_id, "attempt": noted.effect.attempt}
        trouble = NewIncident(
            "forgotten", f"{noted.effect.action}: forgotten by a restore", seen, effect=noted.effect.key
        )
        try:
            await store.adopt(noted.case, noted.effect, trouble, now=now, real=real)
        except NotFound:
            log.error("restore.case_lost", case=noted.case, **seen)
    log.warning("restore.found", timeline=timeline, forgotten=len(forgotten))
    return len(forgotten)

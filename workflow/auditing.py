"""Holds the record against itself: what a healthy database always shows, and an incident where it does not.

I2 every live case waits for something that will come · I3 a case is the fold of its events · I4 chains and anchors
hold · I5 no unknown effect is forgotten · I7 no outcome of an epoch that was never given out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from workflow.anchors import Anchor, anchored
from workflow.claims import OPEN, Commit, Trouble
from workflow.clock import Clock
from workflow.events import Event, Head, fold
from workflow.store import CaseRow, Filters, Store

log = structlog.get_logger()

PAGE = 200
SLACK = timedelta(hours=1)
"""So long after its deadline an unknown effect may still wait for the look that gives it to a person."""
AUDITOR = "worker:auditor"


@dataclass(frozen=True)
class Finding:
    """What does not hold, of which case."""

    invariant: str
    case: str
    number: str
    what: str


@dataclass(frozen=True)
class Audited:
    """How much was looked at, and what did not hold."""

    cases: int
    events: int
    findings: tuple[Finding, ...]


async def audit(store: Store, clock: Clock, anchors: Sequence[Anchor] = ()) -> Audited:
    """Looks at every case. Opens an incident that bars nothing for each finding that has none yet."""
    now, heads = await clock.business(), anchored(anchors)
    findings: list[Finding] = []
    cases = events = 0
    after: str | None = None
    known: set[str] = set()
    while rows := await store.cases(Filters(), after=after, limit=PAGE):
        after = rows[-1].claim.number
        for row in rows:
            written = await store.events(row.claim.case)
            known.add(row.claim.case)
            cases, events = cases + 1, events + len(written)
            findings += of_case(row, written, heads.get(row.claim.case), now)
    findings += [
        Finding("I4", case, case, f"the case was anchored at {seq} and is gone")
        for case, (seq, _) in heads.items()
        if case not in known
    ]
    if (bad := await store.verify()) is not None:
        findings.append(Finding("I4", bad.case, bad.case, f"event {bad.seq}: {bad.why}"))
    for found in findings:
        log.error("audit.broken", invariant=found.invariant, case=found.number, what=found.what)
        if found.case in known:
            await _open_incident(store, clock, found)
    return Audited(cases, events, tuple(findings))


def of_case(row: CaseRow, events: Sequence[Event], head: Head | None, now: datetime) -> list[Finding]:
    """What does not hold of one case. Events that came after the row was read are none of its."""
    claim = row.claim
    told = []
    if not row.final and not (row.due_at or claim.owner or row.barred or claim.held or row.deferred):
        told.append(("I2", "it waits for nothing that will come"))
    written = [event for event in events if event.seq <= claim.seq]
    said = fold(written)
    decision = claim.decision.number if claim.decision else None
    stands = (claim.state, dict(claim.data), claim.round, decision, claim.held, claim.flow_version, claim.seq)
    folded = (said.state, said.data, said.round, said.decision, said.hold, said.flow_version, said.seq)
    if len(written) == claim.seq and stands != folded:
        told.append(("I3", "the row is not what its events say"))
    if head is not None and head not in {(event.seq, event.hash) for event in events}:
        told.append(("I4", f"the event that was anchored at {head[0]} is not the one on record"))
    for effect in claim.effects:
        # one that is due is on its way: how late looks are is not the record's matter, and time may have jumped
        looked_at = row.due_at is None or row.due_at > now
        open_one = effect.status in OPEN and not row.barred and not row.final and looked_at
        if open_one and effect.deadline is not None and effect.deadline + SLACK < now:
            told.append(("I5", f"{effect.action} {effect.item_id} is unknown since {effect.intended_at}"))
        if effect.epoch > claim.epoch:
            told.append(("I7", f"{effect.action} {effect.item_id} has epoch {effect.epoch}, never given out"))
    return [Finding(invariant, claim.case, claim.number, what) for invariant, what in told]


async def _open_incident(store: Store, clock: Clock, found: Finding) -> None:
    """Not through the guard of a version: whatever else happens to the case, the finding stands."""
    trouble = Trouble(f"audit_{found.invariant}", f"audit: {found.invariant}", {"what": found.what}, bars=False)
    await store.command(
        found.case,
        None,
        lambda _: Commit(guard="version", troubles=(trouble,)),
        now=await clock.business(),
        real=await clock.real(),
    )

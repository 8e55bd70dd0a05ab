"""Holds the record against itself and its anchors: an incident for each case in which something does not hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from workflow.clock import Clock
from workflow.record.anchors import Anchors, acknowledge, anchor, read_anchors
from workflow.record.condition import undamaged
from workflow.record.values import NewIncident
from workflow.record.watch import Finding, said_best
from workflow.store import Store

log = structlog.get_logger()

AUDITOR = "worker:auditor"
INVARIANTS = ("I2", "I3", "I4", "I5", "I7", "I8")
TOLD = 5
"""How many findings an incident tells in full."""


@dataclass(frozen=True)
class AuditResult:
    """How much was looked at, and what does not hold. Findings that a person acknowledged are counted alone."""

    cases: int
    events: int
    findings: tuple[Finding, ...]
    acknowledged: int
    anchors: Anchors

    @property
    def whole(self) -> bool:
        return not self.findings


async def inspect_record(store: Store, clock: Clock, path: Path) -> AuditResult:
    """Looks at the file, every row and every anchor; changes nothing. Raises DatabaseUnusable of a damaged file."""
    await undamaged(store.engine)
    known = await store.newest_anchor()  # asked before the file is read: another process may write to both meanwhile
    anchors = read_anchors(path, store.vault.chain)
    pages = store.findings(await clock.business(), anchors.heads, real=await clock.real())
    found = [finding async for page in pages for finding in page]
    found += anchors.against(known)
    fresh = [one for one in found if one.mark not in anchors.acknowledged]
    heads, told = await store.heads(), tuple(said_best(fresh))
    return AuditResult(len(heads), sum(seq for seq, _ in heads.values()), told, len(found) - len(fresh), anchors)


async def audit(store: Store, clock: Clock, path: Path) -> AuditResult:
    """Looks, opens an incident that bars nothing for each case with findings, closes those whose cause is gone.

    What holds is anchored, whatever else does not.
    """
    audited = await inspect_record(store, clock, path)
    for found in audited.findings:
        log.error("audit.broken", invariant=found.invariant, case=found.number, place=found.place, what=found.what)
    await _tell(store, clock, audited.findings)
    if not any(one.number == "anchors" for one in audited.findings):
        broken = {one.case for one in audited.findings}
        heads = {case: head for case, head in (await store.heads()).items() if case not in broken}
        if (newest := anchor(path, heads, store.vault.chain, at=await clock.business())) is not None:
            await store.note_anchor(newest)
    return audited


async def accept(store: Store, clock: Clock, path: Path, findings: Sequence[Finding], *, by: str, reason: str) -> None:
    """A person has seen these findings: it is on record outside the database, their rows are sealed as they stand."""
    seen: dict[str, set[str]] = defaultdict(set)
    for one in findings:
        seen[one.case].add(one.place)
    for case, places in seen.items():
        if case:
            await store.take_as_it_is(case, places)
    known = await store.newest_anchor()
    newest = acknowledge(
        path, findings, store.vault.chain, by=by, reason=reason, at=await clock.business(), known=known
    )
    await store.note_anchor(newest, over=True)


async def _tell(store: Store, clock: Clock, findings: Sequence[Finding]) -> None:
    """Not through the guard of a version: whatever else happens to the case, the finding stands."""
    told: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for found in findings:
        told[found.case, f"audit_{found.invariant}"].append(found)
    kinds = {f"audit_{invariant}" for invariant in INVARIANTS}
    opened = {(one.case, one.kind) for one in await store.incidents() if one.kind in kinds}
    there = set(await store.heads())
    now = await clock.business()
    for (case, kind), some in told.items():
        if case in there and (case, kind) not in opened:
            seen = {"what": "; ".join(f"{one.place}: {one.what}" for one in some[:TOLD]), "findings": len(some)}
            trouble = NewIncident(f"audit_{some[0].invariant}", f"audit: {some[0].invariant}", seen, bars=False)
            await store.report(case, [trouble], [], actor=AUDITOR, now=now)
    for case, kind in opened - told.keys():
        await store.report(case, [], [kind], actor=AUDITOR, now=now)

"""Checks the record against itself and its anchors, and opens an incident for each case in which something is wrong."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from workflow.clock import Clock
from workflow.record.anchored_heads import AnchoredHeads
from workflow.record.anchors import Anchors, acknowledge, anchor, ends_as_known, read_anchors
from workflow.record.condition import undamaged
from workflow.record.configuration import CONFIGURATION
from workflow.record.places import CASE
from workflow.record.values import NewIncident
from workflow.record.watch import KINDS, Finding, said_best
from workflow.sentence import Sentence, Sentences, told_beside
from workflow.store import Store
from workflow.store.pages import Looked

log = structlog.get_logger()

ANCHORED_CHANGE = "anchored change"
"""The bookmark that holds the newest change of settings or calendars that is anchored."""
AUDITOR = "worker:auditor"
TOLD = 5
"""An incident tells this many findings in full."""


@dataclass(frozen=True)
class AuditResult:
    """How many rows were looked at, and what is wrong. Findings that a person acknowledged are only counted."""

    cases: int
    events: int
    findings: tuple[Finding, ...]
    acknowledged: int
    anchors: Anchors | None
    """None where the end of the file alone was read."""

    @property
    def sound(self) -> bool:
        return not self.findings


class _Audit:
    """One audit under way. changed: look only at cases that were written since they were last found in order.

    An audit of the changed part asks the same questions as one of the whole record, so both find the same. It reads
    only the end of the anchors. It reads them whole where the end is not as the database knows it, and where something
    is wrong or was wrong last time.
    """

    def __init__(self, store: Store, path: Path, now: datetime, real: datetime, *, changed: bool) -> None:
        self.store, self.path, self.now, self.real, self.changed = store, path, now, real, changed
        self.anchors: Anchors | None = None
        self.of_file = list[Finding]()
        """Findings about the anchor file that nobody acknowledged."""
        self.of_changes = list[Finding]()
        """Findings about changes of settings and calendars that nobody acknowledged."""
        self.anchored: dict[int, bytes] = {}
        """The anchored heads of these changes; None where the anchors were not read."""
        self.found = list[Finding]()
        self.cases = self.events = self.acknowledged = 0
        self._heads = AnchoredHeads()

    async def pages(self) -> AsyncGenerator[list[Looked]]:
        """The cases page by page, each with the findings that nobody acknowledged."""
        try:
            if not self.changed:
                await undamaged(self.store.engine)
            known = await self.store.newest_anchor()
            if not (self.changed and ends_as_known(self.path, self.store.vault.chain, known)):
                await self._read_anchors()
            heads = None if self.anchors is None else self._heads
            async for page in self.store.looked_at(self.now, heads, real=self.real, changed=self.changed):
                yield self._counted(page if heads is not None else await self._by_anchors(page))
            rest = await self.store.of_no_case(changed=self.changed)
            if self.anchors is None and (rest or await self.store.wrong_changes()):
                await self._read_anchors()
            if self.anchors is not None:
                self.anchored = self._heads.take([CONFIGURATION]).get(CONFIGURATION, {})
            self.of_changes = self._fresh(await self.store.wrong_changes(self.anchored))
            if not self.changed:
                rest += [
                    Finding("I4", case, case, CASE, Sentence("was_anchored_and_gone", "it was anchored and is gone"))
                    for case in self._heads.left()
                ]
            rest = self._fresh(sorted(rest, key=lambda one: (one.number, one.place)))
            self.found += [*rest, *self.of_changes, *self.of_file]
        finally:
            self._heads.close()

    async def _read_anchors(self) -> None:
        known = await self.store.newest_anchor()  # ask before the file is read: another audit may write to both
        self.anchors = await asyncio.to_thread(read_anchors, self.path, self.store.vault.chain, self._heads)
        self.of_file = self._fresh(self.anchors.against(known, later=await self.store.newest_anchor()))

    async def _by_anchors(self, page: list[Looked]) -> list[Looked]:
        """The page, with the anchors asked about each case in which something is wrong or was wrong last time."""
        doubtful = [one.case for one in page if one.findings or one.told]
        if not doubtful:
            return page
        if self.anchors is None:
            await self._read_anchors()
        again = self.store.looked_at(self.now, self._heads, real=self.real, among=doubtful)
        judged = {one.case: one async for more in again for one in more}
        return [judged.get(one.case, one) for one in page]

    def _counted(self, page: list[Looked]) -> list[Looked]:
        told = [replace(one, findings=tuple(said_best(self._fresh(one.findings)))) for one in page]
        self.cases += len(told)
        self.events += sum(one.signed[0] for one in told if one.signed is not None)
        self.found += [found for one in told for found in one.findings]
        return told

    def _fresh(self, findings: Sequence[Finding]) -> list[Finding]:
        known = self.anchors.acknowledged if self.anchors is not None else ()
        fresh = [one for one in findings if one.mark not in known]
        self.acknowledged += len(findings) - len(fresh)
        return fresh

    @property
    def result(self) -> AuditResult:
        return AuditResult(self.cases, self.events, tuple(self.found), self.acknowledged, self.anchors)


async def inspect_record(store: Store, clock: Clock, path: Path, *, changed: bool = False) -> AuditResult:
    """Check the anchor file, every row and every anchor, or the changed part; write nothing.

    Raises DatabaseUnusable where the database file is damaged.
    """
    under_way = _Audit(store, path, await clock.business(), await clock.real(), changed=changed)
    async with aclosing(under_way.pages()) as pages:
        async for _ in pages:
            pass
    return under_way.result


async def audit(store: Store, clock: Clock, path: Path, *, changed: bool = False) -> AuditResult:
    """Check the record; open an incident for each case with findings, and close those whose findings are gone.

    The incidents bar nothing. Cases that are in order are anchored even where others are not. changed: look only at
    cases that were written since they were last found in order; incidents of the others stay.
    """
    under_way = _Audit(store, path, await clock.business(), await clock.real(), changed=changed)
    async with aclosing(under_way.pages()) as pages:
        async for page in pages:
            for one in page:
                await _tell(store, one, under_way.now)
            if not under_way.of_file:
                await _keep(store, page, path, under_way.now)
    for found in under_way.found:
        log.error("audit.broken", invariant=found.invariant, case=found.number, place=found.place, what=found.what)
    if not under_way.of_file and not under_way.of_changes:
        await _keep_changes(store, under_way)
    return under_way.result


async def accept(store: Store, clock: Clock, path: Path, findings: Sequence[Finding], *, by: str, reason: str) -> None:
    """Acknowledge these findings for a person: write it to the anchors, and seal the rows as they stand now."""
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


async def _tell(store: Store, looked: Looked, now: datetime) -> None:
    """Open the incident without a check of the case's version: a finding counts whatever else happens to the case."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for one in looked.findings:
        found[one.invariant].append(one)
    opens = []
    for invariant, some in found.items():
        if KINDS[invariant] not in looked.told:
            what = Sentences(
                Sentence("row_is_wrong", "{place}: {what}", place=one.place, what=one.what) for one in some[:TOLD]
            )
            seen = {**told_beside(what=what), "findings": len(some)}
            opens.append(NewIncident(f"audit_{invariant}", f"audit: {invariant}", seen, bars=False))
    closes = sorted(looked.told - {KINDS[invariant] for invariant in found})
    if opens or closes:
        await store.report(looked.case, opens, closes, actor=AUDITOR, now=now)


async def _keep_changes(store: Store, audited: _Audit) -> None:
    """Anchor the newest change of settings or calendars, unless it is anchored already."""
    number, seal = await store.changes_head()
    noted = await store.bookmark(ANCHORED_CHANGE)
    known = number in audited.anchored if audited.anchors is not None else noted == str(number)
    if number and not known:
        newest = anchor(audited.path, {CONFIGURATION: (number, seal)}, store.vault.chain, at=audited.now)
        if newest is not None:
            await store.note_anchor(newest)
        await store.put_bookmark(ANCHORED_CHANGE, str(number))


async def _keep(store: Store, page: Sequence[Looked], path: Path, now: datetime) -> None:
    """Anchor the cases of a page that are in order, and store what the next audit of the changed part looks at."""
    held = [one for one in page if not one.findings and one.signed is not None]
    heads = {one.case: one.signed for one in held if one.signed is not None and not one.anchored}
    newest = anchor(path, heads, store.vault.chain, at=now)
    new = [one for one in held if not one.anchored or one.changed != one.waits]
    broken = [one.case for one in page if one.findings and not one.changed]
    if new or broken:
        await store.note_audited(newest, new, broken)

"""Holds the record against the outside's own ledger: what was done, done twice, or is accounted for by nobody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from caseward.app.installation import Record
from caseward.demonstration.parts import Part
from workflow.demonstration import Deed
from workflow.store import Filters
from workflow.store.values import SentMessage


async def claimed(record: Record, part: Part) -> Counter[Deed]:
    """What our record says was done outside for the samples of one system, in the ledger's nouns."""
    ledgers, deeds = part.system.demonstration.ledgers, Counter[Deed]()
    if ledgers is None:
        return deeds
    sent = defaultdict[str, list[SentMessage]](list)
    for one in await record.store.sent_messages():
        sent[one.case].append(one)
    for flow in part.system.flows:
        for row in await record.store.cases(Filters(flow=flow.name), limit=10_000):
            deeds.update(ledgers.claimed(row, sent[row.claim.case]))
    return deeds


async def applied(part: Part) -> Counter[Deed]:
    """What the outside's ledger says was applied, in the same nouns."""
    ledgers = part.system.demonstration.ledgers
    return ledgers.applied(await part.outside.judgement()) if ledgers is not None else Counter()


async def audit(record: Record, parts: Sequence[Part]) -> dict[str, Any]:
    """The figures of the ledgers (None where no outside keeps one), the incidents and the history."""
    incidents = await record.store.incidents(open_only=False)
    rows = await record.store.cases(Filters(), limit=10_000)
    bad = await record.store.verify()
    events = [event for row in rows for event in await record.store.events(row.claim.case)]
    kept = [await _ledger(record, part) for part in parts if part.system.demonstration.ledgers is not None]
    return {
        "transitions": sum(event.kind == "moved" for event in events),
        "ledger": {name: sum(one[name] for one in kept) for name in kept[0]} if kept else None,
        "incidents": {"opened": len(incidents), "open": sum(one.closed_at is None for one in incidents)},
        "history": {"events": len(events), "verified": bad is None},
    }


async def _ledger(record: Record, part: Part) -> dict[str, int]:
    judgement = await part.outside.judgement()
    ours, theirs = await claimed(record, part), await applied(part)
    return {
        "applied": int(judgement["applied"]),
        "doubled": int(judgement["doubled"]),
        "altered": len(judgement["altered"]),
        "lost": ((ours - theirs) + (theirs - ours)).total(),
    }

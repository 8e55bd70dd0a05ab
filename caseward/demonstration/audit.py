"""Holds the record against the outside's own ledger: what was done, done twice, or is accounted for by nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from caseward.app.installation import Record
from caseward.demonstration.outside import Outside
from workflow.record.values import Claim, EffectStatus
from workflow.scheduler.jobs import reference
from workflow.store import Filters

OPERATIONS = {
    "place_order": "place_order",
    "pay_order": "pay_order",
    "request_code": "request_code",
    "upload_seal_page": "upload_seal",
    "confirm": "confirm",
}
"""Our actions and the ledger's operations; each is told by the nouns of the outside, never by our keys."""

Deed = tuple[str, ...]


async def claimed(record: Record) -> Counter[Deed]:
    """What our record says was done outside, in the ledger's nouns."""
    deeds: Counter[Deed] = Counter()
    for row in await record.store.cases(Filters(flow="copyright"), limit=10_000):
        deeds.update(_of_case(row.claim))
    for told in await record.store.sent_messages():
        deeds["sms_send", told.address, reference(told)] += 1
    return deeds


def applied(judgement: Mapping[str, Any]) -> Counter[Deed]:
    """What the ledger says was applied, in the same nouns."""
    deeds: Counter[Deed] = Counter()
    for found in judgement["objects"]:
        noun = found["object"]
        if found["operation"] == "sms_send":
            deed: Deed = ("sms_send", noun["to"], noun["reference"])
        else:
            owner = (noun["owner"],) if found["operation"] == "request_code" else ()
            deed = (found["operation"], noun["title"], noun["version"], str(noun["round"]), *map(str, owner))
        deeds[deed] += found["applied"]
    return +deeds


async def audit(record: Record, outside: Outside) -> dict[str, Any]:
    """The figures of the ledger, the incidents and the history."""
    judgement = await outside.judgement()
    ours, theirs = await claimed(record), applied(judgement)
    incidents = await record.store.incidents(open_only=False)
    rows = await record.store.cases(Filters(), limit=10_000)
    bad = await record.store.verify()
    events = [event for row in rows for event in await record.store.events(row.claim.case)]
    return {
        "transitions": sum(event.kind == "moved" for event in events),
        "ledger": {
            "applied": judgement["applied"],
            "doubled": judgement["doubled"],
            "altered": len(judgement["altered"]),
            "lost": ((ours - theirs) + (theirs - ours)).total(),
        },
        "incidents": {"opened": len(incidents), "open": sum(one.closed_at is None for one in incidents)},
        "history": {"events": len(events), "verified": bad is None},
    }


def _of_case(claim: Claim) -> Counter[Deed]:
    deeds: Counter[Deed] = Counter()
    data = claim.data
    for effect in claim.effects:
        if effect.action not in OPERATIONS or effect.status is not EffectStatus.done:
            continue
        deed: Deed = (OPERATIONS[effect.action], data["full_name"], data["version"], str(effect.round))
        if effect.action == "request_code":
            owner = effect.item["owner"]
            deed = (*deed, next(one["name"] for one in data["owners"] if one["id"] == owner))
        deeds[deed] += 1
    return deeds

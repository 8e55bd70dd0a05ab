"""What our record and the outside's ledger say was done, in the same nouns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from workflow.demonstration import Deed
from workflow.record.values import EffectStatus
from workflow.scheduler.jobs import reference
from workflow.store import CaseRow
from workflow.store.values import SentMessage

OPERATIONS = {
    "place_order": "place_order",
    "pay_order": "pay_order",
    "request_code": "request_code",
    "upload_seal_page": "upload_seal",
    "confirm": "confirm",
}
"""Our actions and the ledger's operations; each is told by the nouns of the outside, never by our keys."""


def claimed(row: CaseRow, sent: Sequence[SentMessage]) -> Counter[Deed]:
    """What our record says was done outside for one case."""
    deeds: Counter[Deed] = Counter()
    data = row.claim.data
    deeds.update(("sms_send", told.address, reference(told)) for told in sent)
    for effect in row.claim.effects:
        if effect.action not in OPERATIONS or effect.status is not EffectStatus.done:
            continue
        deed: Deed = (OPERATIONS[effect.action], data["full_name"], data["version"], str(effect.round))
        if effect.action == "request_code":
            owner = effect.item["owner"]
            deed = (*deed, next(one["name"] for one in data["owners"] if one["id"] == owner))
        deeds[deed] += 1
    return deeds


def applied(judgement: Mapping[str, Any]) -> Counter[Deed]:
    """What the ledger says was applied."""
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

"""The outside as its ledger tells it: drafts with what they held as they were confirmed, orders, codes, payments.

Read by code of its own: it shares nothing with the sandbox's judgement, nor with what our record says.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Entry = Mapping[str, Any]
Owner = tuple[str, str]
"""Name and certificate number."""


@dataclass
class Draft:
    id: str
    account: str = ""
    reference: str = ""
    software: dict[str, Any] = field(default_factory=dict)
    owners: list[dict[str, str]] = field(default_factory=list)
    applicant: dict[str, Any] = field(default_factory=dict)
    materials: dict[str, str] = field(default_factory=dict)
    """The digest of each kind."""
    round: int = 0
    filing: str = ""
    removed: bool = False
    confirmations: int = 0

    @property
    def whose(self) -> frozenset[Owner]:
        return frozenset((one["name"], one["certificate_number"]) for one in self.owners)

    @property
    def title(self) -> str:
        return str(self.software.get("full_name", ""))


@dataclass
class Told:
    """All that the ledger tells. codes: by phone, what the bureau sent and what was filled in, in their order."""

    drafts: dict[str, Draft] = field(default_factory=dict)
    confirmed: list[Draft] = field(default_factory=list)
    """Each as it stood at its confirmation."""
    orders: dict[str, Entry] = field(default_factory=dict)
    payments: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    codes: dict[tuple[str, str], list[Entry]] = field(default_factory=lambda: defaultdict(list))
    """By title and phone."""
    removed: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    turned: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By order, what became of it beside its usual way, the newest last."""

    def orders_of(self, reference: str) -> list[str]:
        """The orders that bear the mark of a matter, oldest first."""
        return [number for number, one in self.orders.items() if one["reference"] == reference]

    def filings_of(self, title: str, whose: frozenset[Owner]) -> list[Draft]:
        """The confirmed drafts of a matter."""
        return [one for one in self.confirmed if one.title == title and one.whose == whose]


def read(entries: Iterable[Entry]) -> Told:
    told = Told()
    for entry in entries:
        _see(told, entry)
    return told


def _see(told: Told, entry: Entry) -> None:
    draft = told.drafts.get(entry.get("draft", ""))
    match entry["kind"]:
        case "draft_made":
            told.drafts[entry["draft"]] = Draft(entry["draft"], entry["account"], entry["reference"])
        case "page_saved" | "draft_edited" if draft and "material" not in entry:
            _fill(draft, entry)
        case "material_uploaded" | "draft_edited" if draft:
            draft.materials[entry["material"]] = entry["sha256"]
        case "correction_opened":
            last = next(one for one in reversed(told.confirmed) if one.filing == entry["filing"])
            again = copy.deepcopy(last)
            kept = {kind: digest for kind, digest in last.materials.items() if kind == "agreement"}
            again.id, again.round, again.confirmations, again.materials = entry["draft"], entry["round"], 0, kept
            told.drafts[again.id] = again
        case "confirmed" if draft:
            draft.filing, draft.confirmations = entry["filing"], draft.confirmations + 1
            told.confirmed.append(copy.deepcopy(draft))
        case "draft_removed" if draft:
            draft.removed = True
        case "filing_removed":
            told.removed.add(entry["filing"])
        case "filing_withdrawn":
            told.withdrawn.add(entry["filing"])
        case "order_placed":
            told.orders[entry["order"]] = entry
        case "order_paid":
            told.payments[entry["order"]].append(entry["out_trade_no"])
        case "code_sent" | "code_recorded":
            told.codes[entry["title"], entry["phone"]].append(entry)
        case "order_turned":
            told.turned[entry["order"]].append(entry["turn"])


def _fill(draft: Draft, entry: Entry) -> None:
    if entry["page"] == "software":
        draft.software, draft.reference = dict(entry["values"]), entry["reference"]
    elif entry["page"] == "owners":
        draft.owners = [dict(one) for one in entry["values"]]
    else:
        draft.applicant = dict(entry["values"])

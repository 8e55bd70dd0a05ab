"""Reads the ledger and says what was applied more often than the ledger's own rules allow, in its own nouns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from caseward.sandbox.contents import Contents
from caseward.sandbox.ledger import Entry
from caseward.sandbox.owners import Owners
from caseward.sandbox.seal_pages import SealPages
from caseward.sandbox.things import CODE_HOLDS, ORDER_AGAIN

OPERATIONS = ("place_order", "pay_order", "confirm", "upload_seal", "request_code", "sms_send")
Nouns = tuple[tuple[str, Any], ...]


@dataclass
class Count:
    """How often one operation was applied to one object, and how often it might have been."""

    seqs: list[int] = field(default_factory=list)
    allowed: int = 1
    doubled: int = 0


class _Tally:
    def __init__(self, owners: Owners) -> None:
        self.counts: dict[tuple[str, Nouns], Count] = defaultdict(Count)
        self.open_codes: dict[Nouns, datetime] = {}
        self.codes_of: dict[str, set[Nouns]] = defaultdict(set)
        self.owners = owners
        self.orders: dict[str, Nouns] = {}

    def applied(self, operation: str, entry: Entry, *nouns: str) -> None:
        count = self.counts[operation, (*_nouns(entry, *nouns), *self.owners.of(entry))]
        count.seqs.append(entry["seq"])
        count.doubled = max(0, len(count.seqs) - count.allowed)

    def order_placed(self, entry: Entry) -> None:
        nouns = (*_nouns(entry, "title", "version", "round"), *self.owners.of(entry))
        self.orders[entry["order"]] = nouns
        self.applied("place_order", entry, "title", "version", "round")

    def order_turned(self, entry: Entry) -> None:
        """An order that came to nothing may be placed once more."""
        nouns = self.orders.get(entry["order"])
        if nouns is not None and entry["turn"] != ORDER_AGAIN:
            self.counts["place_order", nouns].allowed += 1

    def code_sent(self, entry: Entry) -> None:
        """A code that still holds makes the next request a double; one that was spent allows one more."""
        nouns = self.owner(entry)
        count = self.counts["request_code", nouns]
        at = datetime.fromisoformat(entry["at"])
        held = self.open_codes.get(nouns)
        if count.seqs:
            if held is not None and at < held + CODE_HOLDS:
                count.doubled += 1
            else:
                count.allowed += 1
        count.seqs.append(entry["seq"])
        self.open_codes[nouns] = at
        self.codes_of[entry["draft"]].add(nouns)

    def draft_gone(self, draft: str) -> None:
        """The bureau forgot its codes with it: of another draft others may be asked for."""
        for nouns in self.codes_of.pop(draft, ()):
            self.open_codes.pop(nouns, None)

    def owner(self, entry: Entry) -> Nouns:
        nouns = _nouns(entry, "title", "version", "round")
        return (*nouns, *self.owners.of(entry), ("owner", entry["name"]), ("place", entry.get("owner")))


def _never(filing: str, at: datetime) -> bool:
    return False


def judge(entries: Iterable[Entry], refused: Callable[[str, datetime], bool] = _never) -> dict[str, Any]:
    """The judgement as control shows it; it never compares callers' keys, save in the second check apart.

    refused: whether the bureau had refused a filing by then; its matter may be filed anew.
    """
    contents = Contents()
    owners = Owners(contents, refused)
    tally = _Tally(owners)
    seals = SealPages()
    keys: dict[str, list[str]] = defaultdict(list)
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in entries:
        contents.see(entry)
        owners.see(entry)
        seals.see(entry)
        match entry["kind"]:
            case "world":
                _count_what_was_there(tally, entry)
            case "order_placed":
                tally.order_placed(entry)
            case "order_turned":
                tally.order_turned(entry)
            case "order_paid":
                tally.applied("pay_order", entry, "order", "title", "version", "round")
                keys[entry["out_trade_no"]].append(entry["order"])
            case "confirmed":
                tally.applied("confirm", entry, "title", "version", "round")
            case "seal_uploaded":
                tally.applied("upload_seal", entry, "title", "version", "round", "draft", "sha256")
            case "code_sent":
                tally.code_sent(entry)
            case "draft_removed":
                tally.draft_gone(entry["draft"])
            case "code_entered":
                tally.open_codes.pop(tally.owner(entry), None)
            case "sms_accepted":
                tally.applied("sms_send", entry, "to", "reference")
                texts[entry["to"], entry["text"]].append(entry["reference"])
    return {
        **_shown(tally),
        "altered": contents.altered,
        "strange": owners.strange,
        "wrong_seals": seals.wrong,
        "second_check": _second_check(keys, texts),
    }


def _count_what_was_there(tally: _Tally, entry: Entry) -> None:
    for number, order in enumerate(entry["document"].get("orders", ()), start=1):
        placed = {"title": order["title"], "version": order["version"], "round": order.get("round", 0)}
        whose = tally.owners.of({**placed, "kind": "order_placed", "particulars": order.get("particulars", {})})
        tally.counts["place_order", (*_nouns(placed, *placed), *whose)].allowed = 0
        if order.get("status", "未支付") != "未支付":
            paid = {"order": f"G{number:07d}", **placed}
            tally.counts["pay_order", (*_nouns(paid, *paid), *whose)].allowed = 0


def _nouns(entry: Entry, *names: str) -> Nouns:
    return tuple((name, entry[name]) for name in names)


def _shown(tally: _Tally) -> dict[str, Any]:
    counted = [(operation, nouns, count) for (operation, nouns), count in tally.counts.items() if count.seqs]
    operations = {
        operation: {
            "applied": sum(len(count.seqs) for name, _, count in counted if name == operation),
            "doubled": sum(count.doubled for name, _, count in counted if name == operation),
        }
        for operation in OPERATIONS
    }
    return {
        "applied": sum(o["applied"] for o in operations.values()),
        "doubled": sum(o["doubled"] for o in operations.values()),
        "operations": operations,
        "objects": [
            {
                "operation": operation,
                "object": dict(nouns),
                "applied": len(count.seqs),
                "allowed": count.allowed,
                "doubled": count.doubled,
                "seqs": count.seqs,
            }
            for operation, nouns, count in counted
        ],
    }


def _second_check(keys: dict[str, list[str]], texts: dict[tuple[str, str], list[str]]) -> dict[str, Any]:
    return {
        "repeated_keys": [{"out_trade_no": k, "orders": o} for k, o in keys.items() if len(set(o)) > 1],
        "same_text": [{"to": to, "references": r} for (to, _), r in texts.items() if len(set(r)) > 1],
    }

"""Whose each order and draft is as the ledger tells it, and which filing carries another's papers, or faulty ones."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from caseward.sandbox.contents import Contents
from caseward.sandbox.generator import FILES, file
from caseward.sandbox.ledger import Entry
from caseward.sandbox.things import ORDER_FAULTY, Order

Whose = tuple[tuple[str, str], ...]
"""Each owner's name and certificate number, sorted; empty where nobody said."""
Made = tuple[Order, Whose]
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Owners:
    """Fed with the entries in their order, each after contents has seen it.

    refused: whether the bureau had refused a filing by then.
    """

    def __init__(self, contents: Contents, refused: Callable[[str, datetime], bool]) -> None:
        self._contents, self._refused = contents, refused
        self._orders: dict[str, Made] = {}
        self._filed: dict[tuple[str, str, Whose], list[str]] = {}
        self.strange: list[dict[str, Any]] = []
        """Filings with materials that were made for another matter, or that are faulty."""

    def of(self, entry: Entry) -> tuple[tuple[str, Any], ...]:
        """Nouns that tell a matter from others of its title: its owners, and how often it was refused before."""
        if "title" not in entry:
            return ()
        whose = self._whose(entry)
        named = (("owners", tuple(name for name, _ in whose)), ("whose", _digest(whose))) if whose else ()
        before = self._filed.get((entry["title"], entry["version"], whose), ())
        at = datetime.fromisoformat(entry["at"]) if before else None
        refused = sum(self._refused(filing, at) for filing in before) if at else 0
        return (*named, ("after", refused)) if refused else named

    def see(self, entry: Entry) -> None:
        match entry["kind"]:
            case "world":
                for order in entry["document"].get("orders", ()):
                    self._made({"round": 0, **order, "order": f"G{len(self._orders) + 1:07d}"})
            case "order_placed":
                self._made(entry)
            case "confirmed":
                whose = self._whose(entry)
                filings = self._filed.setdefault((entry["title"], entry["version"], whose), [])
                if entry["filing"] not in filings:
                    filings.append(entry["filing"])
                self._look(entry, whose)

    def _made(self, about: Mapping[str, Any]) -> None:
        order = Order(about["order"], about["title"], about["version"], int(about["round"]), LONG_AGO, LONG_AGO)
        order.reference = str(about.get("reference", ""))
        self._orders[order.id] = (order, _whose(about.get("particulars", {}).get("owners", ())))

    def _whose(self, entry: Mapping[str, Any]) -> Whose:
        if entry["kind"] == "order_placed":
            return _whose(entry["particulars"].get("owners", ()))
        if entry["kind"] == "order_paid":
            return self._orders[entry["order"]][1]
        return _whose(self._contents.owners(str(entry.get("draft", ""))))

    def _look(self, entry: Entry, whose: Whose) -> None:
        """Where an order says nothing of its owners or of its caller's mark, that part is not compared."""
        made = {
            digest: one
            for one in self._orders.values()
            for of in [(one[0].id, one[0].title, one[0].version, one[0].round)]
            for digest in [*_files(*of), _faulty(*of)]
        }
        for digest in entry["materials"].values():
            order, meant = made.get(digest, (None, ()))
            if order is None:
                continue
            of_others = bool(meant) and bool(whose) and meant != whose
            is_faulty = digest == _faulty(order.id, order.title, order.version, order.round)
            if of_others or is_faulty or (order.reference and order.reference != entry["reference"]):
                nouns = {name: entry[name] for name in ("draft", "filing", "reference", "title", "version", "seq")}
                made_for = {"order": order.id, "order_reference": order.reference, "faulty": is_faulty}
                self.strange.append({**nouns, **made_for, "owners": [n for n, _ in whose], "of": [n for n, _ in meant]})
                return


def _whose(owners: Iterable[Mapping[str, Any]]) -> Whose:
    return tuple(sorted((str(one.get("name", "")), str(one.get("certificate_number", ""))) for one in owners))


def _digest(whose: Whose) -> str:
    return hashlib.sha256(repr(whose).encode()).hexdigest()[:8]


@lru_cache(maxsize=4096)
def _files(number: str, title: str, version: str, round: int) -> list[str]:
    order = Order(number, title, version, round, LONG_AGO, LONG_AGO)
    return [hashlib.sha256(file(order, kind)).hexdigest() for kind in FILES]


@lru_cache(maxsize=4096)
def _faulty(number: str, title: str, version: str, round: int) -> str:
    """The digest of the manual that is handed out for the order while it is a faulty one."""
    order = Order(number, title, version, round, LONG_AGO, LONG_AGO, turned=ORDER_FAULTY)
    return hashlib.sha256(file(order, "manual")).hexdigest()

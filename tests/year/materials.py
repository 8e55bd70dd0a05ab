"""Whether each filing carries the papers of its own matter, made from what it says, and whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.year.bureau import Desk
from tests.year.drawn import Matter
from tests.year.ledger import Draft, Told

FAULTY = "内容有误"
"""What became of an order whose manual says another version."""
FIELDS = {
    "main_functions": ("applicant", "main_functions"),
    "source_lines": ("applicant", "line_count"),
    "completed_on": ("software", "completion_date"),
    "full_name": ("software", "full_name"),
    "version": ("software", "version"),
}
"""By what staff calls a particular: where an order and a draft have it."""


def wrong_materials(told: Told, desk: Desk, matters: Mapping[str, Matter]) -> Iterator[str]:
    """matters: by the mark that is on their orders and drafts."""
    made_for = {digest: (order, kind) for order, files in desk.made.items() for kind, digest in files.items()}
    for draft in told.confirmed:
        matter = matters.get(draft.reference) or next(
            (one for one in matters.values() if one.title == draft.title), None
        )
        orders = set[str]()
        for kind, digest in sorted(draft.materials.items()):
            if kind == "agreement" or (matter is not None and digest in matter.papers):
                continue
            order, made_as = made_for.get(digest, ("", ""))
            if not order or made_as != kind:
                yield f"{draft.filing}: its {kind} is no paper that was made for it"
            elif kind == "manual" and told.turned[order][-1:] == [FAULTY]:
                yield f"{draft.filing}: its manual is the faulty one of order {order}"
            orders.add(order)
        for order in sorted(orders - {""}):
            kept = matter.kept if matter is not None else set[str]()
            yield from (f"{draft.filing}: order {order} {one}" for one in _differs(told.orders[order], draft, kept))


def _differs(order: Mapping[str, Any], draft: Draft, kept: set[str]) -> Iterator[str]:
    """In what an order's documents are of other particulars than the draft. kept: what a person said may differ."""
    if (order["reference"], order["round"]) != (draft.reference, draft.round):
        yield f"is of {order['reference']} in round {order['round']}, not {draft.reference} in round {draft.round}"
    parts: Mapping[str, Any] = {"software": draft.software, "applicant": draft.applicant}
    for name, (part, field) in FIELDS.items():
        ordered, filed = order["particulars"][part].get(field), parts[part].get(field)
        if name not in kept and str(ordered) != str(filed):
            yield f"was made with {field} {ordered!r}, filed is {filed!r}"
    owners = {(one["name"], one["certificate_number"]) for one in order["particulars"]["owners"]}
    if "owners" not in kept and owners != draft.whose:
        yield f"was made for {sorted(owners)}, filed is {sorted(draft.whose)}"

"""Judges a year: whether each matter ended rightly, or waits for a person for a reason that is so outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.year.bureau import Desk, Shown
from tests.year.drawn import Matter
from tests.year.ledger import Draft, Owner, Told
from tests.year.reasons import reason_holds

KNOWN = frozenset({"已提交材料", "审查中", "待补正", "不予受理", "已发放", "已撤回"})
"""The bureau's words; another one is news to the office."""


@dataclass(frozen=True)
class Came:
    """How a matter stands in our record at the end. why: of a case that did not end, as `case why --json` says."""

    matter: Matter
    state: str
    final: bool
    reference: str
    why: Mapping[str, Any]
    incidents: Sequence[str]
    """The kinds of those that stand open."""

    @property
    def end(self) -> str:
        if self.final:
            return self.state
        return f"waits for {self.why['who']}: {','.join(self.incidents) or self.why['reason']}"


def whose(matter: Matter) -> frozenset[Owner]:
    return frozenset((one["name"], one["certificate_number"]) for one in matter.owners)


@dataclass(frozen=True)
class Judge:
    told: Told
    desk: Desk

    def wrongs(self, came: Came) -> Iterator[str]:
        """What of a matter's end is not right, each with both sides: ours and the outside's."""
        matter, shown = came.matter, self.shown(came)
        status = shown.status if shown else "no filing"
        resting = came.state if came.final else "waits"
        if resting not in matter.kind.ends:
            yield f"ours: {came.end}; right would be {'/'.join(sorted(matter.kind.ends))}; outside: {status}"
        if came.state == "granted" and status != "已发放":
            yield f"ours: granted; outside: {status}"
        if came.state == "rejected" and status not in ("不予受理", "已撤回"):
            yield f"ours: rejected; outside: {status}"
        if not came.final and (wrong := reason_holds(came, self.told, self.desk, shown)):
            yield f"ours: {came.end}; outside: {wrong}"

    def shown(self, came: Came) -> Shown | None:
        """The newest filing of the matter that the bureau's lists show, known by title and owners alone."""
        filed = self.told.filings_of(came.matter.title, whose(came.matter))
        numbers = [one.filing for one in filed]
        return next((one for one in self.desk.filings if one.filing in numbers), None)

    # ---------------------------------------------------------------- what was filed

    def altered(self, came: Sequence[Came]) -> Iterator[str]:
        """Filings that say other than their matter: particulars, owners, number."""
        by_reference = {one.reference: one.matter for one in came}
        by_hand = {one.matter.title: one.matter for one in came if one.matter.kind.before}
        for draft in self.told.confirmed:
            matter = by_reference.get(draft.reference) or by_hand.get(draft.title)
            if matter is None:
                yield f"{draft.filing}: nobody's, reference {draft.reference!r}, {draft.title}"
            elif draft is self._last(draft.filing):
                yield from (f"{draft.filing} ({matter.number}): {one}" for one in _differences(draft, matter))

    def wrong_materials(self) -> Iterator[str]:
        """Filings with papers that were made for another matter, or for what was changed since."""
        made_for = {digest: order for order, digests in self.desk.made.items() for digest in digests}
        for draft in self.told.confirmed:
            orders = {made_for[digest] for digest in draft.materials.values() if digest in made_for}
            for order in sorted(orders):
                placed = self.told.orders[order]
                owners = placed["particulars"].get("owners", ())
                meant = frozenset((one["name"], one["certificate_number"]) for one in owners)
                if placed["title"] != draft.title or (meant and meant != draft.whose and not _renamed(meant, draft)):
                    yield f"{draft.filing}: {draft.title} carries what order {order} made of {placed['title']}"

    def doubled(self) -> Iterator[str]:
        """Two filings of one matter, two confirmations of one draft, an order paid twice, two orders of one round."""
        for draft in self.told.drafts.values():
            if draft.confirmations > 1:
                yield f"{draft.id} was confirmed {draft.confirmations} times"
        filings = Counter((one.reference, one.round) for one in self.told.confirmed)
        yield from (f"{reference} was filed {n} times in round {r}" for (reference, r), n in filings.items() if n > 1)
        yield from (f"{order} was paid {len(n)} times" for order, n in self.told.payments.items() if len(n) > 1)

    def lost(self, came: Sequence[Came]) -> Iterator[str]:
        """What our record says was filed, and the outside does not know."""
        for one in came:
            if one.state in ("submitted", "granted", "rejected") and not self.told.filings_of(
                one.matter.title, whose(one.matter)
            ):
                yield f"{one.reference}: {one.state}, and nothing of {one.matter.title} was ever confirmed"

    def _last(self, filing: str) -> Draft:
        return [one for one in self.told.confirmed if one.filing == filing][-1]


def _renamed(meant: frozenset[Owner], draft: Draft) -> bool:
    """The same certificates: a name that was put right later is the same owner."""
    return {number for _, number in meant} == {number for _, number in draft.whose}


def _differences(draft: Draft, matter: Matter) -> Iterator[str]:
    row = matter.row
    pairs = {
        "full_name": (draft.software.get("full_name"), row["full_name"]),
        "version": (draft.software.get("version"), row["version"]),
        "main_functions": (draft.applicant.get("main_functions"), row["main_functions"]),
        "completion_date": (draft.software.get("completion_date"), row["completed_on"]),
        "line_count": (str(draft.applicant.get("line_count")), str(row["source_lines"])),
        "owners": (sorted(draft.whose), sorted(whose(matter))),
        "phones": (
            sorted(one["phone"] for one in draft.owners if one["phone"]),
            sorted(one["phone"] for one in matter.owners if one.get("phone")),
        ),
    }
    for name, (filed, meant) in pairs.items():
        if filed != meant:
            yield f"{name}: filed {filed!r}, meant {meant!r}"

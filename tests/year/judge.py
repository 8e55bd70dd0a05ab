"""Judges a year by what stands outside: whether each matter ended rightly, or waits for a person with a true reason.

What is right is told by the bureau's pages, the generation system and the ledger of the sandbox. Of our own record the
judge takes only what it claims, to hold that against the outside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.year.bureau import Desk, Shown
from tests.year.deeds.by_hand import PAPER
from tests.year.drawn import Matter
from tests.year.ledger import Draft, Owner, Told
from tests.year.materials import wrong_materials
from tests.year.reasons import untrue


@dataclass(frozen=True)
class Came:
    """What our record claims of a matter at the end. why: of a case that did not end, as `case why --json` says it."""

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
    """Name and certificate number of each of its owners, as they are to be filed."""
    return frozenset((one["name"], one["certificate_number"]) for one in matter.owners)


@dataclass(frozen=True)
class Judge:
    """told: by the ledger. desk: what the bureau and the generation system show at the end."""

    told: Told
    desk: Desk

    def wrongs(self, came: Came) -> Iterator[str]:
        """What is not right about where a matter ended or why it waits: what ours claims, and what is so outside.

        A matter whose fate was not played to its end proves nothing, and is told of as well.
        """
        matter, shown = came.matter, self.shown(came)
        status = shown.status if shown else "no filing"
        resting = came.state if came.final else "waits"
        for deed in matter.kind.deeds[len(matter.done) :]:
            yield f"not played: {deed.does.__name__}, which comes in {deed.after}; ours: {came.end}"
        if resting not in matter.kind.ends:
            yield f"ours: {came.end}; right would be {'/'.join(sorted(matter.kind.ends))}; outside: {status}"
        if came.state == "granted" and status != "已发放":
            yield f"ours: granted; outside: {status}"
        if came.state == "rejected" and status not in ("不予受理", "已撤回"):
            yield f"ours: rejected; outside: {status}"
        if matter.kind.asks_paper and came.final and not self._carries(came, matter.notes.get(PAPER, "")):
            yield f"ours: {came.end}; outside: the answer lacks the paper that the bureau asked for"
        if not came.final:
            yield from (f"ours: {came.end}; outside: {wrong}" for wrong in untrue(came, self.told, self.desk, shown))

    def shown(self, came: Came) -> Shown | None:
        """The newest filing of the matter that the bureau's lists show, known by title and owners alone."""
        filed = self.told.filings_of(came.matter.title, whose(came.matter))
        numbers = [one.filing for one in filed]
        return next((one for one in self.desk.filings if one.filing in numbers), None)

    def _carries(self, came: Came, paper: str) -> bool:
        filed = self.told.filings_of(came.matter.title, whose(came.matter))
        return bool(filed) and paper in filed[-1].materials.values()

    # ---------------------------------------------------------------- what was filed

    def altered(self, came: Sequence[Came]) -> Iterator[str]:
        """Filings that say other than their matter: particulars, owners, phones. The last confirmation counts."""
        by_reference = {one.reference: one.matter for one in came}
        by_hand = {one.matter.title: one.matter for one in came if one.matter.kind.before}
        for draft in self.told.confirmed:
            matter = by_reference.get(draft.reference) or by_hand.get(draft.title)
            if matter is None:
                yield f"{draft.filing}: nobody's, reference {draft.reference!r}, {draft.title}"
            elif draft is self._last(draft.filing):
                yield from (f"{draft.filing} ({matter.number}): {one}" for one in _differences(draft, matter))

    def wrong_materials(self, came: Sequence[Came]) -> Iterator[str]:
        """Filings with papers that were made for another matter, of other particulars, faulty, or by nobody."""
        return wrong_materials(self.told, self.desk, {one.reference: one.matter for one in came})

    def doubled(self) -> Iterator[str]:
        """A draft confirmed twice, a matter filed twice in a round, an order paid twice, two orders of one round.

        An order that came to nothing (failed, refunded, cancelled, gone, faulty) may be followed by another one.
        """
        for draft in self.told.drafts.values():
            if draft.confirmations > 1:
                yield f"{draft.id} was confirmed {draft.confirmations} times"
        filings = Counter((one.reference, one.round) for one in self.told.confirmed)
        yield from (f"{reference} was filed {n} times in round {r}" for (reference, r), n in filings.items() if n > 1)
        yield from (f"{order} was paid {len(n)} times" for order, n in self.told.payments.items() if len(n) > 1)
        orders = Counter(
            (one["reference"], one["round"]) for number, one in self.told.orders.items() if not self.told.turned[number]
        )
        yield from (f"{reference} was ordered {n} times in round {r}" for (reference, r), n in orders.items() if n > 1)

    def lost(self, came: Sequence[Came]) -> Iterator[str]:
        """What our record says was filed, and was never confirmed outside."""
        for one in came:
            if one.state in ("submitted", "granted", "rejected") and not self.told.filings_of(
                one.matter.title, whose(one.matter)
            ):
                yield f"{one.reference}: {one.state}, and nothing of {one.matter.title} was ever confirmed"

    def _last(self, filing: str) -> Draft:
        return [one for one in self.told.confirmed if one.filing == filing][-1]


def _differences(draft: Draft, matter: Matter) -> Iterator[str]:
    """In what a confirmed draft is other than the matter's row, as the office knows it at the end."""
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

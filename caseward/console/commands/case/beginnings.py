"""`caseward case begin`: lets cases go on that were taken in with full-auto off, once a person saw what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import BaseModel, ValidationError

from caseward.console.commands.case.imports import intake_of
from caseward.console.terminal.answers import not_one_of
from caseward.console.terminal.complaints import REFUSED, Complaint, Stopped
from caseward.console.terminal.typed import answer
from caseward.console.terminal.view import View, person, viewing
from caseward.console.text.output import Column, complain, listed, say
from caseward.console.wording.texts import Texts
from workflow.intake.gives import Cost
from workflow.intake.rows import Intake
from workflow.store import CaseRow, Filters

PAGE = 200
"""This many cases are read at once."""
TYPED = "--amount SUM"


@dataclass(frozen=True)
class Which:
    """Whose cases, of which system, and how many of them at most, by number; None: all."""

    system: str | None = None
    customer: str | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Waiting:
    """A case that nobody has begun. cost: what is spent of itself once it is begun."""

    row: CaseRow
    title: str
    customer: str | None
    cost: Cost | None

    @property
    def price(self) -> str:
        return "" if self.cost is None else f"{self.cost.amount} {self.cost.currency}"


def begin(
    texts: Texts, which: Which, *, amount: str | None, dry: bool, reason: str | None, json: bool, asks: bool
) -> int:
    """amount: the sum that the person agrees to spend; it has to be what they cost. dry: only show them."""

    async def work(view: View) -> int:
        intake = intake_of(texts, view.record.systems, which.system)
        waiting = await _meant(view, intake, which)
        if json:
            if not dry and waiting:
                _agreed(texts, waiting, amount)
            begun = [] if dry else await _begun(view, waiting, reason)
            say(listed([_shape(one) for one in waiting], begun=len(begun), costs=_sums(waiting)))
            return 0
        if not waiting:
            complain(texts("begin.none"))
            return 0
        _show(view, waiting)
        if dry:
            say(texts("schedule.dry"))
            return 0
        typed = amount
        if typed is None and _sums(waiting):
            typed = answer(texts, texts("begin.amount"), asks, TYPED)
        _agreed(texts, waiting, typed)
        begun = await _begun(view, waiting, reason)
        say("", texts("begin.begun", n=len(begun)), texts("more.why", number=begun[0]))
        return 0

    return viewing(texts, work)


async def _meant(view: View, intake: Intake, which: Which) -> list[Waiting]:
    """The cases that were opened with full-auto off and of which nothing was done, by number.

    Raises Stopped where none of them is of the customer.
    """
    plan = view.plan(intake.flow)
    model: type[BaseModel] = plan.flow.data
    found, after = list[Waiting](), None
    while rows := await view.record.store.cases(Filters(flow=intake.flow, auto=False, final=False), after=after):
        after = rows[-1].claim.number
        for told in await view.told(rows):
            if told.claim.effects or await _was_stopped(view, told.row):
                continue
            try:
                data: Any = model.model_validate(told.claim.data)
            except ValidationError:  # a person puts its data right first
                continue
            cost = intake.cost(data, plan.flow.settings)
            found.append(Waiting(told.row, told.title, intake.customer(data), cost))
    if which.customer is not None:
        known = sorted({one.customer for one in found if one.customer})
        if which.customer not in known:
            raise not_one_of(view.texts, "customer", which.customer, known)
        found = [one for one in found if one.customer == which.customer]
    return found[: which.limit]


async def _was_stopped(view: View, row: CaseRow) -> bool:
    """Whether a person switched full-auto off since: that was for a reason of this case alone."""
    return any((one.body or {}).get("auto") is False for one in await view.record.store.events(row.claim.case))


def _sums(waiting: Sequence[Waiting]) -> list[dict[str, str]]:
    """What they cost together, by currency and payee."""
    sums: dict[tuple[str, str], Decimal] = {}
    for one in waiting:
        if one.cost is not None:
            at = one.cost.currency, one.cost.payee
            sums[at] = sums.get(at, Decimal(0)) + one.cost.amount
    return [{"amount": str(total), "currency": of, "payee": to} for (of, to), total in sums.items()]


def _agreed(texts: Texts, waiting: Sequence[Waiting], typed: str | None) -> None:
    """Raises Stopped where the sum that was typed is not what they cost."""
    sums = _sums(waiting)
    due = " + ".join(one["amount"] for one in sums)
    if not sums or (typed is not None and _same(typed, due)):
        return
    cause = texts("error.begin_amount", due=", ".join(f"{one['amount']} {one['currency']}" for one in sums))
    raise Stopped(Complaint("not_agreed", cause, texts("cure.begin_amount", due=due), REFUSED))


def _same(typed: str, due: str) -> bool:
    try:
        return Decimal(typed.strip()) == Decimal(due)
    except InvalidOperation:
        return "".join(typed.split()) == "".join(due.split())


async def _begun(view: View, waiting: Sequence[Waiting], reason: str | None) -> list[str]:
    people = view.record.commands(person())
    return [(await people.set_auto(one.row.claim.case, True, reason)).number for one in waiting]


def _show(view: View, waiting: Sequence[Waiting]) -> None:
    texts = view.texts
    names = ("number", "title", "customer", "cost")
    columns = [Column(texts(f"column.{name}"), 16 if name in ("title", "customer") else 0) for name in names]
    rows = [[one.row.claim.number, one.title, one.customer or "", one.price] for one in waiting]
    say(*view.screen.table(columns, rows), "")
    told = [texts("begin.sum", n=len(waiting), **one) for one in _sums(waiting)]
    for said in told or [texts("begin.free", n=len(waiting))]:
        say(*view.screen.wrapped(said))


def _shape(one: Waiting) -> dict[str, Any]:
    claim, cost = one.row.claim, one.cost
    told = None if cost is None else {"amount": str(cost.amount), "currency": cost.currency, "payee": cost.payee}
    return {"number": claim.number, "title": one.title, "customer": one.customer, "cost": told}

"""The order of a round's materials: what it has come to, what is ordered next, and who decides that."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from adapters.generator import Order
from states.copyright.edits import MATERIALS
from states.copyright.looks import MADE
from states.copyright.owners import doubtful
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from states.copyright.values import Named, Papers
from workflow import Case, No, Verdict, Yes, fact
from workflow.intake.values import Value


class OrderRequest(Value):
    """One order of a round; the count goes up with each that a person wants anew."""

    id: str
    """The count; empty for the first."""
    count: int

    @model_validator(mode="before")
    @classmethod
    def _first(cls, said: Any) -> Any:
        """An order that went out before there could be several says nothing of itself."""
        return {"id": "", "count": 1} if said is None else said


def order_requests(case: Case[Registration]) -> tuple[OrderRequest, ...]:
    """The order that is wanted in this round: the first, or the latest that a person wants anew."""
    anew = case.data.orders_anew
    count = 1 + (anew.count if anew is not None and anew.round == case.round else 0)
    return (OrderRequest(id="" if count == 1 else str(count), count=count),)


def own_materials(case: Case[Registration]) -> Papers | None:
    """The documents that people handed in for this round, in place of an order."""
    own = case.data.own_materials
    return own if own is not None and own.round == case.round else None


def materials_given(case: Case[Registration]) -> Verdict:
    """People handed in the documents of this round themselves: nothing is ordered."""
    own = own_materials(case)
    return No(materials=None) if own is None else _certain(case, own)


def _certain(case: Case[Registration], own: Papers) -> Verdict:
    """Whether a person need not look at these documents first."""
    for name, waiting in case.data.doubtful.items():
        if name in MADE and waiting.document.digest == getattr(own, name).digest:
            return doubtful(case, name)
    return Yes(materials=own.application.name)


def order_wanted_anew(case: Case[Registration]) -> Verdict:
    """A person wants an order anew in this round that was not placed yet."""
    (wanted,) = order_requests(case)
    return No(anew=False) if wanted.count == 1 or _is_done(case, "place_order") else Yes(count=wanted.count)


def order_left(case: Case[Registration], order: Order | None) -> Verdict:
    """An order lies there from before the person's word: it is given up, unless he said since that it is the case's."""
    if order is None or (order.number, case.round) in {(one.number, one.round) for one in case.data.ours}:
        return No(order=order.number if order else None)
    return Yes(order=order.number)


@fact
async def left_order(case: Case[Registration], order: Order | None) -> Named | None:
    """The order that lies there, to be kept as one that is not the case's."""
    return None if order is None else Named(what="order", number=order.number, round=case.round)


def order_missing(case: Case[Registration], settings: CopyrightSettings, order: Order | None) -> Verdict:
    """Nothing was ordered for this round yet, or what was is to be ordered anew (R50, R109)."""
    if own := own_materials(case):
        return No(materials=own.application.name)
    if order is not None:
        return No(order=order.number)
    if case.data.draft_number and not (case.data.order_wished or case.round or order_wanted_anew(case)):
        # a draft that was taken over may have its papers already
        return No(order=None, draft=case.data.draft_number, another_costs=cost(settings), waits_for="operator")
    if _is_done(case, "place_order"):
        return _gone(case, settings)
    return Yes(round=case.round)


def order_anew(case: Case[Registration], settings: CopyrightSettings, order: Order | None) -> Verdict:
    """A person said to order anew, and no order lies there that is still of use."""
    if order_requests(case)[0].count == 1:
        return No(anew=False)
    return order_missing(case, settings, order)


def order_unpaid(case: Case[Registration], settings: CopyrightSettings, order: Order | None) -> Verdict:
    """One order lies there unpaid (R47); of several a person says which one is meant."""
    if own := own_materials(case):
        return No(materials=own.application.name)
    if order is None or (order.paid and not order.ended):
        return No(order=order.number if order else None)
    if (unfit := _of_no_use(case, settings, order)) is not None:  # a No is false
        return unfit
    if order.twins > 1:
        return No(order=order.number, twins=order.twins, waits_for="operator")
    return Yes(order=order.number, amount=str(order.amount))


def payment_due(case: Case[Registration]) -> Verdict:
    """The order that is wanted was not paid by this case yet."""
    return No(paid=True) if _is_done(case, "pay_order") else Yes(paid=False)


def order_paid(case: Case[Registration], settings: CopyrightSettings, order: Order | None) -> Verdict:
    """It is paid, whether the documents are being made or are finished (R48, R49)."""
    if order is None or not (order.paid or order.ended):
        return No(order=order.number if order else None, paid=False)
    unfit = _of_no_use(case, settings, order, stale=False)
    return Yes(order=order.number) if unfit is None else unfit


def order_doubled(case: Case[Registration], order: Order | None) -> Verdict:
    """Beside the paid order lies another one of this round, as when one lands late: it is to be cancelled."""
    if order is None or order.twins == 1 or case.data.doubled_order == order.number:
        return No(twins=order.twins if order else 0)
    return Yes(order=order.number, twins=order.twins)


def materials_ready(case: Case[Registration], settings: CopyrightSettings, order: Order | None) -> Verdict:
    """The documents of this round are finished, and made from what the registration says now (R55)."""
    if own := own_materials(case):
        if MATERIALS in case.data.stale:
            return No(materials=own.application.name, stale=MATERIALS, waits_for="operator")
        return _certain(case, own)
    if order is None:
        return _gone(case, settings)
    if (unfit := _of_no_use(case, settings, order)) is not None:  # a No is false
        return unfit
    if not order.paid:
        return No(order=order.number, paid=False, waits_for="operator")
    return Yes(order=order.number) if order.ready else No(order=order.number, ready=False, waits_for="generator")


def _gone(case: Case[Registration], settings: CopyrightSettings) -> No:
    """The generation system shows no order of this round any more, as after a refund: people say how it goes on."""
    return No(order=None, another_costs=cost(settings), waits_for="operator")


def _of_no_use(case: Case[Registration], settings: CopyrightSettings, order: Order, *, stale: bool = True) -> No | None:
    """Why nothing is made of this order without a person's word; None where it is of use."""
    if order.ended:
        return No(order=order.number, order_ended=order.ended, another_costs=cost(settings), waits_for="operator")
    if stale and MATERIALS in case.data.stale:
        return No(order=order.number, stale=MATERIALS, another_costs=cost(settings), waits_for="operator")
    if order.differs:
        return No(order=order.number, **order.differs, waits_for="operator")
    return None


def cost(settings: CopyrightSettings) -> str:
    """What one more order costs."""
    return f"{settings.price.amount} {settings.price.currency}"


def _is_done(case: Case[Registration], action: str) -> bool:
    (wanted,) = order_requests(case)
    return (action, wanted.id) in case.done

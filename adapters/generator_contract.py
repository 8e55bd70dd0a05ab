"""What an order must say of itself before it is paid: whose it is, that it is unpaid, its price, and who is paid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from adapters.names import same_title, same_version
from workflow.errors import Drifted

ADAPTER, STEP = "generator", "pay_order"


@dataclass(frozen=True)
class Price:
    """What one order may cost, and who is paid."""

    amount: Decimal = Decimal("300.00")
    currency: str = "CNY"
    payee: str = "材料生成服务（模拟）"


@dataclass(frozen=True)
class Payment:
    """What is meant to be paid for."""

    number: str
    title: str
    version: str
    round: int
    price: Price


def _equal(said: object, due: object) -> bool:
    return said == due


Due = Callable[[Payment], object]
Holds = Callable[[Any, Any], bool]

ORDER: Mapping[str, tuple[Due, Holds]] = {
    "number": (lambda meant: meant.number, _equal),
    "title": (lambda meant: meant.title, same_title),
    "version": (lambda meant: meant.version, same_version),
    "round": (lambda meant: meant.round, _equal),
    "paid": (lambda _: False, _equal),
    "ready": (lambda _: False, _equal),
    "amount": (lambda meant: meant.price.amount, _equal),
    "currency": (lambda meant: meant.price.currency, _equal),
    "payee": (lambda meant: meant.price.payee, _equal),
    "also": (lambda _: (), _equal),
}
"""Each property of an order, what it is due to be, and when it is. `also` are parts of the reply that nobody knows."""


def differences(order: object, meant: Payment) -> list[str]:
    """In which an order is not what is meant to be paid for, by the names above; empty when it is.

    `order` is an adapters.generator.Order, whose module names this one.
    """
    return [
        f"{name} is {getattr(order, name)} instead of {due(meant)}"
        for name, (due, holds) in ORDER.items()
        if not holds(getattr(order, name), due(meant))
    ]


def agree(order: object, meant: Payment) -> None:
    """Drifted, with each difference, when the order is not what is meant to be paid for. Nothing was paid then."""
    if wrong := differences(order, meant):
        raise Drifted(ADAPTER, STEP, f"order {meant.number} is not what was agreed on: {'; '.join(wrong)}")

"""What an order must say of itself before it is paid, and what the answer must say afterwards: whose, what, to whom."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from adapters.names import same_title, same_version
from adapters.replies import as_told
from workflow.errors import Drifted
from workflow.sentence import Sentence, Sentences

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


def written_sum(value: Any) -> Any:
    """An amount as people write it: with a sign or a word for yuan, and commas between the thousands."""
    if not isinstance(value, str):
        return value
    plain = re.sub(r"^[¥￥]|元$|\s", "", unicodedata.normalize("NFKC", value).strip())
    return plain.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain) else plain


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
    "ended": (lambda _: "", _equal),
    "amount": (lambda meant: meant.price.amount, _equal),
    "currency": (lambda meant: meant.price.currency, _equal),
    "payee": (lambda meant: meant.price.payee, _equal),
    "also": (lambda _: (), _equal),
}
"""Each property of an order, what it is due to be, and when it is. `also` are parts of the reply that nobody knows."""


def differences(order: object, meant: Payment, unheld: Container[str] = ()) -> list[Sentence]:
    """In which an order is not what is meant to be paid for, by the names above; empty when it is.

    unheld: the names that say nothing here.
    `order` is an adapters.generator.Order, whose module names this one.
    """
    return [
        Sentence(
            "order_differs",
            "{name} is {shown} instead of {due}",
            name=name,
            shown=as_told(str(getattr(order, name))),
            due=str(due(meant)),
        )
        for name, (due, holds) in ORDER.items()
        if name not in unheld and not holds(getattr(order, name), due(meant))
    ]


def agree(order: object, meant: Payment) -> None:
    """Drifted, with each difference, when the order is not what is meant to be paid for. Nothing was paid then."""
    if wrong := differences(order, meant):
        raise Drifted(
            ADAPTER,
            STEP,
            Sentence(
                "order_not_agreed",
                "order {order} is not what was agreed on: {wrong}",
                order=meant.number,
                wrong=Sentences(wrong),
            ),
        )


WORDS_OF_PAID = frozenset({"paid", "success", "succeeded", "ok", "completed", "done", "已支付", "支付成功", "成功"})
STATUSES = ("status", "state", "result", "trade_status", "pay_status", "paid", "succeeded", "completed")
"""Names under which a payment may say how it ended."""
RECEIPT: Mapping[str, tuple[Due, Holds]] = {
    **dict.fromkeys(("order", "order_id", "order_no", "order_number"), ORDER["number"]),
    **{name: ORDER[name] for name in ("title", "version", "round", "amount", "currency", "payee")},
}
"""What a payment need not say beside its key; where it says one of these, it says the same as was meant."""


def unpaid(order: object, receipt: Mapping[str, Any], meant: Payment, key: str) -> list[Sentence]:
    """Why the answer to a payment does not say that just this was paid; empty when it does.

    The answer holds the order as it is now and the payment's own words. Whatever of it is another's, or does not say
    that it is paid, leaves open what happened: nobody may read it as a yes or as a no.
    """
    left_out = [name for name in ("currency", "payee") if not getattr(order, name)]
    wrong = differences(order, meant, ("paid", "ready", "also", *left_out))
    if not getattr(order, "paid"):  # noqa: B009 - the module of Order names this one
        wrong.append(Sentence("order_unpaid_still", "the order is unpaid"))
    if receipt.get("out_trade_no") != key:
        wrong.append(Sentence("of_another_payment", "it is of another payment"))
    for name in STATUSES:
        said = receipt.get(name)
        if name in receipt and said is not True and str(said).strip().lower() not in WORDS_OF_PAID:
            wrong.append(Sentence("payment_says", "the payment's {name} is {said}", name=name, said=_told(said)))
    for name, (due, holds) in RECEIPT.items():
        if name in receipt and not _holds(holds, receipt[name], due(meant)):
            wrong.append(
                Sentence(
                    "payment_differs",
                    "the payment's {name} is {said} instead of {due}",
                    name=name,
                    said=_told(receipt[name]),
                    due=str(due(meant)),
                )
            )
    return wrong


def _told(said: object) -> str:
    return as_told(repr(said))[:60]


def _holds(holds: Holds, said: object, due: object) -> bool:
    """A part that the payment says of its own accord, in the type in which it is due."""
    try:
        if isinstance(due, Decimal):
            return not isinstance(said, bool) and Decimal(written_sum(said)) == due
        return isinstance(said, type(due)) and not isinstance(said, bool) and holds(said, due)
    except (ValueError, TypeError, ArithmeticError):
        return False

"""Kinds in which something outside does not answer, or answers wrongly, for a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.year.deeds.staff import over, resolve, retry
from tests.year.drawn import Row
from tests.year.kind import SOON, Deed, Kind, Step


def fault(operation: str, kind: str, name: str, count: int = 10_000) -> Step:
    return {"name": name, "operation": operation, "kind": kind, "count": count}


def about(step: Step) -> Callable[[Row], Sequence[Step]]:
    """The fault, about the matter's title."""

    def faults(row: Row) -> list[Step]:
        return [{**step, "name": f"{step['name']} {row['full_name']}", "object": row["full_name"]}]

    return faults


def about_phone(step: Step) -> Callable[[Row], Sequence[Step]]:
    """The fault, about the first owner's phone; named by the title, as the others."""

    def faults(row: Row) -> list[Step]:
        return [{**step, "name": f"{step['name']} {row['full_name']}", "object": row["owners"][0]["phone"]}]

    return faults


TROUBLE = (
    Kind(
        "balance_empty",
        "the balance is empty, and filled up the next day",
        lambda draw: draw.of_firm(),
        deeds=(Deed("taken in", over("poor"), hours=24), Deed("taken in", resolve, hours=24)),
        faults=about(fault("pay_order", "no_money", "poor")),
        review=SOON,
    ),
    Kind(
        "certificate_unanswered",
        "the certificate's page answers 500 for days",
        lambda draw: draw.of_firm(),
        deeds=(Deed("taken in", over("page"), hours=24 * 6), Deed("submitted", retry)),
        faults=about(fault("certificate", "error_500", "page")),
        review=SOON,
    ),
    Kind(
        "gateway_down",
        "the gateway of texts is down for its owner's number, for a day",
        lambda draw: draw.of_firm(),
        deeds=(Deed("taken in", over("gateway"), hours=30),),
        faults=about_phone(fault("sms_send", "error_500", "gateway")),
        review=SOON,
    ),
    Kind(
        "bureau_down",
        "the bureau's draft pages are busy for two days",
        lambda draw: draw.of_firm(),
        deeds=(Deed("taken in", over("busy"), hours=46), Deed("taken in", retry, hours=46)),
        faults=about(fault("*", "busy_page", "busy")),
        review=SOON,
    ),
    Kind(
        "page_changed",
        "the bureau's page of confirmation is another for a day",
        lambda draw: draw.of_firm(),
        deeds=(Deed("taken in", over("changed"), hours=30), Deed("taken in", retry, hours=30)),
        faults=about(fault("confirm_page", "changed_page", "changed")),
        review=SOON,
    ),
    Kind(
        "payment_unanswered",
        "the connection is cut as the payment is taken",
        lambda draw: draw.of_firm(),
        faults=about(fault("pay_order", "apply_drop_reply", "cut", 1)),
        review=SOON,
    ),
    Kind(
        "confirmation_unanswered",
        "the connection is cut as the confirmation is taken",
        lambda draw: draw.of_firm(),
        faults=about(fault("confirm", "apply_drop_reply", "cut", 1)),
        review=SOON,
    ),
    Kind(
        "order_unanswered",
        "the connection is cut as the order is taken",
        lambda draw: draw.of_firm(),
        faults=about(fault("place_order", "apply_drop_reply", "cut", 1)),
        review=SOON,
    ),
)

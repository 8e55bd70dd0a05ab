"""A second flow with a remote of its own: an order is paid or cancelled, as a payment platform says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from workflow import Case, Flow, No, State, To, Yes, fact

Standing = Literal["open", "paid", "cancelled"]


class S(StrEnum):
    ordered = auto()
    paid = auto()
    cancelled = auto()


class Payment(BaseModel):
    model_config = ConfigDict(frozen=True)
    number: str = "P-1"


class Platform(Protocol):
    """The payment platform."""

    async def standing(self, number: str) -> Standing: ...


@dataclass
class PaperPlatform:
    """Says what a test has it say."""

    says: Standing = "open"

    async def standing(self, number: str) -> Standing:
        return self.says


@fact
async def standing(case: Case[Payment], platform: Platform) -> Standing:
    """How the order stands."""
    return await platform.standing(case.data.number)


def order_paid(standing: Standing) -> Yes | No:
    """The order is paid."""
    return Yes() if standing == "paid" else No(waits_for="customer")


def order_cancelled(standing: Standing) -> bool:
    """The order is cancelled."""
    return standing == "cancelled"


flow = Flow(
    "payments",
    version=1,
    data=Payment,
    prefix="PA",
    states=[
        State(
            S.ordered,
            "待付款",
            To(S.paid, when=order_paid),
            To(S.cancelled, when=order_cancelled),
            waits_for="customer",
        ),
        State(S.paid, "已付款", final=True),
        State(S.cancelled, "已取消", final=True),
    ],
    facts=[standing],
)

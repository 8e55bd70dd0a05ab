"""Where a force would leave a registration stuck or pay for nothing, and what a lost reply to a payment proves."""

import re
from typing import cast

import pytest

from adapters.generator import Generator, Order
from states.copyright.forced import dead_end
from states.copyright.proofs import order_was_paid
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from states.copyright.values import Noticed
from tests.flows.matters import alone, case, order
from workflow import CannotTell, Case, Done, NotDone, ProofAnswer

ORDERED = frozenset({("place_order", ""), ("pay_order", "")})
CONFIRMED = frozenset({("confirm", "")})
BY_HAND = alone(noticed=Noticed(round=0, filing="F1"))


@pytest.mark.parametrize(
    ("of", "state", "source", "round_", "stuck"),
    [
        (case("generating", round=1), "unprocessed", "generating", 0, "no|none"),
        (case("needs_correction", round=2), "needs_correction", "needs_correction", 1, "there is none"),
        (case("submitted", round=1), "needs_correction", "submitted", 0, None),
        (case("submitted", round=1), "unprocessed", "submitted", 0, "there is none.*needs_correction --new-round"),
        (case("submitted", round=1), "generating", "submitted", 0, "there is none"),
        (case("rejected", round=1), "needs_correction", "rejected", 0, "decided.*--again"),
        (case("granted", round=1), "unprocessed", "granted", 0, "decided"),
        (case("generating"), "unprocessed", "generating", 0, None),
        (case("submitted", done=ORDERED), "unprocessed", "submitted", 0, None),
        (case("submitted"), "unprocessed", "submitted", 0, "used for nothing"),
        (case("rejected"), "unprocessed", "rejected", 0, "used for nothing"),
        (case("rejected"), "generating", "rejected", 0, None),
        (case("generating"), "submitted", "generating", 0, "nothing was filed"),
        (case("generating", done=CONFIRMED), "submitted", "generating", 0, None),
        (case("generating", BY_HAND), "submitted", "generating", 0, None),
        (case("generating", BY_HAND, round=1), "submitted", "generating", 1, "nothing was filed in round 1"),
        (case("submitted", BY_HAND, round=1), "submitted", "submitted", 0, "nothing was filed in round 1"),
        (case("rejected", done=CONFIRMED), "submitted", "rejected", 0, None),
        (case("generating"), "rejected", "generating", 0, None),
    ],
)
def test_a_force_that_would_leave_a_case_stuck_is_told(
    of: Case[Registration], state: str, source: str, round_: int, stuck: str | None
) -> None:
    found = dead_end(of, state, source, round_)
    assert (found is None) == (stuck is None)
    if stuck is not None:
        assert re.search(stuck, str(found))


class Orders:
    def __init__(self, *orders: Order) -> None:
        self.orders = orders

    async def find(self, title: str, version: str, round: int) -> tuple[Order, ...]:
        return self.orders


OTHERS = {"owners": [{"name": "另一家公司"}], "applicant": {"name": "另一家公司"}}


@pytest.mark.parametrize(
    ("found", "proves"),
    [
        (order(reference="RZ-0001"), Done),
        (order(reference="RZ-0001", paid=False, ready=False), NotDone),
        (order(reference="RZ-0001", particulars=OTHERS), CannotTell),
        (order(particulars=OTHERS), CannotTell),
        (order(reference="RZ-0001", particulars=OTHERS, paid=False, ready=False), CannotTell),
    ],
)
async def test_an_order_that_is_not_as_ours_proves_no_payment(found: Order, proves: type[ProofAnswer]) -> None:
    of = case("unprocessed", done=ORDERED - {("pay_order", "")})
    said = await order_was_paid(of, CopyrightSettings(), cast(Generator, Orders(found)))
    assert isinstance(said, proves)

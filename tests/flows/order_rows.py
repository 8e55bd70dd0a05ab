"""Rows of the table of a registration about its orders and the day of its correction: fact, case, line, facts."""

from datetime import date
from typing import Any

from states.copyright.correction import Deadline
from states.copyright.values import Notice, OrdersAnew, Papers, Warned
from tests.flows.matters import PAPER, alone, case, order

ENDED = order(ended="已退款", paid=False, ready=False)
OWN = Papers(round=0, application=PAPER, source=PAPER, manual=PAPER)
ANEW = alone(orders_anew=OrdersAnew(round=0, count=1))
FIRST, SECOND = (frozenset({("place_order", id), ("pay_order", id)}) for id in ("", "2"))
ORDERED: list[Any] = [
    ("nothing is ordered", case("unprocessed"), "generating[form_complete+order_missing]", {"order": None}),
    ("an unpaid order is paid", case("unprocessed"), "generating[form_complete+order_unpaid]",
        {"order": order(paid=False)}),
    ("a paid order is waited for", case("unprocessed"), "generating[order_paid]", {"order": order(ready=False)}),
    ("a finished order counts as paid", case("unprocessed"), "generating[order_paid]", {"order": order()}),
    ("two unpaid orders are a person's matter", case("unprocessed"), None,
        {"order": order(paid=False, twins=2)}),
    ("one of two orders is paid", case("unprocessed"), "generating[order_paid]", {"order": order(twins=2)}),
    ("an order that came to nothing is a person's matter", case("unprocessed"), None, {"order": ENDED}),
    ("people gave the materials", case("unprocessed", alone(own_materials=OWN)), "generating[materials_given]"),
]  # fmt: skip
LACKING: list[Any] = [
    ("the form asks more than is said", case("unprocessed", alone(purpose=None)), None, {"order": None}),
    ("nothing more is paid for either", case("unprocessed", alone(features=())), None, {"order": order(paid=False)}),
]
PLACED: list[Any] = [
    ("an order that is gone is a person's matter", case("unprocessed", done=FIRST), None, {"order": None}),
    ("in whatever state", case("generating", done=FIRST), None, {"order": None}),
    ("as is one that came to nothing", case("generating", done=FIRST), None, {"order": ENDED}),
    ("it is ordered anew by a person's word", case("generating", ANEW, done=FIRST),
        "stay:place_order+pay_order[form_complete+order_anew]", {"order": None}),
    ("once", case("generating", ANEW, done=FIRST | SECOND), None, {"order": None}),
    ("not beside one that lies there", case("generating", ANEW, done=FIRST), None, {"order": order(ready=False)}),
    ("what was placed and not paid is paid", case("generating", ANEW, done=FIRST | {("place_order", "2")}),
        "stay:pay_order[payment_due+order_unpaid]", {"order": order(paid=False)}),
    ("and not twice", case("generating", done=FIRST), None, {"order": order(paid=False)}),
    ("own materials need no order", case("generating", alone(own_materials=OWN)),
        "stay:save_draft[materials_ready+draft_unrivalled+form_complete+draft_behind]",
        {"order": None, "draft": None, "draft_differences": {}}),
]  # fmt: skip
NOTICE = Notice(text="著作权人证件号码有误。", issued_on=date(2026, 11, 30))
DUE = {
    days: {"deadline": Deadline(on=date(2026, 12, 30), left=days, warned=Warned(round=1, days=days))}
    for days in (30, 7, -1)
}
CORRECTING = case("needs_correction", alone(notice=NOTICE), round=1)
WARNED = case("needs_correction", alone(notice=NOTICE, warned=Warned(round=1, days=30)), round=1)
KEPT: list[Any] = [
    ("a notice that asks for what people give is told", CORRECTING, "stay:warned[correction_untold]", DUE[30]),
    ("and nothing is ordered", WARNED, None, {**DUE[30], "order": None}),
    *((f"a deadline is kept, {state}, {days}", case(state, alone(notice=NOTICE), round=1),
          f"stay:warned[is_correction+{said}]", DUE[days])
      for state in ("needs_correction", "generating", "awaiting_agreement", "awaiting_captcha")
      for days, said in ((7, "deadline_near"), (-1, "deadline_over"))),
]  # fmt: skip

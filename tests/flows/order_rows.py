"""Rows of the table of a registration about its orders and the day of its correction: fact, case, line, facts."""

from datetime import date
from typing import Any

from adapters.bureau.portal import FilingStatus
from states.copyright.correction import Deadline
from states.copyright.values import Named, Notice, Noticed, OrdersAnew, OwnersOfRound, Papers, Warned
from states.copyright.words import Answer
from tests.flows.matters import PAPER, alone, case, draft, filing, on_file, order

CORRECTED = ("needs_correction", "generating", "awaiting_agreement", "awaiting_captcha")
ENDED = order(ended="已退款", paid=False, ready=False)
OWN = Papers(round=0, application=PAPER, source=PAPER, manual=PAPER)
LEFT, NO_TIME = Named(what="order", number="G0000001", round=0), {"deadline": None}
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
        "stay:place_order+pay_order[form_complete+order_anew+is_new]", {"order": None}),
    ("once", case("generating", ANEW, done=FIRST | SECOND), None, {"order": None}),
    *((f"what lies there of before is given up first, {state}", case(state, ANEW, done=FIRST),
          "stay:not_ours+[order_wanted_anew+order_left]", {"order": found, "left_order": LEFT, **NO_TIME})
      for state in ("unprocessed", "generating", "needs_correction")
      for found in (order(ready=False), order(), order(paid=False), ENDED)),
    ("not what a person said since is the case's", case("generating", ANEW.model_copy(update={"ours": (LEFT,)}),
        done=FIRST), None, {"order": order(ready=False)}),
    ("what was placed and not paid is paid", case("generating", ANEW, done=FIRST | {("place_order", "2")}),
        "stay:pay_order[payment_due+order_unpaid+is_new]", {"order": order(paid=False)}),
    ("and not twice", case("generating", done=FIRST), None, {"order": order(paid=False)}),
    ("own materials of what it said before are not used",
        case("generating", alone(own_materials=OWN, stale=("materials",))), None, {"order": None}),
    ("own materials need no order", case("generating", alone(own_materials=OWN)),
        "stay:save_draft[materials_ready+draft_unrivalled+form_complete+attorney_on_file+draft_behind+answer_open]",
        {"order": None, "draft": None, "draft_differences": {}}),
]  # fmt: skip
NOTICE = Notice(text="著作权人证件号码有误。", issued_on=date(2026, 11, 30))
DUE = {
    days: {"deadline": Deadline(on=date(2026, 12, 30), left=days, warned=Warned(round=1, days=days))}
    for days in (30, 7, -1)
}
OF_MATERIALS = Notice(text="说明书不清楚。", issued_on=date(2026, 11, 30))
WANTED = filing(FilingStatus.correction)
CORRECTING = case("needs_correction", alone(notice=NOTICE), round=1)
WARNED = case("needs_correction", alone(notice=NOTICE, warned=Warned(round=1, days=30)), round=1)
KEPT: list[Any] = [
    ("a notice that asks for what people give is told", CORRECTING, "stay:warned[correction_untold]", DUE[30]),
    ("and nothing is ordered", WARNED, None, {**DUE[30], "order": None}),
    ("nor is an order used that somebody paid", WARNED, None, {**DUE[30], "order": order(round=1)}),
    *((f"a deadline is kept, {state}, {days}", case(state, alone(notice=NOTICE), round=1),
          f"stay:warned[is_correction+{said}]", DUE[days])
      for state in CORRECTED
      for days, said in ((7, "deadline_near"), (-1, "deadline_over"))),
]  # fmt: skip
LOST = {"notice": OF_MATERIALS, "warned": Warned(round=1, days=-1)}
AGAIN = alone(notice=OF_MATERIALS, orders_anew=OrdersAnew(round=1, count=1), warned=Warned(round=1, days=30))
UNPAID = FIRST | {("place_order", "2")}
READY = {"order": order(round=1), "draft_differences": {}, **DUE[-1]}
ASKED = OwnersOfRound(round=1, owners=("o1",))
OF_ROUND: list[Any] = [
    ("it is ordered anew while the bureau waits", case("generating", AGAIN, round=1, done=FIRST),
        "stay:place_order+pay_order[form_complete+order_anew+answer_open+correction_stands]",
        {"order": None, "filing": WANTED, **DUE[30]}),
    ("and paid", case("generating", AGAIN, round=1, done=UNPAID),
        "stay:pay_order[payment_due+order_unpaid+answer_open+correction_stands]",
        {"order": order(round=1, paid=False), "filing": WANTED, **DUE[30]}),
    *((f"nothing is paid for what is {said}", case("generating", AGAIN, round=1, done=done), None,
          {"order": found, "filing": shown, **DUE[30]})
      for said, shown in (("gone", None), ("refused", filing(FilingStatus.refused)))
      for done, found in ((FIRST, None), (UNPAID, order(round=1, paid=False)))),
    *((f"nothing is ordered for what is {said}",
          case("needs_correction", alone(notice=OF_MATERIALS), round=1), None,
          {"order": None, "filing": shown, **DUE[30]})
      for said, shown in (("gone", None), ("withdrawn", filing(FilingStatus.withdrawn)),
                          ("issued", filing(FilingStatus.issued)))),
    *((f"what was {answer} meanwhile goes on as filed, {state}",
          case(state, alone(noticed=Noticed(round=1, answer=answer)), round=1), "submitted[decided_elsewhere]")
      for state in CORRECTED for answer in (Answer.refused, Answer.issued)),
    *((f"what was withdrawn is a person's, {state}",
          case(state, alone(noticed=Noticed(round=1, answer=Answer.withdrawn), codes_wanted=ASKED), round=1), None,
          {"order": order(round=1), "draft": None, "draft_differences": {}, "codes_on_file": on_file()})
      for state in CORRECTED[1:]),
    ("once its time is over nothing is ordered", case("needs_correction", alone(**LOST), round=1), None,
        {"order": None, **DUE[-1]}),
    ("nor saved", case("generating", alone(**LOST), round=1), None, {**READY, "draft": None}),
    ("nor filed", case("generating", alone(**LOST), round=1), None, {**READY, "draft": draft(round=1)}),
    ("nor filed once the codes are there",
        case("awaiting_captcha", alone(**LOST, codes_wanted=ASKED, codes_entered=ASKED), round=1), None,
        {"codes_on_file": on_file(), "draft": draft(round=1), "standing": Noticed(round=1), **DUE[-1]}),
    ("nor is a code handed in", case("awaiting_captcha", alone(**LOST, codes_wanted=ASKED), round=1), None,
        {"codes_on_file": on_file("o1"), "standing": Noticed(round=1), **DUE[-1]}),
    ("nor asked for", case("awaiting_captcha", alone(**LOST, codes_wanted=ASKED), round=1), None,
        {"codes_on_file": on_file(), **DUE[-1]}, "request_codes"),
]  # fmt: skip


def corrected(key: str | None) -> str | None:
    """The line of a correction in place of that of a first filing: people agreed, and before money the bureau waits."""
    if key is None:
        return None
    agreed = key.replace("[", "[correction_agreed+")
    spends = "order_missing" in key or "order_unpaid" in key
    return agreed.replace("]", "+correction_stands]") if spends else agreed

"""Whether what our record says a case waits for is so outside: by the bureau's pages and the ledger alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.year.bureau import Desk, Shown
from tests.year.ledger import Told

if TYPE_CHECKING:
    from tests.year.judge import Came

WORDS = frozenset({"已提交材料", "审查中", "待补正", "不予受理", "已发放", "已撤回"})
"""The bureau's words that the office knows."""
ENDED = frozenset({"生成失败", "已退款", "已取消", ""})
"""Of an order that makes nothing any more; one that is gone has no status."""
Check = Callable[["Came", Told, Desk, Shown | None], str]
"""Answers what is not so; empty where the reason holds."""


def reason_holds(came: Came, told: Told, desk: Desk, shown: Shown | None) -> str:
    """What contradicts the reason that is told of a waiting case; empty where it is true."""
    if came.why["who"] not in ("operator", "owner"):
        return f"no person is named: {came.why['who']}, {came.why['reason']}"
    check = CHECKS.get(came.state)
    return check(came, told, desk, shown) if check else f"no rule of the judge knows {came.state}"


def _of_filing(came: Came, told: Told, desk: Desk, shown: Shown | None) -> str:
    """A person is wanted about a filing: it is gone, withdrawn, or shown by a word that nobody knows."""
    if shown is None:
        return "" if told.removed else "the filing is in the list"
    odd = shown.status == "已撤回" or shown.status not in WORDS
    return "" if odd else f"the bureau shows {shown.status}"


def _order(came: Came, told: Told, desk: Desk, shown: Shown | None) -> str:
    """No order of its title goes on by itself."""
    statuses = [desk.orders[number] for number, one in told.orders.items() if one["title"] == came.matter.title]
    return "" if statuses and statuses[-1] in ENDED else f"its orders stand as {', '.join(statuses) or 'none'}"


def _codes(came: Came, told: Told, desk: Desk, shown: Shown | None) -> str:
    """Somebody was sent a code and handed in none since."""
    title = came.matter.title
    for owner in came.matter.owners:
        happened = told.codes.get((title, owner.get("phone", "")), ())
        if happened and happened[-1]["kind"] == "code_sent":
            return _draft_lacks("codes", came, desk)
    return "each code that was sent was handed in"


def _seal(came: Came, told: Told, desk: Desk, shown: Shown | None) -> str:
    return _draft_lacks("seal", came, desk)


def _agreement(came: Came, told: Told, desk: Desk, shown: Shown | None) -> str:
    return _draft_lacks("agreement", came, desk)


def _correction(came: Came, told: Told, desk: Desk, shown: Shown | None) -> str:
    return "" if shown and shown.status == "待补正" else f"the bureau shows {shown.status if shown else 'no filing'}"


def _draft_lacks(what: str, came: Came, desk: Desk) -> str:
    drafts = [one for one in desk.drafts if one.reference == came.reference]
    if not drafts:
        return "there is no draft of it"
    return "" if what in drafts[0].missing else f"{drafts[0].draft} lacks {', '.join(sorted(drafts[0].missing)) or '-'}"


CHECKS: dict[str, Check] = {
    "generating": _order,
    "awaiting_captcha": _codes,
    "awaiting_seal": _seal,
    "awaiting_agreement": _agreement,
    "submitted": _of_filing,
    "needs_correction": _correction,
}
"""By the state in which our record says that it waits."""

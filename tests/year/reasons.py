"""Whether what our record says of a waiting matter is so outside: by the bureau's pages and the ledger alone.

What it says is a claim: the guard that refused, with what it saw, or the incident that bars the case; and each other
incident that stands open. Every claim has a rule here. One without a rule counts as untrue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tests.year.bureau import Desk, Shown
from tests.year.ledger import Told

if TYPE_CHECKING:
    from tests.year.judge import Came

WORDS = frozenset({"已提交材料", "审查中", "待补正", "不予受理", "已发放", "已撤回"})
"""The bureau's words that the office knows; another one is news to it."""
ENDED = frozenset({"生成失败", "已退款", "已取消", ""})
"""Of an order that makes nothing any more; one that is gone has no status."""
CODES = 3
"""So many are asked for of one owner before a person says that there be another."""
TIME = timedelta(days=30)
"""For the answer to a notice."""
WAITS = ("input_missing", "guard_false", "external_wait")
"""The reasons under which a guard refused."""


@dataclass(frozen=True)
class Held:
    """A claim, held against the outside. seen: what our record says it saw."""

    came: Came
    told: Told
    desk: Desk
    shown: Shown | None
    seen: Mapping[str, Any]


Check = Callable[[Held], str]
"""Answers what is not so; empty where the claim is true."""


def untrue(came: Came, told: Told, desk: Desk, shown: Shown | None) -> Iterator[str]:
    """What contradicts that a matter waits, for whom, and why."""
    if came.why["who"] not in ("operator", "owner"):
        yield f"no person is named: {came.why['who']}, {came.why['reason']}"
        return
    name, seen = claimed(came.why)
    # that a person is wanted says no more than the wait itself
    others = [f"incident {kind}" for kind in came.incidents if kind != "person_wanted"]
    for claim, saw in ((name, seen), *((one, {}) for one in others if one != name)):
        check = CHECKS.get(claim)
        if found := check(Held(came, told, desk, shown, saw)) if check else f"no rule of the judge knows {claim}":
            yield f"{claim}: {found}"


def claimed(why: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The name of what our record says is the matter, and what it saw: a guard, an incident, or another reason."""
    if why["reason"] == "incident_open":
        return f"incident {why['detail']['kind']}", why["detail"].get("seen") or {}
    if why["reason"] not in WAITS:
        return str(why["reason"]), why["detail"]
    refused = [(line["satisfied"], one) for line in why["lines"] for one in line["guards"] if not one["ok"]]
    theirs = [found for found in refused if found[1]["waits_for"] == why["who"]] or refused
    guard = max(theirs, key=lambda found: found[0])[1]
    return str(guard["guard"]), guard["seen"]


# ---------------------------------------------------------------- before it is filed


def _codes(held: Held) -> str:
    """Whoever is named was sent a code, and handed in none since."""
    if not (missing := held.seen.get("missing")):
        return "it names nobody whose code is missing"
    phones = {one["name"]: one.get("phone", "") for one in held.came.matter.owners}
    for name in missing:
        happened = held.told.codes.get((held.came.matter.title, phones.get(name, "")), ())
        if not happened or happened[-1]["kind"] != "code_sent":
            return f"{name} has no code that he did not hand in"
    return _lacks("codes", held)


def _unanswered(held: Held) -> str:
    """One of the owners was sent a code and handed in none since."""
    for owner in held.came.matter.owners:
        happened = held.told.codes.get((held.came.matter.title, owner.get("phone", "")), ())
        if happened and happened[-1]["kind"] == "code_sent":
            return ""
    return "each code that was sent was handed in"


def _used_up(held: Held) -> str:
    """Whoever is named was sent as many codes as are asked for without a person's word."""
    phones = {one["name"]: one.get("phone", "") for one in held.came.matter.owners}
    for name in held.seen.get("used_up", ()):
        happened = held.told.codes.get((held.came.matter.title, phones.get(name, "")), ())
        if (n := sum(one["kind"] == "code_sent" for one in happened)) < CODES:
            return f"{name} was sent {n} codes"
    return "" if held.seen.get("used_up") else "it names nobody whose codes are used up"


def _seal(held: Held) -> str:
    return _lacks("seal", held)


def _specimens(held: Held) -> str:
    """Whoever is named is one of the owners, and the bureau has no signed page."""
    names = {one["name"] for one in held.came.matter.owners}
    strangers = [name for name in held.seen.get("missing", ()) if name not in names]
    return f"{strangers[0]} is no owner" if strangers else _lacks("seal", held)


def _agreement(held: Held) -> str:
    return _lacks("agreement", held)


def _lacks(what: str, held: Held) -> str:
    """The newest draft under our mark is not confirmed, and the bureau's page says that this is missing."""
    drafts = [one for one in held.desk.drafts if one.reference == held.came.reference]
    if not drafts:
        return "there is no draft of it"
    missing = drafts[0].missing
    return "" if what in missing else f"{drafts[0].draft} lacks {', '.join(sorted(missing)) or 'nothing'}"


def _order(held: Held) -> str:
    """The newest order under our mark makes nothing any more, and its end is the one that is told."""
    numbers = held.told.orders_of(held.came.reference)
    status = held.desk.orders[numbers[-1]] if numbers else "none was placed"
    if status not in ENDED:
        return f"its order stands as {status}"
    said = held.seen.get("order_ended") or ""
    return "" if said == status else f"its order stands as {status or 'gone'}, told is {said or 'gone'}"


# ---------------------------------------------------------------- after it is filed


def _gone(held: Held) -> str:
    """The bureau took the filing out of its lists."""
    numbers = {one.filing for one in held.told.confirmed if one.reference == held.came.reference}
    if held.shown is not None:
        return f"{held.shown.filing} is in the list"
    return "" if numbers & held.told.removed else "nothing of it was taken out of the lists"


def _withdrawn(held: Held) -> str:
    status = held.shown.status if held.shown else "no filing"
    return "" if status == "已撤回" else f"the bureau shows {status}"


def _unknown_word(held: Held) -> str:
    """The bureau shows a word that nobody knows, and that is the word that is told."""
    status = held.shown.status if held.shown else ""
    if not status or status in WORDS:
        return f"the bureau shows {status or 'no filing'}"
    return "" if status in str(held.seen.get("says", "")) else f"the bureau shows {status}, told is {held.seen}"


def _correction(held: Held) -> str:
    """The bureau waits for an answer; where it is told to be too late, the time is over."""
    if held.shown is None or held.shown.status != "待补正":
        return f"the bureau shows {held.shown.status if held.shown else 'no filing'}"
    last = date.fromisoformat(held.shown.noticed_on) + TIME
    over = last < date.fromisoformat(held.desk.today)
    if bool(held.seen.get("too_late")) == over:
        return ""
    return f"the last day is {last}, today is {held.desk.today}, told is {'too late' if not over else 'time is left'}"


def _ended(held: Held) -> str:
    """What is told of the filing ended the matter at the bureau; or the time for an answer is over."""
    if held.seen.get("too_late"):
        return _correction(held)
    return _gone(held) if held.seen.get("filing_gone") else _withdrawn(held)


def _not_asked(held: Held) -> str:
    """The bureau wants no correction just now, and shows what is told; or the filing is gone."""
    if held.seen.get("filing") is None:
        return _gone(held)
    status = held.shown.status if held.shown else "no filing"
    is_told = status in str(held.seen.get("says", ""))
    return "" if is_told and status != "待补正" else f"the bureau shows {status}, told is {held.seen.get('says')}"


def _lost(held: Held) -> str:
    return _correction(Held(held.came, held.told, held.desk, held.shown, {"too_late": True}))


CHECKS: Mapping[str, Check] = {
    "codes_complete": _codes,
    "codes_entered": _codes,
    "codes_to_request": _used_up,
    "seal_page_on_file": _seal,
    "specimens_complete": _specimens,
    "agreement_on_file": _agreement,
    "materials_ready": _order,
    "order_paid": _order,
    "order_unpaid": _order,
    "order_missing": _order,
    "order_anew": _order,
    "filing_shown": _gone,
    "filing_stands": _withdrawn,
    "status_known": _unknown_word,
    "correction_agreed": _correction,
    "correction_stands": _not_asked,
    "answer_open": _ended,
    "decided_elsewhere": _ended,
    "incident codes_unanswered": _unanswered,
    "incident correction_lost": _lost,
}
"""By what our record claims: the guard that refused, or an open incident."""

"""What people may say of the order of a round's materials: it is ordered anew, or they hand in their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from states.copyright.edits import DRAFT, MATERIALS
from states.copyright.facts import WITH_DRAFT
from states.copyright.looks import MADE, judge_materials
from states.copyright.orders import order_requests, order_wanted_anew
from states.copyright.registration import Registration
from states.copyright.remotes import MATERIAL_LOOK
from states.copyright.settings import CopyrightSettings
from states.copyright.values import Doubt, DoubtfulPaper
from workflow import Case
from workflow.intake.gives import Cost, Give, Look, NotTaken, Part

FLOW = "copyright"
BEFORE_FILING = (
    "unprocessed", "generating", "awaiting_agreement", "awaiting_captcha", "awaiting_seal", "needs_correction",
)  # fmt: skip
CORRECTING = BEFORE_FILING[1:]
Data = Mapping[str, Any]


def _is_placed(case: Case[Registration], given: Data, today: date) -> Data:
    """One that is wanted anew is placed before another is. Whatever lies there of the round may be replaced."""
    if order_wanted_anew(case):
        command = f"caseward case why {case.number}"
        raise NotTaken(
            "not_allowed",
            "the order that is wanted was not placed yet",
            "本轮所需的订单尚未下单",
            (f"what is in its way: {command}", f"查看原因：{command}"),
        )
    (wanted,) = order_requests(case)
    return {**given, "round": case.round, "count": wanted.count, "has_draft": case.state in WITH_DRAFT}


def _lacks_order(case: Case[Registration], given: Data, today: date) -> Data:
    if case.data.draft_number is None:
        cure = ("nothing is to be done: materials are ordered by themselves", "无需处理：材料会自动下单")
        raise NotTaken("not_allowed", "it took over no draft", "该题目没有接管草稿", cure)
    return given


def _anew(data: Data, given: Data) -> Mapping[str, object]:
    """The orders of the round count no more, whoever placed them; what was made of them is not used."""
    round_ = given["round"]
    named = [*(data.get("placed") or ()), *(data.get("ours") or ())]
    numbers = [one["number"] for one in named if (one["what"], one["round"]) == ("order", round_)]
    made = data.get("materials")
    if made is not None and made["round"] == round_ and made["order"]:
        numbers.append(made["order"])
    others = {
        name: [one for one in data.get(name) or () if one["what"] != "order" or one["number"] not in numbers]
        for name in ("ours", "not_ours")
    }
    old = [{"what": "order", "number": number, "round": round_} for number in dict.fromkeys(numbers)]
    return {
        **others,
        "not_ours": [*others["not_ours"], *old],
        "orders_anew": {"round": round_, "count": given["count"]},
        "own_materials": None,
        "doubtful": _without_made(data),
        "stale": _made_anew(data, given),
    }


def _own(data: Data, given: Data) -> Mapping[str, object]:
    own = {"round": given["round"], **{name: given[name] for name in MADE}}
    unread = {name: DoubtfulPaper(document=given[name], doubts=(Doubt(code="unread"),)) for name in given["unread"]}
    doubtful = {**_without_made(data), **unread}
    return {"own_materials": own, "doubtful": doubtful, "stale": _made_anew(data, given)}


def _without_made(data: Data) -> dict[str, object]:
    """The doubtful papers but for materials."""
    return {name: one for name, one in (data.get("doubtful") or {}).items() if name not in MADE}


def _made_anew(data: Data, given: Data) -> list[str]:
    """What is stale once the materials are others: they are not any more, a draft that has the former ones is."""
    had = data.get("materials")
    has_draft = given["has_draft"] or (had is not None and had["round"] == given["round"])
    kept = set(data.get("stale") or ()) - {MATERIALS}
    return sorted(kept | ({DRAFT} if has_draft else set()))


def _of_round(case: Case[Registration], given: Data, today: date) -> Data:
    return {**given, "round": case.round, "has_draft": case.state in WITH_DRAFT}


def _named(case: Case[Registration]) -> Data:
    return {"title": case.data.full_name, "version": case.data.version}


def _cost(settings: CopyrightSettings) -> Cost:
    return Cost(settings.price.amount, settings.price.currency, settings.price.payee)


def _gives() -> Iterator[Give]:
    yield Give(
        "order-anew",
        FLOW,
        {"amount": Part("text"), "reason": Part("text")},
        _anew,
        check=_is_placed,
        states=BEFORE_FILING,
        cost=_cost,
        instead=True,
    )
    yield Give(
        "materials",
        FLOW,
        {**{name: Part("pdf", "own_material") for name in MADE}, "reason": Part("text")},
        _own,
        check=_of_round,
        looks=dict.fromkeys(MADE, Look(MATERIAL_LOOK, _named)),
        judge=judge_materials,
        states=BEFORE_FILING,
        instead=True,
    )
    yield Give(
        "order-materials",
        FLOW,
        {"amount": Part("text"), "reason": Part("text")},
        lambda data, given: {"order_wished": True},
        check=_lacks_order,
        states=("unprocessed",),
        cost=_cost,
    )


ORDER_GIVES = tuple(_gives())

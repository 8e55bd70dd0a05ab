"""What people may say of a correction: that what only they can give is given, and that the bureau gave more time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from states.copyright.correction import answer_by, notice_of
from states.copyright.notice_text import asked_by
from states.copyright.order_gives import CORRECTING, FLOW
from states.copyright.registration import Registration
from workflow import Case
from workflow.intake.gives import Give, NotTaken, Part

Data = Mapping[str, Any]
PAPERS: Mapping[str, str] = {"agreement": "协议", "identity": "身份证明", "seal_page": "签章"}
"""The papers that a notice may ask for, as people may call them."""
BETWEEN = re.compile(r"[,，、\s]+")


def _is_corrected(case: Case[Registration], given: Data, today: date) -> Data:
    if case.data.correction_given == case.round:
        cure = ("nothing is to be done", "无需处理")
        raise NotTaken("not_allowed", "that was said of this correction already", "本次补正已确认过", cure)
    notice = notice_of(case)
    if notice is not None and answer_by(notice) < today:
        last = answer_by(notice).isoformat()
        command = f"caseward case give {case.number} deadline answer_by=DAY reason=TEXT"
        raise NotTaken(
            "not_allowed",
            f"the bureau took answers until {last}",
            f"版权局的答复期限到 {last} 为止",
            (f"if the bureau gave more time: {command}", f"版权局另给时间的：{command}"),
        )
    elsewhere = _named(given["without"] or "")
    if lacking := [name for name in _lacking(case) if name not in elsewhere]:
        raise _not_handed_in(case, lacking)
    return {**given, "round": case.round}


def _lacking(case: Case[Registration]) -> Iterator[str]:
    """The papers that the notice asks for and that were not handed in since. An answer has no place for others."""
    notice = notice_of(case)
    for name in () if notice is None else asked_by(notice.text).papers:
        agreement = case.data.agreement
        if name != "agreement" or agreement is None or (notice and agreement.digest == notice.agreement):
            yield name


def _named(said: str) -> set[str]:
    found = set[str]()
    for word in filter(None, BETWEEN.split(said)):
        name = next((one for one, zh in PAPERS.items() if word.lower().replace("-", "_") in (one, zh)), None)
        if name is None:
            known = f"without is one of: {', '.join(PAPERS)}", f"without 为其中若干：{'、'.join(PAPERS.values())}"
            raise NotTaken("usage", f"there is no {word}", f"没有 {word}", known)
        found.add(name)
    return found


def _not_handed_in(case: Case[Registration], lacking: list[str]) -> NotTaken:
    """With the command that hands in the first, or with what helps where there is no such command."""
    again = f"caseward case give {case.number} correction reason=TEXT without={','.join(lacking)}"
    upload = f"caseward case upload {case.number} agreement FILE"
    compare = f"caseward case compare {case.number} agreement --out FILE"
    if "agreement" not in lacking:
        cure = (
            "file the answer with them at the bureau's website by hand, which is noticed within the hour; if they went "
            f"there otherwise, or the notice does not ask for them: {again}",
            "请在版权局网站上人工提交，一小时内会自动接管；已另行寄送，或通知并未要求的：" + again,
        )
    elif "agreement" in case.data.doubtful:
        cure = f"a person compares it first: {compare}", f"须先由人核对：{compare}"
    else:
        cure = f"{upload}; if the notice does not ask for it: {again}", f"{upload}；通知并未要求的：{again}"
    names = "、".join(PAPERS[one] for one in lacking)
    return NotTaken(
        "not_handed_in",
        f"the notice asks for {', '.join(one.replace('_', ' ') for one in lacking)}, and none was handed in since",
        f"通知要求提供{names}，此后尚未提交",
        cure,
    )


def _has_more_time(case: Case[Registration], given: Data, today: date) -> Data:
    """A day that has not passed, of a notice that is not answered."""
    if notice_of(case) is None:
        cure = ("nothing is to be done", "无需处理")
        raise NotTaken("not_allowed", "no notice of the bureau waits for an answer", "没有待答复的补正通知", cure)
    if given["answer_by"] < today:
        cure = ("give the last day on which the bureau takes the answer", "请写版权局接受答复的最后一天")
        raise NotTaken("usage", f"{given['answer_by']} has passed", f"{given['answer_by']} 已过", cure)
    return given


def _later(data: Data, given: Data) -> Mapping[str, object]:
    return {"notice": {**data["notice"], "answer_by": given["answer_by"].isoformat()}, "warned": None}


CORRECTION_GIVES = (
    Give(
        "correction",
        FLOW,
        {"reason": Part("text"), "without": Part("text", optional=True)},
        lambda data, given: {"correction_given": given["round"]},
        check=_is_corrected,
        states=("needs_correction",),
    ),
    Give(
        "deadline",
        FLOW,
        {"answer_by": Part("day"), "reason": Part("text")},
        _later,
        check=_has_more_time,
        states=CORRECTING,
    ),
)

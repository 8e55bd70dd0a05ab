"""Where a force would leave a registration stuck, and the way that goes on; pure."""

from __future__ import annotations

from states.copyright.order_gives import BEFORE_FILING
from states.copyright.registration import Registration
from workflow import Case
from workflow.intake.gives import NotTaken

ENDED = ("granted", "rejected")
FILED = ("submitted", *ENDED)
ORDERING = ("unprocessed", "needs_correction")
"""States in which materials are ordered that nobody has ordered yet."""
ANEW = "caseward case give {number} order-anew amount=SUM reason=TEXT"


def dead_end(case: Case[Registration], state: str, source: str, round_: int) -> NotTaken | None:
    """case: as it would be in its new round; source and round_: where it is now."""
    is_new = case.round > round_
    if is_new and state in BEFORE_FILING and source in ENDED:
        return _decided(case)
    if is_new and state in BEFORE_FILING and (source, state) != ("submitted", "needs_correction"):
        return _answers_nothing(case, source)
    if not is_new and source in FILED and state in ORDERING and not _is_ordered(case):
        return _paid_for_nothing(case)
    if state == "submitted" and (is_new or source != "submitted") and not _is_filed(case):
        return _not_filed(case)
    return None


def _is_filed(case: Case[Registration]) -> bool:
    """Of this round, by us or by somebody else."""
    seen = case.data.noticed
    return ("confirm", "") in case.done or (seen is not None and seen.filing is not None and seen.round >= case.round)


def _is_ordered(case: Case[Registration]) -> bool:
    return any(action == "place_order" for action, _ in case.done)


def _decided(case: Case[Registration]) -> NotTaken:
    return NotTaken(
        "stuck",
        f"the bureau has decided it: round {case.round} would be an answer that it does not take",
        f"版权局已作出决定，不会接受第 {case.round} 轮的答复",
        (
            "to file the same anew: caseward case import FILE --again; where the bureau takes it up again: "
            f"caseward case force {case.number} submitted --reason TEXT",
            "重新申请：caseward case import FILE --again；版权局恢复办理的："
            f"caseward case force {case.number} submitted --reason TEXT",
        ),
    )


def _answers_nothing(case: Case[Registration], source: str) -> NotTaken:
    anew = ANEW.format(number=case.number)
    corrected = f"caseward case force {case.number} needs_correction --new-round --reason TEXT"
    cure = (
        f"to order once more in this round: {anew}; to look at it anew, leave --new-round out",
        f"在本轮重新下单：{anew}；只需重新查看时，请去掉 --new-round",
    )
    if source == "submitted":
        cure = f"where the bureau wants a correction: {corrected}", f"版权局要求补正的：{corrected}"
    return NotTaken(
        "stuck",
        f"round {case.round} would answer a notice of the bureau, and there is none: materials would be paid for "
        "once more, and nothing could be filed",
        f"第 {case.round} 轮是对补正通知的答复，而版权局没有发出补正通知：会再次付款，且无法提交",
        cure,
    )


def _paid_for_nothing(case: Case[Registration]) -> NotTaken:
    command = f"caseward case force {case.number} submitted --reason TEXT"
    return NotTaken(
        "stuck",
        "it is at the bureau, and nothing was ordered for it here: materials would be ordered and paid, and used for "
        "nothing",
        "版权局已有这件登记，本系统没有为它下过单：会下单付款，而材料用不上",
        (f"to look at it anew: {command}", f"只需重新查看：{command}"),
    )


def _not_filed(case: Case[Registration]) -> NotTaken:
    command = f"caseward case force {case.number} generating --reason TEXT"
    return NotTaken(
        "stuck",
        f"nothing was filed in round {case.round} as far as is known here: it would wait for an answer that may "
        "never come",
        f"据本系统所知，第 {case.round} 轮没有提交过：会一直等待可能永远不来的答复",
        (
            "what was filed by hand under our number is taken over by itself within an hour; to go on with filing: "
            f"{command}",
            f"以我方编号人工提交的登记会在一小时内自动接管；继续提交：{command}",
        ),
    )

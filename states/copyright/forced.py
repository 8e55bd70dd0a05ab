"""Where a force would leave a registration stuck, and the way that goes on; pure."""

from __future__ import annotations

from states.copyright.order_gives import BEFORE_FILING
from states.copyright.registration import Registration
from workflow import Case
from workflow.intake.gives import NotTaken

ANEW = "caseward case give {number} order-anew amount=SUM reason=TEXT"


def dead_end(case: Case[Registration], state: str, source: str, round_: int) -> NotTaken | None:
    """case: as it would be in its new round; source and round_: where it is now."""
    if case.round > round_ and source in BEFORE_FILING and source != "needs_correction" and state in BEFORE_FILING:
        command = ANEW.format(number=case.number)
        return NotTaken(
            "stuck",
            f"round {case.round} would answer a notice of the bureau, and there is none: materials would be paid for "
            "once more, and nothing could be filed",
            f"第 {case.round} 轮是对补正通知的答复，而版权局没有发出补正通知：会再次付款，且无法提交",
            (
                f"to order once more in this round: {command}; to look at it anew, leave --new-round out",
                f"在本轮重新下单：{command}；只需重新查看时，请去掉 --new-round",
            ),
        )
    seen = case.data.noticed
    is_filed = ("confirm", "") in case.done or (seen is not None and seen.filing is not None)
    if state == "submitted" and source != "submitted" and not is_filed:
        return NotTaken(
            "stuck",
            f"nothing was filed in round {case.round} as far as is known here: it would wait for an answer that may "
            "never come",
            f"据本系统所知，第 {case.round} 轮没有提交过：会一直等待可能永远不来的答复",
            (
                "what was filed by hand under our number is taken over by itself within an hour; to go on with filing: "
                f"caseward case force {case.number} generating --reason TEXT",
                "以我方编号人工提交的登记会在一小时内自动接管；继续提交："
                f"caseward case force {case.number} generating --reason TEXT",
            ),
        )
    return None

"""Kinds in which the bureau asks for a correction, or the order of the materials comes to nothing."""

from __future__ import annotations

from states.copyright.gives import GIVES
from tests.year.deeds.answers import (
    order_anew,
    order_turns,
    own_materials,
    put_certificate_right,
    put_date_right,
    say_given,
)
from tests.year.deeds.by_hand import answer_with_paper
from tests.year.drawn import Draw, Row
from tests.year.kind import SOON, WAITS, Deed, Does, Kind, Step, issued, under, wants

MATERIALS = "说明书与软件名称不一致，请补正。"
DATE, CERTIFICATE = "开发完成日期有误，请补正。", "著作权人证件号码与证件不符，请补正著作权人信息。"
PAPER = "请补交著作权人营业执照副本。"


def firm(draw: Draw) -> Row:
    return draw.of_firm()


def asked(notice: str) -> tuple[Step, ...]:
    return under(1), wants(notice, 2), under(1), issued(2)


def without(give: str) -> str:
    """The command that is lacking, where it is."""
    return "" if any(one.name == give for one in GIVES) else f"case give N {give}"


def corrected(name: str, said: str, notice: str, *does: Does) -> Kind:
    deeds = [Deed("needs_correction", one) for one in does]
    return Kind(name, said, firm, deeds=deeds, review=asked(notice), needs=without("correction"))


def ordered(name: str, said: str, turn: str, *does: Does) -> Kind:
    """The order's turn comes as soon as it is paid; what people do, an hour later."""
    deeds = [Deed("generating", order_turns(turn)), *(Deed("generating", one, hours=1) for one in does)]
    ends = frozenset({"granted"}) if does else WAITS
    return Kind(name, said, firm, deeds=deeds, review=SOON, ends=ends, minutes=100, needs=without("order-anew"))


CORRECTIONS = (
    Kind("correction", "the bureau wants other materials", firm, review=asked(MATERIALS)),
    Kind(
        "correction_twice",
        "the bureau wants other materials twice",
        firm,
        review=(under(1), wants(MATERIALS, 2), under(1), wants(MATERIALS, 2), under(1), issued(2)),
    ),
    corrected("correction_of_field", "the bureau wants a date put right", DATE, put_date_right, say_given),
    corrected(
        "correction_of_certificate",
        "the bureau finds a certificate's number wrong",
        CERTIFICATE,
        put_certificate_right,
        say_given,
    ),
    Kind(
        "correction_of_paper",
        "the bureau wants a paper, which staff hands in at its website",
        firm,
        deeds=(Deed("needs_correction", answer_with_paper),),
        review=asked(PAPER),
        asks_paper=True,
    ),
    Kind(
        "correction_unanswered",
        "nobody answers a correction until its deadline is over",
        firm,
        review=asked(DATE),
        ends=WAITS,
        needs=without("correction"),
    ),
    ordered("refunded", "the order is refunded, and staff orders anew", "已退款", order_anew),
    ordered("refunded_and_left", "the order is refunded, and nobody says what is to be done", "已退款"),
    ordered("made_again", "the generation fails, and is made again there", "生成失败", order_turns("重新生成")),
    ordered("own_materials", "the order is gone, and the agency hands in its own", "查无此单", own_materials),
    ordered("faulty_document", "the generation makes a faulty manual; ordered anew", "内容有误", order_anew),
)

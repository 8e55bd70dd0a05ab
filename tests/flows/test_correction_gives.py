"""A person says that a correction can be answered: taken only with what the notice asks of people."""

import re
from datetime import date

import pytest

from states.copyright.correction import answer_by
from states.copyright.gives import GIVES
from states.copyright.registration import Registration
from states.copyright.values import Doubt, DoubtfulPaper, Notice, Warned
from tests.flows.matters import PAPER, alone, case
from workflow import Case
from workflow.intake.gives import NotTaken

BY_NAME = {give.name: give for give in GIVES}
TODAY = date(2026, 12, 10)
AGREED = PAPER.model_copy(update={"digest": "a" * 64})
DOUBTED = {"agreement": DoubtfulPaper(document=AGREED, doubts=(Doubt(code="unread"),))}


def wanted(text: str, had: str | None = None, **more: object) -> Case[Registration]:
    notice = Notice(text=text, issued_on=date(2026, 12, 1), agreement=had)
    return case("needs_correction", alone(notice=notice, warned=Warned(round=1, days=1), **more), round=1)


def given(name: str, of: Case[Registration], **said: object) -> dict[str, object]:
    meant = BY_NAME[name].check(of, {"without": None, **said}, TODAY)
    return dict(BY_NAME[name].patch(of.data.model_dump(mode="json"), {**said, **meant}))


def test_an_answer_that_comes_too_late_is_refused_until_the_bureau_gives_more_time() -> None:
    late = wanted("请于3日内补正。")
    with pytest.raises(NotTaken, match="2026-12-04"):
        given("correction", late, reason="已更正")
    with pytest.raises(NotTaken, match="passed"):
        given("deadline", late, answer_by=date(2026, 12, 9), reason="版权局来电")
    patch = given("deadline", late, answer_by=date(2026, 12, 20), reason="版权局来电")
    assert patch["warned"] is None
    assert answer_by(Notice.model_validate(patch["notice"])) == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("of", "cure"),
    [
        (wanted("请补充合作开发协议。"), "upload RZ-0001 agreement FILE.*without=agreement"),
        (wanted("合作开发协议未签字。", PAPER.digest, agreement=PAPER), "upload RZ-0001 agreement FILE"),
        (wanted("请补充合作开发协议。", doubtful=DOUBTED), "compare RZ-0001 agreement"),
        (wanted("申请表未盖章。"), "website by hand.*without=seal_page"),
        (wanted("请提交营业执照，申请表未盖章。"), "without=identity,seal_page"),
        (wanted("请补充合作开发协议，请提交营业执照。", agreement=AGREED), "website by hand.*without=identity"),
    ],
    ids=["no agreement", "the agreement of before", "a doubtful one", "a seal", "two papers", "one of two"],
)
def test_a_paper_that_is_lacking_is_named_with_what_helps(of: Case[Registration], cure: str) -> None:
    with pytest.raises(NotTaken) as refused:
        given("correction", of, reason="已寄出")
    assert refused.value.code == "not_handed_in"
    assert re.search(cure, refused.value.told("en")[1])
    assert "without=" in refused.value.told("zh-CN")[1] or "compare" in cure


@pytest.mark.parametrize(
    ("of", "without"),
    [
        (wanted("请补充合作开发协议。", agreement=AGREED), None),
        (wanted("合作开发协议有误。", PAPER.digest, agreement=AGREED), None),
        (wanted("申请表未盖章，请提交营业执照。"), "身份证明、seal-page"),
        (wanted("著作权人证件号码有误。"), None),
        (case("needs_correction", round=1), None),
    ],
    ids=["it was handed in", "another one was", "they went elsewhere", "a field", "a letter asked"],
)
def test_what_was_asked_is_given(of: Case[Registration], without: str | None) -> None:
    assert given("correction", of, reason="已寄出", without=without) == {"correction_given": 1}


def test_a_paper_that_nobody_knows_is_not_left_out() -> None:
    with pytest.raises(NotTaken, match="there is no 发票"):
        given("correction", wanted("申请表未盖章。"), reason="已寄出", without="发票")


def test_an_agreement_is_taken_where_the_notice_asks_for_it() -> None:
    check = BY_NAME["agreement"].check
    assert check(wanted("请补充合作开发协议。"), {}, TODAY) == {}
    with pytest.raises(NotTaken):
        check(wanted("说明书不清楚。"), {}, TODAY)

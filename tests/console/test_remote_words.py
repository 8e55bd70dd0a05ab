"""What a remote's error says is told in the reader's language from the record, wherever people meet it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from adapters.bureau import site_words
from adapters.contract import Agreed, Part, told
from caseward.console.terminal.view import labels
from caseward.console.wording.happenings import wait
from caseward.console.wording.moments import Moments
from caseward.console.wording.reasons import asked, details, headline, plain_cause
from caseward.console.wording.seen import Reader, brief, parts
from caseward.console.wording.texts import Texts
from caseward.console.wording.words import Language
from tests.engine.letters import PaperOffice, S, counter, desk, doing, letters, post, stamp
from tests.systems import SYSTEMS
from workflow.errors import Drifted, NotSent, Refused, RemoteError, Unknown
from workflow.flow.case import CannotTell
from workflow.flow.definition import To
from workflow.sentence import Sentence

NOW = datetime(2026, 11, 21, tzinfo=UTC)
BUSY = NotSent("portal", "save", site_words.BUSY)
BUSY_ZH = "版权中心网站（保存草稿）没有发出：网站提示系统繁忙"
MISSES = Refused("portal", "confirm", Sentence("bureau_misses", "the bureau misses: {missing}", missing="说明书"))
MISSES_ZH = "版权中心网站（确认提交）被对方拒绝：版权中心还缺：说明书"
CHANGED = Drifted(
    "portal", "confirm", told(Agreed("go", (Part("button", "go", "提交"),)).differences([Part("text", "", "广告")]))
)
CHANGED_ZH = "版权中心网站（确认提交）应答与约定不符：页面与约定不符：显示 文字 '广告'，应为 按钮 '提交' (#go)"
LOST = Unknown("portal", "confirm", site_words.after_the_click(502, ""))
LOST_ZH = "版权中心网站（确认提交）结果不明：点击之后得到状态码 502，页面 未知"


def reader(language: Language = "zh-CN") -> Reader:
    texts = Texts(language, SYSTEMS.systems)
    return Reader(texts, labels(texts, SYSTEMS), Moments(NOW, ZoneInfo("Asia/Shanghai"), texts))


async def test_what_is_tried_again_says_why_in_either_language(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, PaperOffice(new_incidents=[BUSY])) as at_work:
        await at_work.sweep()
        why, check = await at_work.why(), (await at_work.case()).claim.check
    assert why.detail["error"] == "NotSent: portal: save: the site says that it is busy"
    assert BUSY_ZH in headline(why, reader())
    assert "website: save the draft: nothing was sent: the site says that it is busy" in headline(why, reader("en"))
    assert check is not None
    assert BUSY_ZH in wait(check, reader())


@pytest.mark.parametrize("trouble", [NotSent("portal", "save", "繁忙 busy"), NotSent("portal", "save", "it is shut")])
async def test_a_remotes_own_words_stay_as_they_are(tmp_path: Path, trouble: RemoteError) -> None:
    async with desk(doing(post), tmp_path, PaperOffice(new_incidents=[trouble])) as at_work:
        await at_work.sweep()
        why = await at_work.why()
    assert "sentences" not in why.detail
    assert f"NotSent: {trouble}" in headline(why, reader())


async def test_a_page_that_changed_is_told_as_the_cause_of_its_incident(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, PaperOffice(new_incidents=[CHANGED])) as at_work:
        await at_work.run(lambda row: row.barred)
        (incident,), why = await at_work.store.incidents(), await at_work.why()
    assert plain_cause(incident.cause, incident.seen, reader()) == CHANGED_ZH
    assert any(CHANGED_ZH in line for line in parts(incident.seen, reader()))
    assert "sentences" not in " ".join(parts(incident.seen, reader()))
    assert [text for _, text in details(why, reader()) if text == CHANGED_ZH] == [CHANGED_ZH]


async def test_a_no_is_told_while_it_is_tried_again_and_when_a_person_is_asked(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, PaperOffice(new_incidents=[MISSES] * 3)) as at_work:
        await at_work.sweep()
        assert MISSES_ZH in headline(await at_work.why(), reader())
        await at_work.run(lambda row: row.barred)
        (incident,) = await at_work.store.incidents()
    assert plain_cause(incident.cause, incident.seen, reader()) == MISSES_ZH


async def test_what_is_in_doubt_says_why(tmp_path: Path) -> None:
    unsure = CannotTell(Sentence("bureau_no_draft", "the bureau shows no draft of this round"))
    office = PaperOffice(loses=[LOST], answers=[unsure])
    async with desk(doing(post), tmp_path, office) as at_work:
        await at_work.sweep()
        why = await at_work.why()
        assert (why.reason, [text for _, text in details(why, reader()) if text == LOST_ZH]) == (
            "outcome_unknown", [LOST_ZH],
        )  # fmt: skip
        await at_work.run(lambda row: row.barred)
        (incident,) = await at_work.store.incidents()
    assert plain_cause(incident.cause, incident.seen, reader()) == "版权中心没有显示本轮的草稿"


async def test_what_fails_again_and_again_is_told_to_a_person(tmp_path: Path) -> None:
    async with desk(doing(stamp), tmp_path, PaperOffice(new_incidents=[LOST] * 9)) as at_work:
        await at_work.run(lambda row: row.barred)
        (incident,) = await at_work.store.incidents()
    assert incident.kind == "failing"
    assert plain_cause(incident.cause, incident.seen, reader()) == LOST_ZH


@pytest.mark.parametrize(("trouble", "said"), [(BUSY, BUSY_ZH), (CHANGED, CHANGED_ZH)], ids=["busy", "changed"])
async def test_a_question_that_fails_says_why(tmp_path: Path, trouble: RemoteError, said: str) -> None:
    class Closed(PaperOffice):
        async def counter(self) -> None:  # type: ignore[override]
            raise trouble

    def is_open(counter: object) -> bool:
        return True

    plan = letters(To(S.posted, when=is_open), facts=[counter])
    async with desk(plan, tmp_path, Closed()) as at_work:
        await at_work.sweep()
        why, row = await at_work.why(), await at_work.case()
        incidents = await at_work.store.incidents()
    assert said in headline(why, reader())
    assert [plain_cause(one.cause, one.seen, reader()) for one in incidents] == ([said] if trouble is CHANGED else [])
    assert row.claim.check is not None
    assert said in dict(asked({"counter": {"error": "x", **row.claim.check.body}}, reader()))["counter"]


@pytest.mark.parametrize("value", [3, "three", {"why": "late"}, ["a"]])
def test_a_flow_may_call_what_it_saw_so_too(value: object) -> None:
    seen = {"sentences": value, "why": "because"}
    assert "because" in brief(seen, reader("en"))
    assert "sentences" in brief(seen, reader("en"))
    assert plain_cause("letters:written:x y!", seen, reader("en")) == "x y!"


RECORDED: dict[str, tuple[object, str]] = {
    "of a newer version": ({"text": "a new word", "code": "no_such_code", "parts": {}}, "a new word"),
    "with other parts": ({"text": "and many more", "code": "and_more", "parts": {"many": "2"}}, "and many more"),
    "of another shape": ({"code": ["x"]}, "{'code': ['x']}"),
    "plain": ("words", "words"),
}


@pytest.mark.parametrize("way", RECORDED)
def test_what_cannot_be_said_again_is_told_as_it_stands(way: str) -> None:
    said, due = RECORDED[way]
    assert reader().texts.recorded(said) == due

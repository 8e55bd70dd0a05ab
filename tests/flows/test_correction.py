"""A correction: the notice is read, what only people can give is waited for, and the deadline is kept."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from states.copyright.correction import (
    Deadline,
    answer_by,
    answer_open,
    correction_agreed,
    correction_untold,
    deadline,
    deadline_near,
    deadline_over,
    told,
)
from states.copyright.notices import correction_notice
from states.copyright.older import raised
from states.copyright.owners import BEIJING
from states.copyright.registration import Registration
from states.copyright.settings import CopyrightSettings
from states.copyright.values import Notice, Noticed, Papers, Warned
from states.copyright.words import Answer
from tests.flows.matters import NOW, PAPER, alone, case
from workflow import No
from workflow.flow.case import Case

OF_PEOPLE = "第二著作权人证件号码与证件不符，请补正著作权人信息。"
OF_MATERIALS = "说明书中的软件名称与申请表不一致，且源程序第 31 页无法辨认，请补正。"
PLAIN = CopyrightSettings()
DAY, NIGHT = (datetime(2026, 12, 23, hour, tzinfo=BEIJING) for hour in (9, 23))


def noticed(text: str = OF_PEOPLE, issued_on: date = date(2026, 12, 1), **more: object) -> Case[Registration]:
    return case("needs_correction", alone(notice=Notice(text=text, issued_on=issued_on), **more), round=1)


async def left(of: Case[Registration], days: int = 0) -> Deadline:
    found = await deadline(of, NOW + timedelta(days=days))
    assert found is not None
    return found


async def test_what_only_people_can_give_is_waited_for() -> None:
    of = noticed()
    due = await left(of)
    waits = correction_agreed(of, PLAIN, due)
    assert isinstance(waits, No)
    assert (waits.waits_for, waits.seen["asked_fields"], waits.seen["days_left"]) == ("operator", ["owners"], 30)
    assert correction_agreed(noticed(correction_given=1), PLAIN, due)
    assert not correction_agreed(noticed(correction_given=0), PLAIN, due)
    assert correction_agreed(of, replace(PLAIN, corrections="at_once"), due)
    assert correction_agreed(noticed(OF_MATERIALS), PLAIN, due)
    assert not correction_agreed(noticed("请补正。"), PLAIN, due), "what nobody can read orders nothing"
    assert not correction_agreed(noticed("申请表未盖章"), PLAIN, due)
    assert not correction_agreed(noticed("申请表中版本号有误"), PLAIN, due), "new materials would say it again"
    assert not correction_agreed(noticed(OF_MATERIALS), replace(PLAIN, corrections="after_yes"), due)


async def test_people_are_told_once_of_what_waits_for_them() -> None:
    of = noticed()
    due = await left(of)
    assert correction_untold(of, PLAIN, due, DAY)
    assert not correction_untold(noticed(warned=due.warned), PLAIN, due, DAY)
    assert not correction_untold(noticed(OF_MATERIALS), PLAIN, due, DAY)


@pytest.mark.parametrize(
    ("days", "before", "warns", "over"),
    [(22, 30, False, False), (23, 30, True, False), (25, 7, False, False), (29, 7, True, False), (30, 1, False, False),
     (31, 1, False, True), (40, -1, False, False), (29, None, True, False), (45, None, False, True)],
)  # fmt: skip
async def test_people_are_warned_with_seven_days_and_one_day_left_and_once_it_is_lost(
    days: int, before: int | None, warns: bool, over: bool
) -> None:
    of = noticed(warned=None if before is None else Warned(round=1, days=before))
    due = await left(of, days)
    assert (bool(deadline_near(of, due, DAY)), bool(deadline_over(of, due, DAY))) == (warns, over)


async def test_nobody_is_warned_at_night() -> None:
    of = noticed()
    due = await left(of, 23)
    waits = deadline_near(of, due, NIGHT)
    assert isinstance(waits, No)
    assert waits.until == datetime(2026, 12, 24, 8, tzinfo=BEIJING)
    untold = correction_untold(of, PLAIN, due, NIGHT)
    assert isinstance(untold, No)
    assert untold.until == waits.until


def test_the_last_day_is_what_a_person_the_notice_or_the_bureau_says() -> None:
    plain = Notice(text="请补正。", issued_on=date(2026, 12, 1))
    assert answer_by(plain) == date(2026, 12, 31)
    assert answer_by(plain.model_copy(update={"text": "请于十五日内补正。"})) == date(2026, 12, 16)
    assert answer_by(plain.model_copy(update={"answer_by": date(2027, 2, 1)})) == date(2027, 2, 1)


async def test_a_time_that_is_not_read_is_asked_of_a_person_and_told_to_no_owner() -> None:
    of = noticed(OF_MATERIALS + "请于本月底前补正。")
    waits = correction_agreed(of, PLAIN, await left(of))
    assert isinstance(waits, No)
    assert (waits.waits_for, waits.seen["time_unread"], waits.seen["days_left"]) == ("operator", True, 30)
    assert correction_agreed(of, replace(PLAIN, corrections="at_once"), await left(of))
    assert correction_notice(noticed(OF_PEOPLE + "请于本月底前补正。"), PLAIN, await left(of)) == []
    assert of.data.notice is not None
    said = of.data.notice.model_copy(update={"answer_by": date(2026, 12, 20)})
    known = case("needs_correction", alone(notice=said), round=1)
    assert correction_agreed(known, PLAIN, await left(known))


async def test_a_notice_of_an_older_round_is_none_of_this_one() -> None:
    older = case("needs_correction", noticed().data, round=2)
    assert (await deadline(older, NOW), correction_notice(older, PLAIN, None), told(older)) == (None, [], {})
    assert not correction_untold(older, PLAIN, None, DAY)


@pytest.mark.parametrize(("rounds", "of"), [([0], 0), ([0, 1], 1), ([], 0)])
def test_a_notice_of_before_says_its_round_by_the_answers_that_were_kept(rounds: list[int], of: int) -> None:
    reviews = [{"round": one, "answer": answer} for one in rounds for answer in ("reviewing", "correction")]
    data = {"notice": {"text": "请补正。", "issued_on": "2026-12-01"}, "reviews": reviews}
    assert raised(3, data)["notice"]["round"] == of
    assert raised(3, {"notice": None})["notice"] is None


async def test_owners_are_told_where_people_must_give_something() -> None:
    of = noticed()
    told = correction_notice(of, PLAIN, await left(of))
    assert [one.occasion for one in told] == ["correction_notice/30"]
    assert "2026-12-31" in told[0].text
    assert "证件号码与证件不符" in told[0].text
    for text in (OF_MATERIALS, "请补正。"):
        assert not correction_notice(noticed(text), replace(PLAIN, corrections="after_yes"), await left(of))


async def test_nothing_is_ordered_for_what_is_lost() -> None:
    of = noticed(OF_MATERIALS)
    waits = correction_agreed(of, replace(PLAIN, corrections="at_once"), await left(of, 31))
    assert isinstance(waits, No)
    assert waits.seen["too_late"]


async def test_without_a_notice_of_the_bureau_nothing_is_asked() -> None:
    of = case("needs_correction")
    assert await deadline(of, datetime(2026, 12, 1, tzinfo=NOW.tzinfo)) is None


@pytest.mark.parametrize(
    ("data", "settings", "goes_on"),
    [
        (alone(), PLAIN, False),
        (noticed().data, PLAIN, False),
        (alone(correction_given=2), PLAIN, True),
        (alone(own_materials=Papers(round=2, application=PAPER, source=PAPER, manual=PAPER)), PLAIN, True),
        (alone(), replace(PLAIN, corrections="at_once"), True),
    ],
    ids=["nothing was said", "a notice of before", "a person said it", "people gave materials", "the office waits not"],
)
def test_a_round_that_a_person_forced_waits_for_what_he_says(
    data: Registration, settings: CopyrightSettings, goes_on: bool
) -> None:
    said = correction_agreed(case("needs_correction", data, round=2), settings, None)
    assert bool(said) == goes_on
    if isinstance(said, No):
        assert said.waits_for == "operator"


async def test_once_its_time_is_over_nothing_goes_on_by_itself() -> None:
    of = noticed()
    assert answer_open(of, await left(of, 30))
    late = answer_open(of, await left(of, 31))
    assert isinstance(late, No)
    assert (late.waits_for, late.seen["too_late"]) == ("operator", True)
    assert answer_open(case("generating"), None)
    withdrawn = noticed(noticed=Noticed(round=1, answer=Answer.withdrawn))
    assert not answer_open(withdrawn, await left(withdrawn))


def test_the_generation_system_is_told_the_notice() -> None:
    assert told(noticed()) == {
        "correction": {
            "notice": OF_PEOPLE, "issued_on": "2026-12-01", "materials": [], "papers": [], "fields": ["owners"],
        }
    }  # fmt: skip

"""The last day for an answer, as a notice says it in any of its ways; what is not read is said to be so."""

from datetime import date

import pytest

from states.copyright.last_day import LastDay, last_day

ISSUED = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("请在收到通知之日起15日内补正。", date(2026, 12, 16)),
        ("请在收到通知之日起十五日内补正。", date(2026, 12, 16)),
        ("请于三十个工作日内补正。", date(2026, 12, 31)),
        ("请于60个工作日内补正。", date(2027, 1, 30)),
        ("请在十五（15）日内补正。", date(2026, 12, 16)),
        ("请在１５天以内补正。", date(2026, 12, 16)),
        ("请于一个月内补正。", date(2027, 1, 1)),
        ("请于两周内补正。", date(2026, 12, 15)),
        ("请于一百二十日内补正。", date(2027, 3, 31)),
        ("补正期限为20日。", date(2026, 12, 21)),
        ("请于2026年12月20日前补正。", date(2026, 12, 20)),
        ("请于2026年12月20日（含）前补正。", date(2026, 12, 20)),
        ("请于2026-12-20前补正。", date(2026, 12, 20)),
        ("请于2026/12/20之前补正。", date(2026, 12, 20)),
        ("请于2026年12月20日24时前补正。", date(2026, 12, 20)),
        ("请于12月20日前补正。", date(2026, 12, 20)),
        ("请于1月5日前补正。", date(2027, 1, 5)),
        ("补正截止日期：2026年12月20日", date(2026, 12, 20)),
        ("最迟不晚于2026.12.20提交", date(2026, 12, 20)),
        ("请于30日内补正，材料最迟2026年12月20日前寄到。", date(2026, 12, 20)),
        ("贵司于2026年11月5日前提交的申请，请于2026年12月20日前补正。", date(2026, 12, 20)),
    ],
)
def test_the_last_day_is_read_as_it_is_written(text: str, on: date) -> None:
    assert last_day(text, ISSUED) == LastDay(on)


@pytest.mark.parametrize(
    "text",
    ["请于本月底前补正。", "请于2026年13月40日前补正。", "请于二〇二六年十二月二十日前补正。",
     "请于2025年12月20日前补正。", "请于半个月内补正。"],
)  # fmt: skip
def test_a_time_that_is_not_read_is_said_to_be_so(text: str) -> None:
    assert last_day(text, ISSUED) == LastDay(None, is_unread=True)


@pytest.mark.parametrize(
    "text",
    ["请补正。", "请在规定期限内补正，逾期视为撤回。", "说明书第3页与第4页前后不一致", "开发完成日期晚于首次发表日期",
     "源程序前30页、后30页不连续，V1.0与V2.0不一致"],
)  # fmt: skip
def test_a_notice_may_name_no_time(text: str) -> None:
    assert last_day(text, ISSUED) == LastDay(None)


def test_a_month_ends_with_its_last_day() -> None:
    assert last_day("请于一个月内补正。", date(2027, 1, 31)).on == date(2027, 2, 28)

"""What a correction notice asks is read from its words: in doubt a person is asked, and nothing is ordered."""

import pytest

from states.copyright.notice_text import asked_by

A, S, M = "application", "source", "manual"


@pytest.mark.parametrize(
    ("text", "materials", "papers", "fields"),
    [
        ("申请表中著作权人的证件号码有误", {A}, (), ("owners",)),
        ("申请表著作权人名称填写错误", {A}, (), ("owners",)),
        ("申请表中版本号有误", {A}, (), ("version",)),
        ("源程序中的著作权人名称与申请人不一致", {S}, (), ("owners", "applicant")),
        ("说明书中的公司名称与申请表不一致", {A, M}, (), ("owners",)),
        ("第二著作权人证件号码与证件不符，请补正著作权人信息。", set(), (), ("owners",)),
        ("统一社会信用代码有误", set(), (), ("owners",)),
        ("申请表中的版本号与源程序不一致", {A, S}, (), ("version",)),
        ("软件名称与说明书不一致", {M}, (), ("full_name",)),
        ("说明书中的软件名称与申请表不一致，申请表中的软件名称填写错误", {A, M}, (), ("full_name",)),
        ("源程序量填写错误", set(), (), ("source_lines",)),
        ("说明书中的日期晚于开发完成日期", {M}, (), ("completed_on",)),
        ("开发完成日期晚于首次发表日期", set(), (), ("completed_on", "first_published_on")),
        ("1.请提交营业执照复印件；2.版本号与说明书不一致", {M}, ("identity",), ("version",)),
        ("请补充合作开发协议、签章页未盖公章", set(), ("agreement", "seal_page"), ()),
        ("申请表未盖章", {A}, ("seal_page",), ()),
        ("请提交营业执照等身份证明文档", {M}, ("identity",), ()),
        ("请补正。", set(), (), ()),
    ],
)
def test_what_people_give_is_never_taken_for_materials(
    text: str, materials: set[str], papers: tuple[str, ...], fields: tuple[str, ...]
) -> None:
    found = asked_by(text)
    assert (set(found.materials), found.papers, found.fields) == (materials, papers, fields)
    assert not found.of_materials_alone


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("申请表填写有误", ("申请表填写有误",)),
        ("说明书中的软件名称与申请表不一致，请修改申请表", ("请修改申请表",)),
        ("说明书第3页不清楚。注册资本有误", ("注册资本有误",)),
        ("1、说明书第3页不清楚 2、办理人不得代填", ("办理人不得代填",)),
    ],
)
def test_a_fault_of_what_is_not_known_here_is_a_persons(text: str, unread: tuple[str, ...]) -> None:
    found = asked_by(text)
    assert found.unread == unread
    assert not found.of_materials_alone


@pytest.mark.parametrize(
    ("text", "materials"),
    [
        ("说明书中的软件名称与申请表不一致，且源程序第 31 页无法辨认，请补正。", {A, S, M}),
        ("源程序中的版本号与申请表不一致", {A, S}),
        ("源程序中的版本号 V1.0 与申请表 V2.0 不一致", {A, S}),
        ("说明书中的软件名称、版本号与申请表不一致，请补正。", {A, M}),
        ("说明书中的软件名称应与申请表一致", {A, M}),
        ("说明书与软件名称不一致，请补正。", {M}),
        ("请申请人重新提交说明书", {M}),
        ("源程序每页行数不足五十行", {S}),
        ("说明书第12页截图模糊，内容不完整，请补正", {M}),
        ("一、源程序第一页不是程序开头；二、说明书不足六十页", {S, M}),
    ],
)
def test_new_materials_answer_what_is_about_them_alone(text: str, materials: set[str]) -> None:
    found = asked_by(text)
    assert (set(found.materials), found.of_materials_alone) == (materials, True)

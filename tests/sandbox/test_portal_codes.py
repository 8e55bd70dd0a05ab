"""SMS codes of the bureau: who needs one, how long it holds, and that each owner's answer stands alone."""

from __future__ import annotations

from caseward.sandbox.judge import judge
from tests.sandbox.office import LI, WANG, Outside

ZHAO = {"name": "赵借", "certificate_number": "110101199303030033", "phone": "13300000001"}
OFFICE = {"name": "河畔科技有限公司", "kind": "企业法人", "certificate_number": "91110000MA0000000X"}


async def test_the_applicant_needs_no_code_and_others_with_a_phone_do(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk, LI, WANG, OFFICE, {**OFFICE, "name": "河畔学会", "phone": "13800000009"})
    page = await clerk.get(f"/portal/drafts/{draft}")
    said = [page.cell(f'data-owner="{n}"', "code-needed") for n in (1, 2, 3, 4)]
    assert said == ["不需要（申请人本人）", "需要", "不需要", "需要"]


async def test_a_right_code_is_taken_from_the_owners_inbox(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk, LI, WANG)
    sent = await clerk.post(f"/portal/drafts/{draft}/codes/2")
    assert "验证码已发送至 130****0001" in sent.html
    assert "《河畔图书借阅管理软件》V1.0" in (await outside.inbox("13000000001"))[0]
    page = await clerk.post(f"/portal/drafts/{draft}/codes", **{"code-2": await outside.code("13000000001")})
    assert page.cell('data-owner="2"', "code-status") == "已验证"
    assert 'data-missing="codes"' not in page.html


async def test_a_wrong_code_is_named_per_owner_and_voids_only_its_own(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk, LI, WANG, ZHAO)
    for owner in (2, 3):
        await clerk.post(f"/portal/drafts/{draft}/codes/{owner}")
    codes = {"code-2": await outside.code("13000000001"), "code-3": "000000"}
    page = await clerk.post(f"/portal/drafts/{draft}/codes", **codes)
    assert page.errors == ["赵借：验证码错误"]
    assert [page.cell(f'data-owner="{n}"', "code-status") for n in (2, 3)] == ["已验证", "已作废"]
    right_but_void = await outside.code("13300000001")
    assert (await clerk.post(f"/portal/drafts/{draft}/codes", **{"code-3": right_but_void})).errors == [
        "赵借：验证码错误"
    ]


async def test_a_code_holds_ten_hours(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk, LI, WANG)
    await clerk.post(f"/portal/drafts/{draft}/codes/2")
    code = await outside.code("13000000001")
    await outside.later(hours=10)
    clerk = await outside.at_work()
    page = await clerk.post(f"/portal/drafts/{draft}/codes", **{"code-2": code})
    assert page.errors == ["王畔：验证码已过期"]
    assert (await clerk.post(f"/portal/drafts/{draft}/codes")).errors == ["王畔：请填写验证码"]


async def test_a_second_sms_voids_the_code_before_it(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk, LI, WANG)
    await clerk.post(f"/portal/drafts/{draft}/codes/2")
    first = await outside.code("13000000001")
    await clerk.post(f"/portal/drafts/{draft}/codes/2")
    assert (await clerk.post(f"/portal/drafts/{draft}/codes", **{"code-2": first})).errors == ["王畔：验证码错误"]


async def test_no_code_is_sent_for_a_draft_that_is_not_saved(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await clerk.begin()
    await clerk.fill(LI, WANG)
    assert (await clerk.post(f"/portal/drafts/{draft}/codes/2")).errors == ["请先保存登记信息"]
    assert await outside.inbox("13000000001") == []


async def test_a_new_phone_number_needs_a_new_code(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk, LI, WANG)
    await clerk.post(f"/portal/drafts/{draft}/codes/2")
    await clerk.post(f"/portal/drafts/{draft}/codes", **{"code-2": await outside.code("13000000001")})
    await clerk.fill(LI, {**WANG, "phone": "13000000002"})
    assert (await clerk.get(f"/portal/drafts/{draft}")).cell('data-owner="2"', "code-status") == "未发送"


async def test_a_second_request_is_a_double_while_the_first_code_holds(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk, LI, WANG)
    for _ in range(2):
        await clerk.post(f"/portal/drafts/{draft}/codes/2")
    assert (await outside.judgement())["operations"]["request_code"] == {"applied": 2, "doubled": 1}


async def test_a_rejected_an_expired_and_a_used_code_each_allow_one_more(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk, LI, WANG)
    await clerk.post(f"/portal/drafts/{draft}/codes/2")
    await clerk.post(f"/portal/drafts/{draft}/codes", **{"code-2": "999999"})
    await clerk.post(f"/portal/drafts/{draft}/codes/2")
    await outside.later(hours=11)
    clerk = await outside.at_work()
    await clerk.post(f"/portal/drafts/{draft}/codes/2")
    await clerk.post(f"/portal/drafts/{draft}/codes", **{"code-2": await outside.code("13000000001")})
    await clerk.post(f"/portal/drafts/{draft}/codes/2")
    assert (await outside.judgement())["operations"]["request_code"] == {"applied": 4, "doubled": 0}
    await clerk.post(f"/portal/drafts/{draft}/codes/2")
    assert (await outside.judgement())["operations"]["request_code"] == {"applied": 5, "doubled": 1}


def test_a_second_draft_of_one_software_is_no_reason_for_a_second_code() -> None:
    sent = {"kind": "code_sent", "at": "2026-03-02T09:00:00+08:00", "title": "甲", "version": "V1", "round": 0}
    entries = [{**sent, "seq": n, "draft": f"D{n}", "name": "王畔"} for n in (1, 2)]
    assert judge(entries)["doubled"] == 1

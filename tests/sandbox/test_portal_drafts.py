"""Filling in the bureau's form: the open draft, pages that object, materials processed later."""

from __future__ import annotations

from caseward.sandbox.pdf import Text, write
from tests.sandbox.office import APPLICANT, LI, WANG, Outside


async def test_a_form_that_names_no_draft_writes_to_the_one_that_was_opened_last(outside: Outside) -> None:
    """The quirk that two tabs run into."""
    clerk = await outside.at_work()
    first = await clerk.begin("RZ-0001")
    second = await clerk.begin("RZ-0002")
    await clerk.get(f"/portal/drafts/{first}")
    page = await clerk.post("/portal/apply/owners", **{"owners-0-name": "李河"})
    assert page.text("draft-no") == first
    named = await clerk.get(f"/portal/apply/owners?draft={second}")
    assert named.text("draft-no") == second
    assert f'name="draft_id" value="{second}"' in named.html


async def test_a_reference_is_searchable_and_may_be_used_twice(outside: Outside) -> None:
    clerk = await outside.at_work()
    numbers = [await clerk.begin("RZ-0007"), await clerk.begin("RZ-0007")]
    await clerk.begin("RZ-0008")
    found = await clerk.get("/portal/drafts?reference=RZ-0007")
    assert found.rows("data-draft") == numbers[::-1]
    assert (await clerk.get("/portal/drafts?reference=RZ-9")).text("no-rows") == "没有符合条件的草稿"


async def test_a_page_that_does_not_fit_is_not_saved_and_says_why(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await clerk.begin()
    page = await clerk.post("/portal/apply/software", full_name="甲", completion_date="2026-03-03", work_kind="修改")
    assert "请填写修改说明" in page.errors
    assert "开发完成日期不能晚于今天" in page.errors
    assert (await clerk.get(f"/portal/drafts/{draft}")).text("draft-title") == ""


async def test_the_check_page_echoes_what_was_filled_in(outside: Outside) -> None:
    clerk = await outside.at_work()
    await clerk.begin()
    await clerk.fill(LI, WANG, software={"scope": "部分权利", "rights": ["复制权", "发行权"]})
    page = await clerk.get("/portal/apply/check")
    for echo in (
        'data-echo="full_name">河畔图书借阅管理软件<',
        'data-echo="rights">复制权、发行权<',
        'data-echo="owners-2-name">王畔<',
        'data-echo="applicant">李河<',
        'data-echo="material-source">处理中<',
    ):
        assert echo in page.html


async def test_an_upload_is_processed_a_second_or_two_later(outside: Outside) -> None:
    clerk = await outside.at_work()
    await clerk.begin()
    page = await clerk.fill()
    assert page.cell('data-kind="source"', "status") == "处理中"
    assert (await clerk.post("/portal/apply/check")).errors == ["材料处理中，请稍后保存"]
    await outside.later(seconds=2)
    page = await clerk.get("/portal/apply/materials")
    assert page.cell('data-kind="source"', "status") == "已接收"
    assert (await clerk.post("/portal/apply/check")).text("draft-status") == "已保存"


async def test_only_a_pdf_is_taken(outside: Outside) -> None:
    clerk = await outside.at_work()
    await clerk.begin()
    for content in (b"\x89PNG", b"%PDF-1.5 nothing behind it"):
        page = await clerk.upload("/portal/apply/materials", content, kind="source")
        assert page.errors == ["仅支持 PDF 文件"]


async def test_an_incomplete_draft_is_not_saved(outside: Outside) -> None:
    clerk = await outside.at_work()
    await clerk.begin()
    page = await clerk.post("/portal/apply/check")
    assert page.page == "apply-check"
    assert "请先填写申请人信息" in page.errors
    assert "请上传说明书" in page.errors


async def test_a_change_after_saving_must_be_saved_again(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk)
    await clerk.fill(software={"short_name": "借阅"})
    page = await clerk.get(f"/portal/drafts/{draft}")
    assert page.text("draft-status") == "填写中"
    assert 'data-missing="save"' in page.html


async def test_nobody_sees_another_accounts_drafts(outside: Outside) -> None:
    mine, other = await outside.at_work(), await outside.at_work("office-02", "desk-2")
    await mine.begin()
    assert (await other.get("/portal/drafts")).rows("data-draft") == []


async def test_file_names_come_as_raw_gbk(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk)
    blank = await clerk.client.get(f"/portal/drafts/{draft}/seal.pdf")
    raw = dict(blank.headers.raw)[b"content-disposition"]
    assert raw.decode("gbk") == "attachment; filename=签章页_河畔图书借阅管理软件.pdf"


async def test_the_blank_seal_page_is_no_signed_one(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk)
    blank = (await clerk.client.get(f"/portal/drafts/{draft}/seal.pdf")).content
    assert (await clerk.upload(f"/portal/drafts/{draft}/seal", blank)).errors == ["签章页尚未签章"]
    signed = write([[Text(72, 620, "李河")]])
    assert (await clerk.upload(f"/portal/drafts/{draft}/seal", signed)).text("seal-status") == "已上传"


async def test_a_cooperation_agreement_is_asked_of_several_owners_who_developed_together(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk, LI, {**WANG, "phone": ""}, software={"development_mode": "合作开发"})
    page = await clerk.get(f"/portal/drafts/{draft}")
    assert page.text("agreement-asked") == "请上传合作协议"
    assert (await clerk.post(f"/portal/drafts/{draft}/confirm")).page == "draft"
    await clerk.upload("/portal/apply/materials", write([[Text(72, 700, "协议")]]), kind="agreement", draft_id=draft)
    await outside.later(seconds=3)
    page = await clerk.get(f"/portal/drafts/{draft}")
    assert (page.text("agreement-asked"), page.text("draft-status")) == ("", "已保存")


async def test_a_power_of_attorney_is_asked_where_an_agent_files(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await clerk.begin()
    await clerk.fill(draft=draft)
    agent = {"agent_name": "登记代理处", "agent_address": "河畔路 2 号", "agent_postcode": "100000",
             "agent_contact": "周闻", "agent_phone": "13800000009", "agent_email": "a@example.com"}  # fmt: skip
    by_agent = {**APPLICANT, "handled_by": "由代理人申请", **agent, "draft_id": draft}
    assert (await clerk.post("/portal/apply/applicant", **by_agent)).page == "apply-materials"
    await outside.later(seconds=3)
    page = await clerk.post("/portal/apply/check", draft_id=draft)
    assert (page.page, "请上传委托书" in page.html) == ("apply-check", True)
    await clerk.upload("/portal/apply/materials", write([[Text(72, 700, "委托书")]]), kind="attorney", draft_id=draft)
    await outside.later(seconds=3)
    assert (await clerk.post("/portal/apply/check", draft_id=draft)).page == "draft"


async def test_a_centre_id_appears_some_hours_after_the_first_save(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk)
    assert (await clerk.get(f"/portal/drafts/{draft}")).cell('data-owner="1"', "center-id") == ""
    await outside.later(hours=6)
    clerk = await outside.at_work()
    assert (await clerk.get(f"/portal/drafts/{draft}")).cell('data-owner="1"', "center-id").startswith("ZX")

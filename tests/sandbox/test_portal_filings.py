"""From the confirmation to the certificate: review, correction rounds, refusal."""

from __future__ import annotations

from pathlib import Path

from caseward.sandbox.pdf import page_count
from tests.sandbox.conftest import TITLE, world
from tests.sandbox.office import LI, SIGNED, WANG, Outside


async def test_the_confirmation_page_echoes_title_and_applicant_and_the_receipt_gives_a_number(
    outside: Outside,
) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk)
    assert (await clerk.get(f"/portal/drafts/{draft}/confirm")).errors == ["不能提交：请上传签章页"]
    await clerk.upload(f"/portal/drafts/{draft}/seal", SIGNED)
    page = await clerk.get(f"/portal/drafts/{draft}/confirm")
    assert (page.text("confirm-title"), page.text("confirm-applicant")) == (TITLE, "李河")
    receipt = await clerk.post(f"/portal/drafts/{draft}/confirm")
    assert receipt.text("acceptance-number") == "SL202603020001"
    assert (await clerk.get("/portal/drafts")).rows("data-draft") == []
    assert (await clerk.get("/portal/filings?reference=RZ-0001")).rows("data-filing") == ["F0000001"]


async def test_a_second_confirmation_is_taken_and_judged_a_double(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk)
    await clerk.upload(f"/portal/drafts/{draft}/seal", SIGNED)
    numbers = [(await clerk.post(f"/portal/drafts/{draft}/confirm")).text("acceptance-number") for _ in range(2)]
    assert numbers == ["SL202603020001", "SL202603020002"]
    assert (await outside.judgement())["operations"]["confirm"] == {"applied": 2, "doubled": 1}


async def test_two_drafts_of_one_software_confirmed_are_a_double_too(outside: Outside) -> None:
    clerk = await outside.at_work()
    for _ in range(2):
        await outside.confirmed(clerk)
    judged = await outside.judgement()
    assert judged["operations"]["confirm"]["doubled"] == 1
    assert judged["operations"]["upload_seal"]["doubled"] == 0, "each draft has its page"


async def test_a_page_that_replaces_another_is_no_double_and_the_same_one_is(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk)
    for page in (SIGNED, SIGNED + b"\n%", SIGNED):
        await clerk.upload(f"/portal/drafts/{draft}/seal", page)
    judged = await outside.judgement()
    assert judged["operations"]["upload_seal"] == {"applied": 3, "doubled": 1}


async def test_the_review_takes_its_days_and_ends_with_a_certificate(outside: Outside) -> None:
    clerk = await outside.at_work()
    filing = await outside.confirmed(clerk)
    page = await clerk.get(f"/portal/filings/{filing}")
    assert (page.text("status"), page.text("serial-number")) == ("已提交材料", "")
    await outside.later(hours=24)
    clerk = await outside.at_work()
    page = await clerk.get(f"/portal/filings/{filing}")
    assert page.text("status") == "审查中"
    assert page.text("serial-number").startswith("2026R11L")
    assert (await clerk.get(f"/portal/filings/{filing}/certificate.pdf")).page == "missing"
    await outside.later(hours=24)
    clerk = await outside.at_work()
    page = await clerk.get(f"/portal/filings/{filing}")
    assert page.text("status") == "已发放"
    assert page.text("certificate-number").startswith("2026SR")
    certificate = await clerk.client.get(f"/portal/filings/{filing}/certificate.pdf")
    assert page_count(certificate.content) == 1


async def test_a_refusal_carries_its_remark(tmp_path: Path) -> None:
    plan = {"review": [{"status": "不予受理", "remark": "名称不符合规定。"}]}
    async with Outside(tmp_path, world(plans={TITLE: plan})) as outside:
        filing = await outside.confirmed(await outside.at_work())
        await outside.later(hours=25)
        page = await (await outside.at_work()).get(f"/portal/filings/{filing}")
        assert (page.text("status"), page.text("remark")) == ("不予受理", "名称不符合规定。")


async def test_a_correction_wants_new_materials_and_neither_seal_page_nor_codes(tmp_path: Path) -> None:
    plan = {"review": [{"status": "待补正", "notice": "说明书与名称不一致。"}, {"status": "已发放"}]}
    async with Outside(tmp_path, world(plans={TITLE: plan})) as outside:
        clerk = await outside.at_work()
        draft = await outside.saved(clerk, LI, WANG)
        await clerk.post(f"/portal/drafts/{draft}/codes/2")
        await clerk.post(f"/portal/drafts/{draft}/codes", **{"code-2": await outside.code("13000000001")})
        await clerk.upload(f"/portal/drafts/{draft}/seal", SIGNED)
        filing = (await clerk.post(f"/portal/drafts/{draft}/confirm")).text("filing-no")

        await outside.later(hours=25)
        clerk = await outside.at_work()
        page = await clerk.get(f"/portal/filings/{filing}")
        assert (page.text("status"), page.cell('data-round="0"', "text")) == ("待补正", "说明书与名称不一致。")
        opened = await clerk.post(f"/portal/filings/{filing}/correct")
        again = await clerk.post(f"/portal/filings/{filing}/correct")
        second = opened.text("draft-no")
        assert (again.text("draft-no"), opened.text("draft-round")) == (second, "1")
        assert opened.text("draft-title") == f"{TITLE} V1.0"
        assert opened.cell('data-owner="2"', "code-needed") == "不需要"
        assert "upload-seal" not in opened.html

        same = await clerk.fill(LI, WANG, draft=second)
        assert same.errors == ["与上次提交的材料相同，请上传补正后的材料"]
        await clerk.fill(LI, WANG, draft=second, round=1)
        await outside.later(seconds=3)
        await clerk.post("/portal/apply/check", draft_id=second)
        assert (await clerk.post(f"/portal/drafts/{second}/confirm")).page == "receipt"
        page = await clerk.get(f"/portal/filings/{filing}")
        assert (page.text("status"), page.text("filing-round")) == ("已提交材料", "1")

        await outside.later(hours=25)
        page = await (await outside.at_work()).get(f"/portal/filings/{filing}")
        assert page.text("status") == "已发放"
        judged = await outside.judgement()
        assert judged["operations"]["confirm"] == {"applied": 2, "doubled": 0}


async def test_a_bureau_that_wants_codes_for_a_correction_says_so(tmp_path: Path) -> None:
    plan = {"review": [{"status": "待补正", "notice": "请核对。"}], "correction_codes": True}
    async with Outside(tmp_path, world(plans={TITLE: plan})) as outside:
        filing = await outside.confirmed(await outside.at_work(), LI, applicant="其他")
        await outside.later(hours=25)
        page = await (await outside.at_work()).post(f"/portal/filings/{filing}/correct")
        assert page.cell('data-owner="1"', "code-needed") == "需要"


async def test_a_filing_is_withdrawn_in_the_list_and_its_review_ends(outside: Outside) -> None:
    clerk = await outside.at_work()
    filing = await outside.confirmed(clerk)
    assert (await clerk.post(f"/portal/filings/{filing}/withdraw")).cell("data-filing", "status") == "已撤回"
    await outside.later(hours=100)
    clerk = await outside.at_work()
    assert (await clerk.get(f"/portal/filings/{filing}")).text("status") == "已撤回"
    assert (await clerk.post(f"/portal/filings/{filing}/withdraw")).page == "missing"


async def test_a_filing_or_draft_that_the_bureau_takes_out_of_its_lists_is_there_no_more(outside: Outside) -> None:
    clerk = await outside.at_work()
    filing, draft = await outside.confirmed(clerk), await outside.saved(clerk)
    for number, page in ((filing, f"/portal/filings/{filing}"), (draft, f"/portal/drafts/{draft}")):
        assert (await outside.control.post("/control/remove", json={"object": number})).status_code == 200
        assert (await clerk.get(page)).page == "missing"
    assert (await clerk.get("/portal/filings")).rows("data-filing") == []
    assert (await clerk.get("/portal/drafts")).rows("data-draft") == []
    assert (await outside.control.post("/control/remove", json={"object": "F0000099"})).status_code == 404


async def test_a_correction_whose_draft_was_deleted_is_opened_anew(outside: Outside) -> None:
    clerk = await outside.at_work()
    plan = {"title": TITLE, "review": [{"after_hours": 0.01, "status": "待补正", "notice": "名称"}]}
    await outside.control.post("/control/plan", json=plan)
    filing = await outside.confirmed(clerk)
    await outside.later(seconds=60)
    first = (await clerk.post(f"/portal/filings/{filing}/correct")).text("draft-no")
    await clerk.post(f"/portal/drafts/{first}/delete")
    page = await clerk.post(f"/portal/filings/{filing}/correct")
    assert (page.page, page.text("draft-round")) == ("draft", "1")
    assert page.text("draft-no") != first


async def test_a_status_may_be_shown_by_another_word(outside: Outside) -> None:
    clerk = await outside.at_work()
    plan = {"title": TITLE, "review": [{"after_hours": 0.01, "status": "审查中", "shown": "待受理"}]}
    await outside.control.post("/control/plan", json=plan)
    filing = await outside.confirmed(clerk)
    await outside.later(seconds=60)
    assert (await clerk.get(f"/portal/filings/{filing}")).text("status") == "待受理"
    assert (await clerk.get("/portal/filings")).cell("data-filing", "status") == "待受理"


async def test_a_page_writes_days_as_its_world_says(tmp_path: Path) -> None:
    async with Outside(tmp_path, world(days="{0.year}年{0.month}月{0.day}日")) as outside:
        filing = await outside.confirmed(await outside.at_work())
        await outside.later(hours=48)
        page = await (await outside.at_work()).get(f"/portal/filings/{filing}")
        assert page.text("certificate-date") == "2026年3月4日"

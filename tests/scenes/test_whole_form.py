"""The bureau's form is filled whole: what a row does not say is waited for, and nothing is ordered before."""

from datetime import timedelta
from pathlib import Path

from tests.registration.particulars import FUNCTIONS, owner, row
from tests.scenes.stage import UNCONCERNED, at_the_office

OFF = (*UNCONCERNED, "sync_codes", "request_codes", "submitted", "awaiting_captcha")
QUARTER = timedelta(minutes=15)


async def test_a_registration_that_lacks_what_the_form_asks_is_not_ordered_before_it_is_given(tmp_path: Path) -> None:
    bare = row(purpose=None, features=None, main_functions="登记、查询", owners=[owner(district="渝中区")])
    async with at_the_office(tmp_path, [bare], off=OFF) as scene:
        await scene.hours(0.25, QUARTER)
        assert await scene.numbered() == {"RZ-0001": "unprocessed"}
        assert not [one for one in await scene.outside.ledger() if one["kind"] == "order_placed"]
        why = await scene.command("case", "why", "RZ-0001", language="zh-CN")
        assert all(told in why for told in ("开发目的（purpose）", "caseward case edit", "main_functions")), why
        said = ("purpose=让时间有据可查", "features=app、other", f"main_functions={FUNCTIONS}", "customer=澜汐")
        given = await scene.command("case", "edit", "RZ-0001", *said, "--reason", "客户补充")
        assert "exit" not in given, given
        await scene.hours(1, QUARTER)
        assert await scene.numbered() == {"RZ-0001": "awaiting_seal"}
        pages = [one for one in await scene.outside.ledger() if one["kind"] == "page_saved"]
        saved = {one["page"]: one["values"] for one in pages}
        assert saved["applicant"]["feature_kinds"] == ["APP软件", "其他"]
        assert (saved["applicant"]["purpose"], saved["owners"][0]["district"]) == ("让时间有据可查", "渝中区")
        found = await scene.command("case", "list", "--find", "澜汐")
        assert "RZ-0001" in found, found

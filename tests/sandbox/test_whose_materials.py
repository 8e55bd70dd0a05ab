"""Whose materials a filing carries, and what may be done for several matters of one title, as the ledger judges it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.sandbox.conftest import TITLE, world
from tests.sandbox.office import SIGNED, Clerk, Outside

LI = {"name": "李河", "certificate_number": "110101199001010015"}
WANG = {"name": "王畔", "certificate_number": "110101199202020022"}
REFUSED = {TITLE: {"review": [{"after_hours": 1, "status": "不予受理", "remark": "签章页没有加盖公章。"}]}}


async def ordered(outside: Outside, owner: dict[str, str], reference: str = "", turn: str = "") -> dict[str, bytes]:
    """The finished documents of a new order. turn: what becomes of it before."""
    generator = outside.api("generator")
    body = {"title": TITLE, "version": "V1.0", "reference": reference, "particulars": {"owners": [owner]}}
    placed = (await generator.post("/generator/orders", json=body)).json()["order"]
    assert (placed["reference"], placed["particulars"]) == (reference, {"owners": [owner]})
    await generator.post(f"/generator/orders/{placed['id']}/pay", json={"out_trade_no": placed["id"]})
    await outside.later(seconds=30 * 60)
    if turn:
        await outside.control.post(f"/control/orders/{placed['id']}", json={"turn": turn})
    files = f"/generator/orders/{placed['id']}/files"
    return {kind: (await generator.get(f"{files}/{kind}")).content for kind in ("application", "source", "manual")}


async def filed(outside: Outside, owner: dict[str, str], papers: dict[str, bytes]) -> Clerk:
    """A filing of this owner with these papers; 内部编号 is RZ-0001."""
    clerk = await outside.at_work()
    draft = await clerk.begin()
    await clerk.fill({**owner, "phone": ""}, applicant="other")
    for kind, content in papers.items():
        await clerk.upload("/portal/apply/materials", content, kind=kind)
    await outside.later(seconds=3)
    await clerk.post("/portal/apply/check")
    await clerk.upload(f"/portal/drafts/{draft}/seal", SIGNED)
    receipt = await clerk.post(f"/portal/drafts/{draft}/confirm")
    assert receipt.page == "receipt", receipt.errors
    return clerk


async def test_a_filing_with_materials_of_another_matter_is_strange(outside: Outside) -> None:
    of_li = await ordered(outside, LI, "RZ-0001")
    await filed(outside, LI, of_li)
    assert (await outside.judgement())["strange"] == []
    await filed(outside, WANG, of_li)
    (told,) = (await outside.judgement())["strange"]
    assert (told["order"], told["owners"], told["of"]) == ("G0000001", ["王畔"], ["李河"])
    await filed(outside, WANG, await ordered(outside, WANG, "RZ-0002"))
    assert [one["order_reference"] for one in (await outside.judgement())["strange"]] == ["RZ-0001", "RZ-0002"]


async def test_a_filing_with_a_faulty_manual_is_strange(outside: Outside) -> None:
    await filed(outside, LI, await ordered(outside, LI, "RZ-0001", "内容有误"))
    (told,) = (await outside.judgement())["strange"]
    assert (told["order"], told["faulty"], told["owners"]) == ("G0000001", True, ["李河"])


async def test_matters_of_one_title_are_no_doubles_of_each_other(outside: Outside) -> None:
    for owner in (LI, WANG):
        await filed(outside, owner, await ordered(outside, owner))
    judged: dict[str, Any] = await outside.judgement()
    assert (judged["applied"], judged["doubled"], judged["strange"]) == (8, 0, [])
    await filed(outside, WANG, {})
    assert (await outside.judgement())["operations"]["confirm"] == {"applied": 3, "doubled": 1}


async def test_what_was_refused_is_ordered_and_filed_anew_without_a_double(tmp_path: Path) -> None:
    async with Outside(tmp_path, world(plans=REFUSED)) as outside:
        await filed(outside, LI, await ordered(outside, LI))
        await outside.later(hours=2)
        await filed(outside, LI, await ordered(outside, LI))
        judged = await outside.judgement()
        assert (judged["applied"], judged["doubled"]) == (8, 0)
        await filed(outside, LI, {})
        assert (await outside.judgement())["doubled"] > 0


async def test_a_plan_may_go_by_our_own_number(tmp_path: Path) -> None:
    async with Outside(tmp_path, world(plans={"RZ-0001": REFUSED[TITLE]})) as outside:
        await filed(outside, LI, {})
        await outside.later(hours=2)
        clerk = await outside.at_work()
        assert (await clerk.get("/portal/filings/F0000001")).text("status") == "不予受理"

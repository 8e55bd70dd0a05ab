"""What the judge sees of the outside: an order that is gone has no status, one under way no files; else it raises."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.scenes.stage import LOGIN, Scene, at_the_office
from tests.year.bureau import look_through
from tests.year.drawn import Draw
from tests.year.office import in_office
from tests.year.played import judged

BEARER = {"authorization": "Bearer sandbox-generator"}


async def ordered(scene: Scene, paid: bool = True) -> str:
    """An order of somebody's, whose documents take a quarter of an hour."""
    async with httpx.AsyncClient(base_url=scene.outside.url, trust_env=False, headers=BEARER) as hand:
        body = {"title": "某软件", "version": "V1.0", "reference": "RZ-0001", "particulars": {"owners": []}}
        order = str((await hand.post("/generator/orders", json=body)).json()["order"]["id"])
        if paid:
            (await hand.post(f"/generator/orders/{order}/pay", json={"out_trade_no": order})).raise_for_status()
    return order


async def control(scene: Scene, path: str, **said: object) -> None:
    async with httpx.AsyncClient(base_url=scene.outside.url, trust_env=False) as hand:
        (await hand.post(f"/control/{path}", json=said)).raise_for_status()


async def test_orders_are_seen_as_they_stand(tmp_path: Path) -> None:
    async with at_the_office(tmp_path, []) as scene:
        made, gone, unpaid = await ordered(scene), await ordered(scene), await ordered(scene, paid=False)
        await control(scene, "clock", advance_seconds=3600)
        await control(scene, f"orders/{gone}", turn="查无此单")
        desk = await look_through(scene, [LOGIN], [made, gone, unpaid])
        assert desk.orders == {made: "已完成", gone: "", unpaid: "未支付"}
        assert (sorted(desk.made[made]), desk.made[gone], desk.made[unpaid]) == (
            ["application", "manual", "source"],
            {},
            {},
        )
        assert (desk.filings, desk.drafts) == ([], [])
        assert desk.today


async def test_an_answer_that_is_none_is_no_order_that_is_gone(tmp_path: Path) -> None:
    """Whatever the system answered counted as gone, so that a wait for a refund was right on its word alone."""
    async with at_the_office(tmp_path, []) as scene:
        order = await ordered(scene)
        await control(scene, "faults", name="down", operation="*", kind="error_500", count=100)
        with pytest.raises(httpx.HTTPStatusError):
            await look_through(scene, [], [order])


async def test_a_year_in_which_nothing_came_in_has_no_shortcomings(tmp_path: Path) -> None:
    async with in_office(tmp_path, Draw(1), []) as office:
        figures = await judged(office)
    assert figures["shortcomings"] == []
    assert figures["ledger"] == {"doubled": 0, "altered": 0, "lost": 0, "wrong_materials": 0, "wrong_seals": 0}

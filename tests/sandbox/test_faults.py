"""Every fault does what its name says, to the calls that it was switched on for and to no others."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.sandbox.conftest import TITLE, world
from tests.sandbox.office import SIGNED, Clerk, Outside

ORDER = {"title": TITLE, "version": "V1.0"}


async def ready_to_confirm(outside: Outside) -> tuple[Clerk, str]:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk)
    await clerk.upload(f"/portal/drafts/{draft}/seal", SIGNED)
    return clerk, f"/portal/drafts/{draft}/confirm"


async def applied(outside: Outside, operation: str) -> int:
    count: int = (await outside.judgement())["operations"][operation]["applied"]
    return count


async def test_a_reply_is_lost_after_the_bureau_took_the_confirmation(outside: Outside) -> None:
    clerk, confirm = await ready_to_confirm(outside)
    await outside.fault("confirm", "apply_drop_reply", object=TITLE)
    with pytest.raises(httpx.ReadError):
        await clerk.post(confirm)
    assert await applied(outside, "confirm") == 1
    assert (await clerk.get("/portal/filings")).rows("data-filing") == ["F0000001"]


async def test_a_call_that_got_stuck_lands_later(outside: Outside) -> None:
    clerk, confirm = await ready_to_confirm(outside)
    await outside.fault("confirm", "apply_late", seconds=90)
    with pytest.raises(httpx.ReadError):
        await clerk.post(confirm)
    await outside.later(seconds=89)
    assert (await clerk.get("/portal/filings")).rows("data-filing") == []
    await outside.later(seconds=1)
    assert (await clerk.get("/portal/filings")).rows("data-filing") == ["F0000001"]


async def test_a_fresh_login_keeps_a_stuck_call_from_landing(outside: Outside) -> None:
    """What an engine's fence at the portal rests on."""
    clerk, confirm = await ready_to_confirm(outside)
    await outside.fault("confirm", "apply_late")
    with pytest.raises(httpx.ReadError):
        await clerk.post(confirm)
    fresh = await outside.at_work()
    await outside.later(seconds=120)
    assert (await fresh.get("/portal/filings")).rows("data-filing") == []
    assert await applied(outside, "confirm") == 0


async def test_a_call_that_was_stuck_until_the_night_finds_the_portal_shut(outside: Outside) -> None:
    clerk, confirm = await ready_to_confirm(outside)
    await outside.fault("confirm", "apply_late", seconds=14 * 3600)
    with pytest.raises(httpx.ReadError):
        await clerk.post(confirm)
    await outside.later(hours=14)
    assert (await clerk.get("/portal/")).page == "closed"
    assert await applied(outside, "confirm") == 0


async def test_a_redirect_cannot_be_halved_and_is_cut(outside: Outside) -> None:
    clerk = await outside.at_work()
    draft = await outside.saved(clerk)
    await outside.fault("upload_seal", "half_reply")
    with pytest.raises(httpx.ReadError):
        await clerk.upload(f"/portal/drafts/{draft}/seal", SIGNED)
    assert await applied(outside, "upload_seal") == 1


async def test_a_reply_of_success_with_nothing_behind_it(outside: Outside) -> None:
    clerk, confirm = await ready_to_confirm(outside)
    await outside.fault("confirm", "reply_not_apply")
    assert (await clerk.post(confirm)).page == "receipt"
    assert await applied(outside, "confirm") == 0
    assert (await clerk.get("/portal/filings")).rows("data-filing") == []
    assert (await clerk.post(confirm)).page == "receipt"
    assert await applied(outside, "confirm") == 1


async def test_what_was_applied_shows_only_later(outside: Outside) -> None:
    clerk, confirm = await ready_to_confirm(outside)
    await outside.fault("confirm", "late_visibility", seconds=300)
    assert (await clerk.post(confirm)).page == "receipt"
    assert (await clerk.get("/portal/filings")).rows("data-filing") == []
    assert (await clerk.get("/portal/drafts")).rows("data-draft") == ["D0000001"]
    assert (await clerk.get("/portal/drafts/D0000001")).text("draft-status") == "已保存"
    await outside.later(seconds=300)
    assert (await clerk.get("/portal/filings")).rows("data-filing") == ["F0000001"]
    assert (await clerk.get("/portal/drafts")).rows("data-draft") == []


async def test_an_order_and_its_payment_may_show_late(outside: Outside) -> None:
    generator = outside.api("generator")
    await outside.fault("place_order", "late_visibility")
    await outside.fault("pay_order", "late_visibility", seconds=1200)
    number = (await generator.post("/generator/orders", json=ORDER)).json()["order"]["id"]
    assert (await generator.get("/generator/orders", params=ORDER)).json() == {"orders": [], "total": 0}
    paid = await generator.post(f"/generator/orders/{number}/pay", json={"out_trade_no": "a"})
    assert paid.json()["order"]["status"] == "生成中"
    await outside.later(seconds=600)
    assert (await generator.get(f"/generator/orders/{number}")).json()["order"]["status"] == "未支付"
    await outside.later(seconds=600)
    assert (await generator.get(f"/generator/orders/{number}")).json()["order"]["status"] == "生成中"


@pytest.mark.parametrize("took_it", [False, True])
@pytest.mark.parametrize("kind", ["error_500", "busy_page"])
async def test_an_error_says_nothing_about_whether_it_was_applied(outside: Outside, kind: str, took_it: bool) -> None:
    generator = outside.api("generator")
    await outside.fault("place_order", kind, applied=took_it)
    reply = await generator.post("/generator/orders", json=ORDER)
    assert reply.headers["content-type"].startswith("text/html")
    assert reply.status_code == (500 if kind == "error_500" else 200)
    assert await applied(outside, "place_order") == int(took_it)


async def test_a_busy_portal_says_so_with_status_200(outside: Outside) -> None:
    clerk, confirm = await ready_to_confirm(outside)
    await outside.fault("confirm", "busy_page")
    page = await clerk.post(confirm)
    assert (page.page, page.status, page.text("page-title")) == ("busy", 200, "系统繁忙")


async def test_a_kick_ends_the_session_before_the_call_counts(outside: Outside) -> None:
    clerk, confirm = await ready_to_confirm(outside)
    await outside.fault("confirm", "kick")
    page = await clerk.post(confirm)
    assert (page.page, page.text("login-notice")) == ("login", "您的账号已在其他地点登录，您已被迫下线")
    assert await applied(outside, "confirm") == 0


async def test_a_redesigned_page_has_other_headings_and_buttons(outside: Outside) -> None:
    clerk, confirm = await ready_to_confirm(outside)
    await outside.fault("confirm_page", "changed_page")
    page = await clerk.get(confirm)
    assert (page.text("page-title"), page.text("page-title-v2")) == ("", "确认提交（新版）")
    assert 'id="confirm-final-v2"' in page.html
    assert 'id="confirm-final"' in (await clerk.get(confirm)).html


async def test_a_redesigned_reply_has_other_keys(outside: Outside) -> None:
    await outside.fault("find_order", "changed_page")
    reply = await outside.api("generator").get("/generator/orders", params=ORDER)
    assert reply.json() == {"orders_v2": [], "total_v2": 0}


async def test_a_filter_that_is_ignored_lists_what_is_of_others_too(outside: Outside) -> None:
    generator, other = outside.api("generator"), {**ORDER, "title": "另一软件"}
    await generator.post("/generator/orders", json=other)
    await outside.clerk().post("/records", **other, phone="13000000001", code="123456")
    for operation, path, name in (
        ("find_order", "/generator/orders", "orders"),
        ("find_codes", "/records/api/codes", "codes"),
    ):
        await outside.fault(operation, "unfiltered")
        system = outside.api(path.split("/")[1])
        listed = [(await system.get(path, params=ORDER)).json()[name] for _ in range(2)]
        assert [[row["title"] for row in rows] for rows in listed] == [["另一软件"], []]


async def test_a_fault_meets_the_nth_call_and_as_many_as_it_counts(outside: Outside) -> None:
    await outside.fault("find_order", "error_500", nth=2, count=2)
    generator = outside.api("generator")
    codes = [(await generator.get("/generator/orders", params=ORDER)).status_code for _ in range(5)]
    assert codes == [200, 500, 500, 200, 200]


async def test_a_fault_for_one_object_leaves_others_alone(outside: Outside) -> None:
    await outside.fault("find_order", "error_500", object=TITLE)
    generator = outside.api("generator")
    other = await generator.get("/generator/orders", params={**ORDER, "title": "另一软件"})
    assert other.status_code == 200
    assert (await generator.get("/generator/orders", params=ORDER)).status_code == 500


async def test_a_probability_draws_the_same_series_from_the_same_seed(tmp_path: Path) -> None:
    fault = {"operation": "find_order", "kind": "error_500", "probability": 0.5, "seed": 7}
    series = []
    for run in ("one", "two"):
        async with Outside(tmp_path / run, world(faults=[fault])) as outside:
            generator = outside.api("generator")
            series.append([(await generator.get("/generator/orders", params=ORDER)).status_code for _ in range(20)])
    assert series[0] == series[1]
    assert {200, 500} == set(series[0])


async def test_a_fault_can_be_switched_off_and_a_wrong_one_is_refused(outside: Outside) -> None:
    await outside.fault("find_order", "error_500", name="down", count=99)
    assert (await outside.control.get("/control/faults")).json()["faults"][0]["name"] == "down"
    await outside.control.delete("/control/faults/down")
    assert (await outside.api("generator").get("/generator/orders", params=ORDER)).status_code == 200
    refused = await outside.control.post("/control/faults", json={"operation": "fly", "kind": "hang"})
    assert "'fly' is no operation" in refused.json()["error"]["message"]


async def test_a_closed_portal_uses_up_no_fault(outside: Outside) -> None:
    clerk = await outside.at_work()
    await outside.fault("home", "busy_page")
    await outside.later(hours=14)
    assert (await clerk.get("/portal/")).page == "closed"
    assert (await outside.control.get("/control/faults")).json()["faults"][0]["fired"] == 0

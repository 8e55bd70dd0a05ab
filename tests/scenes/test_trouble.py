"""Trouble reaches a person: what keeps failing, texts that nobody got, a refusal, codes that nobody filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from states.copyright.owners import BEIJING
from tests.registration.particulars import COMPANY, PERSON, applicant, owner, row
from tests.scenes.stage import CAPTCHA, SOON, UNCONCERNED, Scene, at_the_office
from workflow.demonstration import Act

HALF = timedelta(minutes=30)
FIRM = {**COMPANY, "id": "o1", "phone": "13800400003", "carrier": "mobile"}
REFUSED = {"review": [{"after_hours": 2, "status": "不予受理", "remark": "签章页没有加盖公章。"}]}


def firm(title: str, **changes: object) -> dict[str, object]:
    """One institution that files for itself: no code is wanted, and its clerk returns the seal page at once."""
    return row(full_name=title, owners=[owner(FIRM, **changes)], applicant=applicant(owner="o1"))


def sealed(*titles: str) -> list[Act]:
    return [CAPTCHA, *(Act("seal_form", 0, "clerk", "return_seal_page", {"title": one}) for one in titles)]


async def texts_to(scene: Scene, phone: str, word: str) -> list[str]:
    return [one["text"] for one in await scene.outside.inbox(phone) if word in one["text"]]


async def switch_off(scene: Scene, fault: str) -> None:
    async with httpx.AsyncClient(base_url=scene.outside.url, trust_env=False) as hand:
        (await hand.delete(f"/control/faults/{fault}")).raise_for_status()


async def one_cause_is_one_group(scene: Scene, titles: Sequence[str]) -> None:
    """Three cases, one empty balance: one line, one first as a trial, then all. They are held then, out of the way."""
    listed = await scene.command("incident", "list")
    assert "RZ-0004 +2" in listed
    assert "余额不足" in listed
    waiting = (await todo(scene))["refused"]
    assert [one["number"] for one in waiting["matters"]] == ["RZ-0004", "RZ-0005", "RZ-0006"]
    for title in titles:
        await switch_off(scene, title)
    said = await scene.command(
        "incident", "resolve", waiting["helps"].split()[-1], "--trial", "--reason", "已充值，先试一件"
    )
    assert "2 others of this cause" in said
    await scene.hours(0.25)
    numbered = await scene.numbered()
    assert [numbered[f"RZ-000{place}"] for place in (4, 5, 6)] == ["generating", "unprocessed", "unprocessed"]
    (again,) = {one.id for one in await scene.record.store.incidents() if one.number == "RZ-0005"}
    await scene.command("incident", "resolve", again, "--reason", "已充值，全部继续")
    await scene.hours(0.25)
    assert [one for one in await scene.incidents() if one[1] == "refused"] == []
    numbered = await scene.numbered()
    assert "unprocessed" not in [numbered[f"RZ-000{place}"] for place in (4, 5, 6)]
    for place in (4, 5, 6):
        await scene.command("case", "hold", f"RZ-000{place}", "--reason", "客户请求暂缓")


async def todo(scene: Scene) -> dict[str, dict[str, Any]]:
    found = json.loads(await scene.command("todo", "--json"))
    return {one["kind"]: one for one in found["data"]}


NO_CODES = ("awaiting_captcha", "request_codes", "sync_codes", "fill_center_ids")


async def test_whatever_goes_wrong_reaches_a_person_who_can_help(tmp_path: Path) -> None:
    """The balance is empty, the certificate page answers 500, a carrier swallows a text, a filing is refused."""
    granted, lost, refused = "证书软件", "短信软件", "拒绝软件"
    world: Mapping[str, Any] = {
        "plans": {granted: dict(SOON), lost: {}, refused: REFUSED},
        "phones": {"13300040003": "电信"},
    }
    down = {"name": "down", "operation": "certificate", "kind": "error_500", "count": 1000}
    poor = [f"余额软件{place}" for place in range(3)]
    empty = [
        {"name": title, "operation": "pay_order", "object": title, "kind": "no_money", "count": 1000} for title in poor
    ]
    rows = [firm(granted), firm(lost, phone="13300040003"), firm(refused, phone="13800400005"), *map(firm, poor)]
    acts, off = sealed(granted, lost, refused), (*UNCONCERNED, *NO_CODES)
    async with at_the_office(tmp_path, rows, world=world, faults=[down, *empty], acts=acts, off=off) as scene:
        await scene.hours(1.5, HALF)
        await one_cause_is_one_group(scene, poor)
        await scene.days(1)
        await scene.hours(5, HALF)
        states = await scene.states()
        assert [states[title] for title in (granted, lost, refused)] == ["submitted", "submitted", "rejected"]
        [told] = await texts_to(scene, "13800400003", "已通过")
        assert "登记证书" in told
        assert (granted, "stuck") in await scene.incidents(), "62 tries were nobody's matter"
        assert "SR" in ((await scene.data(granted))["certificate_number"] or "")

        # nobody got this text
        assert (lost, "notice_undelivered") in await scene.incidents()
        assert "RZ-0002" in await scene.command("todo")
        said = await scene.command("case", "notice", "RZ-0002")
        assert "it did not arrive" in said
        assert "133****03" in said
        assert "短信软件" in said
        assert "progress" in said, "the text itself, to be read out"
        assert "未送达" in await scene.command("case", "notice", "RZ-0002", language="zh-CN")

        # the bureau's reason, and staff first
        assert await texts_to(scene, "13800400005", "不予受理") == []
        waiting = await todo(scene)
        assert [one["number"] for one in waiting["notice_held"]["matters"]] == ["RZ-0003"]
        shown = await scene.command("case", "show", "RZ-0003")
        assert "签章页没有加盖公章" in shown
        assert "complete the signatures and seals" in shown
        assert "919****7W" in shown
        assert "138****0005" in shown
        await scene.command("case", "notice", "RZ-0003", "--release", "--reason", "已电话说明，可以发送")
        await scene.hours(0.5)
        [told] = await texts_to(scene, "13800400005", "不予受理")
        assert "签章页没有加盖公章" in told
        assert "补齐签字盖章" in told
        assert "改名" not in told
        assert "notice_held" not in await todo(scene)

        await switch_off(scene, "down")
        await scene.command("case", "retry", "RZ-0001", "--reason", "版权中心网站已恢复")
        await scene.hours(1, HALF)
        assert (await scene.states())[granted] == "granted"
        assert len(await texts_to(scene, "13800400003", "已通过")) == 1
        assert (granted, "stuck") not in await scene.incidents()
        for typed in ("zsrj", "证书 软件", "13800400003", "云岫智联"):
            found = await scene.command("case", "list", "--find", typed)
            assert ("RZ-0001" in found, "RZ-0002" in found) == (True, typed == "云岫智联"), typed


SECOND = owner(
    id="o2", name="叶知棠", certificate_number="51000019911125462X", phone="18644700002", carrier="unicom"
)  # fmt: skip
THIRD = owner(id="o3", name="司徒晏", certificate_number="510000198809020310", phone="13300040010", carrier="telecom")
OFFICE = {**applicant(name="重庆澜汐知识产权代理有限公司"), "owner": None}


def persons(title: str, *owners: Mapping[str, object]) -> dict[str, object]:
    office = {name: value for name, value in OFFICE.items() if value is not None}
    return row(full_name=title, development="commission", owners=list(owners), applicant=office)


async def codes_of(scene: Scene, title: str, phone: str) -> list[str]:
    texts = [one["text"] for one in await scene.outside.inbox(phone) if one["from"] == "版权登记中心"]
    return [text.partition("验证码：")[2][:6] for text in texts if title in text and "验证码：" in text]


async def test_a_code_goes_to_the_bureau_as_it_comes_and_who_is_silent_is_asked_again(tmp_path: Path) -> None:
    title, other = "验证软件", "同号软件"
    shared = [owner(PERSON, id="o1"), {**SECOND, "phone": PERSON["phone"], "carrier": "mobile"}]
    rows = [persons(title, PERSON, SECOND, THIRD), persons(other, *shared)]
    async with at_the_office(tmp_path, rows, world={"phones": {"13300040010": "电信"}}) as scene:
        await scene.hours(1)
        assert await scene.states() == dict.fromkeys((title, other), "awaiting_captcha")
        [code] = await codes_of(scene, title, str(PERSON["phone"]))
        await scene.outside.fill_code(title, "V1.0", str(PERSON["phone"]), code)
        await scene.hours(0.5)
        assert (await scene.data(title))["codes_entered"]["owners"] == ["o1"], "the bureau keeps it"
        shown = await scene.command("case", "show", "RZ-0001")
        assert "taken by the bureau" in shown
        assert "sent, not handed in" in shown

        # who shares a phone cannot be told apart: only a person here can go on
        why = await scene.command("case", "why", "RZ-0002")
        assert "the operator" in why.split("What would move it on")[0]
        assert "RZ-0002" in await scene.command("todo")

        # one asked for anew by hand
        await scene.command("case", "give", "RZ-0001", "new-code", "owner=叶知棠")
        await scene.hours(0.5)
        assert len(await codes_of(scene, title, "18644700002")) == 2
        assert len(await codes_of(scene, title, "13300040010")) == 1

        await scene.hours(11, timedelta(hours=6))
        said = await scene.command("case", "why", "RZ-0001")
        assert "codes that have run out" in said
        await scene.hours(24 * 2.8, timedelta(hours=6))
        for phone, most in (("13300040010", 3), ("18644700002", 4)):
            assert len(await codes_of(scene, title, phone)) == most, phone
            for one in await scene.outside.inbox(phone):
                hour = datetime.fromisoformat(one["at"]).astimezone(BEIJING).hour
                assert 8 <= hour < 23, one
        assert (title, "codes_unanswered") in await scene.incidents(), "after three days"

"""Each wait names who can end it and by which command: a login that is lost, none left, codes used up."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import httpx

from tests.registration.particulars import PERSON
from tests.scenes.stage import UNCONCERNED, Scene, at_the_office
from tests.scenes.test_trouble import HALF, NO_CODES, codes_of, firm, persons, todo

LOGINS = [{"login": "office-01", "password": "pass-1"}, {"login": "office-02", "password": "pass-2"}]
HOUR = timedelta(hours=1)


async def drafts_of(scene: Scene, title: str) -> int:
    saved = [one for one in await scene.outside.ledger() if one["kind"] == "draft_saved"]
    return len({one["draft"] for one in saved if one["title"] == title})


async def test_a_lost_login_leads_its_matters_elsewhere_and_none_left_is_said(tmp_path: Path) -> None:
    """Somebody changed the password at the bureau; the matter of that account moves, with its draft told before."""
    rows = [firm("账号软件甲"), firm("账号软件乙")]
    async with at_the_office(tmp_path, rows, accounts=LOGINS, off=(*UNCONCERNED, *NO_CODES)) as scene:
        await scene.hours(1, HALF)
        assert set((await scene.states()).values()) == {"awaiting_seal"}
        async with httpx.AsyncClient(base_url=scene.outside.url, trust_env=False) as hand:
            await hand.post("/control/password", json={"account": "office-01", "password": "changed"})
        await scene.hours(2, HOUR)
        found = await scene.command("case", "list", "--account", "office-01")
        number = re.findall(r"RZ-\d+", found)[0]
        title = next(one.claim.data["full_name"] for one in await scene.rows() if one.claim.number == number)
        why = await scene.command("case", "why", number)
        assert "caseward account set-password office-01" in why

        said = await scene.command("case", "assign", number, "office-02", "--reason", "密码已被他人修改")
        assert "a new one is saved under the other account" in said, "what it means for the draft"
        assert f"case assign {number} office-02 --even-so" in said
        chinese = await scene.command(
            "case", "assign", number, "office-02", "--reason", "密码已被他人修改", language="zh-CN"
        )
        assert "取回空白签章页" in chinese
        assert "草稿及已填验证码留在原账号" in chinese
        await scene.command("case", "assign", number, "office-02", "--even-so", "--reason", "密码已被他人修改")
        await scene.hours(2, HALF)
        assert (await scene.states())[title] == "awaiting_seal"
        assert await drafts_of(scene, title) == 2

        await scene.command("account", "retire", "office-01", "--reason", "密码已丢失")
        waiting = [one["number"] for kind in (await todo(scene)).values() for one in kind["matters"]]
        assert "ZH-0001" not in waiting, "nobody shall restore what was retired on purpose"
        said = await scene.command("account", "retire", "office-02", "--reason", "不再使用")
        assert "No other account is left" in said
        await scene.hours(1, HOUR)
        why = await scene.command("case", "why", number)
        assert "no other one can take the case" in why
        assert "caseward account restore office-02" in why
        assert "due now" not in why
        await scene.import_rows(firm("账号软件丙"))
        await scene.hours(1, HALF)
        why = await scene.command("case", "why", "RZ-0003", language="zh-CN")
        assert "已没有可用于此题目的账号" in why
        assert "caseward account add LOGIN" in why


async def test_codes_used_up_wait_for_staff_who_ask_for_another(tmp_path: Path) -> None:
    """An owner types a wrong code again and again; the one who may allow more codes is named, and it leads on."""
    title, phone, name = "错码软件", str(PERSON["phone"]), str(PERSON["name"])
    async with at_the_office(tmp_path, [persons(title, PERSON)]) as scene:
        await scene.hours(0.5)
        for _ in range(4):
            await scene.outside.fill_code(title, "V1.0", phone, "000000")
            await scene.hours(0.5)
        assert len(await codes_of(scene, title, phone)) == 3
        why = await scene.command("case", "why", "RZ-0001")
        assert "Waiting for: the operator" in why
        assert f"caseward case give RZ-0001 new-code owner={name}" in why
        assert "RZ-0001" in await scene.command("todo")
        await scene.command("case", "give", "RZ-0001", "new-code", f"owner={name}")
        await scene.hours(0.5)
        codes = await codes_of(scene, title, phone)
        assert len(codes) == 4
        assert "Waiting for: the owners" in await scene.command("case", "why", "RZ-0001")
        await scene.outside.fill_code(title, "V1.0", phone, codes[-1])
        await scene.hours(0.5)
        assert (await scene.states())[title] == "awaiting_seal"
        history = await scene.command("case", "history", "RZ-0001", language="zh-CN")
        assert "提交了重新发送验证码的请求" in history
        assert f"→ {name}" in history
        steps = re.findall(r"证据 +\d+\. (.*) →", history)
        assert steps
        assert [one for one in steps if re.search("[A-Za-z]", one)] == [], "words of ours inside the record"

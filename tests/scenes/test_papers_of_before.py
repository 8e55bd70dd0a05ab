"""Papers that go with the draft: an agreement with the owner of before is not filed, nor a draft without a 委托书."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from stdnum.cn import uscc

from states.copyright.demonstration.papers import agreement, attorney, sealed
from tests.registration.particulars import COMPANY, applicant, row
from tests.scenes.stage import CAPTCHA, at_the_office
from tests.scenes.test_wrong_papers import FIRM, handed_in

TITLE, NEW = "易主之后协议软件", "重庆云岫新智有限公司"


def code(body: str) -> str:
    return body + uscc.calc_check_digit(body)


OTHER = {**COMPANY, "name": "成都澜汐信息技术有限公司", "certificate_number": code("91990000MA1Y6R058")}
WHY = ("--reason", "客户来函，转让份额")


async def test_an_agreement_with_the_owner_of_before_is_not_filed(tmp_path: Path) -> None:
    matter = row(full_name=TITLE, owners=[FIRM, OTHER], applicant=applicant(owner="o1"), development="cooperation")
    async with at_the_office(tmp_path, [matter], acts=[CAPTCHA], off=("adapter_health", "retention")) as scene:
        await scene.hours(1)
        assert await scene.numbered() == {"RZ-0001": "awaiting_agreement"}, await scene.incidents()
        first = agreement(TITLE, [FIRM["name"], str(OTHER["name"])])
        assert "on file" in await handed_in(scene, tmp_path, first, "agreement")
        await scene.hours(1)
        assert await scene.numbered() == {"RZ-0001": "awaiting_seal"}, await scene.command("case", "why", "RZ-0001")
        new = (f"owners.o2.name={NEW}", f"owners.o2.certificate_number={code('91990000MA1Y6R057')}")
        said = await scene.command("case", "edit", "RZ-0001", *new, *WHY)
        assert re.search("the agreement is doubtful: it was signed before", said), said
        anew = await scene.command("case", "give", "RZ-0001", "order-anew", "amount=300", "reason=著作权人变更")
        assert "exit" not in anew, anew
        await scene.hours(1)
        why = await scene.command("case", "why", "RZ-0001")
        assert await scene.numbered() == {"RZ-0001": "awaiting_agreement"}, why
        assert re.search("changed after it was signed.*the operator", why, re.DOTALL), why
        compare = ("case", "compare", "RZ-0001", "agreement")
        shown = await scene.command(*compare, "--out", str(tmp_path / "pair.pdf"))
        seen = re.search("--seen ([0-9a-f]+)", shown)
        assert seen, shown
        await scene.command(*compare, "--no", "--seen", seen[1], "--reason", "协议写的是原著作权人")
        await scene.hours(1)
        assert await scene.numbered() == {"RZ-0001": "awaiting_agreement"}
        assert "on file" in await handed_in(scene, tmp_path, agreement(TITLE, [FIRM["name"], NEW]), "agreement")
        await scene.hours(1)
        assert await scene.numbered() == {"RZ-0001": "awaiting_seal"}, await scene.command("case", "why", "RZ-0001")
        blank = await scene.record.documents.get((await scene.data(TITLE))["seal_form"]["digest"])
        assert "on file" in await handed_in(scene, tmp_path, sealed(blank, [FIRM["name"], NEW]))
        await scene.hours(1)
        assert await scene.numbered() == {"RZ-0001": "submitted"}, await scene.incidents()
        judged = await scene.outside.judgement()
        assert (judged["doubled"], judged["altered"], judged["strange"]) == (0, [], [])
        ledger = await scene.outside.ledger()
        uploaded = [one for one in ledger if one["kind"] == "material_uploaded" and one["material"] == "agreement"]
        assert len({one["sha256"] for one in uploaded}) == 2


async def test_what_an_agent_files_has_the_applicants_power_of_attorney(tmp_path: Path) -> None:
    agent = {"name": "澜汐代理所", "address": "重庆市沙坪坝区 8 号", "postcode": "400030", "contact": "周闻",
             "phone": "13800409009", "email": "agent@b.example"}  # fmt: skip
    matter = row(full_name=TITLE, owners=[FIRM], applicant=applicant(owner="o1"), agent=agent)
    async with at_the_office(tmp_path, [matter], acts=[CAPTCHA]) as scene:
        await scene.hours(1)
        why = await scene.command("case", "why", "RZ-0001")
        assert await scene.numbered() == {"RZ-0001": "generating"}, why
        assert re.search("power of attorney.*澜汐代理所", why, re.DOTALL), why
        assert await scene.entries("page_saved", TITLE) == 0
        wrong = attorney(FIRM["name"], "另一家代理所", TITLE)
        assert "doubtful" in await handed_in(scene, tmp_path, wrong, "power-of-attorney")
        paper = attorney(FIRM["name"], str(agent["name"]), TITLE)
        assert "on file" in await handed_in(scene, tmp_path, paper, "power-of-attorney")
        await scene.hours(1)
        assert await scene.numbered() == {"RZ-0001": "awaiting_seal"}, await scene.command("case", "why", "RZ-0001")
        uploaded = [one for one in await scene.outside.ledger() if one["kind"] == "material_uploaded"]
        assert [one["sha256"] for one in uploaded if one["material"] == "attorney"] == [sha256(paper).hexdigest()]
        blank = await scene.record.documents.get((await scene.data(TITLE))["seal_form"]["digest"])
        assert "on file" in await handed_in(scene, tmp_path, sealed(blank, [FIRM["name"]]))
        await scene.hours(1)
        assert await scene.numbered() == {"RZ-0001": "submitted"}, await scene.incidents()

"""Between rounds an owner is another one: the correction is filed for him, under the filing of the one before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from stdnum.cn import uscc

from tests.registration.particulars import COMPANY, applicant, row
from tests.scenes.stage import CAPTCHA, at_the_office
from workflow.demonstration import Act

TITLE, NEW = "易主之后补正软件", "重庆云岫新智有限公司"
FIRM = {**COMPANY, "id": "o1", "phone": "13800400003", "carrier": "mobile"}
BODY = "91990000MA1Y6R057"
CODE = BODY + uscc.calc_check_digit(BODY)
STEPS = [
    {"after_hours": 0.1, "status": "待补正", "notice": "著作权人已变更，请补正"},
    {"after_hours": 0.1, "status": "已发放"},
]
SEAL = Act("seal_form", 0, "clerk", "return_seal_page", {"title": TITLE})
STRIDE = timedelta(minutes=20)


async def test_a_correction_is_filed_for_the_new_owner(tmp_path: Path) -> None:
    matter = row(full_name=TITLE, owners=[FIRM], applicant=applicant(owner="o1"))
    world = {"plans": {TITLE: {"review": STEPS}}}
    off = ("adapter_health", "retention", "awaiting_agreement")
    async with at_the_office(tmp_path, [matter], acts=(CAPTCHA, SEAL), world=world, off=off) as scene:
        paused = await scene.command("schedule", "pause", "needs_correction", "--for", "12h", "--reason", "等更名")
        assert "exit" not in paused, paused
        await scene.hours(2, STRIDE)
        assert await scene.numbered() == {"RZ-0001": "needs_correction"}
        new = (f"owners.o1.name={NEW}", f"owners.o1.certificate_number={CODE}")
        said = await scene.command("case", "edit", "RZ-0001", *new, "--reason", "公司更名换证")
        assert "exit" not in said, said
        said = await scene.command("case", "give", "RZ-0001", "correction", "reason=新证件已录入")
        assert "exit" not in said, said
        said = await scene.command("schedule", "resume", "needs_correction", "--reason", "已更名")
        assert "exit" not in said, said
        await scene.hours(2.4, STRIDE)
        assert (await scene.numbered(), await scene.incidents()) == ({"RZ-0001": "granted"}, [])
        ledger, judged = await scene.outside.ledger(), await scene.outside.judgement()
        owners = [one["particulars"]["owners"][0]["name"] for one in ledger if one["kind"] == "order_placed"]
        assert owners == [FIRM["name"], NEW]
        assert (judged["doubled"], judged["strange"], judged["altered"]) == (0, [], [])
        assert len({one["filing"] for one in ledger if one["kind"] == "confirmed"}) == 1

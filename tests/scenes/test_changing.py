"""What a person changes of a matter under way: what was made from the former particulars is not used again."""

import json
import re
from pathlib import Path

from tests.registration.particulars import COMPANY, applicant, owner, row
from tests.scenes.stage import CAPTCHA, at_the_office
from workflow.demonstration import Act

TITLE = "拾光手账时间管理软件"
SLOW = {"plans": {TITLE: {"review": [{"after_hours": 60, "status": "已发放"}]}}}
FIRM = row(
    owners=[owner(COMPANY, id="o1", phone="13800400003", carrier="mobile")],
    applicant=applicant(contact="顾遥岑"),
    purpose="旧的目的。",
)
SEALED = Act("seal_form", 3, "clerk", "return_seal_page", {"title": TITLE})


async def test_what_is_changed_after_saving_is_filed_as_it_stands_then(tmp_path: Path) -> None:
    async with at_the_office(tmp_path, [FIRM], acts=[CAPTCHA, SEALED], world=SLOW) as scene:
        await scene.hours(1)
        assert await scene.numbered() == {"RZ-0001": "awaiting_seal"}
        said = ("owners.o1.city=万州区", "owners.o1.name=重庆云岫智联有限公司", "purpose=改正后的目的。")
        wrong = await scene.command(
            "case", "edit", "RZ-0001", "owners.o1.certificate_number=91", "--reason", "客户来函"
        )
        assert re.search(r"owners\[0\].certificate_number.*exit 2", wrong, re.DOTALL), wrong
        dry = await scene.command("case", "edit", "RZ-0001", *said, "--reason", "客户来函更正", "--dry")
        assert all(told in dry for told in ("旧的目的。 → 改正后的目的。", "materials are stale", "sealed is stale")), (
            dry
        )
        assert (await scene.data(TITLE))["seal_form"]
        whole = tmp_path / "changed.json"
        whole.write_text(json.dumps([{**FIRM, "purpose": "文件中的目的。"}, row(full_name="别的")]), "utf-8")
        rows = await scene.command("case", "update", str(whole), "--reason", "客户来函更正")
        assert re.search("别的.*no case under way.*exit", rows, re.DOTALL), rows
        whole.write_text(json.dumps([{**FIRM, "purpose": "文件中的目的。"}]), "utf-8")
        rows = await scene.command("case", "update", str(whole), "--reason", "客户来函更正", "--dry")
        assert "旧的目的。 → 文件中的目的。" in rows, rows
        done = await scene.command("case", "edit", "RZ-0001", *said, "--reason", "客户来函更正")
        assert "exit" not in done, done
        await scene.hours(2)
        why = await scene.command("case", "why", "RZ-0001")
        assert "the operator" in why, why
        assert await scene.numbered() == {"RZ-0001": "generating"}
        assert await scene.entries("confirmed", TITLE) == 0
        kept = await scene.command("case", "give", "RZ-0001", "keep-materials", "reason=客户看过，内容无误")
        assert "exit" not in kept, kept
        await scene.hours(8)
        assert await scene.numbered() == {"RZ-0001": "submitted"}
        late = await scene.command("case", "edit", "RZ-0001", "purpose=又改。", "--reason", "客户来函更正")
        assert re.search("on file.*exit", late, re.DOTALL), late
        ledger = await scene.outside.ledger()
        pages = [one["values"] for one in ledger if one["kind"] == "page_saved"]
        assert [one["purpose"] for one in pages if "purpose" in one][-1] == "改正后的目的。"
        assert len([one for one in ledger if one["kind"] == "order_placed"]) == 1
        history = await scene.command("case", "history", "RZ-0001")
        assert re.search(r"purpose: 旧的目的。 → 改正后的目的。", history), history
        judged = await scene.outside.judgement()
        assert (judged["doubled"], judged["altered"]) == (0, [])

"""What a person changes of a matter under way: what was made from the former particulars is not used again."""

import json
import re
from datetime import timedelta
from pathlib import Path

from tests.registration.particulars import COMPANY, applicant, owner, row
from tests.scenes.stage import CAPTCHA, at_the_office
from workflow.demonstration import Act

HALF_AN_HOUR = timedelta(minutes=30)
TITLE = "拾光手账时间管理软件"
OTHER, NOTICE = "澜汐泵站巡检软件", "著作权人证件号码与证件不符，请补正著作权人信息。"
WRONG, RIGHT = "91990000MAD7QX017W", "91990000MAC9WP069T"
LAST = {"after_hours": 60, "status": "已发放"}
SLOW = {"plans": {
    TITLE: {"review": [LAST]},
    OTHER: {"review": [{"after_hours": 5, "status": "待补正", "notice": NOTICE}, LAST]},
}}  # fmt: skip
FIRM = row(
    owners=[owner(COMPANY, id="o1", phone="13800400003", carrier="mobile")],
    applicant=applicant(contact="顾遥岑"),
    purpose="旧的目的。",
)
SECOND = {**FIRM, "full_name": OTHER}
SEALED = [Act("seal_form", hours, "clerk", "return_seal_page", {"title": title})
          for title, hours in ((TITLE, 3), (OTHER, 0))]  # fmt: skip


async def test_what_is_changed_after_saving_is_filed_as_it_stands_then(tmp_path: Path) -> None:
    async with at_the_office(
        tmp_path, [FIRM, SECOND], acts=[CAPTCHA, *SEALED], world=SLOW, off=("adapter_health", "retention")
    ) as scene:
        await scene.hours(1)
        assert (await scene.states())[TITLE] == "awaiting_seal"
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
        await scene.hours(2, HALF_AN_HOUR)
        why = await scene.command("case", "why", "RZ-0001")
        assert "the operator" in why, why
        assert (await scene.states())[TITLE] == "generating"
        assert await scene.entries("confirmed", TITLE) == 0
        kept = await scene.command("case", "give", "RZ-0001", "keep-materials", "reason=客户看过，内容无误")
        assert "exit" not in kept, kept
        await scene.hours(8, timedelta(hours=1))
        assert (await scene.states())[TITLE] == "submitted"
        late = await scene.command("case", "edit", "RZ-0001", "purpose=又改。", "--reason", "客户来函更正")
        assert re.search("on file.*exit", late, re.DOTALL), late
        ledger = await scene.outside.ledger()
        pages = [one["values"] for one in ledger if one["kind"] == "page_saved"]
        assert [one["purpose"] for one in pages if "purpose" in one][-1] == "改正后的目的。"
        assert await scene.entries("order_placed", TITLE) == 1
        history = await scene.command("case", "history", "RZ-0001")
        assert re.search(r"purpose: 旧的目的。 → 改正后的目的。", history), history
        await scene.days(1)
        assert (await scene.states())[OTHER] == "needs_correction"
        await scene.hours(1, HALF_AN_HOUR)
        assert [kind for title, kind in await scene.incidents() if title == OTHER] == ["person_wanted"]
        why = await scene.command("case", "why", "RZ-0002")
        assert re.search(f"operator.*{NOTICE}", why, re.DOTALL), why
        shown = await scene.command("case", "show", "RZ-0002")
        assert re.search(f"{NOTICE}.*2090-04-05", shown, re.DOTALL), shown
        told = [one["text"] for one in await scene.outside.inbox("13800400003") if OTHER in one["text"]]
        assert [NOTICE.rstrip("。") in text and "2090-04-05" in text for text in told[1:]] == [True], told
        assert await scene.entries("order_placed", OTHER) == 1
        number = f"owners.o1.certificate_number={RIGHT}"
        done = await scene.command("case", "edit", "RZ-0002", number, "--reason", "营业执照有误")
        assert "stale" in done, done
        done = await scene.command("case", "give", "RZ-0002", "correction", "reason=证件号码已更正")
        assert "exit" not in done, done
        await scene.hours(2, HALF_AN_HOUR)
        assert (await scene.states())[OTHER] == "submitted"
        placed = [one for one in await scene.outside.ledger() if one["kind"] == "order_placed" and one["round"] == 1]
        assert [one["particulars"]["owners"][0]["certificate_number"] for one in placed] == [RIGHT]
        assert placed[0]["particulars"]["correction"]["notice"] == NOTICE
        judged = await scene.outside.judgement()
        assert (judged["doubled"], judged["altered"]) == (0, [])

"""Orders that come to nothing: refunded, failed, gone, or of no use; each has a way on that a person orders."""

import re
from datetime import timedelta
from pathlib import Path

from caseward.sandbox.pdf import Text, write
from tests.registration.particulars import COMPANY, applicant, owner, row
from tests.scenes.stage import CAPTCHA, TEN_MINUTES, at_the_office

HALF_AN_HOUR = timedelta(minutes=30)
REFUNDED, FAILED, GONE, FAULTY = "拾光手账时间管理软件", "澜汐泵站巡检软件", "北辰仓储盘点软件", "青禾农情监测软件"
TITLES = (REFUNDED, FAILED, GONE, FAULTY)
TURNS = {REFUNDED: "已退款", FAILED: "生成失败", GONE: "查无此单", FAULTY: "内容有误"}
MADE = {"generation": {"default_minutes": 15, "titles": dict.fromkeys(TITLES[:3], 40)}}
OWNER = owner(COMPANY, id="o1", phone="13800400003", carrier="mobile")
ROWS = [row(full_name=title, owners=[OWNER], applicant=applicant(contact="顾遥岑")) for title in TITLES]
WHY = "reason=生成系统来电说明"


def paper(folder: Path, name: str, title: str) -> str:
    path = folder / f"{name}.pdf"
    path.write_bytes(write([[Text(72, 770, f"{title} V1.0", 16), Text(72, 700, name)]]))
    return f"{name}={path}"


async def test_each_order_that_came_to_nothing_goes_on_as_a_person_says(tmp_path: Path) -> None:
    async with at_the_office(tmp_path, ROWS, acts=[CAPTCHA], world=MADE) as scene:
        await scene.hours(1 / 6, TEN_MINUTES)
        placed = {one["title"]: one["order"] for one in await scene.outside.ledger() if one["kind"] == "order_placed"}
        number = {title: f"RZ-000{place}" for place, title in enumerate(TITLES, 1)}
        for title, turn in TURNS.items():
            await scene.outside.turn_order(placed[title], turn)
        await scene.hours(1 / 2, HALF_AN_HOUR)
        assert set((await scene.states()).values()) == {"generating"}
        why = await scene.command("case", "why", number[REFUNDED])
        assert re.search(r"operator.*已退款.*300\.00 CNY", why, re.DOTALL), why
        forced = ["case", "force", number[REFUNDED], "unprocessed", "--reason", "生成订单已退款，重新下单"]
        dry = await scene.command(*forced, "--new-round", "--dry")
        assert re.search(r"would not go on.*order-anew", dry, re.DOTALL), dry
        assert "exit" in await scene.command(*forced, "--new-round")
        again = ["case", "give", number[REFUNDED], "order-anew", WHY]
        told = await scene.command(*again, "amount=3")
        assert re.search(r"spends 300\.00 CNY.*amount=300\.00.*exit", told, re.DOTALL), told
        for title in (REFUNDED, FAULTY):
            again[2] = number[title]
            done = await scene.command(*again, "amount=300")
            assert "exit" not in done, done
        await scene.outside.turn_order(placed[FAILED], "重新生成")
        papers = [paper(tmp_path, name, GONE) for name in ("application", "source", "manual")]
        done = await scene.command("case", "give", number[GONE], "materials", *papers, WHY)
        assert "exit" not in done, done
        await scene.hours(2, HALF_AN_HOUR)
        assert set((await scene.states()).values()) == {"awaiting_seal"}, await scene.incidents()
        count = {title: await scene.entries("order_placed", title) for title in TITLES}
        assert count == {REFUNDED: 2, FAILED: 1, GONE: 1, FAULTY: 2}
        assert await scene.entries("order_paid", REFUNDED) == 2
        history = await scene.command("case", "history", number[REFUNDED])
        assert re.search("ordered once more.*生成系统来电说明", history, re.DOTALL), history
        assert (await scene.outside.judgement())["doubled"] == 0

"""A correction's whole way: it waits for people, is answered in time or not, and the bureau may end it meanwhile."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.registration.particulars import COMPANY, applicant, owner, row
from tests.scenes.stage import CAPTCHA, Scene, at_the_office
from workflow.demonstration import Act

HALF_AN_HOUR = timedelta(minutes=30)
ANSWERED, LATE, REFUSED, DROPPED = "按期补正的软件", "逾期补正的软件", "补正时被拒的软件", "补正时撤回的软件"
TITLES = (ANSWERED, LATE, REFUSED, DROPPED)
WRONG, RIGHT = "91990000MAD7QX017W", "91990000MAC9WP069T"
NUMBER = "申请表中著作权人的证件号码有误，请补正。"
DAY = "开发完成日期有误，请于三日内补正。"
LAST = {"after_hours": 1, "status": "已发放"}
FIRM = owner(COMPANY, id="o1", phone="13800400003", carrier="mobile")
ROWS = [row(full_name=one, owners=[FIRM], applicant=applicant(contact="顾遥岑")) for one in TITLES]
SEALS = [Act("seal_form", 0, "clerk", "return_seal_page", {"title": title}) for title in TITLES]


def wants(notice: str) -> dict[str, Any]:
    return {"review": [{"after_hours": 0.1, "status": "待补正", "notice": notice}, LAST]}


PLANS = {ANSWERED: wants(NUMBER), LATE: wants(DAY), REFUSED: wants(NUMBER), DROPPED: wants(NUMBER)}


async def test_a_correction_waits_for_people_and_for_nobody_once_the_bureau_has_ended_it(tmp_path: Path) -> None:
    async with at_the_office(
        tmp_path, ROWS, acts=[CAPTCHA, *SEALS], world={"plans": PLANS}, off=("adapter_health", "retention")
    ) as scene:
        number = {title: f"RZ-000{place}" for place, title in enumerate(TITLES, 1)}
        await scene.hours(3, HALF_AN_HOUR)
        await scene.days(1)
        assert set((await scene.states()).values()) == {"needs_correction"}, await scene.incidents()
        await scene.hours(1, HALF_AN_HOUR)
        assert await orders(scene) == [], "the form says what the registration says: new materials would say it again"
        assert set(await scene.incidents()) == {(title, "person_wanted") for title in TITLES} | {
            (LATE, "correction_due")
        }

        # one is put right and said to be given: a new order, and it is filed
        edited = await scene.command(
            "case", "edit", number[ANSWERED], f"owners.o1.certificate_number={RIGHT}", "--reason", "营业执照有误"
        )
        assert "exit" not in edited, edited
        said = await scene.command("case", "give", number[ANSWERED], "correction", "reason=证件号码已更正")
        assert "exit" not in said, said

        # meanwhile the bureau refuses one, and somebody withdraws another by hand
        await end(scene)
        await scene.hours(2, HALF_AN_HOUR)
        states = await scene.states()
        assert {title: states[title] for title in (ANSWERED, REFUSED, DROPPED)} == {
            ANSWERED: "submitted", REFUSED: "rejected", DROPPED: "needs_correction",
        }, await scene.incidents()  # fmt: skip
        given = await scene.command("case", "give", number[DROPPED], "correction", "reason=证件号码已更正")
        assert "exit" not in given, given
        await scene.hours(1, HALF_AN_HOUR)
        why = await scene.command("case", "why", number[DROPPED])
        assert re.search("operator.*withdrawn", why, re.DOTALL), why
        assert await orders(scene) == [ANSWERED]

        # once its time is over nothing goes on, whatever is said, before the bureau gives more
        await scene.days(4)
        assert (LATE, "correction_lost") in await scene.incidents()
        late = await scene.command("case", "give", number[LATE], "correction", "reason=日期已更正")
        assert re.search("took answers until.*exit", late, re.DOTALL), late
        await scene.hours(1, HALF_AN_HOUR)
        assert await orders(scene) == [ANSWERED]
        more = await scene.command("case", "give", number[LATE], "deadline", "answer_by=2090-03-20", "reason=来电延期")
        assert "exit" not in more, more
        late = await scene.command("case", "give", number[LATE], "correction", "reason=日期已更正")
        assert "exit" not in late, late
        await scene.hours(2, HALF_AN_HOUR)
        assert (await scene.states())[LATE] == "submitted", await scene.incidents()
        assert sorted(await orders(scene)) == sorted([ANSWERED, LATE])
        await scene.days(2)
        ended = {ANSWERED: "granted", LATE: "granted", REFUSED: "rejected", DROPPED: "needs_correction"}
        assert await scene.states() == ended
        judged = await scene.outside.judgement()
        assert (judged["doubled"], judged["altered"]) == (0, [])


async def orders(scene: Scene) -> list[str]:
    """The titles for which materials were ordered to answer a correction."""
    ledger = await scene.outside.ledger()
    return [one["title"] for one in ledger if one["kind"] == "order_placed" and one["round"]]


async def end(scene: Scene) -> None:
    filed = {one["title"]: one["filing"] for one in await scene.outside.ledger() if one["kind"] == "confirmed"}
    async with scene.by_hand() as clerk:
        await clerk.post(f"/portal/filings/{filed[DROPPED]}/withdraw")
    refused = {"review": [{"after_hours": 0.1, "status": "不予受理", "remark": "证件号码不符"}]}
    async with httpx.AsyncClient(base_url=scene.outside.url, trust_env=False) as hand:
        (await hand.post("/control/plan", json={"title": REFUSED, **refused})).raise_for_status()

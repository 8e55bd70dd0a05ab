"""What others do at the bureau meanwhile is noticed in every state, and each has an answer of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import httpx

from caseward.sandbox.pdf import Text, write
from states.copyright.demonstration.papers import sealed
from tests.docs.days import at_work
from tests.docs.seats import open_workers
from tests.registration.particulars import COMPANY, PERSON, applicant, row
from tests.sandbox.office import Clerk
from tests.scenes.stage import CAPTCHA, Scene, at_the_office
from workflow.demonstration import Act

FIRM = {**COMPANY, "id": "o1", "phone": "13800400003", "carrier": "mobile"}
FILED, LOST, UNCODED = "他人提交的软件", "草稿被删的软件", "等验证码的软件"
WORD, GONE, DROPPED, ANSWERED = "状态新词的软件", "查不到的软件", "被撤回的软件", "人工补正的软件"
AGENT = {**applicant(name="重庆澜汐知识产权代理有限公司"), "owner": None}
STRIDE = timedelta(minutes=20)
LONG = [{"after_hours": 200, "status": "审查中"}]
PLANS: Mapping[str, object] = {
    FILED: {"review": [{"after_hours": 1, "status": "审查中"}, {"after_hours": 1, "status": "已发放"}]},
    WORD: {
        "review": [{"after_hours": 1, "status": "审查中", "shown": "待受理"}, {"after_hours": 300, "status": "已发放"}]
    },
    GONE: {"review": LONG},
    DROPPED: {"review": LONG},
    ANSWERED: {
        "review": [
            {"after_hours": 0.1, "status": "审查中"},
            {"after_hours": 0.1, "status": "待补正", "notice": "说明书名称不一致"},
            {"after_hours": 1, "status": "审查中"},
            {"after_hours": 1, "status": "已发放"},
        ]
    },
}


def _of_firm(title: str) -> dict[str, object]:
    return row(full_name=title, owners=[FIRM], applicant=applicant(owner="o1"))


ROWS = [
    *map(_of_firm, (FILED, LOST)),
    row(full_name=UNCODED, owners=[PERSON], development="sole", applicant={k: v for k, v in AGENT.items() if v}),
    *map(_of_firm, (WORD, GONE, DROPPED, ANSWERED)),
]
SEALS = [
    Act("seal_form", 0, "clerk", "return_seal_page", {"title": title}) for title in (WORD, GONE, DROPPED, ANSWERED)
]


async def test_what_others_did_is_noticed_and_answered(tmp_path: Path) -> None:
    async with at_the_office(tmp_path, ROWS, acts=(CAPTCHA, *SEALS), world={"plans": dict(PLANS)}) as scene:
        await scene.hours(1, STRIDE)
        assert await scene.states() == {
            FILED: "awaiting_seal",
            LOST: "awaiting_seal",
            UNCODED: "awaiting_captcha",
            WORD: "submitted",
            GONE: "submitted",
            DROPPED: "submitted",
            ANSWERED: "submitted",
        }
        before, form = await _numbers(scene, "drafts"), (await scene.data(LOST))["seal_form"]
        filings = await _numbers(scene, "filings")
        async with scene.by_hand() as clerk:
            await _file(clerk, before[FILED])
            await clerk.post(f"/portal/drafts/{before[LOST]}/delete")
            await clerk.post(f"/portal/drafts/{before[UNCODED]}/delete")
            await clerk.post(f"/portal/filings/{filings[DROPPED]}/withdraw")
            await _answer(scene, clerk, filings[ANSWERED])
        await _control(scene, "remove", object=filings[GONE])
        await scene.hours(2, STRIDE)

        # filed by hand while the seal page was awaited: taken over, and its owner told
        assert (await scene.states())[FILED] == "submitted"
        assert (await scene.data(FILED))["noticed"]["round"] == 0
        assert await scene.entries("confirmed", FILED) == 1
        # a draft that is gone is saved anew; what named the old one is fetched anew
        after = await _numbers(scene, "drafts")
        assert (await scene.states())[LOST] == "awaiting_seal"
        assert after[LOST] != before[LOST]
        assert (await scene.data(LOST))["seal_form"]["digest"] != form["digest"]
        # and of the owner's code another one is asked for
        assert (await scene.states())[UNCODED] == "awaiting_captcha"
        assert await scene.entries("code_sent", UNCODED) == 2
        texts = [one["text"] for one in await scene.outside.inbox("13800400001") if "位验证码" in one["text"]]
        assert len(texts) == 2

        await scene.only("keep_sessions", "submitted", "notices")
        await scene.days(2)
        states = await scene.states()
        # a correction that was answered by hand goes on in the bureau's round
        assert (states[FILED], states[ANSWERED]) == ("granted", "granted")
        assert await scene.entries("order_placed", ANSWERED) == 1
        # each of the others waits for a person, and says for what
        waiting = {one for one in await scene.incidents() if one[1] != "login_loop"}
        assert waiting == {(title, "person_wanted") for title in (WORD, GONE, DROPPED)}
        assert {states[title] for title in (WORD, GONE, DROPPED)} == {"submitted"}
        number = next(row.claim.number for row in await scene.rows() if row.claim.data["full_name"] == WORD)
        why = await scene.command("case", "why", number, language="zh-CN")
        assert "待受理" in why
        assert "操作员" in why

        # the word is taught once for all
        said = await scene.command(
            "settings", "set", "copyright_status_words", '{"待受理": "received"}', "--reason", "官网新状态"
        )
        assert "待受理" in said, said
        await scene.record.refresh()
        async with open_workers(scene.record) as workers:
            office = scene.office
            scene.office = at_work(scene.record, office.clock, workers, scene.outside, [CAPTCHA])
            await scene.days(1)
        assert set(await scene.incidents()) == {(title, "person_wanted") for title in (GONE, DROPPED)}
        assert (await scene.data(WORD))["reviews"][-1]["answer"] == "received"
        judged = await scene.outside.judgement()
        assert (judged["doubled"], judged["altered"]) == (0, [])


async def _numbers(scene: Scene, of: str) -> dict[str, str]:
    """The drafts or filings of the ledger by title, the newest of each."""
    kind, name = {"drafts": ("draft_saved", "draft"), "filings": ("confirmed", "filing")}[of]
    return {one["title"]: one[name] for one in await scene.outside.ledger() if one["kind"] == kind}


async def _file(clerk: Clerk, draft: str) -> None:
    blank = (await clerk.client.get(f"/portal/drafts/{draft}/seal.pdf")).content
    await clerk.upload(f"/portal/drafts/{draft}/seal", sealed(blank, [str(FIRM["name"])]))
    assert (await clerk.post(f"/portal/drafts/{draft}/confirm")).page == "receipt"


async def _answer(scene: Scene, clerk: Clerk, filing: str) -> None:
    """Somebody answers a correction by hand, with papers of his own."""
    draft = re.search(r"D\d{7}", (await clerk.post(f"/portal/filings/{filing}/correct")).html)
    assert draft
    for kind in ("application", "source", "manual"):
        paper = write([[Text(72, 700, f"by hand {kind}")]])
        await clerk.upload("/portal/apply/materials", paper, kind=kind, draft_id=draft[0])
    await _control(scene, "clock", advance_seconds=3)
    assert (await clerk.post("/portal/apply/check", draft_id=draft[0])).page == "draft"
    assert (await clerk.post(f"/portal/drafts/{draft[0]}/confirm")).page == "receipt"


async def _control(scene: Scene, path: str, **said: object) -> None:
    async with httpx.AsyncClient(base_url=scene.outside.url, trust_env=False) as hand:
        (await hand.post(f"/control/{path}", json=said)).raise_for_status()

"""Somebody edits drafts at the bureau between their saving and their filing: no case files one that is not its own.

Four registrations wait for their owners' signatures, all drafts saved. Three drafts are changed by hand, each is
stopped and a person told; each goes on by another way: put back at the bureau, saved anew, or taken over into the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from states.copyright.demonstration.doings import give_specimen
from tests.attack.papers.test_mixed_up import ACTS, MIXED_UP, OTHER, ROWS, TITLES
from tests.registration.particulars import applicant, row
from tests.scenes.stage import CAPTCHA, Scene, at_the_office
from workflow.demonstration import Act
from workflow.store import CaseRow, Filters

PUT_BACK, ANEW, TAKEN_OVER = MIXED_UP
EDITS: dict[str, tuple[str, Any]] = {
    PUT_BACK: ("short_name", "另一简称"),
    ANEW: ("applicant_phone", "13900000999"),
    TAKEN_OVER: ("category", "中间件"),
}
STATES = dict.fromkeys(MIXED_UP, "awaiting_seal")


async def rows(scene: Scene) -> dict[str, CaseRow]:
    found = await scene.record.store.cases(Filters(flow="copyright"), limit=9)
    return {row.claim.data["full_name"]: row for row in found}


async def drafts(scene: Scene) -> dict[str, str]:
    return {e["title"]: e["draft"] for e in await scene.outside.ledger() if e["kind"] == "draft_saved"}


async def edit(scene: Scene, title: str, field: str, value: Any) -> None:
    async with httpx.AsyncClient(base_url=scene.outside.url, trust_env=False) as hand:
        body = {"draft": (await drafts(scene))[title], "field": field, "value": value}
        (await hand.post("/control/edit", json=body)).raise_for_status()


async def held(scene: Scene, title: str) -> dict[str, Any]:
    """What the draft holds, page by page, as the ledger tells it."""
    number = (await drafts(scene))[title]
    found: dict[str, Any] = {}
    for entry in await scene.outside.ledger():
        if entry.get("draft") == number and "values" in entry:
            found[entry["page"]] = entry["values"]
    return found


async def told(scene: Scene) -> dict[str, Mapping[str, Any]]:
    """What a person is told of each difference, by the title of the matter."""
    numbers = {row.claim.number: title for title, row in (await rows(scene)).items()}
    return {numbers[one.number]: one.seen for one in await scene.record.store.incidents()}


async def test_what_somebody_changed_by_hand_is_told_and_never_filed(tmp_path: Path) -> None:
    acts = [act for act in ACTS if act.does != "give_specimen"]
    async with at_the_office(tmp_path, ROWS, acts=acts) as scene:
        await scene.office.until(await scene.record.clock.business() + timedelta(hours=2), timedelta(minutes=10))
        assert await scene.states() == dict.fromkeys(TITLES, "awaiting_seal")
        before = await held(scene, PUT_BACK)
        for title, (field, value) in EDITS.items():
            await edit(scene, title, field, value)
        desk = scene.office.people.desk
        for row in (await rows(scene)).values():
            for owner in row.claim.data["owners"]:
                await give_specimen(desk, row, owner)
        await scene.office.until(await scene.record.clock.business() + timedelta(hours=1), timedelta(minutes=10))
        assert {title: state for title, state in (await scene.states()).items() if title != OTHER} == STATES
        assert sorted(await scene.incidents()) == sorted((title, "draft_differs") for title in MIXED_UP)
        for title in MIXED_UP:
            assert (await scene.entries("seal_uploaded", title), await scene.entries("confirmed", title)) == (0, 0)
        seen = await told(scene)
        assert seen[PUT_BACK] == {"short_name": {"ours": before["software"]["short_name"], "theirs": "另一简称"}}
        assert seen[ANEW]["applicant_phone"]["theirs"] == "139…99"
        assert seen[TAKEN_OVER] == {"category": {"ours": "应用软件", "theirs": "中间件"}}
        await edit(scene, PUT_BACK, "short_name", before["software"]["short_name"])
        commands, reason = scene.record.commands("person:clerk"), "looked at the bureau's website"
        cases = {title: row.claim.case for title, row in (await rows(scene)).items()}
        await commands.force(cases[ANEW], "generating", reason)
        await commands.change(cases[TAKEN_OVER], {"category": "middleware"}, reason)
        for title in MIXED_UP:
            await commands.retry(cases[title], reason)
        await scene.office.until(await scene.record.clock.business() + timedelta(hours=1), timedelta(minutes=10))
        assert set((await scene.states()).values()) == {"submitted"}
        assert await scene.incidents() == []
        judged = await scene.outside.judgement()
        assert judged["doubled"] == 0
        assert [(one["title"], one["fields"]) for one in judged["altered"]] == [(TAKEN_OVER, ["category"])]
        for title in TITLES:
            assert await scene.entries("confirmed", title) == 1
        assert (await held(scene, PUT_BACK))["software"] == before["software"]
        assert (await held(scene, ANEW))["applicant"]["phone"] != EDITS[ANEW][1]
        assert (await held(scene, TAKEN_OVER))["software"]["category"] == "中间件"


async def test_who_lost_his_code_by_that_is_asked_for_another(tmp_path: Path) -> None:
    """The bureau forgets the code of an owner whose phone is changed; saved anew, the draft wants it again."""
    filling = Act("code_notice", 0, "owner", "fill_code", {"title": ANEW, "owner": "o1"})
    by_agent = row(full_name=ANEW, applicant=applicant(owner=None, name="澜汐代理"))
    async with at_the_office(tmp_path, [by_agent], acts=[CAPTCHA, filling]) as scene:
        await scene.office.until(await scene.record.clock.business() + timedelta(hours=2), timedelta(minutes=10))
        assert await scene.states() == {ANEW: "awaiting_seal"}
        assert await scene.entries("code_sent", ANEW) == 1
        phone = (await held(scene, ANEW))["owners"][0]["phone"]
        await edit(scene, ANEW, "owners-1-phone", "13900000998")
        case = (await rows(scene))[ANEW]
        claim = case.claim
        desk, commands = scene.office.people.desk, scene.record.commands("person:clerk")
        owner = claim.data["owners"][0]
        await give_specimen(desk, case, owner)
        await scene.office.until(await scene.record.clock.business() + timedelta(hours=1), timedelta(minutes=10))
        assert await scene.incidents() == [(ANEW, "draft_differs")]
        await commands.force(claim.case, "generating", "looked at the bureau's website")
        await commands.retry(claim.case, "looked at the bureau's website")
        await scene.office.until(await scene.record.clock.business() + timedelta(hours=2), timedelta(minutes=10))
        assert await scene.incidents() == []
        assert await scene.states() == {ANEW: "submitted"}
        assert await scene.entries("code_sent", ANEW) == 2
        assert (await held(scene, ANEW))["owners"][0]["phone"] == phone
        assert await scene.entries("confirmed", ANEW) == 1
        judged = await scene.outside.judgement()
        assert (judged["doubled"], judged["altered"]) == (0, [])

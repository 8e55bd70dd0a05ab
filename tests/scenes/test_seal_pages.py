"""The seal page that is filed is the one on file, on the draft that it names; what came before is not filed."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from states.copyright.demonstration.papers import sealed
from tests.scenes.stage import LOGIN, Scene, at_the_office
from tests.scenes.test_wrong_papers import FIRM, blank_of, handed_in, matter

REPLACED, MOVED = "换过签章页的软件", "换过账号的软件"
SECOND = {"login": "office-02", "password": "pass-2"}
BUSY = {"operation": "confirm_page", "kind": "busy_page", "object": REPLACED, "count": 2}


async def page_of(scene: Scene, title: str) -> bytes:
    return sealed(await blank_of(scene, title), [FIRM["name"]])


async def test_a_page_that_was_replaced_and_a_page_of_another_draft_are_not_filed(tmp_path: Path) -> None:
    rows = [matter(REPLACED) | {"account": "office-01"}, matter(MOVED) | {"account": "office-01"}]
    async with at_the_office(tmp_path, rows, accounts=(LOGIN, SECOND), faults=(BUSY,)) as scene:
        await scene.hours(1)
        assert await scene.numbered() == {"RZ-0001": "awaiting_seal", "RZ-0002": "awaiting_seal"}
        first, second = await page_of(scene, REPLACED), await page_of(scene, REPLACED) + b"\n% signed anew\n"
        assert "on file" in await handed_in(scene, tmp_path, first)
        # and the other one moves to another account, where its draft is saved anew
        moved = await scene.command("case", "assign", "RZ-0002", "office-02", "--even-so", "--reason", "账号调整")
        assert "exit" not in moved, moved
        await scene.hours(1 / 6)
        assert (await scene.data(REPLACED))["seal_sent"]["digest"] == sha256(first).hexdigest()
        assert "on file" in await handed_in(scene, tmp_path, second)
        await scene.hours(1.5)

        ledger = await scene.outside.ledger()
        pages = [one["sha256"] for one in ledger if one["kind"] == "seal_uploaded" and one["title"] == REPLACED]
        assert pages == [sha256(page).hexdigest() for page in (first, second)]
        assert (await scene.numbered())["RZ-0001"] == "submitted"

        data = await scene.data(MOVED)
        drafts = [one["draft"] for one in ledger if one["kind"] == "draft_saved" and one["title"] == MOVED]
        assert len(set(drafts)) == 2
        assert data["seal_form_draft"] == drafts[-1]
        # its page is made for that draft, and it moves back before it is filed
        assert "on file" in await handed_in(scene, tmp_path, await page_of(scene, MOVED), number="RZ-0002")
        back = await scene.command("case", "assign", "RZ-0002", "office-01", "--even-so", "--reason", "调回")
        assert "exit" not in back, back
        await scene.hours(1)
        data = await scene.data(MOVED)
        assert (data["seal_form_draft"], data["seal_page"]) == (drafts[0], None)
        assert (await scene.numbered())["RZ-0002"] == "awaiting_seal"
        assert "on file" in await handed_in(scene, tmp_path, await page_of(scene, MOVED), number="RZ-0002")
        await scene.hours(1)
        assert (await scene.numbered())["RZ-0002"] in ("submitted", "granted")
        judged = await scene.outside.judgement()
        assert (judged["wrong_seals"], judged["doubled"], judged["altered"]) == ([], 0, [])

"""Scene `upload`: what is handed in as a seal page is this matter's, sealed, or nothing of it goes to the bureau."""

from __future__ import annotations

import re
from pathlib import Path

from states.copyright.demonstration.papers import agreement, sealed
from tests.registration.particulars import row
from tests.scenes.stage import Scene, at_the_office

FIRM = {
    "id": "o1",
    "name": "重庆云岫智联科技有限公司",
    "kind": "enterprise",
    "certificate_kind": "credit_code",
    "certificate_number": "91990000MAD7QX017W",
    "province": "重庆市",
    "city": "重庆市",
    "phone": "13800400003",
    "carrier": "mobile",
}
APPLICANT = {
    "owner": "o1",
    "address": "重庆市沙坪坝区 6 号",
    "postcode": "400030",
    "contact": "冯雨笙",
    "phone": "13800409001",
    "email": "a@b.example",
}
COMPARE = ("case", "compare", "RZ-0001", "seal-page")
ONE, OTHER = "茶园病虫识别软件", "茶园票据核验软件"


def matter(title: str) -> dict[str, object]:
    return row(full_name=title, owners=[FIRM], applicant=APPLICANT)


async def blank_of(scene: Scene, title: str) -> bytes:
    return await scene.record.documents.get((await scene.data(title))["seal_form"]["digest"])


async def handed_in(scene: Scene, folder: Path, paper: bytes, kind: str = "seal-page", number: str = "RZ-0001") -> str:
    (folder / "paper.pdf").write_bytes(paper)
    return await scene.command("case", "upload", number, kind, str(folder / "paper.pdf"))


async def compared(scene: Scene, pair: Path) -> str:
    """A person looks at the page beside its blank; the mark of what he saw."""
    said = await scene.command(*COMPARE, "--out", str(pair))
    found = re.search(r"--yes\|--no --seen ([0-9a-f]+)", said)
    assert found, said
    return found[1]


async def test_only_this_matters_page_is_filed_and_a_doubtful_one_only_after_a_persons_yes(tmp_path: Path) -> None:
    async with at_the_office(tmp_path, [matter(ONE), matter(OTHER)]) as scene:
        unrelated = agreement("另一软件", ["某人"])
        assert "of no use in the state" in await handed_in(scene, tmp_path, unrelated)
        assert "no cooperation agreement" in await handed_in(scene, tmp_path, unrelated, "agreement")
        await scene.hours(1)
        assert await scene.numbered() == {"RZ-0001": "awaiting_seal", "RZ-0002": "awaiting_seal"}
        blank, others = await blank_of(scene, ONE), await blank_of(scene, OTHER)
        assert "not this matter's seal page" in await handed_in(scene, tmp_path, unrelated)
        assert "signed or sealed on the line of 重庆云岫" in await handed_in(scene, tmp_path, blank)
        assert "of another matter" in await handed_in(scene, tmp_path, sealed(others, [FIRM["name"]]))
        assert (await scene.data(ONE))["seal_page"] is None
        draft = next(one["number"] for one in (await scene.data(ONE))["placed"] if one["what"] == "draft")
        async with scene.by_hand() as clerk:
            reply = await clerk.client.get(f"/portal/drafts/{draft}/seal.pdf")
        by_hand = sealed(reply.content, [FIRM["name"]])
        assert "doubtful" in await handed_in(scene, tmp_path, by_hand)
        await scene.hours(0.5)
        why = await scene.command("case", "why", "RZ-0001")
        assert "our code is not found" in why
        assert "the operator" in why
        seen = await compared(scene, tmp_path / "first.pdf")
        said = await scene.command(*COMPARE, "--no", "--seen", seen, "--reason", "不是打印的那一张")
        assert "a new one is waited for" in said
        assert "doubtful" in await handed_in(scene, tmp_path, by_hand)
        assert await scene.entries("seal_uploaded", ONE) == 0
        pair = tmp_path / "pair.pdf"
        seen = await compared(scene, pair)
        assert pair.read_bytes().startswith(b"%PDF")
        await scene.command(*COMPARE, "--yes", "--seen", seen, "--reason", "与空白页逐字核对")
        assert "on file" in await handed_in(scene, tmp_path, sealed(others, [FIRM["name"]]), number="RZ-0002")
        await scene.hours(1)  # whoever was at the website by hand has ended our session there
        assert await scene.numbered() == {"RZ-0001": "submitted", "RZ-0002": "submitted"}
        assert (await scene.outside.judgement())["wrong_seals"] == []
        case = (await scene.rows())[0].claim
        kept = await scene.record.documents.of_case(case.case, "seal_page")
        assert len(kept) == 1
        assert [one["same"] for one in case.data["compared"]] == [False, True]
        shown = await scene.command("case", "history", "RZ-0001", language="zh-CN")
        assert "doubt" not in shown

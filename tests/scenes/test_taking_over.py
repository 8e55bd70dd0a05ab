"""An office brings matters that stand at the bureau already; each goes on from where it stands, and nothing twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx

from tests.registration.particulars import COMPANY, applicant, row
from tests.sandbox.office import APPLICANT, SIGNED, SOFTWARE, Clerk
from tests.scenes.stage import CAPTCHA, Scene, at_the_office
from workflow.demonstration import Act

FIRM = {**COMPANY, "id": "o1", "phone": "13800400003", "carrier": "mobile"}
REVIEWED, CORRECTED, GRANTED, OTHER, DRAFT = (
    "在审接管软件",
    "补正接管软件",
    "发证接管软件",
    "张冠李戴软件",
    "草稿接管软件",
)
HOUR, THIRD = timedelta(hours=1), timedelta(minutes=20)
ISSUED = {"after_hours": 1, "status": "已发放"}
PLANS = {
    REVIEWED: {"review": [{"after_hours": 0.1, "status": "审查中"}, {"after_hours": 30, "status": "已发放"}]},
    CORRECTED: {"review": [{"after_hours": 0.1, "status": "待补正", "notice": "说明书不清楚"}, ISSUED]},
    GRANTED: {"review": [{"after_hours": 0.1, "status": "已发放"}]},
    DRAFT: {"review": [ISSUED]},
}
OFF = ("adapter_health", "retention", "awaiting_agreement")
SEAL = Act("seal_form", 0, "clerk", "return_seal_page", {"title": DRAFT})


def matter(title: str, **numbers: str) -> dict[str, object]:
    of_firm = {"owners": [FIRM], "applicant": applicant(owner="o1"), "account": "office-01"}
    return row(full_name=title, **of_firm, **numbers)


async def by_hand(scene: Scene, clerk: Clerk, title: str, *, filed: bool = True) -> str:
    """The number of a draft, or of the filing that it became, with the office's own reference of former days."""
    draft = (await clerk.post("/portal/drafts/new", reference="旧-7")).text("draft-no")
    named = {"draft_id": draft}
    await clerk.post("/portal/apply/software", **{**SOFTWARE, "full_name": title}, reference="旧-7", **named)
    owner = {
        "name": FIRM["name"], "kind": "企业法人", "certificate_kind": "统一社会信用代码", "nationality": "中国",
        "certificate_number": FIRM["certificate_number"], "province": "重庆市", "city": "重庆市", "phone": "",
        "attribution": "本名",
    }  # fmt: skip
    await clerk.post("/portal/apply/owners", **{f"owners-0-{name}": value for name, value in owner.items()}, **named)
    await clerk.post("/portal/apply/applicant", **{**APPLICANT, "applicant": owner["name"]}, **named)
    for kind in ("application", "source", "manual"):
        await clerk.upload("/portal/apply/materials", SIGNED, kind=kind, **named)
    async with httpx.AsyncClient(base_url=scene.outside.url, trust_env=False) as control:
        await control.post("/control/clock", json={"advance_seconds": 3})
    saved = await clerk.post("/portal/apply/check", **named)
    assert saved.page == "draft", saved.errors
    if not filed:
        return draft
    await clerk.upload(f"/portal/drafts/{draft}/seal", SIGNED)
    receipt = await clerk.post(f"/portal/drafts/{draft}/confirm")
    assert receipt.page == "receipt", receipt.errors
    return receipt.text("filing-no")


async def test_what_stands_at_the_bureau_is_taken_over_as_it_stands(tmp_path: Path) -> None:
    world = {"plans": PLANS, "serial_after_hours": 0.2}
    async with at_the_office(tmp_path, [], acts=(CAPTCHA, SEAL), world=world, off=OFF) as scene:
        async with scene.by_hand() as clerk:
            filed = {title: await by_hand(scene, clerk, title) for title in (REVIEWED, CORRECTED, GRANTED)}
            draft = await by_hand(scene, clerk, DRAFT, filed=False)
        await scene.hours(1, stride=HOUR)
        async with scene.by_hand() as clerk:  # the session from before has ended meanwhile
            serial = (await clerk.get(f"/portal/filings/{filed[GRANTED]}")).text("serial-number")
        await scene.import_rows(
            matter(REVIEWED, filing_number=filed[REVIEWED]),
            matter(CORRECTED, filing_number=filed[CORRECTED]),
            matter(GRANTED, filing_number=serial),
            matter(OTHER, filing_number=filed[REVIEWED]),
            matter(DRAFT, draft_number=draft),
        )
        await scene.hours(1.4, stride=THIRD)
        assert await scene.states() == {
            REVIEWED: "submitted", CORRECTED: "submitted", GRANTED: "granted", OTHER: "submitted", DRAFT: "unprocessed",
        }  # fmt: skip
        assert await scene.outside.inbox("13800400003") == []  # no news of what was granted before
        # what does not agree is shown beside it, and a person is asked
        why = await scene.command("case", "why", "RZ-0004")
        assert REVIEWED in why
        assert "the operator" in why
        # nothing is ordered for a draft that may have its materials, before a person says so
        assert draft in await scene.command("case", "why", "RZ-0005")
        assert await scene.entries("order_placed", DRAFT) == 0
        wished = ["case", "give", "RZ-0005", "order-materials", "reason=材料丢失"]
        assert "amount=300.00" in await scene.command(*wished, "amount=3")
        said = await scene.command(*wished, "amount=300")
        assert "exit" not in said, said
        await scene.hours(1.4, stride=THIRD)
        await scene.days(2)
        ended = {REVIEWED: "granted", CORRECTED: "granted", GRANTED: "granted", OTHER: "submitted", DRAFT: "granted"}
        assert await scene.states() == ended
        ledger, judged = await scene.outside.ledger(), await scene.outside.judgement()
        orders = [(one["title"], one["round"]) for one in ledger if one["kind"] == "order_placed"]
        assert sorted(orders) == sorted([(CORRECTED, 1), (DRAFT, 0)])
        confirmed = [(one["title"], one["round"]) for one in ledger if one["kind"] == "confirmed"]
        assert sorted(confirmed) == sorted([*((title, 0) for title in filed), (CORRECTED, 1), (DRAFT, 0)])
        assert (judged["doubled"], judged["strange"]) == (0, [])
        assert len([one for one in ledger if one["kind"] == "draft_made"]) == len(PLANS)

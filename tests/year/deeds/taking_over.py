"""A matter that stands at the bureau before the office takes it in: filed by hand, under a mark of former days."""

from __future__ import annotations

import hashlib

from tests.sandbox.office import APPLICANT, SIGNED, SOFTWARE
from tests.year.drawn import Matter
from tests.year.office import YearOffice

FORMER = "旧-7"


async def files_before(office: YearOffice, matter: Matter) -> None:
    """Somebody files it at the website; the row that the clerk takes in then names the filing."""
    [owner], row = matter.owners, matter.row
    login = str(row["account"])
    async with office.scene.by_hand(login, f"pass-{login[-1]}") as clerk:
        draft = (await clerk.post("/portal/drafts/new", reference=FORMER)).text("draft-no")
        named = {"draft_id": draft}
        about = {name: row[name] for name in ("full_name", "version")}
        days = {"completion_date": row["completed_on"]}
        await clerk.post("/portal/apply/software", **{**SOFTWARE, **about, **days}, reference=FORMER, **named)
        told = {
            "kind": "企业法人",
            "certificate_kind": "统一社会信用代码",
            "nationality": "中国",
            "attribution": "本名",
            **{name: owner[name] for name in ("name", "certificate_number", "province", "city", "phone")},
        }
        await clerk.post("/portal/apply/owners", **{f"owners-0-{name}": one for name, one in told.items()}, **named)
        form = {"applicant": owner["name"], "main_functions": row["main_functions"], "line_count": row["source_lines"]}
        await clerk.post("/portal/apply/applicant", **{**APPLICANT, **form}, **named)
        matter.papers.add(hashlib.sha256(SIGNED).hexdigest())
        for kind in ("application", "source", "manual"):
            await clerk.upload("/portal/apply/materials", SIGNED, kind=kind, **named)
        await office.control("clock", advance_seconds=3)
        saved = await clerk.post("/portal/apply/check", **named)
        assert saved.page == "draft", saved.errors
        await clerk.upload(f"/portal/drafts/{draft}/seal", SIGNED)
        receipt = await clerk.post(f"/portal/drafts/{draft}/confirm")
        assert receipt.page == "receipt", receipt.errors
    matter.row["filing_number"] = receipt.text("filing-no")

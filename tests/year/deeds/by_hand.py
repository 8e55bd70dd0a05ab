"""What somebody does by hand at the bureau's website, and what the bureau does by itself."""

from __future__ import annotations

import re

from caseward.sandbox.pdf import Text, write
from states.copyright.demonstration.papers import sealed
from tests.sandbox.office import Clerk
from tests.year.drawn import Matter
from tests.year.office import YearOffice, document


async def login_of(office: YearOffice, matter: Matter) -> dict[str, str]:
    """The account under which the matter goes, as the office's list shows it."""
    told = document(await office.command("case", "show", matter.number, "--json"))
    login = told["account"] or told["data"].get("account")
    return {"login": login, "password": f"pass-{login[-1]}"}


async def own(clerk: Clerk, matter: Matter, of: str) -> str:
    """The number of its newest draft or filing in the account's list."""
    seen = await clerk.get(f"/portal/{of}s?reference={matter.number}")
    return seen.rows(f"data-{of}")[0]


async def file_by_hand(office: YearOffice, matter: Matter) -> None:
    async with office.scene.by_hand(**await login_of(office, matter)) as clerk:
        draft = await own(clerk, matter, "draft")
        blank = (await clerk.client.get(f"/portal/drafts/{draft}/seal.pdf")).content
        await clerk.upload(f"/portal/drafts/{draft}/seal", sealed(blank, [one["name"] for one in matter.owners]))
        assert (await clerk.post(f"/portal/drafts/{draft}/confirm")).page == "receipt"


async def delete_draft_by_hand(office: YearOffice, matter: Matter) -> None:
    async with office.scene.by_hand(**await login_of(office, matter)) as clerk:
        await clerk.post(f"/portal/drafts/{await own(clerk, matter, 'draft')}/delete")


async def withdraw_by_hand(office: YearOffice, matter: Matter) -> None:
    async with office.scene.by_hand(**await login_of(office, matter)) as clerk:
        await clerk.post(f"/portal/filings/{await own(clerk, matter, 'filing')}/withdraw")


async def answer_correction_by_hand(office: YearOffice, matter: Matter) -> None:
    """With papers of the agency's own."""
    async with office.scene.by_hand(**await login_of(office, matter)) as clerk:
        filing = await own(clerk, matter, "filing")
        draft = re.search(r"D\d{7}", (await clerk.post(f"/portal/filings/{filing}/correct")).html)
        assert draft, filing
        for kind in ("application", "source", "manual"):
            paper = write([[Text(72, 700, f"by hand {matter.number} {kind}")]])
            await clerk.upload("/portal/apply/materials", paper, kind=kind, draft_id=draft[0])
        await office.control("clock", advance_seconds=3)
        assert (await clerk.post("/portal/apply/check", draft_id=draft[0])).page == "draft"
        assert (await clerk.post(f"/portal/drafts/{draft[0]}/confirm")).page == "receipt"


async def filing_vanishes(office: YearOffice, matter: Matter) -> None:
    """The bureau takes it out of its lists, and tells nobody."""
    entries = await office.scene.outside.ledger()
    about = [one for one in entries if one["kind"] == "confirmed" and one["title"] == matter.title]
    await office.control("remove", object=about[-1]["filing"])

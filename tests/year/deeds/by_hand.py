"""What somebody does by hand at the bureau's website, and what the bureau does by itself."""

from __future__ import annotations

import hashlib
import re

from caseward.sandbox.pdf import Text, write
from states.copyright.demonstration.papers import sealed
from tests.sandbox.office import Clerk
from tests.year.drawn import Matter
from tests.year.office import YearOffice, document

PAPER = "the paper that the bureau asks for"


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
    await _answer(office, matter)


async def answer_with_paper(office: YearOffice, matter: Matter) -> None:
    """With the paper that the notice asks for, bound into the application."""
    matter.notes[PAPER] = await _answer(office, matter, "著作权人营业执照副本")


async def _answer(office: YearOffice, matter: Matter, bound_in: str = "") -> str:
    """Answers the correction at the website; the digest of the application that is handed in."""
    async with office.scene.by_hand(**await login_of(office, matter)) as clerk:
        filing = await own(clerk, matter, "filing")
        draft = re.search(r"D\d{7}", (await clerk.post(f"/portal/filings/{filing}/correct")).html)
        assert draft, filing
        digests = {}
        for kind in ("application", "source", "manual"):
            pages = [f"by hand {matter.number} {kind}", *([bound_in] if bound_in and kind == "application" else [])]
            paper = write([[Text(72, 700, page)] for page in pages])
            digests[kind] = hashlib.sha256(paper).hexdigest()
            await clerk.upload("/portal/apply/materials", paper, kind=kind, draft_id=draft[0])
        await office.control("clock", advance_seconds=3)
        assert (await clerk.post("/portal/apply/check", draft_id=draft[0])).page == "draft"
        assert (await clerk.post(f"/portal/drafts/{draft[0]}/confirm")).page == "receipt"
    matter.papers |= set(digests.values())
    return digests["application"]


async def filing_vanishes(office: YearOffice, matter: Matter) -> None:
    """The bureau takes it out of its lists, and tells nobody."""
    entries = await office.scene.outside.ledger()
    about = [one for one in entries if one["kind"] == "confirmed" and one["title"] == matter.title]
    await office.control("remove", object=about[-1]["filing"])

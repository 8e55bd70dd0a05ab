"""Papers that cannot be right, handed in by staff; each must be refused."""

from __future__ import annotations

import re

from states.copyright.demonstration.papers import authorisation, sealed, signature
from tests.year.deeds.by_hand import login_of, own
from tests.year.drawn import Matter
from tests.year.kind import Does
from tests.year.office import DAY, YearOffice
from tests.year.people import blank_of, handed_in, upload


def refused_paper(kind: str, content: bytes, because: str) -> Does:
    """Staff hands in what cannot be right; it must be refused, with these words."""

    async def hand_in(office: YearOffice, matter: Matter) -> None:
        await office.refused(*handed_in(office, matter, kind, content), because=because)

    return hand_in


async def blank_as_sealed(office: YearOffice, matter: Matter) -> None:
    """Staff hands in the blank page that nobody signed."""
    page = await blank_of(office, await office.row(matter))
    await office.refused(*handed_in(office, matter, "seal-page", page), because="nothing is signed or sealed")


async def page_of_another(office: YearOffice, matter: Matter) -> None:
    """Staff hands in the sealed page of another matter that stands at the same place."""
    rows = await office.scene.rows()
    others = [one for one in rows if one.claim.data["seal_form"] and one.claim.number != matter.number]
    blank = await blank_of(office, others[-1])
    page = sealed(blank, [one["name"] for one in others[-1].claim.data["owners"]])
    await office.refused(*handed_in(office, matter, "seal-page", page), because="the seal page of another matter")


async def page_from_the_website(office: YearOffice, matter: Matter) -> None:
    """The clerk printed the blank at the bureau's website, where no code of ours stands on it."""
    async with office.scene.by_hand(**await login_of(office, matter)) as clerk:
        draft = await own(clerk, matter, "draft")
        blank = (await clerk.client.get(f"/portal/drafts/{draft}/seal.pdf")).content
    await upload(office, matter, "seal-page", sealed(blank, [one["name"] for one in matter.owners]))


async def say_same(office: YearOffice, matter: Matter) -> None:
    """Staff looks at the doubtful page beside its blank, and says yes."""
    compare, pair = ("case", "compare", matter.number, "seal-page"), office.folder / f"{matter.number}-pair.pdf"
    pair.unlink(missing_ok=True)
    seen = re.search("--seen ([0-9a-f]+)", await office.command(*compare, "--out", str(pair)))
    if seen is not None:
        await office.command(*compare, "--yes", "--seen", seen[1], "--reason", "与空白页逐字核对")


async def signature_without_leave(office: YearOffice, matter: Matter) -> None:
    """Staff hands in a signature without its owner's permission, and with one of tomorrow."""
    owner = matter.owners[0]
    picture = office.folder / f"{matter.number}-alone.png"
    picture.write_bytes(signature(owner["name"]))
    alone = ("case", "upload", matter.number, "specimen", str(picture), "--owner", owner["id"])
    await office.refused(*alone, because="authorisation")
    paper = office.folder / f"{matter.number}-tomorrow.pdf"
    paper.write_bytes(authorisation(owner["name"], matter.title))
    tomorrow = f"{await office.now() + DAY:%Y-%m-%d}"
    late = (*alone, "--authorisation", str(paper), "--authorised-on", tomorrow)
    await office.refused(*late, because=f"{tomorrow} has not come yet")

"""What is done about a correction, and about an order of materials that came to nothing."""

from __future__ import annotations

import hashlib

from caseward.sandbox.pdf import Text, write
from tests.year.deeds.staff import WHY
from tests.year.drawn import Matter
from tests.year.kind import Does
from tests.year.office import YearOffice

SAID = "reason=客户已确认，可以继续"
PRICE = "amount=300"


async def put_date_right(office: YearOffice, matter: Matter) -> None:
    """The customer tells the day that the bureau asks for."""
    await office.command("case", "edit", matter.number, "completed_on=2026-04-01", *WHY)
    matter.row["completed_on"] = "2026-04-01"


async def put_certificate_right(office: YearOffice, matter: Matter) -> None:
    """The firm has another certificate number than was thought."""
    number = office.draw.firm()["certificate_number"]
    await office.command("case", "edit", matter.number, f"owners.o1.certificate_number={number}", *WHY)
    matter.row["owners"] = [{**matter.owners[0], "certificate_number": number}, *matter.owners[1:]]


async def say_given(office: YearOffice, matter: Matter) -> None:
    """Staff says that what the notice asks of people is given."""
    await office.command("case", "give", matter.number, "correction", SAID)


async def order_anew(office: YearOffice, matter: Matter) -> None:
    await office.command("case", "give", matter.number, "order-anew", PRICE, SAID)


async def own_materials(office: YearOffice, matter: Matter) -> None:
    """The agency hands in documents that it made itself."""
    papers = []
    for name in ("application", "source", "manual"):
        file = office.folder / f"{matter.number}-own-{name}.pdf"
        paper = write([[Text(72, 770, f"{matter.title} {matter.row['version']}", 16), Text(72, 700, name)]])
        file.write_bytes(paper)
        matter.papers.add(hashlib.sha256(paper).hexdigest())
        papers.append(f"{name}={file}")
    await office.command("case", "give", matter.number, "materials", *papers, SAID)


def order_turns(turn: str) -> Does:
    """What becomes of the newest order of its title at the generation system."""

    async def change(office: YearOffice, matter: Matter) -> None:
        entries = await office.scene.outside.ledger()
        placed = [one["order"] for one in entries if one["kind"] == "order_placed" and one["title"] == matter.title]
        await office.control(f"orders/{placed[-1]}", turn=turn)

    return change

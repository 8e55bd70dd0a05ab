"""What owners do otherwise than asked, and what staff does for them."""

from __future__ import annotations

from tests.year.deeds.staff import WHY
from tests.year.drawn import Matter
from tests.year.kind import Does
from tests.year.office import YearOffice
from tests.year.people import codes_in, fill


def begins_to(duty: str) -> Does:
    """From now on people do what they had not done."""

    async def begin(office: YearOffice, matter: Matter) -> None:
        matter.notes[duty] = True

    return begin


async def mistype_codes(office: YearOffice, matter: Matter) -> None:
    """The first owner types his code wrongly; the others do not."""
    owner = matter.owners[0]
    texts = await office.scene.outside.inbox(owner["phone"])
    number, code = codes_in(texts, matter.title)[-1]
    matter.seen_codes.add(number)
    await fill(office, matter, owner, f"{(int(code) + 1) % 10**6:06d}")


async def fill_old_codes(office: YearOffice, matter: Matter) -> None:
    """Each owner types a code that has run out, and answers the next one in time."""
    for owner in matter.owners:
        texts = await office.scene.outside.inbox(owner["phone"])
        number, code = codes_in(texts, matter.title)[-1]
        matter.seen_codes.add(number)
        await fill(office, matter, owner, code)
    matter.notes["code"] = True


async def read_out_codes(office: YearOffice, matter: Matter) -> None:
    """Owners who share a phone read their codes out, in the order in which they came, and staff types them."""
    texts = await office.scene.outside.inbox(matter.owners[0]["phone"])
    codes = codes_in(texts, matter.title)[-len(matter.owners) :]
    for owner, (_, code) in zip(matter.owners, codes, strict=True):
        await office.command("case", "code", matter.number, "--owner", owner["id"], typed=f"{code}\n")


async def right_carrier(office: YearOffice, matter: Matter) -> None:
    """The text did not arrive: the number is with another carrier than was thought."""
    await office.command("case", "edit", matter.number, "owners.o1.carrier=telecom", *WHY)
    matter.row["owners"] = [{**matter.owners[0], "carrier": "telecom"}, *matter.owners[1:]]
    await office.command("case", "resend", matter.number, "--reason", "运营商已更正，重新发送")


async def right_number(office: YearOffice, matter: Matter) -> None:
    """The number was wrong: the customer tells the right one."""
    new = office.draw.phone()
    said = [f"owners.o1.{name}={value}" for name, value in new.items()]
    await office.command("case", "edit", matter.number, *said, *WHY)
    matter.row["owners"] = [{**matter.owners[0], **new}, *matter.owners[1:]]

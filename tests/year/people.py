"""What people do of their own accord when they see that it is theirs: codes, papers, signatures, incidents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from states.copyright.demonstration.papers import agreement, authorisation, sealed, signature
from tests.year.drawn import Matter
from tests.year.office import YearOffice
from workflow.errors import WorkflowError
from workflow.store import CaseRow

MISHAPS = (AssertionError, LookupError, TypeError, ValueError, WorkflowError, httpx.HTTPError)
"""What a deed may end with where what it needs is not there."""
CODE = re.compile(r"验证码：(\d{6})")
BUREAU = "版权登记中心"


async def act(office: YearOffice, now: datetime) -> None:
    """Each matter under way, in the order in which they came in."""
    rows = {row.claim.number: row for row in await office.scene.rows()}
    for matter in list(office.matters):
        row = rows.get(matter.number)
        if row is None:
            continue
        if (deed := office.due(matter, row, now)) is not None:
            matter.done.append(deed.does.__name__)
            try:
                await deed.does(office, matter)
            except MISHAPS as error:  # the year goes on, and tells of it
                office.said.append(f"{matter.number} {matter.kind.name}: {deed.does.__name__}: {error!r}")
        if row.final or row.claim.held:
            continue
        for name, (state, duty) in DUTIES.items():
            if row.claim.state == state and (name not in matter.kind.withholds or name in matter.notes):
                await duty(office, matter, row)


async def fill_codes(office: YearOffice, matter: Matter, row: CaseRow) -> None:
    """Each owner whom we asked types the newest code that the bureau sent him about this title."""
    for owner in matter.owners:
        if not owner.get("phone"):
            continue
        texts = await office.scene.outside.inbox(owner["phone"])
        codes = codes_in(texts, matter.title)
        asked = any("验证码" in one["text"] and one["from"] != BUREAU and matter.title in one["text"] for one in texts)
        if codes and asked and codes[-1][0] not in matter.seen_codes:
            matter.seen_codes.add(codes[-1][0])
            await fill(office, matter, owner, codes[-1][1])


async def fill(office: YearOffice, matter: Matter, owner: Mapping[str, Any], code: str) -> None:
    await office.scene.outside.fill_code(matter.title, matter.row["version"], owner["phone"], code)


def codes_in(texts: list[dict[str, Any]], title: str) -> list[tuple[str, str]]:
    """Number of the text and code, the oldest first."""
    found = [(one["id"], CODE.search(one["text"])) for one in texts if one["from"] == BUREAU and title in one["text"]]
    return [(number, code[1]) for number, code in found if code]


async def return_seal_page(office: YearOffice, matter: Matter, row: CaseRow) -> None:
    """The clerk prints the bureau's blank page, has it sealed, and hands it in."""
    form = row.claim.data["seal_form"]
    if all(one["kind"] == "person" for one in matter.owners) and "specimen" not in matter.kind.withholds:
        return  # they sign by their specimens
    if form and not row.claim.data["seal_page"]:
        await give_seal_page(office, matter, row)


async def blank_of(office: YearOffice, row: CaseRow) -> bytes:
    file = office.folder / f"{row.claim.number}-{row.claim.seq}-blank.pdf"
    digest = row.claim.data["seal_form"]["digest"]
    if not file.exists():
        await office.command("case", "history", row.claim.number, "--document", digest, "--out", str(file))
    return file.read_bytes()


async def give_seal_page(office: YearOffice, matter: Matter, row: CaseRow) -> str:
    page = sealed(await blank_of(office, row), [one["name"] for one in row.claim.data["owners"]])
    return await upload(office, matter, "seal-page", page)


async def upload(office: YearOffice, matter: Matter, kind: str, content: bytes) -> str:
    """Staff hands a paper in."""
    return await office.command(*handed_in(office, matter, kind, content))


def handed_in(office: YearOffice, matter: Matter, kind: str, content: bytes) -> tuple[str, ...]:
    """The command by which staff hands a paper in."""
    return ("case", "upload", matter.number, kind, _kept(office.folder / f"{matter.number}-{kind}.pdf", content))


async def give_specimens(office: YearOffice, matter: Matter, row: CaseRow) -> None:
    """Each owner whom we asked for a signature gives one, with a dated permission; staff hands them in."""
    if row.claim.data["seal_page"]:
        return
    for owner in matter.owners:
        asked = ("specimen_request", owner["id"]) in {(one.occasion, one.recipient) for one in await _sent(office, row)}
        if asked and owner["id"] not in row.claim.data["specimens"]:
            await give_specimen(office, matter, owner, f"{await office.now():%Y-%m-%d}")


async def give_specimen(office: YearOffice, matter: Matter, owner: Mapping[str, Any], day: str) -> str:
    paper = authorisation(owner["name"], matter.title)
    picture = _kept(office.folder / f"{matter.number}-{owner['id']}.png", signature(owner["name"]))
    allowed = _kept(office.folder / f"{matter.number}-{owner['id']}-authorisation.pdf", paper)
    whose = ("--owner", owner["id"], "--authorisation", allowed, "--authorised-on", day)
    return await office.command("case", "upload", matter.number, "specimen", picture, *whose)


async def give_agreement(office: YearOffice, matter: Matter, row: CaseRow) -> None:
    if not row.claim.data["agreement"]:
        names = [one["name"] for one in matter.owners]
        await upload(office, matter, "agreement", agreement(matter.title, names))


async def _sent(office: YearOffice, row: CaseRow) -> list[Any]:
    return list(await office.scene.record.store.messages_of(row.claim.case))


def _kept(file: Path, content: bytes) -> str:
    file.write_bytes(content)
    return str(file)


DUTIES = {
    "code": ("awaiting_captcha", fill_codes),
    "agreement": ("awaiting_agreement", give_agreement),
    "specimen": ("awaiting_seal", give_specimens),
    "seal": ("awaiting_seal", return_seal_page),
}
"""By what it is: the state of the case in which people see that it is wanted, and how it is given."""

"""What owners, the clerk and the operator do: each act, and the command by which whoever watches does it himself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from workflow.demonstration import Act, Ask, Desk, Doing, Due, Scene
from workflow.intake.gives import File
from workflow.store import CaseRow

CODE = re.compile(r"验证码：(\d{6})")
BUREAU = "版权登记中心"
PDF, PNG = "application/pdf", "image/png"


def owner_of(row: CaseRow, act: Act) -> dict[str, Any]:
    """The owner whom an act names."""
    return next(owner for owner in row.claim.data["owners"] if owner["id"] == act.about.get("owner"))


async def give_specimen(desk: Desk, row: CaseRow, owner: Mapping[str, Any]) -> None:
    """A signature, and its owner's permission of today to set it under this filing."""
    from states.copyright.demonstration.papers import authorisation, signature

    name, title = owner["name"], row.claim.data["full_name"]
    await desk.hand_in(
        row.claim.case,
        "specimen",
        signature=File(f"signature-{owner['id']}.png", signature(name), PNG),
        owner=owner["id"],
        authorisation=File(f"authorisation-{owner['id']}.pdf", authorisation(name, title), PDF),
        authorised_on=await desk.today(row.claim.case),
    )


async def give_seal_page(desk: Desk, row: CaseRow) -> None:
    """The blank page of the bureau with the seals of all owners."""
    from states.copyright.demonstration.papers import sealed

    blank = await desk.document(row.claim.data["seal_form"]["digest"])
    await desk.hand_in(row.claim.case, "seal-page", file=File("签章页.pdf", sealed(blank, _names(row)), PDF))


async def give_agreement(desk: Desk, row: CaseRow) -> None:
    """The cooperation agreement of all owners."""
    from states.copyright.demonstration.papers import agreement

    paper = agreement(row.claim.data["full_name"], _names(row))
    await desk.hand_in(row.claim.case, "agreement", file=File("合作协议.pdf", paper, PDF))


def _names(row: CaseRow) -> list[str]:
    return [one["name"] for one in row.claim.data["owners"]]


async def _fill_code(scene: Scene, due: Due) -> None:
    """Copies the code of the bureau's newest text about the title into the page that our notice named."""
    row = await scene.desk.case(due.case)
    phone, title = owner_of(row, due.act)["phone"], row.claim.data["full_name"]
    codes = [
        found.group(1)
        for text in await scene.outside.inbox(phone)
        if text["from"] == BUREAU and title in text["text"] and (found := CODE.search(text["text"]))
    ]
    await scene.outside.fill_code(title, row.claim.data["version"], phone, codes[-1])


async def _give_specimen(scene: Scene, due: Due) -> None:
    row = await scene.desk.case(due.case)
    await give_specimen(scene.desk, row, owner_of(row, due.act))


async def _return_seal_page(scene: Scene, due: Due) -> None:
    await give_seal_page(scene.desk, await scene.desk.case(due.case))


async def _upload_agreement(scene: Scene, due: Due) -> None:
    await give_agreement(scene.desk, await scene.desk.case(due.case))


async def _correct_password(scene: Scene, due: Due) -> None:
    await scene.desk.set_password(due.case, str(due.act.about["password"]))


async def _answer_captcha(scene: Scene, due: Due) -> None:
    await scene.desk.log_in(due.case, scene.outside.read_captcha)


# ---------------------------------------------------------------- what is left for whoever watches


async def _ask_account(scene: Scene, due: Due, papers: Path, now: datetime) -> Ask:
    row = await scene.desk.case(due.case)
    login = str(row.claim.data["login"])
    what = "login" if due.act.does == "answer_captcha" else "set-password"
    return Ask(row.claim.number, login, ("account", what, login))


async def _ask_code(scene: Scene, due: Due, papers: Path, now: datetime) -> Ask:
    row = await scene.desk.case(due.case)
    number, owner = row.claim.number, owner_of(row, due.act)
    code = ("case", "code", number, "--owner", owner["name"])
    return Ask(number, owner["name"], code, ("sandbox", "inbox", owner["phone"]))


async def _ask_specimen(scene: Scene, due: Due, papers: Path, now: datetime) -> Ask:
    from states.copyright.demonstration.papers import authorisation, signature

    row = await scene.desk.case(due.case)
    number, owner = row.claim.number, owner_of(row, due.act)
    name, kept = owner["name"], f"{number}-{owner['id']}"
    picture = _kept(papers / f"{kept}-signature.png", signature(name))
    paper = _kept(papers / f"{kept}-authorisation.pdf", authorisation(name, row.claim.data["full_name"]))
    given = (
        "--owner",
        name,
        "--authorisation",
        paper,
        "--authorised-on",
        f"{await scene.desk.today(due.case):%Y-%m-%d}",
    )
    return Ask(number, name, ("case", "upload", number, "specimen", picture, *given))


async def _ask_seal_page(scene: Scene, due: Due, papers: Path, now: datetime) -> Ask:
    from states.copyright.demonstration.papers import sealed

    row = await scene.desk.case(due.case)
    number, blank = row.claim.number, await scene.desk.document(row.claim.data["seal_form"]["digest"])
    paper = _kept(papers / f"{number}-seal-page.pdf", sealed(blank, _names(row)))
    return Ask(number, _names(row)[0], ("case", "upload", number, "seal-page", paper))


async def _ask_agreement(scene: Scene, due: Due, papers: Path, now: datetime) -> Ask:
    from states.copyright.demonstration.papers import agreement

    row = await scene.desk.case(due.case)
    number = row.claim.number
    paper = _kept(papers / f"{number}-agreement.pdf", agreement(row.claim.data["full_name"], _names(row)))
    return Ask(number, _names(row)[0], ("case", "upload", number, "agreement", paper))


def _kept(file: Path, content: bytes) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return str(file)


DOINGS: Mapping[str, Doing] = {
    "fill_code": Doing(_fill_code, _ask_code),
    "give_specimen": Doing(
        _give_specimen, _ask_specimen, lambda row, act: act.about.get("owner") not in row.claim.data["specimens"]
    ),
    "return_seal_page": Doing(_return_seal_page, _ask_seal_page, lambda row, act: not row.claim.data["seal_page"]),
    "upload_agreement": Doing(_upload_agreement, _ask_agreement, lambda row, act: not row.claim.data["agreement"]),
    "correct_password": Doing(_correct_password, _ask_account),
    "answer_captcha": Doing(_answer_captcha, _ask_account),
}

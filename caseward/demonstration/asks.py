"""What is left for whoever watches: in a sentence, with the command that does it and the paper that it hands in."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from caseward.demonstration.acts import Due, owner_of
from caseward.demonstration.desk import Desk
from caseward.demonstration.papers import agreement, authorisation, sealed, signature

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Ask:
    """what: which act. before: a command that shows what the other one needs."""

    occasion: str
    what: str
    number: str
    who: str
    command: tuple[str, ...]
    before: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The command as it is typed, its program's name left out."""
        return shlex.join(self.command)


async def ask_of(due: Due, desk: Desk, papers: Path, now: datetime) -> Ask:
    """Papers that a person would have are written below this folder."""
    row, does = await desk.case(due.case), due.act.does
    number, data = row.claim.number, row.claim.data
    if does in ("answer_captcha", "correct_password"):
        login = str(data["login"])
        what = "login" if does == "answer_captcha" else "set-password"
        return Ask(due.occasion, does, number, login, ("account", what, login))
    if does == "fill_code":
        owner = owner_of(row, due.act)
        code = ("case", "code", number, "--owner", owner["name"])
        return Ask(due.occasion, does, number, owner["name"], code, ("sandbox", "inbox", owner["phone"]))
    if does == "give_specimen":
        name = owner_of(row, due.act)["name"]
        picture = _kept(papers / f"{number}-{due.act.owner}-signature.png", signature(name))
        paper = _kept(papers / f"{number}-{due.act.owner}-authorisation.pdf", authorisation(name, data["full_name"]))
        given = ("--owner", name, "--authorisation", paper, "--authorised-on", f"{now.astimezone(BEIJING):%Y-%m-%d}")
        return Ask(due.occasion, does, number, name, ("case", "upload", number, "specimen", picture, *given))
    names = [owner["name"] for owner in data["owners"]]
    if does == "return_seal_page":
        blank = await desk.document(data["seal_form"]["digest"])
        paper = _kept(papers / f"{number}-seal-page.pdf", sealed(blank, names))
        return Ask(due.occasion, does, number, names[0], ("case", "upload", number, "seal-page", paper))
    paper = _kept(papers / f"{number}-agreement.pdf", agreement(data["full_name"], names))
    return Ask(due.occasion, does, number, names[0], ("case", "upload", number, "agreement", paper))


def _kept(file: Path, content: bytes) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return str(file)

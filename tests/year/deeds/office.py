"""What is done beside a matter: others come in, accounts and schedules change, the office learns."""

from __future__ import annotations

import json

from tests.year.deeds.by_hand import login_of
from tests.year.drawn import Matter
from tests.year.kind import Does, Kind
from tests.year.office import DAY, YearOffice

WORD = "待受理"
"""A word of the bureau's that the office learns."""


def files_again(kind: Kind, *, new_name: bool) -> Does:
    """What was refused is filed anew, as a case of its own."""

    async def file(office: YearOffice, matter: Matter) -> None:
        name = office.draw.title() if new_name else matter.title
        again = () if new_name else ("--again",)
        await office.take_in([Matter(kind, {**matter.row, "full_name": name}, await office.now())], *again)

    return file


def another_customer(kind: Kind) -> Does:
    """Somebody else has a program of the same name and version, and comes by another account."""

    async def come(office: YearOffice, matter: Matter) -> None:
        row = office.draw.of_firm(full_name=matter.title, account="office-02")
        await office.take_in([Matter(kind, row, await office.now())])

    return come


async def import_again(office: YearOffice, matter: Matter) -> None:
    """The same file is taken in a second time: nothing is opened."""
    [told] = await office.import_file([matter.row])
    if told["number"] != matter.number:
        office.said.append(f"{matter.number} was opened a second time: {told}")


def moves_to(login: str) -> Does:
    async def move(office: YearOffice, matter: Matter) -> None:
        await office.command("case", "assign", matter.number, login, "--even-so", "--reason", "账号停用，改用其他账号")

    return move


async def retire_account(office: YearOffice, matter: Matter) -> None:
    """The first matter of the account says so; the others find it done."""
    await office.command(
        "account", "retire", matter.kind.account, "--reason", "账号到期停用", or_says="is retired already"
    )


async def restore_account(office: YearOffice, matter: Matter) -> None:
    await office.command("account", "restore", matter.kind.account, "--reason", "账号已续期", or_says="is not retired")


async def log_in_elsewhere(office: YearOffice, matter: Matter) -> None:
    """Somebody logs in with the account at another desk: the next login asks for a picture."""
    await office.control("kick", account=(await login_of(office, matter))["login"])


async def pause_schedule(office: YearOffice, matter: Matter) -> None:
    await office.command("schedule", "pause", "awaiting_seal", "--for", "20h", "--reason", "当天停办签章页")


async def teach_word(office: YearOffice, matter: Matter) -> None:
    words = json.dumps({WORD: "received"}, ensure_ascii=False)
    await office.command("settings", "set", "copyright_status_words", words, "--reason", "官网新状态")
    await office.settings_changed()


async def holiday(office: YearOffice, matter: Matter) -> None:
    """Tomorrow the bureau is closed."""
    day = f"{await office.now() + DAY:%Y-%m-%d}"
    await office.command("calendar", "edit", "bureau", "--holiday", f"{day}=盘点", "--reason", "官网公告")

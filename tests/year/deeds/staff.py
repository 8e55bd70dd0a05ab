"""What staff does in a matter by a command, once."""

from __future__ import annotations

from typing import Any

from tests.registration.particulars import FUNCTIONS
from tests.year.drawn import Matter
from tests.year.kind import Does
from tests.year.office import YearOffice, document

WHY = ("--reason", "客户来函，按其要求办理")


def edits(*said: str, **fields: Any) -> Does:
    """Staff changes particulars. said: FIELD=VALUE as it is typed; fields: what the row is then."""

    async def edit(office: YearOffice, matter: Matter) -> None:
        await office.command("case", "edit", matter.number, *said, *WHY)
        matter.row.update(fields)
        matter.edited |= set(fields)

    return edit


async def edit_functions(office: YearOffice, matter: Matter) -> None:
    told = f"改正后的功能。{FUNCTIONS}"
    await office.command("case", "edit", matter.number, f"main_functions={told}", *WHY)
    matter.row["main_functions"] = told
    matter.edited.add("main_functions")


async def edit_firm_name(office: YearOffice, matter: Matter) -> None:
    name = str(matter.owners[0]["name"]).replace("有限公司", "有限责任公司")
    await office.command("case", "edit", matter.number, f"owners.o1.name={name}", *WHY)
    matter.row["owners"] = [{**matter.owners[0], "name": name}, *matter.owners[1:]]
    matter.edited.add("owners")


async def keep_materials(office: YearOffice, matter: Matter) -> None:
    await office.command("case", "give", matter.number, "keep-materials", "reason=客户看过，内容无误")
    matter.kept |= matter.edited


async def hold(office: YearOffice, matter: Matter) -> None:
    await office.command("case", "hold", matter.number, "--reason", "客户请求暂缓办理")


async def resume(office: YearOffice, matter: Matter) -> None:
    await office.command("case", "resume", matter.number, "--reason", "客户同意继续办理")


async def retry(office: YearOffice, matter: Matter) -> None:
    await office.command("case", "retry", matter.number, "--reason", "原因已消除，再试一次")


def ends_as(state: str) -> Does:
    async def force(office: YearOffice, matter: Matter) -> None:
        await office.command("case", "force", matter.number, state, "--reason", "客户已撤回申请，就此结案")

    return force


def over(fault: str) -> Does:
    """A trouble outside ends; its name as the kind gave it, with the matter's title behind."""

    async def mend(office: YearOffice, matter: Matter) -> None:
        await office.mend(f"{fault} {matter.title}")

    return mend


async def resolve(office: YearOffice, matter: Matter) -> None:
    """Staff closes what stands open of the matter, whose cause is mended."""
    told = document(await office.command("case", "show", matter.number, "--json"))
    for one in told["incidents"]:
        if one["closed_at"] is None:
            await office.command("incident", "resolve", one["id"], "--only", "--reason", "原因已消除，继续办理")


async def resend(office: YearOffice, matter: Matter) -> None:
    """The bureau is asked for another code of the first owner."""
    await office.command("case", "give", matter.number, "new-code", f"owner={matter.owners[0]['id']}")

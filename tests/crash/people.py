"""Owners, clerk and operator of the crash tests: each does at once what is asked of him, and remembers it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from caseward.demonstration.desk import Desk
from caseward.demonstration.outside import Outside
from states.copyright.demonstration.doings import give_agreement, give_seal_page, give_specimen
from workflow.engine.commands import Commands
from workflow.record.values import EffectStatus
from workflow.store import CaseRow

CODE = re.compile(r"验证码：(\d{6})")
BUREAU = "版权登记中心"
NO_CODE = "000000"


@dataclass
class People:
    desk: Desk
    outside: Outside
    commands: Commands
    done: set[str] = field(default_factory=set)

    async def act(self) -> int:
        """How many acts it were."""
        before = len(self.done)
        for row in await self.desk.cases("copyright"):
            if row.claim.state == "awaiting_agreement" and row.claim.data["agreement"] is None:
                await give_agreement(self.desk, row)
                self.done.add("agreement")
            elif row.claim.state == "awaiting_captcha":
                await self._codes(row)
            elif row.claim.state == "awaiting_seal":
                await self._seal(row)
        return len(self.done) - before

    async def next(self) -> datetime | None:
        return None

    async def _codes(self, row: CaseRow) -> None:
        """Each owner types the newest code that the bureau sent; one who got none says so."""
        data = row.claim.data
        wanted = (data["codes_wanted"] or {}).get("owners", ())
        for owner in (one for one in data["owners"] if one["id"] in wanted):
            codes = [
                found.group(1)
                for text in await self.outside.inbox(owner["phone"])
                if text["from"] == BUREAU and data["full_name"] in text["text"] and (found := CODE.search(text["text"]))
            ]
            act = f"code of {owner['name']}: {codes[-1] if codes else 'none came'}"
            if act in self.done or not (codes or _was_asked(row, owner["id"])):
                continue
            if codes:
                await self.outside.fill_code(data["full_name"], data["version"], owner["phone"], codes[-1])
            else:
                await self.commands.enter_code(row.claim.case, owner["id"], NO_CODE, source=act)
            self.done.add(act)

    async def _seal(self, row: CaseRow) -> None:
        data = row.claim.data
        if all(owner["kind"] == "person" for owner in data["owners"]):
            for owner in data["owners"]:
                if owner["id"] not in data["specimens"]:
                    await give_specimen(self.desk, row, owner)
                    self.done.add(f"specimen of {owner['name']}")
        elif data["seal_form"] and not data["seal_page"]:
            await give_seal_page(self.desk, row)
            self.done.add("seal page")


def _was_asked(row: CaseRow, owner: str) -> bool:
    return any(
        effect.action == "request_code" and effect.item["owner"] == owner and effect.status is EffectStatus.done
        for effect in row.claim.effects
    )

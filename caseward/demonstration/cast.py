"""The people of the demonstration: owners, clerk, operator. They use public commands, and know what people can see."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from caseward.demonstration.acts import Act, Due, Left, owner_of, still_asked
from caseward.demonstration.desk import Desk
from caseward.demonstration.outside import Outside
from caseward.demonstration.papers import agreement, authorisation, sealed, signature
from workflow.errors import Conflict, NotAllowed
from workflow.store import CaseRow

log = structlog.get_logger()

CODE = re.compile(r"验证码：(\d{6})")
BUREAU = "版权登记中心"


@dataclass
class Cast:
    """Notices what came to pass, and acts when its time has come. memory: a file that keeps what was done."""

    desk: Desk
    outside: Outside
    acts: Sequence[Act]
    left: Sequence[Left] = ()
    memory: Path | None = None
    asked: dict[str, Due] = field(default_factory=dict)
    """What is left for whoever watches: the newest occasion of each act, case and owner."""
    _minded: dict[str, Due] = field(default_factory=dict)
    _done: set[str] = field(default_factory=set)
    _inboxes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """What each owner saw at this look; asked once a look."""

    def __post_init__(self) -> None:
        if self.memory is not None and self.memory.exists():
            self._done.update(json.loads(self.memory.read_text("utf-8")))

    async def act(self, now: datetime, *, look: bool = True) -> int:
        """Do what is due by now; how many acts it were. look: whether anything may have come to pass since."""
        if look:
            await self._notice(now)
        due = sorted((one for one in self._minded.values() if one.at <= now), key=lambda one: one.at)
        acted = 0
        for one in due:
            try:
                await PLAYS[one.act.does](self, one)
            except Conflict as error:
                log.info("cast.comes_back", who=one.act.who, does=one.act.does, case=one.case, why=str(error))
                continue
            except NotAllowed as error:
                # somebody else did it meanwhile
                log.info("cast.too_late", who=one.act.who, does=one.act.does, case=one.case, why=str(error))
            acted += 1
            del self._minded[one.occasion]
            self._remember(one.occasion)
            log.info("cast.acted", who=one.act.who, does=one.act.does, case=one.case)
        return acted

    async def open_asks(self) -> list[Due]:
        """What is left for whoever watches and nobody has done yet."""
        standing = []
        for place, due in list(self.asked.items()):
            row = await self.desk.case(due.case)
            if row.claim.state != due.state or not still_asked(row, due.act):
                self._remember(due.occasion)
                del self.asked[place]
            else:
                standing.append(due)
        return standing

    def _remember(self, occasion: str) -> None:
        self._done.add(occasion)
        if self.memory is not None:
            written = self.memory.with_suffix(".new")
            written.write_text(json.dumps(sorted(self._done), ensure_ascii=False, indent=1), "utf-8")
            written.replace(self.memory)

    async def next(self) -> datetime | None:
        """When the next of them will act."""
        return min((one.at for one in self._minded.values()), default=None)

    # ---------------------------------------------------------------- what people see

    async def _notice(self, now: datetime) -> None:
        self._inboxes.clear()
        for row in await self.desk.registrations():
            for act in self.acts:
                if act.title == row.claim.data["full_name"] and act.after in SEES:
                    for occasion, at in await SEES[act.after](self, row, act, now):
                        self._mind(act, row, f"{act.owner}:{occasion}", at)
        for row in await self.desk.accounts():
            for act in self.acts:
                if act.after == row.claim.state == "wrong_password" and act.account == row.claim.data["login"]:
                    self._mind(act, row, str(row.claim.entered_at), row.claim.entered_at)
                if act.after == "captcha_shown" and row.claim.state == "needs_person":
                    self._mind(act, row, str(row.claim.entered_at), row.claim.entered_at)

    def _mind(self, act: Act, row: CaseRow, occasion: str, at: datetime) -> None:
        name = f"{act.after}:{row.claim.number}:{occasion}"
        if name in self._done:
            return
        due = Due(at + timedelta(hours=act.hours), act, name, row.claim.number, row.claim.state)
        left = any(one.holds(act, row.claim.data) for one in self.left)
        if not left:
            self._minded.setdefault(name, due)
            return
        place = f"{act.does}:{row.claim.number}:{act.owner}"
        if place not in self.asked or self.asked[place].at <= due.at:
            self.asked[place] = due

    async def _texts(self, row: CaseRow, act: Act, word: str) -> list[tuple[str, datetime]]:
        """Our texts about this title that hold the word, in the owner's inbox."""
        phone = owner_of(row, act)["phone"]
        return [
            (text["id"], datetime.fromisoformat(text["at"]))
            for text in await self._inbox(phone)
            if text["from"] != BUREAU and word in text["text"] and row.claim.data["full_name"] in text["text"]
        ]

    async def _inbox(self, phone: str) -> list[dict[str, Any]]:
        if phone not in self._inboxes:
            self._inboxes[phone] = await self.outside.inbox(phone)
        return self._inboxes[phone]

    async def _sees_code_notice(self, row: CaseRow, act: Act, now: datetime) -> list[tuple[str, datetime]]:
        return await self._texts(row, act, "验证码")

    async def _sees_specimen_request(self, row: CaseRow, act: Act, now: datetime) -> list[tuple[str, datetime]]:
        return await self._texts(row, act, "签名")

    async def _sees_agreement_asked(self, row: CaseRow, act: Act, now: datetime) -> list[tuple[str, datetime]]:
        return [("asked", row.claim.entered_at)] if row.claim.state == "awaiting_agreement" else []

    async def _sees_seal_form(self, row: CaseRow, act: Act, now: datetime) -> list[tuple[str, datetime]]:
        form, page = row.claim.data["seal_form"], row.claim.data["seal_page"]
        return [(form["digest"], now)] if form and not page else []

    # ---------------------------------------------------------------- what people do

    async def _fill_code(self, due: Due) -> None:
        """Copies the code of the bureau's newest text about the title into the page that our notice named."""
        row = await self.desk.case(due.case)
        phone, title = owner_of(row, due.act)["phone"], row.claim.data["full_name"]
        codes = [
            found.group(1)
            for text in await self.outside.inbox(phone)
            if text["from"] == BUREAU and title in text["text"] and (found := CODE.search(text["text"]))
        ]
        await self.outside.fill_code(title, row.claim.data["version"], phone, codes[-1])

    async def _give_specimen(self, due: Due) -> None:
        row = await self.desk.case(due.case)
        owner = owner_of(row, due.act)
        await self.desk.give_specimen(
            due.case, owner["id"], signature(owner["name"]), authorisation(owner["name"], row.claim.data["full_name"])
        )

    async def _return_seal_page(self, due: Due) -> None:
        row = await self.desk.case(due.case)
        blank = await self.desk.document(row.claim.data["seal_form"]["digest"])
        await self.desk.upload_seal_page(due.case, sealed(blank, [one["name"] for one in row.claim.data["owners"]]))

    async def _upload_agreement(self, due: Due) -> None:
        row = await self.desk.case(due.case)
        names = [one["name"] for one in row.claim.data["owners"]]
        await self.desk.upload_agreement(due.case, agreement(row.claim.data["full_name"], names))

    async def _correct_password(self, due: Due) -> None:
        assert due.act.password is not None
        await self.desk.set_password(due.case, due.act.password)

    async def _answer_captcha(self, due: Due) -> None:
        await self.desk.log_in(due.case, self.outside.read_captcha)


SEES: Mapping[str, Callable[[Cast, CaseRow, Act, datetime], Awaitable[list[tuple[str, datetime]]]]] = {
    "code_notice": Cast._sees_code_notice,
    "specimen_request": Cast._sees_specimen_request,
    "agreement_asked": Cast._sees_agreement_asked,
    "seal_form": Cast._sees_seal_form,
}
"""How each occasion is noticed."""
PLAYS: Mapping[str, Callable[[Cast, Due], Awaitable[None]]] = {
    "fill_code": Cast._fill_code,
    "give_specimen": Cast._give_specimen,
    "return_seal_page": Cast._return_seal_page,
    "upload_agreement": Cast._upload_agreement,
    "correct_password": Cast._correct_password,
    "answer_captcha": Cast._answer_captcha,
}
"""How each act is done."""

"""What people hand in: what a system takes from them, passwords, an answered captcha."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import structlog

from caseward.app.adapters import Workers
from caseward.app.installation import Record
from caseward.console.intake import apart
from caseward.console.intake.logins import answer_captcha, log_in_with_person
from caseward.console.intake.scans import pages_in
from workflow.engine.give_entry import hand_in
from workflow.errors import NotAllowed
from workflow.intake.gives import File
from workflow.sentence import Sentence
from workflow.store import CaseRow, Filters

log = structlog.get_logger()

PDF = "application/pdf"


class Desk:
    """Public commands on behalf of one person; actor is "person:NAME" or "cast:NAME"."""

    def __init__(self, record: Record, workers: Workers, actor: str) -> None:
        self._record, self._workers, self._actor = record, workers, actor
        self._people = record.commands(actor)

    async def cases(self, flow: str) -> list[CaseRow]:
        """The cases of a flow that have not ended."""
        return await self._record.store.cases(Filters(flow=flow, final=False), limit=1000)

    async def case(self, case: str) -> CaseRow:
        return await self._record.store.case(case)

    async def document(self, reference: str) -> bytes:
        return await self._record.documents.get(reference)

    async def set_password(self, case: str, password: str) -> None:
        """The account of this case gets a new password, and is looked at now."""
        row = await self.case(case)
        if row.claim.account is None:
            raise NotAllowed(
                row.claim.number,
                Sentence("password", "a password"),
                Sentence("no_account_case", "it is no account's case"),
            )
        await self._record.store.set_password(row.claim.account, password)
        await self._people.note(row.claim.case, "the password was changed")
        await self._people.look_now(row.claim.case)

    async def log_in(self, case: str, read: Callable[[bytes], Awaitable[str]]) -> None:
        """Log an account in; read is the person who looks at the picture and types what it says."""
        row = await self.case(case)
        seen = {shown.digest for shown in await self._record.documents.of_case(row.claim.case, "captcha")}
        job = asyncio.create_task(log_in_with_person(self._record, self._workers, row.claim.case, self._actor))
        try:
            while not job.done():
                for shown in await self._record.documents.of_case(row.claim.case, "captcha"):
                    if shown.digest not in seen:
                        seen.add(shown.digest)
                        await answer_captcha(
                            self._record, row.claim.case, await read(await self.document(shown.digest))
                        )
                await asyncio.wait([job], timeout=0.1)
        except asyncio.CancelledError:
            job.cancel()
            await asyncio.wait([job])
            if not job.cancelled():
                log.info("login.broken_off", case=row.claim.number, why=str(job.exception()))
            raise
        await job

    async def today(self, case: str) -> date:
        record = self._record
        zone = record.systems.zone_of((await self.case(case)).claim.flow, ZoneInfo(record.settings.timezone))
        return (await record.clock.business()).astimezone(zone).date()

    async def hand_in(self, case: str, name: str, **given: object) -> None:
        """What the system of the case takes under this name; the pages of a PDF are counted."""
        row, record = await self.case(case), self._record
        gives = (give for one in record.systems.installed for give in one.system.gives)
        (chosen,) = (give for give in gives if (give.flow, give.name) == (row.claim.flow, name))
        await hand_in(
            record.store,
            record.clock,
            record.documents,
            record.plans[row.claim.flow],
            self._people,
            row,
            chosen,
            {part: _counted(value) if isinstance(value, File) else value for part, value in given.items()},
            today=await self.today(case),
            pages_in=pages_in,
            look=apart.looked,
        )


def _counted(file: File) -> File:
    return replace(file, pages=pages_in(file.content) or 1) if file.media_type == PDF else file

"""Everything that is due, worked off once: what the campaign lets a worker do in one go before it may die."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from adapters.code_records import CodeRecords
from caseward.app.adapters import Workers
from caseward.app.installation import Record
from states.copyright.codes import sync_codes
from states.copyright.desk import CodeDesk
from workflow.engine.context import case_of
from workflow.engine.outbox import deliver
from workflow.engine.seats import Wanted
from workflow.engine.sweep import SweepResult
from workflow.scheduler.jobs import reference
from workflow.store import Filters
from workflow.store.values import DueMessage

ASIDE, ASK_EVERY = ("fill_center_ids", "notice_filings"), timedelta(hours=6)
"""How often the bureau is asked for the ids of owners, a helper that no case waits for (R123)."""


@dataclass
class Rounds:
    """The work of a process, round by round."""

    record: Record
    workers: Workers
    swept: SweepResult = field(default_factory=SweepResult)
    _asked_at: dict[str, datetime] = field(default_factory=dict)

    async def one(self) -> int:
        """One round; how much came of it: lines taken, messages sent, codes brought."""
        plain, browser = await asyncio.gather(self._plain(), self._browser())
        brought = await self._codes()
        sent = await self._messages()
        found = SweepResult()
        found += plain
        found += browser
        self.swept += found
        quiet = found.counts["waiting"]
        return found.total - quiet + brought + sent

    async def keep_alive(self) -> None:
        """Ask for the sessions that are to stay alive, and nothing else."""
        await self.workers.http.sweep("accounts", "alive")

    async def _plain(self) -> SweepResult:
        swept = SweepResult()
        for flow, state in await self._due("http"):
            swept += await self.workers.http.sweep(flow, state)
        return swept

    async def _browser(self) -> SweepResult:
        due = await self._due("browser")
        swept = await self.workers.seats("portal", at_once=1).sweep(due) if due else SweepResult()
        for name, of in self.record.plans["copyright"].named_lines.items():
            wanted = [("copyright", state) for state in of]
            if await self._is_time_for(name, wanted):
                swept += await self.workers.seats("portal", at_once=1).sweep(wanted, only=name)
        return swept

    async def _due(self, queue: str) -> Wanted:
        clock = self.record.clock
        now, real = await clock.business(), await clock.real()
        found = []
        for flow, plan in self.record.plans.items():
            due = await self.record.store.due(flow, list(plan.states), queues=[queue], cutoff=now, real=real)
            found += [(flow, state) for state, of in due if of == queue]
        return sorted(found)

    async def _is_time_for(self, name: str, wanted: Wanted) -> bool:
        counts = await self.record.store.counts()
        if not any(counts.get(pair) for pair in wanted):
            return False
        if name not in ASIDE:
            return True
        now = await self.record.clock.business()
        if name in self._asked_at and now < self._asked_at[name] + ASK_EVERY:
            return False
        self._asked_at[name] = now
        return True

    async def _codes(self) -> int:
        store, plan = self.record.store, self.record.plans["copyright"]
        rows = await store.cases(Filters(flow="copyright", state="awaiting_captcha", final=False), limit=500)
        waiting = [case_of(plan, row.claim, row.claim.data) for row in rows if row.claim.auto]
        desk = CodeDesk(store, self.record.commands("worker:sync_codes"))
        now = await self.record.clock.business()
        (records,) = (one for one in self.workers.remotes.all() if one.protocol is CodeRecords)
        behind = cast(CodeRecords, records.implementation)
        synced = [await sync_codes(cast(Any, one), behind, desk, now) for one in waiting]
        return sum(len(each.taken) for each in synced)

    async def _messages(self) -> int:
        async def send(message: DueMessage) -> object:
            return await self.workers.channels["sms"].send(message.address, message.text, reference(message))

        came = await deliver(
            self.record.store,
            self.record.clock,
            {"sms": send},
            owner=self.workers.process,
            lease=self.record.settings.lease,
        )
        return came.total()

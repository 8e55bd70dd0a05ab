"""The record as every process opens it: database, store, clock, documents, flows and what schedules may name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.bureau.portal import Portal
from adapters.bureau.sessions import Sessions, SignIn
from adapters.generator import Generator
from adapters.generator_contract import Price
from states.accounts import flow as accounts
from states.copyright.flow import flow as registrations
from states.copyright.settings import CopyrightSettings
from states.jobs import KINDS
from workflow.calendars import Calendar
from workflow.clock import DatabaseClock
from workflow.engine.commands import Commands
from workflow.engine.processes import marks_of
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow
from workflow.record.database import open_database
from workflow.record.folder import keep_private, make_private
from workflow.record.identity import open_keys, refuse_lost
from workflow.record.migrations import migrate
from workflow.scheduler.commands import ScheduleCommands
from workflow.schedules.schedule import Rules
from workflow.schedules.targets import Targets
from workflow.settings import Settings
from workflow.store import Created, NewCase, Store
from workflow.store.documents import DocumentStore

BUREAU_HOURS = Calendar("bureau", time(8), time(23), "Asia/Shanghai")
PEOPLE, OUTSIDE = frozenset({"owner", "operator"}), frozenset({"bureau", "generator"})
"""Of those that the flows wait for: who is a person, and who an office or a system outside."""
PROBED: Mapping[type, str] = {Generator: "generator", Portal: "portal", Sessions: "portal", SignIn: "portal"}
"""Under which name a remote has its accounts and its health, by the Protocol that a flow names."""


def flows(settings: Settings) -> tuple[Flow, ...]:
    """The flows of this installation, with what its notices say. Addresses that are not set stay examples."""
    said = {
        "codes_link": settings.codes_url,
        "codes_address": settings.codes_address,
        "progress_link": settings.progress_url,
        "progress_address": settings.progress_address,
    }
    given: dict[str, Any] = {name: value for name, value in said.items() if value}
    price = Price(settings.generator_price, settings.generator_currency, settings.generator_payee)
    own = CopyrightSettings(price=price, **given)
    return replace(registrations, settings=own), accounts


def plans_of(settings: Settings) -> dict[str, Plan]:
    return {flow.name: Plan(flow) for flow in flows(settings)}


def rules_of(plans: Mapping[str, Plan]) -> Rules:
    """What the schedules of this installation may name."""
    return Rules(Targets(plans, KINDS), {BUREAU_HOURS.name: BUREAU_HOURS})


@dataclass
class Record:
    """What every command needs."""

    settings: Settings
    database: AsyncEngine
    store: Store
    clock: DatabaseClock
    documents: DocumentStore
    plans: Mapping[str, Plan]

    def commands(self, actor: str) -> Commands:
        return Commands(
            self.store, self.clock, self.plans, actor, marks=marks_of(self.settings.data_dir), rules=self.rules
        )

    @property
    def rules(self) -> Rules:
        """What schedules may name."""
        return rules_of(self.plans)

    async def create(self, new: Sequence[NewCase], *, actor: str, reason: str | None) -> list[Created]:
        """Opens cases, all or none, and has them looked at without waiting for the next instant of their schedule."""
        now = await self.clock.business()
        sweeping = self.rules.sweeping(await self.store.schedules(), now)
        return await self.store.create(
            new, actor=actor, reason=reason, now=now, sweeping=sweeping, real=await self.clock.real()
        )

    def timetable(self, actor: str) -> ScheduleCommands:
        return ScheduleCommands(self.store, self.clock, self.rules, actor)


@asynccontextmanager
async def open_record(settings: Settings) -> AsyncIterator[Record]:
    """The record, migrated to this code's schema."""
    keep_private(settings.data_dir)
    database = open_database(settings.database)
    try:
        make_private(settings.file_elsewhere)
        await refuse_lost(database, settings.anchors, settings.journal)
        await migrate(database)
        vault = await open_keys(database, settings.keys)
        keep_private(settings.data_dir, settings.file_elsewhere)  # what was made meanwhile, too
        store = Store(database, vault, "0.1.0")
        await store.seal_old(settings.anchors)
        yield Record(
            settings,
            database,
            store,
            DatabaseClock(database),
            DocumentStore(database, vault, settings.documents),
            plans_of(settings),
        )
    finally:
        await database.dispose()

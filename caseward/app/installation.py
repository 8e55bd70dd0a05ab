"""The record as every process opens it: database, store, clock, documents, and the systems that are on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from caseward.app.changed import changed_settings, changed_systems, said_in
from caseward.app.systems import Systems, read_systems
from workflow.clock import DatabaseClock
from workflow.engine.commands import Commands
from workflow.engine.pools import Pools
from workflow.engine.processes import marks_of
from workflow.flow.compiled import Plan
from workflow.record.configuration import Change
from workflow.record.database import open_database
from workflow.record.folder import keep_private, make_private
from workflow.record.identity import open_keys, refuse_lost
from workflow.record.migrations import NEWEST, migrate
from workflow.scheduler.calendars import CalendarCommands
from workflow.scheduler.commands import ScheduleCommands
from workflow.schedules.schedule import Rules
from workflow.settings import Settings
from workflow.store import Created, NewCase, Store
from workflow.store.documents import DocumentStore

log = structlog.get_logger()


@dataclass
class Record:
    """The record with all that commands need."""

    settings: Settings
    database: AsyncEngine
    store: Store
    clock: DatabaseClock
    documents: DocumentStore
    systems: Systems
    """The systems as they count now, with what was changed at run time."""
    migrated_from: str | None = None
    """The version of the schema before it was opened, where that was an older one."""
    changes: Sequence[Change] = ()
    """The changes at run time, oldest first."""

    def __post_init__(self) -> None:
        self._at_start = self.settings, self.systems
        self._number = 0

    async def refresh(self) -> bool:
        """Take what was changed at run time; returns whether there was anything.

        Settings and systems are new objects then.
        """
        number = await self.store.configuration_number()
        if number == self._number:
            return False
        self._number, self.changes = number, await self.store.changes()
        settings, systems = self._at_start
        said = self.said
        self.settings = changed_settings(settings, said).told()
        self.systems = changed_systems(systems, said, self.changes).told()
        return True

    @property
    def said(self) -> dict[str, Change]:
        """By variable, the newest change of each setting."""
        return said_in(self.changes, self.systems)

    @property
    def at_start(self) -> Systems:
        """The systems without what was changed at run time."""
        return self._at_start[1]

    def calendars(self, actor: str) -> CalendarCommands:
        systems = self.systems
        number = self.changes[-1].number if self.changes else 0
        return CalendarCommands(
            self.store, self.clock, systems.rules, systems.plans, systems.remotes, systems.brought, actor, number
        )

    @property
    def plans(self) -> Mapping[str, Plan]:
        """The flows of the systems that are on."""
        return self.systems.plans

    def commands(self, actor: str) -> Commands:
        marks, systems = marks_of(self.settings.data_dir), self.systems
        return Commands(self.store, self.clock, systems.plans, systems.remotes, actor, marks=marks, rules=systems.rules)

    def pools(self, actor: str) -> Pools:
        marks, systems = marks_of(self.settings.data_dir), self.systems
        return Pools(self.store, self.clock, systems.plans, systems.remotes, actor, marks=marks, rules=systems.rules)

    @property
    def rules(self) -> Rules:
        """The rules of schedules: what they may name."""
        return self.systems.rules

    async def create(self, new: Sequence[NewCase], *, actor: str, reason: str | None) -> list[Created]:
        """Open cases, all or none, and have them looked at without waiting for their schedule's next instant."""
        now = await self.clock.business()
        sweeping = self.rules.sweeping(await self.store.schedules(), now)
        return await self.store.create(
            new, actor=actor, reason=reason, now=now, sweeping=sweeping, real=await self.clock.real()
        )

    def timetable(self, actor: str) -> ScheduleCommands:
        return ScheduleCommands(self.store, self.clock, self.rules, actor)


@asynccontextmanager
async def open_record(settings: Settings, systems: Systems | None = None) -> AsyncIterator[Record]:
    """Open the record, migrated to this code's schema. systems: None means those of the environment."""
    systems = systems or read_systems(settings)
    keep_private(settings.data_dir)
    database = open_database(settings.database)
    try:
        make_private(settings.file_elsewhere)
        await refuse_lost(database, settings.anchors, settings.journal)
        before = await migrate(database)
        if before is not None:
            log.warning("record.migrated", before=before, now=NEWEST)
        vault = await open_keys(database, settings.keys)
        keep_private(settings.data_dir, settings.file_elsewhere)  # changes that came meanwhile, too
        store = Store(database, vault, "0.1.0")
        await store.seal_old(settings.anchors)
        record = Record(
            settings,
            database,
            store,
            DatabaseClock(database),
            DocumentStore(database, vault, settings.documents),
            systems,
            before,
        )
        await record.refresh()
        yield record
    finally:
        await database.dispose()

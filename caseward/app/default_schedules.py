"""The schedules that an installation begins with: adds those of its systems that were never there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import structlog

from caseward.app.installation import Record
from caseward.app.systems import Systems
from workflow.cron import CronError
from workflow.errors import CommandError, Conflict
from workflow.schedules.schedule import Definition
from workflow.store import Store

log = structlog.get_logger()

BEGINNING = "worker:start"
"""The actor that adds them."""


def default_schedules(systems: Systems, zone: str) -> tuple[Definition, ...]:
    """The default schedules of the systems, in the order of their numbers."""
    return tuple(schedule.definition(zone, group) for schedule, group in systems.schedules.values())


def labels_of(systems: Systems) -> dict[str, tuple[str, str]]:
    """What people call each schedule, in Chinese and in English."""
    return {name: (schedule.chinese, schedule.english) for name, (schedule, _) in systems.schedules.items()}


def in_order(definitions: Sequence[Definition]) -> list[Definition]:
    """Each schedule after the one it waits for, since that must exist first."""
    after = {one.name: one.after for one in definitions}

    def depth(name: str | None, seen: frozenset[str] = frozenset()) -> int:
        return 0 if name is None or name in seen else 1 + depth(after.get(name), seen | {name})

    return sorted(definitions, key=lambda one: depth(one.after))


async def put_defaults(record: Record) -> int:
    """Add those that were never there, deleted ones included; returns how many."""
    known = {
        schedule.definition.name
        for deleted in (False, True)
        for schedule in await record.store.schedules(deleted=deleted)
    }
    people, added = record.timetable(BEGINNING), 0
    for definition in in_order(default_schedules(record.systems, record.settings.timezone)):
        if definition.name in known:
            continue
        try:
            await people.add(definition, "the installation begins with it")
            added += 1
        except Conflict:
            log.info("schedule.added_elsewhere", schedule=definition.name)
        except (CommandError, CronError) as error:  # the others are added all the same
            log.error("schedule.not_added", schedule=definition.name, group=definition.group, why=str(error))
    return added


@dataclass(frozen=True)
class Outgrown:
    """A schedule as the code of an earlier time brought it, which nobody edited; and as the code brings it now."""

    kept: Definition
    brought: Definition

    @property
    def fields(self) -> list[str]:
        """Those that differ."""
        names = [one.name for one in fields(Definition)]
        return [name for name in names if getattr(self.kept, name) != getattr(self.brought, name)]


async def outgrown_defaults(store: Store, systems: Systems, zone: str) -> list[Outgrown]:
    """A default that the code changed reaches no installation that has its schedule already: people say what counts."""
    brought = {one.name: one for one in default_schedules(systems, zone)}
    found = []
    for schedule in await store.schedules():
        kept = schedule.definition
        if schedule.version != 1 or kept.name not in brought or kept == brought[kept.name]:
            continue
        versions = await store.schedule_versions(schedule.id)
        if all(one.actor == BEGINNING and one.definition == kept for one in versions):
            found.append(Outgrown(kept, brought[kept.name]))
    return found

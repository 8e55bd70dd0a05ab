"""A schedule that an installation begins with, as its system's code brings it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from workflow.errors import DefinitionError
from workflow.flow.called import schedule
from workflow.schedules.schedule import Definition

EVERY_10_MINUTES = "0 0/10 * * * ?"


@dataclass(frozen=True)
class DefaultSchedule:
    """A schedule that an installation begins with, and what people call it. more: other fields of its Definition."""

    name: str
    target: str
    chinese: str
    english: str
    timing: str = EVERY_10_MINUTES
    group: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def definition(self, zone: str, group: str) -> Definition:
        """The schedule in a time zone; group: the one of its system, where it says none of its own."""
        return Definition(self.name, self.group or group, self.target, self.timing, zone, **self.more)


def default_schedule(
    name: str, target: str, *called: str, timing: str = EVERY_10_MINUTES, group: str | None = None, **more: Any
) -> DefaultSchedule:
    """called: what people call it, in Chinese and in English; its name where nothing is said.

    more: any field of workflow.schedules.schedule.Definition, such as calendar, recheck or timeout.
    """
    known = {one.name for one in fields(Definition)} - {"name", "group", "target", "timing", "zone"}
    if unknown := sorted(set(more) - known):
        raise DefinitionError(schedule(name), "schedule_field", unknown=unknown[0], known=", ".join(sorted(known)))
    chinese, english = (*called, *called)[:2] if called else (name, name)
    return DefaultSchedule(name, target, chinese, english, timing, group, more)

"""Rows that may be meant for a system that is off: nobody named one, and the record has cases that no system knows."""

from __future__ import annotations

from dataclasses import dataclass

from caseward.app.installation import Record
from workflow.intake.rows import Intake


@dataclass(frozen=True)
class Off:
    """system: whose rows a file was read as; on: those that could take rows; flows: of the record, known to none."""

    system: str
    on: str
    flows: str


async def flows_off(record: Record, intake: Intake) -> Off | None:
    """None where the systems that are on know every flow of the record's cases."""
    of_record = {str(flow) for flow, _ in await record.store.counts()}
    off, own = sorted(of_record - record.plans.keys()), record.systems.of(intake.flow)
    on = [one.system.name for one in record.systems.installed if one.system.rows is not None]
    return Off(own.system.name, ", ".join(on), ", ".join(off)) if off and own is not None else None

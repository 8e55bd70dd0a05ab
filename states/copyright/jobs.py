"""Job 8: the codes that owners filled in are fetched from the record system for the cases that wait for them."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.code_records import CodeRecords
from states.copyright.collection import ACTOR, Collection
from states.copyright.desk import CodeDesk
from workflow.scheduler.jobs import Batch, JobContext
from workflow.schedules.targets import JobKind


async def codes(context: JobContext, given: Batch) -> Mapping[str, int]:
    """Ask the record system about automatic cases that wait for codes (R110-R113)."""
    records = context.behind(CodeRecords)  # type: ignore[type-abstract] # a Protocol stands for what is behind it
    if records is None:
        return {}  # the cases that need its address wait, and say so
    plan, desk = context.plans["copyright"], CodeDesk(context.store, context.commands(ACTOR))
    return await Collection(context.store, context.clock, plan, records, desk).take(given.limit)


JOBS = (JobKind("sync_codes", Batch, does=codes),)

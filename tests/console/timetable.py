"""The timetable of the staged record: the default schedules, edits with their reasons, and a log with set times."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from caseward.app.default_schedules import put_defaults
from caseward.app.installation import Record
from workflow.schedules.due_instants import Row
from workflow.schedules.run import Failure, Run
from workflow.sentence import Quote

PERSON = "person:何清"
OVERNIGHT = timedelta(hours=9)


async def staged_timetable(record: Record, now: datetime) -> None:
    """Runs an hour before now and after, an overnight gap, a schedule that is paused and one that was deleted."""
    await put_defaults(record)
    people = record.timetable(PERSON)
    await people.edit("fill_center_ids", {"calendar": "bureau"}, "版权中心夜间不开放")
    await people.pause("sync_codes", now + timedelta(days=2), "短信网关检修")
    await people.delete("retention", "日志由机房统一清理")
    await ran(record, "submitted", now - timedelta(minutes=77), 3.25, {"moved": 1, "waiting": 5})
    await ran(record, "submitted", now - timedelta(minutes=47), 84, {}, Quote("TimeoutError: 1800 s"))
    await ran(record, "awaiting_captcha", now - timedelta(minutes=7), 0.4, {"waiting": 1, "deferred": 0})
    await broke_off(record, "awaiting_agreement", now - timedelta(minutes=5), "OSError: the disk is slow")
    await night(record, "fill_center_ids", now - timedelta(hours=20))


async def ran(
    record: Record, name: str, due: datetime, seconds: float, counts: dict[str, int], error: Quote | None = None
) -> None:
    """One run of the timetable, begun a second late, with its outcome."""
    running = await begun(record, name, due)
    over = due + timedelta(seconds=1 + seconds)
    failures = (Failure(over, error),) if error is not None else ()
    assert await record.store.finish(
        replace(running, failures=failures), counts, real=over, error=Quote(error) if error is not None else None
    )


async def broke_off(record: Record, name: str, due: datetime, error: str) -> None:
    """One run whose first try broke off, and whose next one is not due yet."""
    running = await begun(record, name, due)
    failure = Failure(due + timedelta(seconds=2), Quote(error))
    broken = replace(running, failures=(failure,))
    assert await record.store.try_again(broken, running.queue, {}, at=due + timedelta(days=1), real=failure.at)


async def begun(record: Record, name: str, due: datetime) -> Run:
    store = record.store
    schedule = await store.schedule(name)
    assert await store.win(
        schedule, [Row(due, due)], next_run_at=schedule.next_run_at, queue="http", actor="office/1/beat", real=due
    )
    [run] = await store.runs(schedule.id, status="pending")
    real = due + timedelta(seconds=1)
    running = await store.begin(run, owner="office/4121/99", real=real, lease=timedelta(hours=1))
    assert running is not None
    return running


async def night(record: Record, name: str, since: datetime) -> None:
    """Nine instants outside the bureau's hours, as one row."""
    schedule = await record.store.schedule(name)
    gap = Row(since, since + OVERNIGHT, 10, "calendar")
    assert await record.store.win(
        schedule, [gap], next_run_at=schedule.next_run_at, queue="http", actor="office/1/beat", real=since
    )

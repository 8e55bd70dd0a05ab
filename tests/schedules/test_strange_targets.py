"""An older worker meets a run that only a newer one knows how to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tests.schedules.office import RULES, Office
from workflow.engine.allowance import Allowance
from workflow.scheduler.run_shares import RunResult
from workflow.scheduler.worker import LEFT_FOR_OTHERS, Worker
from workflow.schedules.run import Run

NEWER = "job newjob"


def worker(office: Office, process: str, *known: str) -> Worker:
    async def perform(run: Run, allowance: Allowance) -> RunResult:
        if run.target not in known:
            RULES.targets.read(run.target)
        counts: Mapping[str, int] = {"done": 1}
        return RunResult(counts)

    queues_of = lambda target: ("http",) if target in known else RULES.targets.queues_of(target)  # noqa: E731
    return Worker(office.store, office.clock, perform, process, ["http"], at_once=1, queues_of=queues_of)


async def strange_run(office: Office) -> None:
    """A newer beat fired a schedule whose job the older ones do not know; and one that everybody knows."""
    await office.add(name="strange")
    await office.add(name="known")
    await office.pass_time(timedelta(minutes=10))
    async with office.store.engine.begin() as connection:
        for table in ("schedules", "runs"):
            where = (
                "name = 'strange'"
                if table == "schedules"
                else ("schedule IN (SELECT id FROM schedules WHERE name = 'strange')")
            )
            await connection.exec_driver_sql(f"UPDATE {table} SET target = '{NEWER}' WHERE {where}")


async def standing(office: Office) -> dict[str, str]:
    return {row.name: row.error or row.status for row in await office.store.runs()}


async def test_an_older_worker_leaves_it_to_a_newer_one_and_does_the_others(office: Office) -> None:
    await strange_run(office)
    older, newer = worker(office, "older"), worker(office, "newer", NEWER)
    assert await older.look() == 1
    await older.idle()
    assert await older.look() == 0
    assert await standing(office) == {"strange": "pending", "known": "finished"}
    assert await newer.look() == 1
    await newer.idle()
    assert await standing(office) == {"strange": "finished", "known": "finished"}


async def test_where_nobody_knows_it_the_run_ends_and_says_so(office: Office) -> None:
    await strange_run(office)
    older = worker(office, "older")
    for _ in range(2):
        await older.look()
        await older.idle()
    office.clock.advance(LEFT_FOR_OTHERS + timedelta(seconds=1))
    assert await older.look() == 1
    await older.idle()
    assert "there is no job newjob" in (await standing(office))["strange"]

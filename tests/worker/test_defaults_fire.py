"""One process without servers: every schedule that an installation begins with fires on its cron, and its run ends."""

from __future__ import annotations

import signal
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.systems import LABELS
from tests.worker.processes import environment, until
from tests.worker.test_stopping import alone, last_words
from workflow.clock import DatabaseClock
from workflow.schedules.run import OPEN
from workflow.store import Store

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = {
    time(3, 30): ("retention",),
    time(3, 45): ("whole_audit",),
    time(9, 5): ("fill_center_ids",),
    time(9, 15): ("audit",),
    time(9, 30): (),
    time(9, 35): ("notice_filings",),
}
"""At which hour those fire that do not at every half hour."""
ANY_TIME = ("notices", "adapter_health")


async def test_each_default_schedule_fires_and_its_run_comes_to_its_end(
    engine: AsyncEngine, store: Store, tmp_path: Path
) -> None:
    environ = environment(engine, tmp_path) | {"CASEWARD_CHROMIUM": str(tmp_path / "none")}
    clock = DatabaseClock(engine)
    often = [name for name in LABELS if name not in ANY_TIME and not any(name in those for those in HOURS.values())]

    async def all_there() -> bool:
        return len(await store.schedules()) == len(LABELS)

    async def rest() -> bool:
        """Nothing is open that the next instant could overlap."""
        runs = [run for status in OPEN for run in await store.runs(status=status)]
        return all(run.name in ANY_TIME for run in runs)

    async def came(name: str, first: datetime, last: datetime) -> bool:
        rows = await store.runs((await store.schedule(name)).id, status="finished", limit=100)
        assert {(row.error, row.actor) for row in rows} <= {(None, f"schedule:{name}")}
        return any(first <= row.due_at <= last for row in rows)

    with alone(environ, queues="http,browser") as process:
        await until(all_there)
        began = await clock.business()
        tomorrow = began.astimezone(SHANGHAI).date() + timedelta(days=1)
        for hour, names in HOURS.items():
            at = datetime.combine(tomorrow, hour, SHANGHAI).astimezone(UTC)
            await until(rest)
            await clock.jump(at)
            for name in names or often:
                await until(partial(came, name, at, at))
        for name in ANY_TIME:
            await until(partial(came, name, began, began + timedelta(days=2)))
        process.send_signal(signal.SIGINT)
        last_words(process)
        assert process.wait(20) == 0

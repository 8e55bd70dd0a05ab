"""Keeps the lease of a run while it is done: who does not come back in time loses it to another process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog

from workflow.clock import Clock
from workflow.schedules.run import Run
from workflow.store import Store

log = structlog.get_logger()


@asynccontextmanager
async def renewing(
    run: Run, store: Store, clock: Clock, lease: timedelta, failed: Callable[[Exception], None]
) -> AsyncIterator[None]:
    """While the block runs, each third of its length. failed: is told of a database that does not answer."""
    keeper = asyncio.create_task(_renew(run, store, clock, lease, failed))
    try:
        yield
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper


async def _renew(run: Run, store: Store, clock: Clock, lease: timedelta, failed: Callable[[Exception], None]) -> None:
    while True:
        await asyncio.sleep(lease.total_seconds() / 3)
        try:
            if not await store.renew_run(run, until=await clock.real() + lease):
                log.warning("run.lost", schedule=run.name, run=run.id)
                return
        except Exception as error:  # noqa: BLE001 - a lease that was not renewed has two more tries
            failed(error)

"""Renews a lease while its holder works: one loop for the leases of cases, of seats and of runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

LONGEST = timedelta(seconds=20)
"""A lease is renewed at least this often, however long it lasts."""


@asynccontextmanager
async def renewing(
    lease: timedelta, renew: Callable[[], Awaitable[bool]], failed: Callable[[Exception], None]
) -> AsyncIterator[None]:
    """Renew until the block ends.

    renew: returns False where the lease is not to be kept, and no further try is made. failed: called with the error of
    a try; there are two more before the lease ends.
    """
    keeper = asyncio.create_task(_renew(min(LONGEST, lease / 3), renew, failed))
    try:
        yield
    finally:
        keeper.cancel()
        await asyncio.wait({keeper})


async def _renew(every: timedelta, renew: Callable[[], Awaitable[bool]], failed: Callable[[Exception], None]) -> None:
    goes_on = True
    while goes_on:
        await asyncio.sleep(every.total_seconds())
        try:
            goes_on = await renew()
        except Exception as error:  # noqa: BLE001 - a lease that was not renewed has two more tries
            failed(error)

"""A worker with the product's own assembly and a real Chromium, in a process of its own that is there to be killed."""

from __future__ import annotations

import asyncio
import logging
from multiprocessing.connection import Connection

import structlog

from adapters.browser.chromium_search import Found
from caseward.app.adapters import open_workers
from caseward.app.installation import open_record
from caseward.app.systems import read_systems
from tests.crash.fire import LaterClock
from tests.crash.rounds import Rounds
from tests.crash.worker import Orders


def work_in_chromium(found: Found, orders: Orders, line: Connection) -> None:
    """One round; it does not come back from it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(_work(found, orders, line))


async def _work(found: Found, orders: Orders, line: Connection) -> None:
    async with open_record(orders.settings, read_systems(orders.settings, orders.said)) as record:
        record.clock = LaterClock(record.database, orders.later)
        async with open_workers(record, found) as workers:
            rounds = Rounds(record, workers)
            while await asyncio.to_thread(line.recv):
                line.send((await rounds.one(), ()))

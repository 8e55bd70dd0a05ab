"""Worker and beat as threads of this process, with a broker in its memory: an installation without servers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from celery.beat import Service
from celery.worker import state

from caseward.app.celery_app import TASK, app
from caseward.app.celery_setup import configured
from caseward.app.database_scheduler import DatabaseScheduler, tell_runs
from caseward.app.event_loop import lasting
from caseward.app.process import Process, begin_working, end_working
from caseward.app.systems import read_systems
from workflow.errors import SchemaIsNewer
from workflow.settings import Settings

T = TypeVar("T")
POLL = timedelta(seconds=1)
GRACE = timedelta(seconds=1)
"""On Ctrl-C, what is under way has this long to come to its next step."""
LAST_MOMENT = 0.5
"""Each thread has this many seconds to end; none of them keeps the process."""


@contextmanager
def embedded(settings: Settings, queues: Sequence[str] = (), *, at_once: int = 4) -> Iterator[Process]:
    """queues: none means all that the systems which are on name.

    Schedules fire and runs are done until the block ends; then no new claims, and leases are given back.

    Blocks while it opens and while it ends: not for the thread of an event loop. Raises WorkflowError where the record
    or an adapter cannot be opened. A thread that dies is said and comes back. Other processes on the same database
    share the work. Within the block, wait for what it is there for by `known`.
    """
    app.conf.update(configured(settings))
    queues = queues or read_systems(settings).queues
    over, beats = threading.Event(), list[Service]()
    # who is in the block hears of a newer record by `known`; no thread that ends by it is begun anew
    working = begin_working(settings, queues, at_once=at_once, poll=POLL, kind="embedded", grace=GRACE, stop=over.set)

    def listen() -> None:
        state.should_stop = None  # what ended the one before is over
        app.Worker(pool="threads", concurrency=1, queues=list(queues), quiet=True, hostname="embedded@local").start()

    def beat() -> None:
        beats[:] = [Service(app, scheduler_cls=DatabaseScheduler, max_interval=1)]
        try:
            beats[0].start()
        except SystemExit as error:
            if not isinstance(error.__cause__, SchemaIsNewer):
                raise
            tell_runs(error.__cause__)  # it became so before this beat began

    threads = [lasting("celery", listen, over), lasting("beat", beat, over)]
    try:
        yield working
    finally:
        over.set()
        working.runs.stop.ask()
        state.should_stop = 0
        for service in beats:
            service.stop(wait=False)
        for _ in range(2):  # a listener that waits for messages wakes, and waits for one more before it ends
            app.send_task(TASK, args=[""], queue=queues[0], retry=False)
        end_working()
        for thread in threads:
            thread.join(LAST_MOMENT)
        state.should_stop = None


async def known(working: Process, work: Coroutine[Any, Any, T]) -> T:
    """The result of this work.

    Raises SchemaIsNewer, which ends the block, once the record has outgrown this process.
    """
    doing = asyncio.ensure_future(work)
    outgrown = asyncio.ensure_future(working.runs.until_outgrown())
    try:
        await asyncio.wait({doing, outgrown}, return_when=asyncio.FIRST_COMPLETED)
        if outgrown.done():
            raise outgrown.result()
        return doing.result()
    finally:
        doing.cancel()
        outgrown.cancel()
        await asyncio.gather(doing, outgrown, return_exceptions=True)

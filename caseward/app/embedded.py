"""Worker and beat as threads of this process, over a broker in its memory: an installation without servers."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from celery.beat import Service
from celery.worker import state

from caseward.app.celery_app import TASK, app
from caseward.app.celery_setup import QUEUES, configured
from caseward.app.database_scheduler import DatabaseScheduler
from caseward.app.event_loop import lasting
from caseward.app.process import Process, begin_working, end_working
from workflow.settings import Settings

POLL = timedelta(seconds=1)
GRACE = timedelta(seconds=1)
"""What is under way when somebody presses Ctrl-C has this long to come to its next step."""
LAST_MOMENT = 0.5
"""Seconds that each thread has to end; none of them keeps the process."""


@contextmanager
def embedded(settings: Settings, queues: Sequence[str] = QUEUES, *, at_once: int = 4) -> Iterator[Process]:
    """Schedules fire and runs are done until the block ends; then no new claims, and leases are given back.

    Blocks while it opens and while it ends: not for the thread of an event loop. Raises WorkflowError where the record
    or an adapter cannot be opened. A thread that dies is said and comes back. Other processes on the same database
    share the work.
    """
    app.conf.update(configured(settings))
    working = begin_working(settings, queues, at_once=at_once, poll=POLL, kind="embedded", grace=GRACE)
    over, beats = threading.Event(), list[Service]()

    def listen() -> None:
        state.should_stop = None  # what ended the one before is over
        app.Worker(pool="threads", concurrency=1, queues=list(queues), quiet=True, hostname="embedded@local").start()

    def beat() -> None:
        beats[:] = [Service(app, scheduler_cls=DatabaseScheduler, max_interval=1)]
        beats[0].start()

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

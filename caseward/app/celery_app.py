"""The Celery app: what a worker opens as it begins and gives back as it ends, and the one task that wakes it.

The database is the queue. A message names a run, carries no data and no authority, and only makes a worker look sooner:
it may be lost, doubled or forged without harm, and the broker may be gone for any time.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import structlog
from celery import Celery, signals

from caseward.app.adapters import open_workers
from caseward.app.celery_setup import App, configured
from caseward.app.event_loop import bridge
from caseward.app.installation import open_record
from caseward.app.process import begin_working, end_working, forget_working, working
from caseward.app.systems import read_systems
from workflow.errors import SettingsError, WorkflowError
from workflow.flow.mistakes import trace_of, words
from workflow.queues import DEFAULT_QUEUE
from workflow.sentence import Sentence
from workflow.settings import read_settings

log = structlog.get_logger()

TASK = "caseward.wake_worker"

app = App("caseward", set_as_current=True)
app.conf.update(configured(read_settings()))


@app.task(name=TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def wake_worker(run: str) -> None:
    """A run waits: look now, and begin it if nobody has. The database says what it is and whether it may begin."""
    if (here := working()) is not None:
        bridge().soon(here.runs.wake)


def _forks(worker: Any) -> bool:
    pool = worker.pool_cls
    return "prefork" in (pool if isinstance(pool, str) else pool.__module__)


def _begin(worker_app: Celery, at_once: int, main: int | None = None) -> None:
    with said_plainly():
        settings = read_settings()
        begin_working(settings, _queues(worker_app), at_once=at_once, poll=settings.poll, main=main)


def _before_forking(worker_app: Celery) -> None:
    """What is wrong is told once, by the parent; nothing of this is open when it forks."""
    settings, served = read_settings(), _queues(worker_app)
    with said_plainly():
        browses = read_systems(settings).remotes.browser_queues
    if apart := [name for name in served if name in browses]:
        others = ",".join(name for name in served if name not in browses) or DEFAULT_QUEUE
        raise SystemExit(
            f"error: -P prefork does not serve the queue {apart[0]}, since each child would start a Chromium of its "
            f"own; the cure: -Q {others}, and `celery -A worker worker -Q {','.join(apart)}` beside it"
        )

    async def begins() -> None:
        async with open_record(settings) as record, open_workers(record, None):
            log.info("worker.forks")

    with said_plainly():
        asyncio.run(begins())


def _queues(worker_app: Celery) -> list[str]:
    return list(worker_app.amqp.queues.consume_from)


@contextmanager
def said_plainly() -> Iterator[None]:
    """Where a process cannot open what it needs, it ends with a message and exit code 1: Celery would say "ready"."""
    try:
        yield
    except WorkflowError as error:
        raise SystemExit(f"error: {error}") from error
    except Exception as error:
        log.error("process.not_opened", why=words(error), traceback=trace_of(error))
        raise SystemExit(f"error: it cannot be opened: {words(error)}; the log says where") from error


@signals.setup_logging.connect  # type: ignore[untyped-decorator]
def _log_as_we_do(loglevel: int | None = None, **_: Any) -> None:
    """Celery logs the way we do. No query of an address is logged: it holds names and numbers of people."""
    logging.basicConfig(level=loglevel or logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").addFilter(_without_query)


def _without_query(record: logging.LogRecord) -> bool:
    """Of each address that a line of httpx names, leave scheme, host and path."""
    if isinstance(record.args, tuple):
        record.args = tuple(one.copy_with(query=None) if isinstance(one, httpx.URL) else one for one in record.args)
    return True


@signals.celeryd_init.connect  # type: ignore[untyped-decorator]
def _worker_is_told_its_queues(options: Mapping[str, Any], **_: Any) -> None:
    """Those of -Q, or all that the systems which are on name; one that nobody names would be served for nothing."""
    if working() is not None:
        return  # of a process of another kind, which knows them
    with said_plainly():
        known = read_systems(read_settings()).queues
        told = options.get("queues") or known
        if unknown := [name for name in told if name not in known]:
            what = Sentence("queue_unnamed", "no system that is on names the queue {queue}", queue=unknown[0])
            raise SettingsError("-Q", what, Sentence("name_one_of", "name one of {names}", names=", ".join(known)))
        app.amqp.queues.select(told)


@signals.worker_init.connect  # type: ignore[untyped-decorator]
def _worker_begins(sender: Any, **_: Any) -> None:
    if working() is not None:
        return
    if _forks(sender):
        _before_forking(sender.app)
    else:
        _begin(sender.app, sender.concurrency)


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def _child_begins(**_: Any) -> None:
    forget_working()
    _begin(app, 1, os.getppid())


@signals.worker_shutting_down.connect  # type: ignore[untyped-decorator]
def _worker_is_told_to_stop(**_: Any) -> None:
    if (here := working()) is not None and here.runs.kind == "worker":
        here.runs.stop.ask()


@signals.worker_shutdown.connect  # type: ignore[untyped-decorator]
@signals.worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def _worker_ends(**_: Any) -> None:
    """End what the worker has open.

    A process of another kind ends it itself: its listener may die and come back.
    """
    if (here := working()) is not None and here.runs.kind == "worker":
        end_working()
        if (outgrown := here.runs.outgrown) is not None:
            raise SystemExit(f"error: {outgrown}")

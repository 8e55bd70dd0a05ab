"""The Celery app: `celery -A worker worker -Q http|browser` and `celery -A worker beat -S schedules.DatabaseScheduler`.

The database is the queue. A message names a run, carries no data and no authority, and only makes a worker look sooner:
it may be lost, doubled or forged without harm, and the broker may be gone for any time.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

import structlog
from celery import Celery, signals
from celery.apps.worker import Worker
from celery.worker.consumer import Consumer

from adapters.chromium import Found, find
from assembly import Workers, open_workers, performing
from bridge import Held, bridge
from record import Record, open_record
from workflow.errors import WorkflowError
from workflow.runs import Runs
from workflow.settings import Settings, read_settings

log = structlog.get_logger()

TASK = "caseward.look"
QUEUES = ("http", "browser")
PREFIX = "caseward:"
STRANGE = (TypeError, ValueError, LookupError, AttributeError, RecursionError)
"""What Celery raises over a message that is not of its own making."""
CHILD_BEGINS = 60
"""Seconds that a forked child has to open what it works with, before its parent takes it for dead."""
_WORKING: dict[str, Held[Working]] = {}


@dataclass(frozen=True)
class Working:
    """What this process has open while it works."""

    record: Record
    workers: Workers
    runs: Runs


class QuietWorker(Worker):  # type: ignore[misc] # Celery says nothing of its types
    """Workers that do not talk to each other through the broker: what they have to say stands in the database."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named | {"without_gossip": True, "without_mingle": True, "without_heartbeat": True})


class CalmConsumer(Consumer):  # type: ignore[misc]
    """What no task of ours could have sent is dropped; what is no message at all costs a connection, not the worker."""

    loop: Any
    create_task_handler: Any

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.loop = _reconnecting(self.loop)
        take = self.create_task_handler
        self.create_task_handler = lambda *of, **how: _dropping(take(*of, **how))


def _reconnecting(loop: Callable[..., Any]) -> Callable[..., Any]:
    def hear(*given: Any) -> Any:
        try:
            return loop(*given)
        except STRANGE as error:
            log.warning("worker.not_a_message", why=f"{type(error).__name__}: {error}"[:200])
            raise ConnectionResetError("what arrived is no message") from error

    return hear


def _dropping(take: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def taken(message: Any) -> Any:
        try:
            return take(message)
        except STRANGE as error:
            log.warning("worker.message_refused", why=f"{type(error).__name__}: {error}"[:200])
            message.ack()  # or it would come back

    return taken


class App(Celery):  # type: ignore[misc]
    @cached_property
    def Worker(self) -> type:  # noqa: N802 - Celery's name for it
        made: type = self.subclass_with_self(QuietWorker, reverse="Worker")
        return made


def _pool(words: Sequence[str]) -> str:
    """Threads, unless these words say prefork: Celery cannot tell that from what it takes when nothing is said."""
    apart, together = (("-P", "prefork"), ("--pool", "prefork")), ("-Pprefork", "--pool=prefork")
    forks = any(pair in apart for pair in pairwise(words)) or any(word in together for word in words)
    return "prefork" if forks else "threads"


def configured(settings: Settings) -> dict[str, Any]:
    """Celery's settings: JSON alone, nothing kept, and a broker that nobody waits for."""
    memory = settings.broker_url.startswith("memory:")
    redis = {
        "ack_emulation": False,
        "global_keyprefix": PREFIX,
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "socket_keepalive": True,
        "max_retries": 0,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
    }
    return {
        "broker_url": settings.broker_url,
        "broker_transport_options": {"polling_interval": 0.02} if memory else redis,
        "broker_connection_timeout": 1,
        "broker_connection_retry": True,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "result_backend": None,
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_queues": {name: {"exchange": name, "routing_key": name} for name in QUEUES},
        "task_default_queue": QUEUES[0],
        "task_create_missing_queues": False,
        "task_publish_retry": False,
        "worker_pool": _pool(sys.argv),
        "worker_proc_alive_timeout": CHILD_BEGINS,
        "worker_concurrency": 4,
        "worker_consumer": "worker.CalmConsumer",
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "beat_max_loop_interval": 1,
        "beat_scheduler": "schedules.DatabaseScheduler",
        "enable_utc": True,
    }


app = App("caseward", set_as_current=True)
app.conf.update(configured(read_settings()))


@app.task(name=TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def look(run: str) -> None:
    """A run waits: look now, and begin it if nobody has. What it is and whether it may stands in the database."""
    if (working := _WORKING.get("runs")) is not None:
        bridge().soon(working.value.runs.wake)


@asynccontextmanager
async def open_runs(
    settings: Settings, queues: Sequence[str], *, at_once: int, poll: timedelta, kind: str = "worker"
) -> AsyncIterator[Working]:
    """The record, the adapters, and what this process does of the queue of runs, ready to serve."""
    chromium = None
    if "browser" in queues:
        named = str(settings.chromium) if settings.chromium else None
        found = await find(browsers=settings.data_dir / "browsers", executable=named)
        if isinstance(found, Found):
            chromium = found
        else:
            log.warning("worker.no_browser", why=str(found))
    async with open_record(settings) as record, open_workers(record, chromium) as workers:
        runs = Runs(
            record.store,
            record.clock,
            performing(record, workers),
            workers.process,
            queues,
            at_once=at_once,
            poll=poll,
            lease=settings.lease,
            kind=kind,
        )
        yield Working(record, workers, runs)


def begin_working(
    settings: Settings,
    queues: Sequence[str],
    *,
    at_once: int,
    poll: timedelta,
    kind: str = "worker",
    grace: timedelta | None = None,
) -> Working:
    """Open the record and serve, on this process's loop. Raises WorkflowError where that cannot be.

    grace: what is under way at the end has this long; None: as the settings say.
    """

    async def leave(working: Working) -> None:
        browser = working.workers.browser

        async def cut() -> None:
            # a click that is cancelled would hold its page open, and who closes pages would wait for the driver
            if browser is not None and browser.marker is not None:
                await browser.replace("its process ends", browser.marker)

        await working.runs.end(settings.grace if grace is None else grace, cut)

    held = Held(open_runs(settings, queues, at_once=at_once, poll=poll, kind=kind), leave)
    _WORKING["runs"] = held
    bridge().serve(held.value.runs.serve())
    log.info("worker.ready", queues=list(queues), process=held.value.runs.process)
    return held.value


def end_working() -> None:
    """Nothing new is begun; what is under way has its grace; leases are given back."""
    if (held := _WORKING.pop("runs", None)) is not None:
        held.close()


def _forks(worker: Any) -> bool:
    pool = worker.pool_cls
    return "prefork" in (pool if isinstance(pool, str) else pool.__module__)


def _begin(worker_app: Celery, at_once: int) -> None:
    settings = read_settings()
    with _said_plainly():
        begin_working(settings, _queues(worker_app), at_once=at_once, poll=settings.poll)


def _before_forking(worker_app: Celery) -> None:
    """What is wrong is told once, by the parent; nothing of this is open when it forks."""
    if "browser" in _queues(worker_app):
        raise SystemExit(
            "error: -P prefork does not serve the queue browser, since each child would start a Chromium of its own; "
            "the cure: -Q http, and `celery -A worker worker -Q browser` beside it"
        )

    async def begins() -> None:
        async with open_record(read_settings()) as record, open_workers(record, None):
            log.info("worker.forks")

    with _said_plainly():
        asyncio.run(begins())


def _queues(worker_app: Celery) -> list[str]:
    return list(worker_app.amqp.queues.consume_from)


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except WorkflowError as error:
        raise SystemExit(f"error: {error}") from error


@signals.setup_logging.connect  # type: ignore[untyped-decorator]
def _log_as_we_do(loglevel: int | None = None, **_: Any) -> None:
    """Celery's words go where ours go, and it changes nobody's loggers."""
    logging.basicConfig(level=loglevel or logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")


@signals.worker_init.connect  # type: ignore[untyped-decorator]
def _worker_begins(sender: Any, **_: Any) -> None:
    if "runs" in _WORKING:
        return
    if _forks(sender):
        _before_forking(sender.app)
    else:
        _begin(sender.app, sender.concurrency)


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def _child_begins(**_: Any) -> None:
    _WORKING.clear()
    _begin(app, 1)


@signals.worker_shutting_down.connect  # type: ignore[untyped-decorator]
def _worker_is_told_to_stop(**_: Any) -> None:
    if (held := _WORKING.get("runs")) is not None:
        held.value.runs.stop.ask()


@signals.worker_shutdown.connect  # type: ignore[untyped-decorator]
@signals.worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def _worker_ends(**_: Any) -> None:
    end_working()

"""How Celery is set up: JSON only, no results, no waiting for the broker, no messages between workers."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import structlog
from celery import Celery
from celery.apps.worker import Worker
from celery.platforms import SecurityWarning
from celery.utils.threads import bound_open_broker_sockets
from celery.worker.consumer.consumer import COLLECT_SOCKET_TIMEOUT, Consumer
from celery.worker.state import maybe_shutdown

from workflow.clock import elapsed
from workflow.queues import DEFAULT_QUEUE
from workflow.scheduler.silences import WELL_AFTER, Silence
from workflow.settings import Settings

log = structlog.get_logger()

PREFIX = "caseward:"
STRANGE = (TypeError, ValueError, LookupError, AttributeError, RecursionError)
"""The errors that Celery raises over a message that it did not make."""
MEANWHILE = "runs are looked for in the database"
QUIET = 2.0
"""Seconds until a broker that answered wrongly is asked again."""
STEP = 0.1
"""Seconds between two checks, during a rest, whether the worker is told to stop."""
CHILD_BEGINS = 60
"""Seconds in which a forked child must open what it needs before its parent takes it for dead."""


# a warning about pickled messages to whoever runs a worker as root; ours are never pickled
warnings.simplefilter("ignore", SecurityWarning)


class QuietWorker(Worker):  # type: ignore[misc] # Celery says nothing of its types
    """Workers that send each other nothing through the broker: what they say stands in the database."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named | {"without_gossip": True, "without_mingle": True, "without_heartbeat": True})


class CalmConsumer(Consumer):  # type: ignore[misc]
    """Whatever a broker answers, and whatever lies in a queue, costs a connection and never the worker.

    Work goes on meanwhile: another thread finds runs in the database.
    """

    loop: Any
    create_task_handler: Any
    connection: Any

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.connection_errors = (Exception,)  # after these Celery begins anew; anything else would end the worker
        self._trouble = Silence("worker.broker", MEANWHILE)
        self.loop = _reconnecting(self.loop, self._is_well)
        take = self.create_task_handler
        self.create_task_handler = lambda *of, **how: _dropping(take(*of, **how))

    def start(self) -> None:
        while True:
            try:
                super().start()
                return
            except Exception as error:  # noqa: BLE001 - what Celery stumbles over while it begins anew
                self._trouble.is_there(error, elapsed())
                self.connection = None
                self._rest()

    def ensure_connected(self, conn: Any) -> Any:
        """Try once; start() deals with a failure, and logs it once."""
        conn.connect()
        return conn

    def on_connection_error_before_connected(self, exc: Exception) -> None:
        self._trouble.is_there(exc, elapsed())
        self._rest()

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        self._trouble.is_there(exc, elapsed())
        connection, self.connection = self.connection, None
        try:
            bound_open_broker_sockets(connection, COLLECT_SOCKET_TIMEOUT)
            connection.collect(socket_timeout=COLLECT_SOCKET_TIMEOUT)
        except Exception as error:  # noqa: BLE001 - a connection that is broken may break again while it is closed
            log.debug("worker.broker_closed", why=str(error))
        self._rest()

    def _rest(self) -> None:
        """Rest for a moment, unless the worker is told to stop."""
        for _ in range(int(QUIET / STEP)):
            maybe_shutdown()
            time.sleep(STEP)

    def _is_well(self) -> None:
        if self.hub is not None and self._trouble.why is not None:
            self.hub.timer.call_after(WELL_AFTER.total_seconds() + STEP, lambda: self._trouble.is_well(elapsed()))


def _reconnecting(loop: Callable[..., Any], begins: Callable[[], None]) -> Callable[..., Any]:
    def hear(*given: Any) -> Any:
        begins()
        try:
            return loop(*given)
        except STRANGE as error:
            raise ConnectionResetError(f"what arrived is no message: {type(error).__name__}: {error}") from error

    return hear


def _dropping(take: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def taken(message: Any) -> Any:
        try:
            return take(message)
        except STRANGE as error:
            log.warning("worker.message_refused", why=f"{type(error).__name__}: {error}"[:200])
            message.ack()  # otherwise it would come back

    return taken


class App(Celery):  # type: ignore[misc]
    @cached_property
    def Worker(self) -> type:  # noqa: N802 - Celery's name for it
        made: type = self.subclass_with_self(QuietWorker, reverse="Worker")
        return made


def _pool(words: Sequence[str]) -> str:
    """Threads, unless the command line says prefork: Celery cannot tell that from its default."""
    apart, together = (("-P", "prefork"), ("--pool", "prefork")), ("-Pprefork", "--pool=prefork")
    forks = any(pair in apart for pair in pairwise(words)) or any(word in together for word in words)
    return "prefork" if forks else "threads"


def configured(settings: Settings) -> dict[str, Any]:
    """Celery's settings: JSON only, no results, and no waiting for the broker."""
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
        "task_default_queue": DEFAULT_QUEUE,
        "task_create_missing_queues": True,  # each has an exchange of its name; who may be served is said elsewhere
        "task_publish_retry": False,
        "worker_pool": _pool(sys.argv),
        "worker_proc_alive_timeout": CHILD_BEGINS,
        "worker_concurrency": 4,
        "worker_consumer": f"{__name__}.{CalmConsumer.__name__}",
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "beat_max_loop_interval": 1,
        "beat_scheduler": "schedules.DatabaseScheduler",
        "enable_utc": True,
    }

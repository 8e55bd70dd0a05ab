"""How Celery is set up here: JSON alone, nothing kept, a broker that nobody waits for, and no word between workers."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import structlog
from celery import Celery
from celery.apps.worker import Worker
from celery.platforms import SecurityWarning
from celery.worker.consumer import Consumer

from workflow.settings import Settings

log = structlog.get_logger()

QUEUES = ("http", "browser")
PREFIX = "caseward:"
STRANGE = (TypeError, ValueError, LookupError, AttributeError, RecursionError)
"""What Celery raises over a message that is not of its own making."""
CHILD_BEGINS = 60
"""Seconds that a forked child has to open what it works with, before its parent takes it for dead."""


# said to whoever runs a worker as root, for the sake of pickled messages, which ours never are
warnings.simplefilter("ignore", SecurityWarning)


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
        "worker_consumer": "messaging.CalmConsumer",
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "beat_max_loop_interval": 1,
        "beat_scheduler": "schedules.DatabaseScheduler",
        "enable_utc": True,
    }

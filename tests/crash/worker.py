"""A worker in a process of its own, on the double of the bureau, that does what it is told until it is killed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any, cast

import structlog

from adapters.bureau.portal import Portal
from adapters.bureau.sessions import SignIn
from adapters.generator import Generator
from adapters.sms import Sms
from caseward.app.adapters import open_workers
from caseward.app.installation import Record, open_record
from caseward.app.systems import Set, read_systems
from states.copyright.remotes import Given
from tests.crash.fire import JournalUnderFire, LaterClock, StoreUnderFire, Trigger, UnderFire
from tests.crash.rounds import Rounds
from tests.docs import seats
from tests.systems import Opens, opened_by
from workflow.flow.remotes import Evidence, Opened
from workflow.record.journal import Journal
from workflow.record.values import Seat
from workflow.settings import Settings

LAST_WORDS = "last-words"
PORTAL_CALLS = ("save_draft", "request_code", "enter_codes", "upload_seal_page", "confirm", "certificate")


@dataclass(frozen=True)
class Orders:
    """How a worker begins: where, how much later in real time, and at which steps it dies."""

    settings: Settings
    said: Set
    later: timedelta = timedelta(0)
    deadly: frozenset[str] = frozenset()


def said_of(record: Record) -> Set:
    """What is set of the registration, to be handed to another process."""
    installed = record.systems.of("copyright")
    assert installed is not None
    return {"copyright": dict(installed.settings)}


def work(orders: Orders, line: Connection) -> None:
    """The whole life of a worker process."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(_work(orders, line))


async def _work(orders: Orders, line: Connection) -> None:
    async with AsyncExitStack() as stack:
        trigger = Trigger(orders.settings.data_dir / LAST_WORDS)
        systems = opened_by(read_systems(orders.settings, orders.said), opens(trigger))
        record = await stack.enter_async_context(open_record(orders.settings, systems))
        under_fire(record, orders.later, trigger)
        workers = await stack.enter_async_context(open_workers(record, None))
        journal = cast(Any, JournalUnderFire(Journal(orders.settings.journal), trigger))
        under = {queue: replace(one, journal=journal) for queue, one in workers.dependencies.items()}
        rounds = Rounds(record, replace(workers, dependencies=under))
        trigger.reached.clear()
        trigger.deadly = orders.deadly
        jobs: dict[str, Callable[..., Any]] = {
            "round": rounds.one,
            "keep_alive": rounds.keep_alive,
            "force": record.commands("person:operator").force,
        }
        while asked := await asyncio.to_thread(line.recv):
            job, given = asked
            try:
                came = await jobs[job](*given)
                answer: object = came if isinstance(came, int) else 0
            except Exception as error:  # noqa: BLE001 - it is the other process's to judge
                answer = error.args and f"{type(error).__name__}: {error}"
            line.send((answer, tuple(trigger.reached)))
            trigger.reached.clear()


def under_fire(record: Record, later: timedelta, trigger: Trigger) -> None:
    """The record's store and clock are replaced by those that tell."""
    store = record.store
    record.clock = LaterClock(record.database, later)
    record.store = StoreUnderFire(store.engine, store.vault, store.revision, trigger)


def opens(trigger: Trigger) -> Mapping[type, Opens]:
    """The product's remotes, with the double for the browser and a trigger behind every irreversible call."""

    def told(inner: object, *calls: str) -> Any:
        return UnderFire(inner, calls, trigger)

    def plainly(protocol: type, *calls: str) -> Opens:
        @asynccontextmanager
        async def opens(given: Given) -> AsyncIterator[Opened]:
            async with seats.OPENS[protocol](given) as opened:
                yield Opened(told(opened.implementation, *calls))

        return opens

    def at_a_seat(protocol: type, *calls: str) -> Opens:
        @asynccontextmanager
        async def opens(given: Given) -> AsyncIterator[Opened]:
            async with seats.OPENS[protocol](given) as opened:

                @asynccontextmanager
                async def connect(seat: Seat, evidence: Evidence) -> AsyncIterator[object]:
                    assert opened.connect is not None
                    async with opened.connect(seat, evidence) as page:
                        yield told(page, *calls)

                yield Opened(connect=connect, fence=opened.fence)

        return opens

    return {
        **seats.OPENS,
        Generator: plainly(Generator, "place", "pay"),
        Sms: plainly(Sms, "send"),
        Portal: at_a_seat(Portal, *PORTAL_CALLS),
        SignIn: at_a_seat(SignIn, "log_in"),
    }

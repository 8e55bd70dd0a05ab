"""A worker in a process of its own, on the double of the bureau, that does what it is told until it is killed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any, cast

import httpx
import structlog

from adapters.bureau.portal import Portal
from adapters.bureau.seal_page import PdfSealPages, SealPages
from adapters.bureau.sessions import HttpSessions, Sessions, SignIn
from adapters.code_records import HttpCodeRecords
from adapters.generator import Generator, HttpGenerator
from adapters.http import Http
from adapters.sms import HttpSms
from caseward.app.adapters import QUEUES, REMOTES, AccountBook, Workers
from caseward.app.installation import Record, open_record
from caseward.app.remote_clients import PORTAL
from tests.crash.fire import JournalUnderFire, LaterClock, StoreUnderFire, Trigger, UnderFire
from tests.crash.rounds import Rounds
from tests.doubles.bureau import TRUST, HttpBureau
from workflow.engine.dependencies import Dependencies, Limits
from workflow.engine.seats import SeatWork
from workflow.engine.startup_checks import note_left_alone, recall_calls
from workflow.engine.sweep import Engine
from workflow.flow.remotes import Evidence, Queue, Remotes
from workflow.record.journal import Journal
from workflow.record.values import Seat
from workflow.settings import Settings

LAST_WORDS = "last-words"
PORTAL_CALLS = ("save_draft", "request_code", "enter_codes", "upload_seal_page", "confirm", "certificate")


@dataclass(frozen=True)
class Orders:
    """How a worker begins: where, how much later in real time, and at which steps it dies."""

    settings: Settings
    later: timedelta = timedelta(0)
    deadly: frozenset[str] = frozenset()


def work(orders: Orders, line: Connection) -> None:
    """The whole life of a worker process."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(_work(orders, line))


async def _work(orders: Orders, line: Connection) -> None:
    async with AsyncExitStack() as stack:
        record = await stack.enter_async_context(open_record(orders.settings))
        trigger = Trigger(orders.settings.data_dir / LAST_WORDS)
        under_fire(record, orders.later, trigger)
        rounds = Rounds(record, await stack.enter_async_context(open_workers(record, trigger)))
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


@asynccontextmanager
async def open_workers(record: Record, trigger: Trigger) -> AsyncIterator[Workers]:
    """assembly.open_workers, with the double for the browser and a trigger behind every irreversible call."""
    settings = record.settings
    async with AsyncExitStack() as stack:

        def client(name: str, address: str, token: str | None = None) -> Http:
            made = Http(name, address, token=token, transport=httpx.AsyncHTTPTransport(verify=TRUST))
            stack.push_async_callback(made.close)
            return made

        def told(inner: object, *calls: str) -> Any:
            return UnderFire(inner, calls, trigger)

        generator = HttpGenerator(
            client("generator", settings.generator_url, settings.generator_token.get_secret_value())
        )
        records = HttpCodeRecords(client("records", settings.records_url, settings.records_token.get_secret_value()))
        sms = HttpSms(client("sms", settings.sms_url, settings.sms_token.get_secret_value()))
        book = AccountBook(cast(Any, record.store), record.clock)
        sessions = HttpSessions(client(PORTAL, settings.portal_url), book)
        bureau = HttpBureau(settings.portal_url, sessions, book, record.clock)

        @asynccontextmanager
        async def connect(seat: Seat, evidence: Evidence) -> AsyncIterator[object]:
            async with bureau.connect(seat, evidence) as portal:
                yield told(portal, *PORTAL_CALLS)

        @asynccontextmanager
        async def connect_sign_in(seat: Seat, evidence: Evidence) -> AsyncIterator[object]:
            async with bureau.connect_sign_in(seat, evidence) as sign_in:
                yield told(sign_in, "log_in")

        portal = replace(REMOTES[Portal], connect=connect, fence=bureau.fence)
        sign_in = replace(REMOTES[SignIn], connect=connect_sign_in)
        plainly = {Generator: told(generator, "place", "pay"), Sessions: sessions, SealPages: PdfSealPages()}
        known = (replace(REMOTES[protocol], implementation=made) for protocol, made in plainly.items())
        remotes = Remotes([*known, portal, sign_in])
        plain, browsing = (_dependencies(record, remotes, queue, trigger) for queue in QUEUES)
        engine = Engine(plain, record.store)
        engine.check()
        await note_left_alone(record.store, record.plans, record.clock)
        await recall_calls(record.store, plain.journal, record.clock)
        seats = SeatWork(Engine(browsing, record.store), browsing, record.store, portal, at_once=1)
        yield Workers(engine, seats, sign_in, records, {"sms": told(sms, "send")}, plain.process, None)


def _dependencies(record: Record, remotes: Remotes, queue: Queue, trigger: Trigger) -> Dependencies:
    settings = record.settings
    return Dependencies(
        store=record.store,
        clock=record.clock,
        remotes=remotes,
        documents=record.documents,
        journal=JournalUnderFire(Journal(settings.journal), trigger),
        plans=record.plans,
        queue=queue,
        limits=Limits(lease=settings.lease, look_again=settings.look_again, deadline=settings.deadline),
    )

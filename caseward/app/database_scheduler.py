"""The Celery beat that reads schedules from the database."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from celery import Celery
from celery.beat import Scheduler

from caseward.app.celery_app import TASK, said_plainly
from caseward.app.default_schedules import put_defaults
from caseward.app.event_loop import Held, bridge
from caseward.app.installation import Record, open_record
from caseward.app.process import working
from caseward.app.wake_ups import WakeUps
from workflow.clock import elapsed
from workflow.engine.processes import this_process
from workflow.errors import SchemaIsNewer
from workflow.record.condition import writable
from workflow.scheduler.beat import LONGEST, Beat, BeatResult
from workflow.scheduler.silences import Silence
from workflow.scheduler.worker import Worker
from workflow.settings import read_settings

log = structlog.get_logger()

LAST_WORD = 2.0
"""Seconds that a beat which ends waits for a database that does not answer."""


class DatabaseScheduler(Scheduler):  # type: ignore[misc] # Celery says nothing of its types
    """The scheduler of any number of beats: what is due is won in the database, and only then a message is sent."""

    _held: Held[Record] | None = None

    def __init__(self, app: Celery, *given: Any, **named: Any) -> None:
        self._beating = asyncio.Lock()
        self._database = Silence("beat.database", "what falls due meanwhile is caught up")
        super().__init__(app, *given, **named)
        self.max_interval = LONGEST.total_seconds()

    def setup_schedule(self) -> None:
        with said_plainly():
            self._held = Held(open_record(read_settings()), self._leave)
            record = self._held.value
            bridge().run(writable(record.database))
            bridge().run(put_defaults(record))
        self._beat = Beat(record.store, record.clock, record.rules, _name())
        self._teller = WakeUps(self.app, TASK)

    def tick(self, *_: Any, **__: Any) -> float:
        """Do one beat; returns the seconds until the next."""
        try:
            result: BeatResult = bridge().run(self._once())
            self._database.is_well(elapsed())
        except SchemaIsNewer as error:
            log.error("beat.outgrown", why=error.what, cure=error.cure)
            tell_runs(error)
            raise SystemExit(f"error: {error}") from error
        except Exception as error:  # noqa: BLE001 - whatever ends one look, the next one is made
            self._database.failed(error, elapsed())
            return LONGEST.total_seconds()
        for run in result.send:
            self._teller.tell(run)
        return result.rest.total_seconds()

    def close(self) -> None:
        super().close()
        if self._held is not None:
            self._teller.end()
            self._held.close()
            self._held = None

    async def _once(self) -> BeatResult:
        async with self._beating:
            if self._held is not None:
                await take_changes(self._held.value, self._beat)
            return await self._beat.once()

    async def _leave(self, record: Record) -> None:
        """Take this beat out of those that live, after a beat that is under way."""
        try:
            async with asyncio.timeout(LAST_WORD), self._beating:
                await record.store.forget_heartbeats(await record.clock.real(), process=_name())
        except Exception as error:  # noqa: BLE001 - it is not alive by itself soon
            self._database.failed(error, elapsed())


async def take_changes(record: Record, beat: Beat) -> None:
    """What was changed at run time is what the beat goes by."""
    if await record.refresh():
        beat.rules = record.rules


def tell_runs(error: SchemaIsNewer) -> None:
    """Tell workers of runs; a beat in one process with workers ends with them. From any thread but the loop's own."""

    async def told(runs: Worker) -> None:
        runs.outgrow(error)

    if (here := working()) is not None:
        bridge().run(told(here.runs))


def _name() -> str:
    return f"{this_process()}/beat"

"""What a process has open while it works: the record, the opened systems, and its part in the queue of runs."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from caseward.app.adapters import Workers
from caseward.app.event_loop import Held, bridge
from caseward.app.extras import lacking, refuse_lacking
from caseward.app.generations import Generations, open_generations
from caseward.app.installation import Record, open_record
from caseward.app.system_checks import strange_variables
from caseward.app.systems import read_systems
from workflow.record.condition import writable
from workflow.scheduler.worker import Worker
from workflow.settings import Settings

if TYPE_CHECKING:
    from adapters.browser.chromium_process import Browser
    from adapters.browser.chromium_search import Found

log = structlog.get_logger()

_HELD: list[Held[Process]] = []
"""The open process, one at most; a forked child begins without its parent's."""


@dataclass(frozen=True)
class Process:
    """What this process has open while it works."""

    record: Record
    generations: Generations
    runs: Worker

    @property
    def workers(self) -> Workers:
        """The systems as they were last opened."""
        return self.generations.newest.workers


def working() -> Process | None:
    """What this process has open, if it works."""
    return _HELD[0].value if _HELD else None


def forget_working() -> None:
    """Forget, in a forked child, what its parent has open."""
    _HELD.clear()


async def _chromium(settings: Settings) -> Found | None:
    """A Chromium that opened a page here; the log says why there is none."""
    from adapters.browser.chromium_search import Found, find  # they import Playwright, which not every installation has

    named = str(settings.chromium) if settings.chromium else None
    found = await find(browsers=settings.data_dir / "browsers", executable=named)
    if isinstance(found, Found):
        return found
    log.warning("worker.no_browser", why=str(found))
    return None


@asynccontextmanager
async def open_runs(
    settings: Settings,
    queues: Sequence[str],
    *,
    at_once: int,
    poll: timedelta,
    kind: str = "worker",
    leave: Callable[[], None] = lambda: None,
) -> AsyncIterator[Process]:
    """Open the record and the systems; yields what serves the queue of runs."""
    systems = read_systems(settings)
    refuse_lacking(systems)
    browses = not systems.remotes.browser_queues.isdisjoint(queues)
    chromium = await _chromium(settings) if browses and lacking("browser") is None else None
    async with (
        open_record(settings, systems) as record,
        _browser(chromium) as browser,
        open_generations(record, browser) as generations,
    ):
        await writable(record.database)
        for flow, variables in record.systems.unset.items():
            log.warning("worker.unset", flow=flow, settings=variables, meanwhile="what needs them waits")
        for name, meant in strange_variables(systems, settings).items():
            log.warning("worker.sets_nothing", variable=name, perhaps_meant=meant)
        runs = Worker(
            record.store,
            record.clock,
            generations,
            generations.newest.workers.process,
            queues,
            at_once=at_once,
            poll=poll,
            lease=record.settings.lease,
            kind=kind,
            queues_of=record.rules.targets.queues_of,
            wants_help=generations.wants_help,
            lacks=record.systems.lacking,
            leave=leave,
        )

        async def refresh() -> None:
            if await generations.refresh():
                runs.lease, runs.lacks = record.settings.lease, record.systems.lacking

        runs.refresh = refresh
        yield Process(record, generations, runs)


@asynccontextmanager
async def _browser(chromium: Found | None) -> AsyncIterator[Browser | None]:
    if chromium is None:
        yield None
        return
    from adapters.browser.chromium_process import Browser

    browser = Browser(chromium)
    try:
        yield browser
    finally:
        await browser.close()


def begin_working(
    settings: Settings,
    queues: Sequence[str],
    *,
    at_once: int,
    poll: timedelta,
    kind: str = "worker",
    grace: timedelta | None = None,
    main: int | None = None,
    stop: Callable[[], None] | None = None,
) -> Process:
    """Open the record and serve, on this process's loop. Raises WorkflowError where that fails.

    grace: how long what is under way has at the end; None: as the settings say. stop: ends this process where the
    record has outgrown it; None: a signal to the process `main`, or to this one.
    """

    def tell() -> None:
        os.kill(os.getpid() if main is None else main, signal.SIGTERM)

    async def leave(working: Process) -> None:
        browser = working.workers.browser

        async def cut() -> None:
            # a cancelled click would hold its page open, and closing pages would wait for the driver
            if browser is not None and browser.marker is not None:
                await browser.replace("its process ends", browser.marker)

        await working.runs.end(settings.grace if grace is None else grace, cut)

    held = Held(open_runs(settings, queues, at_once=at_once, poll=poll, kind=kind, leave=stop or tell), leave)
    _HELD[:] = [held]
    bridge().serve(held.value.runs.serve)
    log.info("worker.ready", queues=list(queues), process=held.value.runs.process)
    return held.value


def end_working() -> None:
    """Begin nothing more; what is under way has its grace; then give leases back."""
    if _HELD:
        _HELD.pop().close()

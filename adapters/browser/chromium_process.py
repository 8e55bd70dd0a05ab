"""One Chromium a process, for as long as it lives; a frozen or dead one is killed with its whole tree and replaced."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from tempfile import gettempdir
from typing import Any
from uuid import uuid4

import structlog
from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from adapters.browser.chromium_search import Found, launch
from adapters.browser.processes import driver_of, kill
from adapters.browser.scratch import Scratch, clear_left, make_scratch
from workflow.errors import NotSent
from workflow.sentence import Sentence, machine_said

log = structlog.get_logger()

DRIVER_GONE = "Connection closed while reading from the driver"

CLEARED_EVERY = 3600.0
"""Seconds after which a working process looks again for folders of dead processes."""
NO_WAY_AROUND = ("--disable-http2", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp")
"""Flags: one request for each connection, and nothing past the proxy."""


@dataclass(frozen=True)
class Deadlines:
    """Seconds of real time. step lies outside the driver: when it passes, driver and Chromium are killed."""

    page: float = 15.0
    step: float = 30.0
    launch: float = 30.0
    close: float = 5.0
    received: float = 20.0
    """How long an upload may be processed."""
    person: float = 180.0
    """How long a page is held open for a person's answer."""


@dataclass
class _Running:
    marker: str
    playwright: Playwright
    chromium: Chromium
    driver: int | None
    scratch: Scratch


@dataclass
class _Own:
    """The browser of one process and its event loop; a child after a fork begins with a new one."""

    pid: int = field(default_factory=os.getpid)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    cleared_at: float = field(default_factory=time.monotonic)
    running: _Running | None = None


class Browser:
    """Started by the first context that is asked for."""

    def __init__(self, found: Found, deadlines: Deadlines | None = None) -> None:
        self.found, self.deadlines = found, deadlines or Deadlines()
        self.replaced = 0
        """How many times a frozen browser was killed."""
        self._own = _Own()

    @property
    def name(self) -> str:
        return "chromium"

    @property
    def version(self) -> str:
        return self.found.version

    @property
    def marker(self) -> str | None:
        """The marker on the running Chromium's command line."""
        running = self._mine().running
        return running.marker if running is not None else None

    @asynccontextmanager
    async def context(self, proxy: str) -> AsyncIterator[BrowserContext]:
        """A context of its own whose only way out is the proxy."""
        marker, context = await self._new_context(proxy)
        try:
            yield context
        finally:
            if marker == self.marker:  # else it died with its Chromium
                await self._close_context(context, marker)

    async def replace(self, why: str, marker: str | None) -> None:
        """Kill this driver and Chromium from outside, if they still run; the next context starts new ones."""
        own = self._mine()
        if own.running is None or own.running.marker != marker:
            return
        running, own.running = own.running, None
        self.replaced += 1
        killed = await asyncio.to_thread(kill, running.marker, running.driver)
        await asyncio.to_thread(running.scratch.clear)
        log.warning("browser.replaced", why=why, killed=killed)

    async def close(self) -> None:
        running, self._mine().running = self._mine().running, None
        if running is None:
            return
        try:
            async with asyncio.timeout(self.deadlines.close):
                await running.chromium.close()
                await running.playwright.stop()
        except (TimeoutError, PlaywrightError) as error:
            log.warning("browser.not_closed", why=repr(error))
        await asyncio.to_thread(kill, running.marker, running.driver)
        await asyncio.to_thread(running.scratch.clear)

    def _mine(self) -> _Own:
        if self._own.pid != os.getpid():
            self._own = _Own()
        return self._own

    async def _new_context(self, proxy: str) -> tuple[str, BrowserContext]:
        why = ""
        for _ in range(2):  # a dead driver shows itself only here: is_connected() stays true then
            running = await self._started()
            try:
                async with asyncio.timeout(self.deadlines.launch):
                    context = await running.chromium.new_context(
                        proxy={"server": proxy},
                        locale="zh-CN",
                        timezone_id="Asia/Shanghai",
                        viewport={"width": 1100, "height": 900},
                        accept_downloads=True,
                        service_workers="block",
                    )
                context.set_default_timeout(self.deadlines.page * 1000)
                return running.marker, context
            except (TimeoutError, PlaywrightError) as error:
                why = repr(error)
                await self.replace(f"no context: {why}", running.marker)
        told = Sentence("chromium_no_context", "Chromium opens no context: {why}", why=why)
        raise NotSent("browser", "context", told)

    async def _close_context(self, context: BrowserContext, marker: str) -> None:
        try:
            async with asyncio.timeout(self.deadlines.close):
                await context.close()
        except TimeoutError:
            await self.replace("a context did not close", marker)
        except PlaywrightError as error:
            log.debug("browser.context_gone", why=error.message.splitlines()[0])

    async def _started(self) -> _Running:
        own = self._mine()
        async with own.lock:
            if time.monotonic() - own.cleared_at > CLEARED_EVERY:
                own.cleared_at = time.monotonic()
                await asyncio.to_thread(clear_left)
            if own.running is not None and not own.running.chromium.is_connected():
                await self.replace("Chromium is gone", own.running.marker)
            if own.running is None:
                own.running = await self._start()
            return own.running

    async def _start(self) -> _Running:
        marker = f"--caseward={uuid4().hex}"
        asyncio.get_running_loop().set_exception_handler(_unless_killed)
        playwright = None
        try:
            scratch = await asyncio.to_thread(make_scratch)
        except OSError as error:
            told = Sentence(
                "chromium_nowhere",
                "Chromium has nowhere to write: {place} cannot be written: {why}; make room there",
                place=error.filename or gettempdir(),
                why=machine_said(error),
            )
            raise NotSent("browser", "start", told) from error
        try:
            async with asyncio.timeout(self.deadlines.launch):
                with scratch.for_driver():
                    playwright = await async_playwright().start()
                chromium = await launch(playwright, self.found, *NO_WAY_AROUND, marker, deadline=self.deadlines.launch)
        except (TimeoutError, PlaywrightError) as error:
            await asyncio.to_thread(kill, marker, driver_of(marker))
            if playwright is not None:
                await playwright.stop()
            await asyncio.to_thread(scratch.clear)
            told = Sentence("chromium_does_not_start", "Chromium does not start: {why}", why=str(error))
            raise NotSent("browser", "start", told) from error
        return _Running(marker, playwright, chromium, await asyncio.to_thread(driver_of, marker), scratch)


def _unless_killed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What a killed driver never answered has been told as what it is; nobody reads its futures any more."""
    error = context.get("exception")
    if error is not None and DRIVER_GONE in str(error):
        log.debug("browser.call_unanswered", why=str(error))
    else:
        loop.default_exception_handler(context)

"""The bridge from Celery to asyncio: one event loop in each process, on a thread, made after any fork."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, TypeVar

import structlog

from workflow.flow.mistakes import trace_of, words

log = structlog.get_logger()

T = TypeVar("T")
AGAIN = 1.0
"""Work that died is begun again after this many seconds."""
LAST_MOMENT = 10.0
"""The loop has this many seconds to end when its process does."""


def lasting(name: str, work: Callable[[], object], over: threading.Event, again: float = AGAIN) -> threading.Thread:
    """A thread that does this work until it is over. An error is logged, and the work begins again."""

    def live() -> None:
        while not over.is_set():
            try:
                why = "it ended"
                try:
                    work()
                except BaseException as error:  # noqa: BLE001 - SystemExit too ends a thread, and nobody would know
                    why = f"{type(error).__name__}: {error}"
                if not over.is_set():
                    log.error("thread.died", thread=name, why=why, again_in_s=again)
                    over.wait(again)
            except BaseException as error:  # noqa: BLE001 - it was thrown at us while we waited
                log.error("thread.died", thread=name, why=f"{type(error).__name__}: {error}", again_in_s=0)

    thread = threading.Thread(target=live, name=name, daemon=True)
    thread.start()
    return thread


class Bridge:
    """The event loop of this process. A forked child makes its own: see bridge()."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        self._serving: set[Future[None]] = set()
        self._over = threading.Event()
        self._thread = lasting("asyncio", self._run, self._over, again=0.05)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run on the loop and wait, from any thread but the loop's own. An interrupt cancels the work."""
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return future.result()
        except BaseException:  # an interrupt too: the work must not go on alone
            future.cancel()
            raise

    def serve(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run this on the loop until it returns; after an error it begins again."""
        task = asyncio.run_coroutine_threadsafe(work(), self.loop)
        self._serving.add(task)

        def ended(task: Future[None]) -> None:
            self._serving.discard(task)
            if task.cancelled() or (error := task.exception()) is None or self._over.is_set():
                return
            log.error("serving.died", why=words(error), again_in_s=AGAIN, traceback=trace_of(error))
            self.soon(lambda: self.loop.call_later(AGAIN, self.serve, work))

        task.add_done_callback(ended)

    def soon(self, call: Callable[[], object]) -> None:
        """Call this on the loop soon; from any thread, and from a signal."""
        self.loop.call_soon_threadsafe(call)

    def close(self) -> None:
        self._over.set()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(LAST_MOMENT)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()


class Held(Generic[T]):
    """A context that is open on the loop until close(); one task enters and leaves it."""

    def __init__(self, opened: AbstractAsyncContextManager[T], leave: Callable[[T], Awaitable[None]]) -> None:
        self._bridge, self._ending = bridge(), asyncio.Event()
        self.value: T = self._bridge.run(self._open(opened, leave))

    def close(self) -> None:
        """Close: first call leave, then end the context."""
        self._bridge.run(self._close())

    async def _open(self, opened: AbstractAsyncContextManager[T], leave: Callable[[T], Awaitable[None]]) -> T:
        ready: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        async def life() -> None:
            try:
                async with opened as value:
                    ready.set_result(value)
                    await self._ending.wait()
                    await leave(value)
            except BaseException as error:
                if ready.done():
                    raise
                ready.set_exception(error)

        self._life = asyncio.create_task(life())
        return await ready

    async def _close(self) -> None:
        self._ending.set()
        await self._life


_BRIDGES: dict[int, Bridge] = {}


def bridge() -> Bridge:
    """This process's bridge."""
    pid = os.getpid()
    if pid not in _BRIDGES:
        _BRIDGES.clear()  # made in the parent: its thread does not exist here
        _BRIDGES[pid] = Bridge()
    return _BRIDGES[pid]

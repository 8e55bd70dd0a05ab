"""Handles Ctrl-C and SIGTERM: the first asks for the end, the second ends the process at once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, TypeVar

import psutil  # type: ignore[import-untyped]  # it ships no types

from caseward.app.event_loop import bridge
from caseward.console.terminal.complaints import INTERRUPTED

T = TypeVar("T")
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """How often this process was told to end.

    Python raises KeyboardInterrupt wherever the main thread stands; in a __del__ or a callback it is printed and lost.
    So the work that the process is there for is waited for here: an interrupt ends that wait wherever it arrives.
    """

    def __init__(self, at_once: Callable[[], None]) -> None:
        self._told, self._waits, self._at_once = 0, False, at_once
        self._work: Future[Any] | None = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run this on the bridge's loop. Raises KeyboardInterrupt once the process was told to end, then or before."""
        self._waits = True
        try:
            self._work = asyncio.run_coroutine_threadsafe(work, bridge().loop)
            if self._told:
                self._work.cancel()
            result: T = self._work.result()
            if self._told:
                raise KeyboardInterrupt
            return result
        except CancelledError:
            if self._told:
                raise KeyboardInterrupt from None
            raise
        finally:
            self._work, self._waits = None, False

    def hear(self, number: int, frame: FrameType | None) -> None:
        """Called by a signal, wherever the main thread is."""
        self._told += 1
        if self._told > 1:
            try:
                self._at_once()
            finally:
                os._exit(INTERRUPTED)
        if self._work is not None:
            self._work.cancel()
        if not self._waits:
            raise KeyboardInterrupt  # ends what is being opened; where it is lost, run() knows all the same


@contextmanager
def interrupts(at_once: Callable[[], None] | None = None) -> Iterator[Interrupts]:
    """Within the block this process ends as it is told; for its main thread alone.

    at_once: the last thing that is done when it is told twice; None: what it started is ended with it.
    """
    heard = Interrupts(at_once or _kill_children)
    before = {number: signal.signal(number, heard.hear) for number in SIGNALS}
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _kill_children() -> None:
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()

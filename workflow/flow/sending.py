"""Whether anything of an action has left this process: noted by the adapters, and asked when an action fails."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass
class Sending:
    """What is known of one call of an action while it runs.

    left: an adapter that notes it has sent the first byte of something that changes the world. touched: an adapter that
    notes nothing was called, so that nobody knows what left.
    """

    left: bool = False
    touched: bool = False

    @property
    def may_have_happened(self) -> bool:
        return self.left or self.touched


_current: ContextVar[Sending | None] = ContextVar("sending", default=None)


@contextmanager
def watching(sending: Sending) -> Iterator[None]:
    """Calls inside the block, and in tasks begun in it, note here what leaves."""
    token = _current.set(sending)
    try:
        yield
    finally:
        _current.reset(token)


def note_left() -> None:
    """For adapters: call it directly before the first byte of something that changes the world may leave."""
    if (sending := _current.get()) is not None:
        sending.left = True


def note_touched() -> None:
    if (sending := _current.get()) is not None:
        sending.touched = True


class Wrapped:
    """An adapter with something around its calls. All else of it is its own."""

    def __init__(self, adapter: object) -> None:
        self._adapter = adapter

    @staticmethod
    def inner(adapter: object) -> object:
        """The adapter itself, whatever stands around its calls."""
        while isinstance(adapter, Wrapped):
            adapter = adapter._adapter
        return adapter


class Watched(Wrapped):
    """An adapter that notes nothing by itself: its first call counts as touched."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._adapter, name)
        if not callable(found):
            return found

        def call(*args: Any, **named: Any) -> Any:
            note_touched()
            return found(*args, **named)

        async def awaited(*args: Any, **named: Any) -> Any:
            note_touched()
            return await found(*args, **named)

        return awaited if inspect.iscoroutinefunction(found) else call

"""How fast a process may call a remote: calls at once, and calls a minute. A call that comes too soon waits."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from typing import Any

from workflow.flow.remotes import Evidence, Opened, Remote
from workflow.flow.sending import Watched, Wrapped
from workflow.record.values import Seat

MINUTE = 60.0


class Pace:
    """The pace of one remote in a process. at_once, per_minute: None means no limit.

    clock: seconds on a clock that nobody sets; wait: sleeps for so many seconds.
    """

    def __init__(
        self,
        at_once: int | None,
        per_minute: int | None,
        *,
        clock: Callable[[], float] | None = None,
        wait: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._slots = asyncio.Semaphore(at_once) if at_once is not None else None
        self._apart = MINUTE / per_minute if per_minute is not None else 0.0
        self._clock, self._wait, self._next = clock or (lambda: asyncio.get_running_loop().time()), wait, 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for this call's turn. Calls begin evenly spaced, so that no minute has more of them than allowed."""
        async with self._slots or nullcontext():
            if self._apart:
                now = self._clock()
                begin = max(now, self._next)
                self._next = begin + self._apart
                if begin > now:
                    await self._wait(begin - now)
            yield


class Paced(Wrapped):
    """An adapter whose coroutines wait for their turn."""

    def __init__(self, adapter: object, pace: Pace) -> None:
        super().__init__(adapter)
        self._pace = pace

    def watched(self) -> Paced:
        """What waits for its turn has touched nothing yet: a call that is given up meanwhile never left."""
        return Paced(Watched(self._adapter), self._pace)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._adapter, name)
        if not inspect.iscoroutinefunction(found):
            return found

        async def call(*args: Any, **named: Any) -> Any:
            async with self._pace.turn():
                return await found(*args, **named)

        return call


def watched(adapter: object) -> object:
    """An adapter that notes nothing by itself, so that it is known when it was called."""
    return adapter.watched() if isinstance(adapter, Paced) else Watched(adapter)


def paced(remote: Remote, opened: Opened, paces: dict[str, Pace]) -> Opened:
    """What stands behind a remote, called no faster than it says. paces: those of this process, by remote."""
    if remote.at_once is None and remote.per_minute is None:
        return opened
    pace = paces.setdefault(remote.name, Pace(remote.at_once, remote.per_minute))
    behind, connect = opened.implementation, opened.connect

    def seated(seat: Seat, evidence: Evidence) -> AbstractAsyncContextManager[object]:
        assert connect is not None

        @asynccontextmanager
        async def connected() -> AsyncIterator[object]:
            async with connect(seat, evidence) as page:
                yield Paced(page, pace)

        return connected()

    return replace(
        opened,
        implementation=Paced(behind, pace) if behind is not None else None,
        connect=seated if connect is not None else None,
    )

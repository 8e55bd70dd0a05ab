"""Waits for a database that does not answer, where waiting loses nothing: to write what was done, or to read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any, ParamSpec, TypeVar

import structlog

from workflow.errors import SchemaIsNewer
from workflow.record.database import damaged, passing

log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")
AGAIN = 1.0
"""Seconds between two tries."""


async def patiently(
    call: Callable[P, Awaitable[T]], over: Callable[[], bool], /, *given: P.args, **named: P.kwargs
) -> T:
    """Call until the database answers, and return the result. Once over says True, its error is raised."""
    while True:
        try:
            return await call(*given, **named)
        except Exception as error:
            if over() or isinstance(error, SchemaIsNewer) or not passing(error) or damaged(error):
                raise
            log.debug("database.waited_for", call=getattr(call, "__name__", "?"), why=str(error))
        await asyncio.sleep(AGAIN)


class Patient:
    """Wraps an object so that each call of it waits for the database.

    No call may rest on a time that was read before.
    """

    def __init__(self, inner: Any, over: Callable[[], bool]) -> None:
        self._inner, self._over = inner, over

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not iscoroutinefunction(found):
            return found

        def call(*given: Any, **named: Any) -> Awaitable[Any]:
            return patiently(found, self._over, *given, **named)

        return call

"""Connections to PostgreSQL with deadlines: a server that falls silent costs one connection, and nobody hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from psycopg.abc import PQGen

RV = TypeVar("RV")
SILENT = 15.0
"""Seconds without a byte after which a server is given up. No statement of ours waits longer for a lock."""
WHOLE = 60.0
"""Seconds that an answer may take from its first byte to its last."""

_patient: ContextVar[bool] = ContextVar("patient", default=False)


@contextmanager
def without_deadline() -> Iterator[None]:
    """Lift the deadlines, for what may take long, such as a change of the schema."""
    token = _patient.set(True)
    try:
        yield
    finally:
        _patient.reset(token)


@cache
def connecting() -> Callable[..., Awaitable[Any]]:
    """Open such a connection; SQLAlchemy calls it. Imports psycopg late: an installation on SQLite does not have it."""
    from psycopg import AsyncConnection, OperationalError
    from psycopg.waiting import READY_R

    class Silent(OperationalError):
        pass

    def within(gen: PQGen[RV]) -> PQGen[RV]:
        # the driver waits inside this generator, and sends 0 where nothing came for a tenth of a second
        now = asyncio.get_running_loop().time
        begun = heard = now()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                heard = now() if ready & READY_R else heard
                if now() - heard > SILENT:
                    raise Silent(f"the connection is lost: no byte for {SILENT:.0f} s")
                if now() - begun > WHOLE:
                    raise Silent(f"the connection is lost: no whole answer within {WHOLE:.0f} s")
                wanted = gen.send(ready)
        except StopIteration as end:
            found: RV = end.value
            return found

    class Timed(AsyncConnection[Any]):
        async def wait(self, gen: PQGen[RV], *given: Any, **named: Any) -> RV:
            if _patient.get():
                return await super().wait(gen, *given, **named)
            try:
                return await super().wait(within(gen), *given, **named)
            except Silent:
                self.pgconn.finish()
                raise

    return Timed.connect

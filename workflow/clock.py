"""The two clocks, and the only file that reads one: business time, which may be jumped, and real time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import Executable, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from workflow.record.newer import reading, telling
from workflow.record.schedule_tables import clock

_REAL: dict[str, Executable] = {
    "sqlite": text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"),
    "postgresql": select(func.clock_timestamp()),
}


_ELAPSED = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""The clock of elapsed time, which counts while the machine sleeps, where there is one; nobody can set it."""


class Clock(Protocol):
    """Instants are UTC. Cases and calendars live by business time, leases by real time.

    People and machines set the clock behind both. elapsed() is another clock, which nobody sets: it only tells how much
    time went by between two looks of one process.
    """

    async def business(self) -> datetime: ...

    async def real(self) -> datetime: ...

    def elapsed(self) -> timedelta: ...


class DatabaseClock:
    """The database's time, so that a worker's own clock decides nothing. Business time is offset by one row."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def real(self) -> datetime:
        if self._engine.dialect.name == "sqlite":
            return machine_time()
        async with reading(self._engine) as connection:
            return await _real(connection)

    async def business(self) -> datetime:
        async with reading(self._engine) as connection:
            return await _real(connection) + await _offset(connection)

    def elapsed(self) -> timedelta:
        return elapsed()

    async def jump(self, to: datetime) -> datetime:
        """Move business time forward to this instant, never back; returns what it is now."""
        async with telling(self._engine), self._engine.begin() as connection:
            # the row is locked first: of two jumps at once the further one counts
            await connection.execute(update(clock).values(offset_us=clock.c.offset_us))
            real, offset = await _real(connection), await _offset(connection)
            further = max(offset, to - real)
            await connection.execute(update(clock).values(offset_us=further // timedelta(microseconds=1)))
            return real + further


def elapsed() -> timedelta:
    """The elapsed time since some instant of this machine, for code without a database."""
    return timedelta(seconds=time.clock_gettime(_ELAPSED))


class SetClock:
    """A clock that stands still until it is set, for tests and rehearsals.

    advance() lets time go by; set() sets the clock while no time goes by.
    """

    def __init__(self, start: datetime) -> None:
        self._business = self._real = _in_utc(start)
        self._elapsed = timedelta(0)

    async def business(self) -> datetime:
        return self._business

    async def real(self) -> datetime:
        return self._real

    def elapsed(self) -> timedelta:
        return self._elapsed

    def set(self, business: datetime | None = None, real: datetime | None = None) -> None:
        self._business = self._business if business is None else _in_utc(business)
        self._real = self._real if real is None else _in_utc(real)

    def advance(self, by: timedelta = timedelta(0), real: timedelta | None = None) -> None:
        """Move both clocks, or each by its own amount."""
        self._business += by
        gone = by if real is None else real
        self._real += gone
        self._elapsed += gone


def _in_utc(instant: datetime) -> datetime:
    """Raises ValueError where it names no zone: it would be taken as the machine's time."""
    if instant.tzinfo is None:
        cure = 'say tzinfo=UTC, or tzinfo=ZoneInfo("Asia/Shanghai")'
        raise ValueError(f"{instant:%Y-%m-%d %H:%M} names no time zone; {cure}")
    return instant.astimezone(UTC)


async def _real(connection: AsyncConnection) -> datetime:
    if connection.dialect.name == "sqlite":
        return machine_time()
    instant: datetime = (await connection.execute(select(func.clock_timestamp()))).scalar_one()
    return instant.astimezone(UTC)


def machine_time() -> datetime:
    """This machine's clock: SQLite's, which runs in this process, and that of whoever has no database at hand."""
    return datetime.now(UTC)


async def _offset(connection: AsyncConnection) -> timedelta:
    return timedelta(microseconds=(await connection.execute(select(clock.c.offset_us))).scalar_one())

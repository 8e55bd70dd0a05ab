"""What is held against an office whose clock was set: its own SQL on the tables, and what was seen being done."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

CALM = 600
"""Seconds by the right clock at the end."""
WITHIN = 90
MINUTE = timedelta(minutes=1)
DEAD = 35
"""Seconds after which a process that says nothing is not alive."""
PUSHED = 60 + 60 + 60
"""Seconds that a case waits whose worker died over it: its lease, the first push, the next look."""


async def rows(database: AsyncEngine, query: str) -> list[Any]:
    async with database.connect() as connection:
        return [tuple(_instant(value) for value in row) for row in await connection.execute(text(query))]


def _instant(value: Any) -> Any:
    if isinstance(value, str) and len(value) == 27 and value[10] == "T":
        return datetime.fromisoformat(value)
    return value


async def shortcomings(database: AsyncEngine, ledger: Any, periods: dict[str, int], now: datetime) -> list[str]:
    """Sentences; none when all held."""
    end = max(at for at, _ in ledger.runs)
    calm = end - CALM
    return [
        *await _cases(database, ledger, calm),
        *_runs(ledger, periods, calm, end),
        *await _marks(database, ledger),
        *await _living(database, ledger, now),
        *await _instants(database, periods, now),
    ]


async def _cases(database: AsyncEngine, ledger: Any, calm: float) -> list[str]:
    wrong = []
    for (case,) in await rows(database, "SELECT id FROM cases"):
        late = max([at + PUSHED for at, _, held in ledger.deaths if held == case] + [calm])
        first = min((at for at, seen in ledger.looks if seen == case and at >= calm), default=None)
        if first is None or first - late > WITHIN:
            wrong.append(f"case {case} was looked at {first and first - calm} s after the clock was right")
    return wrong


def _runs(ledger: Any, periods: dict[str, int], calm: float, end: float) -> list[str]:
    """Twice: two runs in one period with no jump near. Lost: a period by the right clock without a run."""
    wrong = []
    for name in {name for _, name in ledger.runs}:
        times = [at for at, ran in ledger.runs if ran == name]
        for before, after in pairwise(times):
            near = any(before - periods[name] <= at <= after for at, _ in ledger.jumps)
            dead = any(before - periods[name] <= at <= after for at, _, _ in ledger.deaths)
            if after - before < periods[name] - 15 and not near and not dead:
                wrong.append(f"{name} ran at {before} and at {after}")
        calmly = [calm, *[at for at in times if at >= calm], end]
        widest = max(after - before for before, after in pairwise(calmly))
        if periods[name] < CALM and widest > periods[name] + WITHIN:
            wrong.append(f"{name} did not run for {widest} s")
    return wrong


async def _marks(database: AsyncEngine, ledger: Any) -> list[str]:
    found = [after - before for before, after in await rows(database, "SELECT expected, found FROM clock_jumps")]
    made = [by for _, by in ledger.jumps if abs(by) > MINUTE.total_seconds()]
    marked = [span.total_seconds() for span in found]
    if len(marked) == len(made) and all(abs(a - b) <= 15 for a, b in zip(made, marked, strict=True)):
        return []
    return [f"the clock was set by {made} and marked are {marked}"]


async def _living(database: AsyncEngine, ledger: Any, now: datetime) -> list[str]:
    alive = {
        process
        for process, seen in await rows(database, "SELECT process, seen_at FROM heartbeats")
        if abs((now - seen).total_seconds()) < DEAD
    }
    wrong = [f"{name} is dead and counts as alive" for _, name, _ in ledger.deaths if name in alive]
    running = "SELECT owner FROM runs WHERE status = 'running' AND owner LIKE 'dead-%'"
    wrong += [f"a run is still {owner}'s" for (owner,) in await rows(database, running)]
    missing = {"beat-0", "beat-1", "worker-0", "worker-1"} - alive
    return wrong + [f"{name} is alive and does not count" for name in sorted(missing)]


async def _instants(database: AsyncEngine, periods: dict[str, int], now: datetime) -> list[str]:
    wrong = []
    for name, at in await rows(database, "SELECT name, next_run_at FROM schedules"):
        if at is None or not -MINUTE <= at - now <= timedelta(seconds=periods[name]) + MINUTE:
            wrong.append(f"{name} is next due at {at}, and it is {now}")
    return wrong

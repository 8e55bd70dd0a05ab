"""Many orders that nobody pays: each waits for 15 minutes under a schedule of every minute, and is looked at then.

`python -m tests.engine.unpaid_orders [CASES]` says how long the sweeps take.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

import structlog
from pydantic import BaseModel, ConfigDict

from workflow import Case, Flow, No, State, To, Verdict
from workflow.store import NewCase
from workflow.testing import Bench, bench

LONGEST, MINUTE, MANY = timedelta(minutes=15), timedelta(minutes=1), 1000


class S(StrEnum):
    ordered = auto()
    timed_out = auto()


class Order(BaseModel):
    model_config = ConfigDict(frozen=True)
    number: int


def waited_long(case: Case[Order], now: datetime) -> Verdict:
    """Nobody paid it in time."""
    end = case.opened_at + LONGEST
    return now >= end or No(until=end, waits_for="customer")


flow = Flow(
    "orders",
    version=1,
    data=Order,
    prefix="OR",
    states=[
        State(S.ordered, "待付款", To(S.timed_out, when=waited_long), waits_for="customer"),
        State(S.timed_out, "已超时", final=True),
    ],
)


@dataclass(frozen=True)
class Sweeps:
    """How many cases each minute's sweep looked at, and how long it took in seconds."""

    looks: list[int]
    seconds: list[float]


async def ordered(at: Bench, count: int) -> None:
    now = await at.clock.business()
    for begin in range(0, count, MANY):
        new = [NewCase("orders", 1, "OR", S.ordered, {"number": n}) for n in range(begin, min(begin + MANY, count))]
        await at.store.create(new, actor="person:test", reason=None, now=now)


async def swept(count: int, minutes: int = 16) -> Sweeps:
    """The orders are opened, and each minute's sweep follows."""
    async with bench(flow) as at:
        await ordered(at, count)
        looks, seconds = list[int](), list[float]()
        for _ in range(minutes):
            with _timed(seconds):
                looks.append((await at.sweep()).total)
            at.clock.advance(MINUTE)
        return Sweeps(looks, seconds)


@contextmanager
def _timed(kept: list[float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    kept.append(time.perf_counter() - began)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    found = asyncio.run(swept(many))
    for minute, (looked, took) in enumerate(zip(found.looks, found.seconds, strict=True)):
        print(f"minute {minute:2}: {looked:7} looks, {took * 1000:10.1f} ms")

"""A remote is called no faster than it says: so many at once, and so many a minute; who calls too soon waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

import pytest

from workflow.errors import DefinitionError
from workflow.flow.pacing import Pace, Paced, paced, watched
from workflow.flow.remotes import Evidence, Opened, Remote, check_methods
from workflow.flow.sending import Sending, watching
from workflow.record.values import Epoch, Seat
from workflow.testing import MORNING


class Till(Protocol):
    async def pay(self, number: int) -> int: ...


@dataclass
class Busy:
    """Keeps how many calls were under way at once, and when each began."""

    clock: Clock
    name: str = "till"
    most: int = 0
    now: int = 0
    begun: list[float] = field(default_factory=list)

    async def pay(self, number: int) -> int:
        self.begun.append(self.clock.now)
        self.now += 1
        self.most = max(self.most, self.now)
        for _ in range(3):
            await asyncio.sleep(0)
        self.now -= 1
        return number


@dataclass
class Clock:
    """Seconds that the test sets: a wait lets them go by at once."""

    now: float = 0.0

    async def wait(self, seconds: float) -> None:
        self.now += seconds


async def paid(at_once: int | None, per_minute: int | None, count: int) -> Busy:
    clock = Clock()
    busy = Busy(clock)
    till = Paced(busy, Pace(at_once, per_minute, clock=lambda: clock.now, wait=clock.wait))
    assert await asyncio.gather(*(till.pay(number) for number in range(count))) == list(range(count))
    assert till.name == "till"
    return busy


@pytest.mark.parametrize(("at_once", "most"), [(1, 1), (2, 2), (None, 6)])
async def test_so_many_calls_are_under_way_at_once(at_once: int | None, most: int) -> None:
    assert (await paid(at_once, None, 6)).most == most


async def test_no_minute_has_more_calls_than_it_may_have() -> None:
    begun = (await paid(None, 6, 13)).begun
    assert begun == [10.0 * number for number in range(13)]


async def test_a_call_that_fails_gives_its_turn_back() -> None:
    class Broken:
        async def pay(self, number: int) -> int:
            raise OSError("the line is cut")

    till = Paced(Broken(), Pace(1, None))
    for _ in range(2):
        with pytest.raises(OSError, match="cut"):
            await till.pay(1)


async def test_the_pages_of_seats_share_the_pace_of_their_remote() -> None:
    seat = Seat("a", "till", "ada", Epoch(0, 1), "one", MORNING, None, 1, False, None)
    busy = Busy(Clock())

    @asynccontextmanager
    async def connect(seat: Seat, evidence: Evidence) -> AsyncIterator[object]:
        yield busy

    async def keep(step: str, picture: bytes) -> None:
        raise AssertionError("nothing is photographed")

    opened = paced(Remote("till", Till, queue="tills", at_once=1, seats=True), Opened(connect=connect), {})
    assert opened.connect is not None
    async with opened.connect(seat, keep) as one, opened.connect(seat, keep) as two:
        await asyncio.gather(*(page.pay(1) for page in (one, two) for _ in range(3)))  # type: ignore[attr-defined]
    assert busy.most == 1


async def test_a_call_that_is_given_up_before_its_turn_has_touched_nothing() -> None:
    """It counted as one that may have left, and a person was asked about what never began."""
    busy = Busy(Clock())
    till = watched(Paced(busy, Pace(1, None)))
    given_up, went = Sending(), Sending()

    async def pay(sending: Sending) -> None:
        with watching(sending):
            await till.pay(1)  # type: ignore[attr-defined]

    async with asyncio.TaskGroup() as group:
        first, second = (group.create_task(pay(sending)) for sending in (went, given_up))
        await asyncio.sleep(0)
        second.cancel()
    assert first.done()
    assert (went.touched, given_up.touched, busy.begun) == (True, False, [0.0])


def test_what_stands_behind_a_pace_is_looked_at_itself() -> None:
    """Its pace stood before it: a class, or an adapter of another name, was told as Paced."""
    with pytest.raises(DefinitionError, match="place: Busy stands behind Till as a class; give an instance"):
        check_methods("place", Till, Paced(Busy, Pace(1, None)))
    with pytest.raises(DefinitionError, match="place: object, which stands behind Till, lacks pay"):
        check_methods("place", Till, Paced(object(), Pace(1, None)))


def test_a_remote_without_a_pace_is_as_it_was_opened() -> None:
    opened = Opened(object())
    assert paced(Remote("till", Till), opened, {}) is opened


@pytest.mark.parametrize("wrong", [{"at_once": 0}, {"per_minute": 0}, {"per_minute": -3}])
def test_a_pace_at_which_nothing_goes_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(DefinitionError, match="till"):
        Remote("till", Till, **wrong)  # type: ignore[arg-type]

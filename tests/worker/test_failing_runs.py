"""A schedule that fails run after run has no case that could tell it: the log of runs does, until a run ends well."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.schedules.office import Office
from tests.worker.errand import House, house
from workflow.backoff import FAILED_RUNS, FAILED_RUNS_AT_LATEST
from workflow.engine.allowance import Allowance
from workflow.errors import Closed, Drifted, LoginNeeded, NeedsPerson, NotSent, Refused, Unknown
from workflow.scheduler.run_shares import LONGEST_WHY, RunResult
from workflow.schedules.run import Run
from workflow.sentence import Quote, RemoteSaid, Sentence
from workflow.store import Store

HOUR = timedelta(hours=1)
A_DAY = 6
"""Runs, one every four hours."""


class Broken:
    """Every run breaks off until it is mended."""

    well = False
    calls = 0
    error: Exception = RuntimeError("Expecting value: line 1 column 1")

    async def __call__(self, run: Run, allowance: Allowance) -> RunResult:
        if not self.well:
            self.calls += 1
            raise self.error
        return RunResult({"done": 1})


@pytest.fixture
def broken() -> Broken:
    return Broken()


@pytest.fixture
async def home(store: Store, broken: Broken, tmp_path: Path) -> AsyncIterator[House]:
    async with house(Office(store), tmp_path, broken) as found:
        await found.add()
        yield found


async def told(home: House) -> list[tuple[str, int, str | None]]:
    office = home.office
    return [(one.name, one.runs, one.why) for one in await office.store.failing(await office.clock.real())]


async def test_what_fails_each_hour_is_told_at_its_third_run_and_ends_with_a_good_one(
    home: House, broken: Broken
) -> None:
    for n in range(1, FAILED_RUNS + 2):
        await home.run()
        often = n >= FAILED_RUNS
        assert await told(home) == ([("notices", n, "RuntimeError: Expecting value: line 1 column 1")] if often else [])
        home.office.clock.advance(HOUR)
    broken.well = True
    await home.run()
    assert await told(home) == []
    broken.well = False
    home.office.clock.advance(HOUR)
    await home.run()
    assert await told(home) == [], "the count begins anew"


async def test_many_failures_within_minutes_may_be_a_server_that_is_started_anew(home: House) -> None:
    for _ in range(9):
        await home.run()
        home.office.clock.advance(timedelta(minutes=1))
    assert await told(home) == []


async def test_one_that_runs_once_a_day_is_told_half_a_day_after_its_first_failure(home: House) -> None:
    await home.run()
    home.office.clock.advance(FAILED_RUNS_AT_LATEST - HOUR)
    assert await told(home) == []
    home.office.clock.advance(HOUR)
    assert [name for name, *_ in await told(home)] == ["notices"]


async def test_runs_that_are_lost_with_their_worker_each_time_are_told_without_an_error(home: House) -> None:
    for _ in range(FAILED_RUNS):
        asked = await home.office.timetable.run_now("notices")
        real = await home.office.clock.real()
        assert await home.office.store.begin(asked.run, owner="dead", real=real, lease=timedelta(seconds=60))
        home.office.clock.advance(HOUR)
        assert await home.office.store.lose_dead(await home.office.clock.real()) == 1
    assert await told(home) == [("notices", FAILED_RUNS, None)]
    (found,) = await home.office.store.failing(await home.office.clock.real())
    assert found.how == "lost"


ERRORS = [
    NotSent("sms", "send", "no connection"),
    Refused("sms", "send", "no"),
    LoginNeeded("sms", "send", "who are you"),
    Closed("sms", "send", "at night"),
    Drifted("sms", "send", "no field"),
    Unknown("sms", "send", "half a reply"),
    NeedsPerson("order_twins"),
    TimeoutError(),
    KeyError("no such street"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
async def test_whatever_a_job_raises_for_days_is_told_in_time_and_ends_with_a_good_run(
    home: House, broken: Broken, error: Exception
) -> None:
    """Four days; twenty of them are `make attack ARGS=lasting`."""
    await fails_on(home, broken, error, 4 * A_DAY)


async def fails_on(home: House, broken: Broken, error: Exception, runs: int) -> None:
    broken.error = error
    begun, heard = await home.office.clock.real(), None
    for _ in range(runs):
        await home.run()
        home.office.clock.advance(4 * HOUR)
        if heard is None and await told(home):
            heard = await home.office.clock.real() - begun
    assert heard is not None
    assert heard <= FAILED_RUNS_AT_LATEST
    assert broken.calls == runs, "a run is one try, unless its schedule says that it is tried again"
    ((_, failed, why),) = await told(home)
    assert (failed, (why or "").split(":")[0]) == (runs, type(error).__name__)
    broken.well = True
    await home.run()
    assert await told(home) == []


async def test_a_long_sentence_keeps_its_code_and_only_words_of_others_are_cut(home: House, broken: Broken) -> None:
    broken.error = NotSent("sms", "send", Sentence("nothing_came", "nothing came from {place}", place="x" * 600))
    why = (await home.run()).error
    assert isinstance(why, RemoteSaid)
    assert isinstance(why.why, Sentence)
    assert why.why.code == "nothing_came"
    broken.error = RuntimeError("y" * 600)
    why = (await home.run()).error
    assert isinstance(why, Quote)
    assert len(why) == LONGEST_WHY

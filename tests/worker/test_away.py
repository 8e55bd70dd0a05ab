"""A database that does not answer for a while: what was done is written when it does; nothing is begun meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.schedules.office import Office
from tests.store.away import away
from tests.store.desk import Desk, decided, moved
from tests.worker.errand import House, house
from workflow.engine.allowance import Allowance, Stop
from workflow.engine.dependencies import Dependencies
from workflow.engine.sweep import Engine
from workflow.errors import DatabaseUnusable, Fenced
from workflow.scheduler.run_shares import RunResult
from workflow.scheduler.silences import WELL_AFTER, Silence
from workflow.schedules.run import Run
from workflow.store import Store

FAILS_ONCE = 6
"""So many statements fail that a transaction gives up once, with all its tries."""


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
def of_a_run(home: House) -> Dependencies:
    return replace(home.dependencies, stop=Stop())


async def test_an_outcome_is_written_when_the_database_is_back(desk: Desk, of_a_run: Dependencies) -> None:
    claim = await desk.one()
    with away(desk.store.engine, FAILS_ONCE) as failed:
        after = await of_a_run.commit(claim, moved("generating", claim), now=desk.now, real=desk.real)
    assert len(failed) == FAILS_ONCE
    assert after.state == "generating"


async def test_nothing_is_begun_that_waited_for_the_database(desk: Desk, of_a_run: Dependencies) -> None:
    """Its lease may have run out while it waited."""
    claim = await desk.one()
    with away(desk.store.engine, FAILS_ONCE), pytest.raises(DatabaseUnusable):
        await of_a_run.commit(claim, decided(claim), now=desk.now, real=desk.real)
    assert [event.kind for event in await desk.store.events(claim.case)] == ["created"]
    with away(desk.store.engine, FAILS_ONCE), pytest.raises(DatabaseUnusable):
        await Engine(of_a_run).claim("errands", ["home"], desk.now, 1)


async def test_who_is_told_to_stop_begins_nothing_and_does_not_wait(desk: Desk, of_a_run: Dependencies) -> None:
    claim, stop = await desk.one(), of_a_run.stop
    assert stop is not None
    stop.ask()
    with pytest.raises(Fenced, match="stopping"):
        await of_a_run.commit(claim, decided(claim), now=desk.now, real=desk.real)
    with away(desk.store.engine, 1000), pytest.raises(DatabaseUnusable):
        await of_a_run.commit(claim, moved("generating", claim), now=desk.now, real=desk.real)


async def test_a_run_says_its_last_word_when_the_database_is_back(office: Office, tmp_path: Path) -> None:
    failing = None

    async def then_it_goes_away(run: Run, allowance: Allowance) -> RunResult:
        nonlocal failing
        failing = away(office.store.engine, FAILS_ONCE)
        failing.__enter__()
        return RunResult({"moved": 1})

    async with house(office, tmp_path, then_it_goes_away) as found:
        await found.add()
        run = await found.run()
    assert failing is not None
    failing.__exit__(None, None, None)
    assert (run.status, run.counts, run.error) == ("finished", {"moved": 1}, None)


async def test_a_worker_that_ends_does_not_wait_for_a_database_that_is_away(home: House) -> None:
    with away(home.office.store.engine, 1000), capture_logs() as said:
        await home.runs.end(timedelta(0))
    assert [line["event"] for line in said if line["log_level"] == "warning"] == ["worker.database"]


def test_an_outage_is_told_when_it_begins_and_when_it_is_over() -> None:
    outage, at = Silence("worker.database", "others go on"), timedelta(hours=1)
    with capture_logs() as said:
        for second in range(60):
            outage.is_there(OSError(f"try {second}\nwith a second line"), at + timedelta(seconds=second))
            outage.is_well(at + timedelta(seconds=second, milliseconds=500))  # half of it works
        over = at + timedelta(seconds=59) + WELL_AFTER
        outage.is_well(over)
        outage.is_well(over)
    assert [line["event"] for line in said] == ["worker.database", "worker.database_is_back"]
    assert (said[0]["why"], said[1]["lasted_s"], said[1]["times"]) == ("OSError: try 0", 59.0, 60)

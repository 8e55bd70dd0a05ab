"""A run with several targets does them one after another: one that fails is on record and keeps none after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.schedules.office import Office
from tests.worker.errand import PLANS, House, house
from workflow.engine.allowance import Allowance, Stop
from workflow.scheduler.run_shares import RunResult
from workflow.schedules.run import Run
from workflow.schedules.schedule import Rules
from workflow.schedules.targets import JobKind, Targets, split

MINUTE = timedelta(minutes=1)
THREE = "job first; job second; sweep errands.home"
RULES = Rules(Targets(PLANS, {"first": JobKind("first"), "second": JobKind("second", queue="browser")}), {})


class Members:
    """Does one target after another; each of them breaks off as often as it is told to."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.breaks = Counter[str]()

    async def __call__(self, run: Run, allowance: Allowance) -> RunResult:
        target = split(run.target)[run.part]
        self.done.append(target)
        if self.breaks[target]:
            self.breaks[target] -= 1
            raise RuntimeError(f"{target} is broken")
        return RunResult({"done": 1})


@pytest.fixture
def members() -> Members:
    return Members()


@pytest.fixture
async def home(office: Office, members: Members, tmp_path: Path) -> AsyncIterator[House]:
    async with house(office, tmp_path, members, rules=RULES) as found:
        found.runs.queues = ("http", "browser")
        yield found


async def through(home: House, after: timedelta = timedelta(0)) -> Run:
    """The newest run, when nothing more of it is begun so long after what was before."""
    home.office.clock.advance(after)
    while await home.runs.look():
        await home.runs.idle()
    return (await home.office.store.runs())[0]


async def test_each_target_has_its_turn_in_its_queue_and_the_outcomes_are_one_sum(
    home: House, members: Members
) -> None:
    await home.add(target=THREE)
    run = await home.run()
    assert (run.status, run.queue, run.parts) == ("pending", "browser", ("done", "left", "left"))
    over = await through(home)
    assert members.done == split(THREE)
    assert (over.status, over.error, over.counts, over.tries) == ("finished", None, {"done": 3}, 3)
    assert over.parts == ("done", "done", "done")


async def test_one_that_fails_is_on_record_and_the_next_one_runs(home: House, members: Members) -> None:
    members.breaks["job second"] = 1
    await home.add(target=THREE)
    await home.run()
    over = await through(home)
    assert members.done == split(THREE)
    assert over.parts == ("done", "failed", "done")
    assert (over.error, over.counts) == ("job second: RuntimeError: job second is broken", {"done": 2})
    assert [(one.part, one.error) for one in over.failures] == [(1, "RuntimeError: job second is broken")]


async def test_the_result_names_each_that_failed(home: House, members: Members) -> None:
    members.breaks.update(["job first", "sweep errands.home"])
    await home.add(target=THREE)
    await home.run()
    over = await through(home)
    assert over.error == (
        "job first: RuntimeError: job first is broken; sweep errands.home: RuntimeError: sweep errands.home is broken"
    )


async def test_those_that_failed_alone_are_tried_again_when_all_had_their_turn(home: House, members: Members) -> None:
    members.breaks.update({"job first": 2, "sweep errands.home": 1})
    await home.add(target=THREE, retries=2)
    await home.run()
    waits = await through(home)
    assert (waits.status, waits.parts, members.done) == ("pending", ("left", "done", "left"), split(THREE))
    assert (await through(home, MINUTE - timedelta(seconds=1))).tries == 3
    again = await through(home, timedelta(seconds=1))
    assert members.done[3:] == ["job first", "sweep errands.home"]
    assert again.parts == ("left", "done", "done")
    assert (await through(home, 2 * MINUTE - timedelta(seconds=1))).tries == 5
    over = await through(home, timedelta(seconds=1))
    assert (over.status, over.error, over.parts) == ("finished", None, ("done", "done", "done"))
    assert [one.part for one in over.failures] == [0, 2, 0]


async def test_after_its_last_retry_a_target_has_failed_for_good_and_the_others_have_not(
    home: House, members: Members
) -> None:
    members.breaks.update({"job first": 9, "job second": 1})
    await home.add(target=THREE, retries=1)
    await home.run()
    await through(home)
    over = await through(home, MINUTE)
    assert (over.status, over.parts) == ("finished", ("failed", "done", "done"))
    assert over.error == "job first: RuntimeError: job first is broken"


async def test_a_worker_that_is_stopped_leaves_the_rest_to_another(
    home: House, members: Members, tmp_path: Path
) -> None:
    await home.add(target=THREE)
    home.runs.queues = ("http",)
    await home.run()
    await home.runs.end(timedelta(0))
    other = replace(home.runs, process="another", queues=("http", "browser"), stop=Stop())
    while await other.look():
        await other.idle()
    (over,) = await home.office.store.runs()
    assert (members.done, over.parts) == (split(THREE), ("done", "done", "done"))


async def test_a_worker_that_knows_one_of_them_not_leaves_the_run_to_others(home: House, members: Members) -> None:
    await home.add(target=THREE)
    asked = await home.office.timetable.run_now("notices")
    older = replace(home.runs, queues_of=Targets(PLANS, {"first": JobKind("first")}).queues_of)
    assert await older.look() == 0
    assert (await through(home)).id == asked.run.id
    assert members.done == split(THREE)

"""A worker that sleeps through its lease: kept out by its epoch and the gate, its word kept as testimony."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.engine.letters import Letter, PaperOffice, S, desk, doing, post, post_behind_the_gate
from workflow.engine.sweep import Engine, SweepResult
from workflow.flow.case import NotDone
from workflow.record.values import EffectStatus
from workflow.store import Filters
from workflow.testing import Bench

LONGER = timedelta(seconds=61)
PUSHED = timedelta(minutes=2)


def another(letters: Bench, name: str) -> Engine:
    """A worker in a process of another host, which nobody here can see or kill."""
    return Engine(replace(letters.dependencies, process=f"{name}/1/1", active={}))


def sleeping(letters: Bench, then: Callable[[], object]) -> Callable[[], object]:
    """What happens while a worker sleeps: its lease runs out, and the rest of the office goes on."""

    async def meanwhile() -> None:
        letters.clock.advance(PUSHED, real=PUSHED)
        await letters.sweep()  # it is put aside: its worker is dead, as far as anybody knows
        letters.clock.advance(PUSHED, real=PUSHED)
        await letters.sweep()
        then()

    return meanwhile


async def test_a_late_yes_is_no_outcome_but_ends_the_doubt_of_a_person(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, office := PaperOffice(answers=[NotDone()])) as letters:
        office.meanwhile = [sleeping(letters, lambda: None)]
        swept = await another(letters, "elsewhere").sweep("letters", "written")

        assert swept.counts["lost"] == 1
        assert office.asked == 0  # where nobody can fence the old worker, nobody asks either
        incidents = await letters.store.incidents(open_only=False)
        assert [(one.kind, one.closed_at is not None) for one in incidents] == [("no_fence", True)]
        await letters.run(S.posted)
        assert (office.asked, len(office.calls)) == (0, 1)
        assert await letters.store.verify() is None


async def test_a_worker_that_wakes_up_is_stopped_at_the_gate(tmp_path: Path) -> None:
    async with desk(doing(post_behind_the_gate), tmp_path, office := PaperOffice(answers=[NotDone()])) as letters:
        office.meanwhile = [sleeping(letters, lambda: None)]
        swept = await another(letters, "elsewhere").sweep("letters", "written")

        assert swept.counts["lost"] == 1
        assert office.taken == []
        (effect,) = (await letters.case()).claim.effects
        assert effect.testimony is not None
        assert effect.testimony["status"] == "not_sent"


async def test_the_gate_is_shut_when_too_little_of_the_lease_is_left(tmp_path: Path) -> None:
    async with desk(doing(post_behind_the_gate), tmp_path, office := PaperOffice()) as letters:

        async def doze() -> None:
            letters.clock.advance(timedelta(0), real=timedelta(seconds=57))

        office.meanwhile = [doze]
        swept = await letters.engine.sweep("letters", "written")
        assert swept.counts["lost"] == 1
        assert office.taken == []


async def test_one_who_works_longer_than_his_lease_and_is_missed_by_nobody_may_still_say_what_came(
    tmp_path: Path,
) -> None:
    async with desk(doing(post), tmp_path, office := PaperOffice()) as letters:

        async def doze() -> None:
            letters.clock.advance(timedelta(0), real=LONGER)

        office.meanwhile = [doze]
        await letters.sweep()
        assert (await letters.case()).claim.state == S.posted


async def test_whoever_goes_on_in_the_same_process_stops_the_sleeping_tick_first(tmp_path: Path) -> None:
    """And that tick alone: the rest of its sweep writes what came of it."""
    async with desk(doing(post), tmp_path, office := PaperOffice(answers=[NotDone()])) as letters:
        reached, never = asyncio.Event(), asyncio.Event()

        async def sleep() -> None:
            reached.set()
            await never.wait()

        office.meanwhile = [sleep]
        await letters.open(Letter(to=("eve",)))
        sleeping = asyncio.create_task(letters.engine.sweep("letters", "written"))
        await reached.wait()
        while not await letters.store.cases(Filters(state=S.posted), limit=1):
            pass
        swept = SweepResult()
        for _ in range(2):
            letters.clock.advance(PUSHED, real=PUSHED)
            swept += await letters.sweep()

        assert (await asyncio.wait_for(sleeping, 5)).counts == {"lost": 1, "moved": 1}
        assert swept.counts["doubted"] == 1
        assert len(office.taken) == 1


async def test_no_outcome_bears_an_older_epoch_than_a_claim_before_it(tmp_path: Path) -> None:
    async with desk(doing(post), tmp_path, office := PaperOffice(answers=[NotDone()])) as letters:
        office.meanwhile = [sleeping(letters, lambda: None)]
        await another(letters, "elsewhere").sweep("letters", "written")
        await letters.run(S.posted)

        claim = (await letters.case()).claim
        (effect,) = claim.effects
        assert effect.status is EffectStatus.done
        settled = [event for event in await letters.events() if event.kind == "settled"]
        assert [event.body and event.body["why"] for event in settled] == ["a worker's late word"]

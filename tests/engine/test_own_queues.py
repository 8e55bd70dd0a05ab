"""Queues that remotes name: one with seats and one without, each served by its own workers, and a run goes through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.engine.letters import Letter, Office, PaperOffice, S, counter, letters, never, post
from tests.engine.test_queues import Building
from workflow.errors import DefinitionError
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow, State, Stay, To
from workflow.flow.functions import fact
from workflow.flow.remotes import Remote, Remotes
from workflow.scheduler.commands import ScheduleCommands
from workflow.scheduler.target_runs import TargetRunner
from workflow.scheduler.worker import Worker
from workflow.schedules.run import Run
from workflow.schedules.schedule import Definition, Rules
from workflow.schedules.targets import JobKind, Targets
from workflow.testing import Bench, bench

HOUR = timedelta(hours=1)
SLOW = Remote("office", Office, PaperOffice(), queue="slow")


class Ledger(Protocol):
    async def balance(self) -> int: ...


@dataclass
class PaperLedger:
    asked: list[int] = field(default_factory=list)

    async def balance(self) -> int:
        self.asked.append(1)
        return 3


@fact
async def balance(ledger: Ledger) -> int:
    return await ledger.balance()


def paid(balance: int) -> bool:
    return balance > 0


@dataclass
class Hands:
    """Workers of one installation, each of its queues, over one schedule."""

    at_work: Bench
    plan: Plan
    target: str

    async def asked(self) -> Run:
        targets = Targets({self.plan.flow.name: self.plan}, {})
        self.people = ScheduleCommands(self.at_work.store, self.at_work.clock, Rules(targets, {}), "person:test")
        await self.people.add(Definition("it", "letters", self.target, "every 1 h", "UTC"))
        return (await self.people.run_now("it")).run

    async def begun(self, *queues: str) -> int:
        """How many runs a worker of these queues began and ended."""
        store, clock, here = self.at_work.store, self.at_work.clock, self.at_work.dependencies
        dependencies = {queue: replace(here, queue=queue, active={}) for queue in here.remotes.queues(self.plan)}
        targets = Targets({self.plan.flow.name: self.plan}, {})
        runner = TargetRunner(store, clock, targets, dependencies, no_job)
        worker = Worker(store, clock, runner, here.process, queues, lease=HOUR, wants_help=runner.wants_help)
        count = await worker.look()
        await worker.idle()
        return count


async def no_job(_: object) -> Mapping[str, int]:
    raise AssertionError("no job is scheduled")


async def test_a_case_waits_in_the_queue_that_its_remote_names_until_a_worker_of_it_comes(tmp_path: Path) -> None:
    plan, office = letters(To(S.posted, do=post)), PaperOffice()
    async with bench(plan, tmp_path, remotes=[replace(SLOW, implementation=office)]) as at_work:
        await at_work.open(Letter())
        hands = Hands(at_work, plan, "sweep letters.written")
        run = await hands.asked()
        assert await hands.begun("http", "browser") == 1
        waits = await at_work.store.run(run.id)
        assert (waits.status, waits.queue, office.calls) == ("pending", "slow", [])
        assert (await at_work.case()).claim.queue == "slow"
        assert await hands.begun("http", "browser") == 0
        assert await hands.begun("slow") == 1
        over = await at_work.store.run(run.id)
        assert (over.status, over.error, over.counts["moved"]) == ("finished", None, 1)
        assert ((await at_work.case()).claim.state, len(office.calls)) == (S.posted, 1)


async def test_a_named_line_is_done_in_its_own_queue_without_any_seat(tmp_path: Path) -> None:
    plan, office = letters(Stay(do=post, name="collect"), To(S.posted, when=never)), PaperOffice()
    async with bench(plan, tmp_path, remotes=[replace(SLOW, implementation=office)]) as at_work:
        await at_work.open(Letter())
        hands = Hands(at_work, plan, "line letters.collect")
        run = await hands.asked()
        assert [await hands.begun("http"), len(office.calls), await hands.begun("slow")] == [1, 0, 1]
        over = await at_work.store.run(run.id)
        assert (over.status, over.counts, len(office.calls)) == ("finished", {"stayed": 1}, 1)


async def test_one_run_goes_through_a_queue_of_seats_and_one_without(tmp_path: Path) -> None:
    """Two states, two remotes: the bank's needs an account, the office's is slow."""
    building, ledger = Building(PaperOffice()), PaperLedger()
    remotes = [
        Remote("office", Office, connect=building.connect, fence=building.fence, queue="bank", at_once=1),
        Remote("ledger", Ledger, ledger, queue="slow"),
    ]
    states = [
        State(S.written, "写好", To(S.posted, do=post), waits_for="writer"),
        State(S.posted, "已寄", To(S.answered, when=paid), waits_for="reader"),
        State(S.answered, "已回", final=True),
    ]
    plan = Plan(Flow("letters", version=1, data=Letter, facts=[balance], prefix="LT", states=states))
    async with bench(plan, tmp_path, remotes=remotes) as at_work:
        await at_work.store.add_account("office", "ada", "pass")
        await at_work.open(Letter())
        hands = Hands(at_work, plan, "sweep letters.written,posted")
        run = await hands.asked()
        for queue in ("http", "bank"):
            assert await hands.begun(queue) == 1
        assert ((await at_work.case()).claim.state, len(building.entered)) == (S.posted, 1)
        assert (await at_work.store.run(run.id)).status == "finished", (
            "what was moved stands in the default queue again"
        )
        await hands.people.run_now("it")
        for queue in ("http", "slow"):
            assert await hands.begun(queue) == 1
        assert ((await at_work.case()).claim.state, ledger.asked) == (S.answered, [1])


async def test_a_remote_says_on_how_many_seats_a_process_works_at_once(tmp_path: Path) -> None:
    building = Building(PaperOffice())
    plan = letters(To(S.posted, do=post))

    async def held(at_once: int | None) -> tuple[int, int]:
        remote = Remote("office", Office, connect=building.connect, queue="bank", at_once=at_once)
        async with bench(plan, tmp_path / str(at_once), remotes=[remote]) as at_work:
            runner = TargetRunner(
                at_work.store,
                at_work.clock,
                Targets({"letters": plan}, {}),
                {queue: replace(at_work.dependencies, queue=queue) for queue in ("http", "bank")},
                no_job,
            )
            for number in range(3):
                await at_work.open(Letter(to=(str(number),)))
            await at_work.engine.sweep("letters", "written")
            run = await Hands(at_work, plan, "sweep letters.written").asked()
            moved = replace(run, queue="bank")
            return int(await runner.wants_help(moved)), runner.seats_of(remote)

    assert [await held(at_once) for at_once in (None, 1, 3)] == [(1, 2), (1, 1), (0, 3)]


def refused(remotes: Sequence[Remote], plan: Plan) -> str:
    with pytest.raises(DefinitionError) as raised:
        Remotes(remotes).check(plan)
    return str(raised.value)


def test_a_state_whose_lines_ask_two_queues_is_refused_since_no_worker_would_end_it() -> None:
    def both(counter: Any, balance: int) -> bool:
        return bool(counter and balance)

    plan = letters(To(S.posted, when=both), facts=[counter, balance])
    said = refused([SLOW, Remote("ledger", Ledger, PaperLedger(), queue="bank")], plan)
    assert said == (
        "letters: lines of one state ask ledger of the queue bank and office of the queue slow; name one "
        "queue in both remotes, or ask them in two states"
    )
    assert Remotes([SLOW, Remote("ledger", Ledger, PaperLedger())]).check(plan) == []


def test_a_part_of_a_remote_with_seats_stands_in_its_queue() -> None:
    whole = Remote("office", Office, queue="bank", seats=True)
    with pytest.raises(DefinitionError, match="names the queue slow, and office, whose seats it works on, bank"):
        Remotes([whole, Remote("ledger", Ledger, queue="slow", seats=True, part_of="office")])


@pytest.mark.parametrize("name", ["", "Slow", "two words", "slow,browser", "a" * 21, "慢", "slow\n"])
def test_a_queue_has_a_plain_word_for_its_name(name: str) -> None:
    for made in (lambda: Remote("office", Office, queue=name), lambda: JobKind("tidy", queue=name)):
        with pytest.raises(DefinitionError, match="is no name of a queue; write a plain word"):
            made()


@pytest.mark.parametrize("what", [{"seats": True}, {"browser": True}])
def test_what_works_on_seats_or_in_a_browser_names_a_queue_of_its_own(what: dict[str, bool]) -> None:
    with pytest.raises(DefinitionError, match='names no queue of its own; name one, such as queue="browser"'):
        Remote("office", Office, **what)  # type: ignore[arg-type]

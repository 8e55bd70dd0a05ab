"""A named line is done by the workers that it needs, without a browser too; a run that could do nothing says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from pydantic import BaseModel, ConfigDict

from tests.engine.letters import S, never
from workflow.flow.case import Case
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow, State, Stay, To
from workflow.flow.functions import fact
from workflow.flow.remotes import Remote
from workflow.scheduler.beat import Beat
from workflow.scheduler.commands import ScheduleCommands
from workflow.scheduler.target_runs import TargetRunner
from workflow.scheduler.worker import Worker
from workflow.schedules.schedule import Definition, Rules
from workflow.schedules.targets import Targets
from workflow.testing import Bench, bench


class Order(BaseModel):
    model_config = ConfigDict(frozen=True)
    reminded: int = 0


class Till(Protocol):
    async def count(self) -> int: ...


class Site(Protocol):
    async def count(self) -> int: ...


class One:
    async def count(self) -> int:
        return 1


@fact
async def counted(till: Till) -> int:
    return await till.count()


@fact
async def seen(site: Site) -> int:
    return await site.count()


def unreminded(case: Case[Order]) -> bool:
    return case.data.reminded == 0


def flow(source: Any) -> Plan:
    remind = Stay(when=unreminded, learn={"reminded": source.name}, name="remind")
    first = State(S.written, "开", To(S.posted, when=never), remind, waits_for="nobody")
    states = [first, State(S.posted, "完", final=True)]
    return Plan(Flow("vip", version=1, data=Order, prefix="V", facts=[source], states=states))


async def ran(at_work: Bench, queues: Sequence[str]) -> Mapping[str, int]:
    """What the runs of one instant came to, all queues together."""
    targets = Targets({"vip": at_work.plan}, {})
    rules = Rules(targets, {})
    definition = Definition("remind", "vip", "line vip.remind", "every 1 min", "UTC")
    await ScheduleCommands(at_work.store, at_work.clock, rules, "person:x").add(definition)
    dependencies: dict[str, Any] = {
        "http": at_work.dependencies,
        "browser": replace(at_work.dependencies, queue="browser"),
    }

    async def no_job(_: object) -> Mapping[str, int]:
        raise AssertionError("no job is scheduled")

    work = TargetRunner(at_work.store, at_work.clock, targets, dependencies, no_job)
    beat = Beat(at_work.store, at_work.clock, rules, "p/beat")
    await beat.once()
    at_work.clock.advance(timedelta(minutes=2))
    await beat.once()
    for _ in range(4):
        runs = Worker(at_work.store, at_work.clock, work, at_work.dependencies.process, list(queues))
        await runs.look()
        await runs.idle()
    found = await at_work.store.runs(limit=5)
    told: dict[str, int] = {}
    for one in found:
        assert one.error is None
        told |= one.counts
    return told


@pytest.mark.parametrize("queues", [["http"], ["http", "browser"]])
async def test_a_named_line_that_needs_no_browser_is_done_by_any_worker(tmp_path: Path, queues: list[str]) -> None:
    async with bench(flow(counted), tmp_path, adapters={Till: One()}) as at_work:
        await at_work.open(Order())
        assert await ran(at_work, queues) == {"stayed": 1}
        assert (await at_work.case()).claim.data["reminded"] == 1


async def test_a_named_line_that_nobody_could_do_says_so(tmp_path: Path) -> None:
    remotes = [Remote("portal", Site, One(), queue="browser", seats=True)]
    async with bench(flow(seen), tmp_path, remotes=remotes) as at_work:
        await at_work.open(Order())
        assert await ran(at_work, ["http", "browser"]) == {"unserved": 1}


async def test_the_queues_of_a_line_are_those_of_its_remotes(tmp_path: Path) -> None:
    remotes = [Remote("portal", Site, One(), queue="browser"), Remote("till", Till, One())]
    async with bench(flow(seen), tmp_path, remotes=remotes) as at_work:
        line = at_work.plan.line("written", "remind")
        assert line is not None
        assert at_work.dependencies.remotes.queue_of(at_work.plan, [line]) == "browser"

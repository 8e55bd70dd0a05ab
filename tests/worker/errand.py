"""A flow small enough to see: errands wait at home until their data says that they may go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from tests.schedules.office import Office, definition
from workflow.engine.dependencies import Dependencies
from workflow.flow.case import Case
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow, State, To
from workflow.flow.remotes import Remotes
from workflow.record.journal import Journal
from workflow.scheduler.commands import ScheduleCommands
from workflow.scheduler.run_shares import Perform
from workflow.scheduler.target_runs import TargetRunner
from workflow.scheduler.worker import Worker
from workflow.schedules.run import Run
from workflow.schedules.schedule import Rules
from workflow.schedules.targets import JobKind, Targets
from workflow.store import NewCase


class Errand(BaseModel):
    """Whether it may go."""

    model_config = ConfigDict(frozen=True)
    ready: bool = False


class E(StrEnum):
    home = "home"
    gone = "gone"


def may_go(case: Case[Errand]) -> bool:
    return case.data.ready


flow = Flow(
    "errands",
    version=1,
    data=Errand,
    states=[State(E.home, "在家", To(E.gone, when=may_go), waits_for="owner"), State(E.gone, "已出门", final=True)],
)
PLANS = {"errands": Plan(flow)}
RULES = Rules(Targets(PLANS, {"wait": JobKind("wait")}), {})


@dataclass
class House:
    """An office whose errands are swept by one worker."""

    office: Office
    runs: Worker
    dependencies: Dependencies

    async def open(self, count: int, **data: bool) -> None:
        new = [NewCase("errands", 1, "E", "home", {"ready": False, **data}) for _ in range(count)]
        now = await self.office.clock.business()
        await self.office.store.create(new, actor="person:clerk", reason=None, now=now)

    async def add(self, **values: Any) -> None:
        await self.office.timetable.add(definition(**{"target": "sweep errands.home", **values}))

    async def run(self) -> Run:
        """A run now, to its end; what came of it."""
        asked = await self.office.timetable.run_now("notices")
        await self.runs.look()
        await self.runs.idle()
        return await self.office.store.run(asked.run.id)


@asynccontextmanager
async def house(
    office: Office, folder: Path, perform: Perform | None = None, *, rules: Rules = RULES
) -> AsyncIterator[House]:
    """perform: what the worker does instead of sweeping."""
    office.timetable = ScheduleCommands(office.store, office.clock, rules, "person:clerk")
    office.first_beat.rules = rules
    dependencies = Dependencies(
        store=office.store,
        clock=office.clock,
        remotes=Remotes([]),
        documents=None,  # type: ignore[arg-type] # no errand has papers
        journal=Journal(folder / "journal.jsonl"),
        plans=PLANS,
    )
    yield House(office, worker(office, dependencies, perform, rules=rules), dependencies)


def worker(
    office: Office,
    dependencies: Dependencies,
    perform: Perform | None = None,
    lease: timedelta = timedelta(days=1),
    *,
    rules: Rules = RULES,
) -> Worker:
    runner = TargetRunner(office.store, office.clock, rules.targets, {"http": dependencies}, do_job=_nothing)
    made = Worker(office.store, office.clock, perform or runner, dependencies.process, ["http"], lease=lease)
    made.queues_of, made.wants_help = rules.targets.queues_of, runner.wants_help
    return made


async def _nothing(_: object) -> dict[str, int]:
    return {"done": 1}

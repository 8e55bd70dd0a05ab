"""The engine knows of no office: what it says and does of a second flow comes from that flow and its remotes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import MISSING, dataclass, fields, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.engine.letters import Letter, Office, PaperOffice, S, letters, post
from tests.engine.payments import PaperPlatform, Payment, Platform
from tests.engine.payments import flow as payments
from tests.engine.permits import Hall, PermitOffice
from tests.engine.permits import flow as permits
from tests.engine.test_queues import Building
from workflow import Calendar, Case, DefinitionError, To, fact
from workflow.engine.allowance import Allowance
from workflow.engine.dependencies import Dependencies
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Remote, Remotes
from workflow.scheduler.target_runs import TargetRunner
from workflow.schedules.run import Run
from workflow.schedules.targets import Targets
from workflow.store import NewCase
from workflow.testing import Bench, bench

HOURS = Calendar("platform", time(8), time(23), "Asia/Shanghai")
NIGHT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


async def test_at_a_closed_remote_it_is_the_remote_that_is_waited_for(tmp_path: Path) -> None:
    remotes = [Remote("payment_platform", Platform, PaperPlatform(), calendar=HOURS)]
    async with bench(Plan(payments), tmp_path, remotes=remotes, start=NIGHT) as at_work:
        await at_work.open(Payment())
        await at_work.sweep()
        why = await at_work.why()
        assert (why.reason, why.who) == ("closed", "payment_platform")


@dataclass
class Offices:
    """Letters on the accounts of one office, permits on those of another, and one process that serves both."""

    bench: Bench
    post_office: Building
    hall: Hall
    work: TargetRunner

    async def sweep(self, flow: str, state: str, queue: str = "browser") -> None:
        now = await self.bench.clock.business()
        counted: dict[str, Any] = {"count": 1, "version": 1, "tries": 1, "counts": {}}
        times = dict.fromkeys(("due_at", "until", "made_at", "begun_at"), now)
        named = {"id": "r", "schedule": "s", "name": "s", "target": f"sweep {flow}.{state}", "queue": queue}
        blank = dict.fromkeys(field.name for field in fields(Run) if field.default is MISSING)
        await self.work(Run(**{**blank, **named, **times, **counted, "status": "running", "actor": "x"}), Allowance())

    async def account_of(self, number: str) -> str | None:
        return (await self.bench.store.case(number)).claim.account


@asynccontextmanager
async def offices(folder: Path) -> AsyncIterator[Offices]:
    post_office, hall = Building(PaperOffice()), Hall()
    remotes = [Remote("office", Office, connect=post_office.connect, queue="browser"), hall.remote]
    plans = {"letters": letters(To(S.posted, do=post)), "permits": Plan(permits)}
    async with bench(plans["letters"], folder, remotes=remotes) as at_work:
        at_work.dependencies.plans = plans
        dependencies: dict[str, Dependencies] = {
            "http": at_work.dependencies,
            "browser": replace(at_work.dependencies, queue="browser", active={}),
        }

        async def no_job(job: object) -> dict[str, int]:
            raise AssertionError("no job is scheduled")

        work = TargetRunner(at_work.store, at_work.clock, Targets(plans, {}), dependencies, no_job)
        yield Offices(at_work, post_office, hall, work)


async def test_a_flow_works_on_the_accounts_of_its_own_remote(tmp_path: Path) -> None:
    async with offices(tmp_path) as here:
        store, now = here.bench.store, await here.bench.clock.business()
        ours = await store.add_account("office", "letter-writer", "pass")
        theirs = await store.add_account("permit_office", "applicant", "pass")
        await here.bench.open(Letter())
        await store.create(
            [NewCase("permits", 1, "PE", "asked", {"name": "ada"})], actor="person:test", reason=None, now=now
        )
        for flow, state in (("letters", "written"), ("permits", "asked")):
            await here.sweep(flow, state, "http")
            await here.sweep(flow, state)
        assert await here.account_of("LT-0001") == ours
        assert await here.account_of("PE-0001") == theirs
        assert (await store.case("PE-0001")).claim.state == "granted"
        assert here.hall.entered == ["applicant"]


@fact
async def permitted(case: Case[Letter], hall: PermitOffice) -> bool:
    return await hall.is_granted(case.data.to[0])


def is_permitted(permitted: bool) -> bool:
    return permitted


def test_a_state_on_the_accounts_of_two_remotes_is_refused() -> None:
    post_office, hall = Building(PaperOffice()), Hall()
    remotes = Remotes([Remote("office", Office, connect=post_office.connect, queue="browser"), hall.remote])
    plan = letters(To(S.posted, when=is_permitted, do=post), facts=[permitted])
    with pytest.raises(DefinitionError, match="works on accounts of office and permit_office"):
        remotes.check(plan)


async def test_only_the_cases_wait_whose_office_lacks_a_setting_and_they_stay_where_they_are(tmp_path: Path) -> None:
    async with offices(tmp_path) as here:
        store, now = here.bench.store, await here.bench.clock.business()
        await store.add_account("permit_office", "applicant", "pass")
        await here.bench.open(Letter())
        permit = NewCase("permits", 1, "PE", "asked", {"name": "ada"})
        await store.create([permit], actor="person:test", reason=None, now=now)
        there = here.bench.dependencies.remotes
        missing = Remote("office", Office, queue="browser", seats=True, lacks=("CASEWARD_OFFICE_URL",))
        for dependencies in here.work.dependencies.values():
            dependencies.remotes = Remotes([missing, here.hall.remote])
        for flow, state in (("letters", "written"), ("permits", "asked")):
            await here.sweep(flow, state, "http")
            await here.sweep(flow, state)
        assert (await store.case("PE-0001")).claim.state == "granted"
        letter = await store.case("LT-0001")
        assert (letter.claim.queue, here.post_office.office.calls) == ("http", [])
        for dependencies in here.work.dependencies.values():
            dependencies.remotes = there
        here.bench.clock.advance(timedelta(minutes=10))
        await here.sweep("letters", "written", "http")
        assert (await store.case("LT-0001")).claim.queue == "browser", "it goes on once the setting is there"

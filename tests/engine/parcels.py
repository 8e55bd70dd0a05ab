"""Parcels, which need an office and a platform, beside letters, which need the office alone; each may be missing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from tests.engine.letters import Letter, Office, PaperOffice, S, letters, never, post
from tests.engine.payments import PaperPlatform, Platform, Standing
from workflow import Case, Flow, No, State, Stay, To, Verdict, action, fact
from workflow.errors import Unknown
from workflow.flow.case import Done, ProofAnswer
from workflow.flow.compiled import Plan
from workflow.flow.explain import Explanation, explain
from workflow.flow.remotes import Remote, Remotes
from workflow.record.values import Claim
from workflow.store import CaseRow, NewCase
from workflow.testing import Bench, bench

PLATFORM, OFFICE = "CASEWARD_PLATFORM_URL", "CASEWARD_OFFICE_URL"
LOST = Unknown("office", "post", "the line went dead")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@fact
async def standing(case: Case[Letter], platform: Platform) -> Standing:
    """How the parcel's price stands."""
    return await platform.standing(case.data.to[0])


def is_paid(standing: Standing) -> Verdict:
    return standing == "paid" or No(waits_for="customer")


@fact
async def rate(case: Case[Letter]) -> str:
    return "red"


async def is_charged(case: Case[Letter], platform: Platform) -> ProofAnswer:
    return Done({})


@action(proof=is_charged, once="round")
async def charge(case: Case[Letter], platform: Platform) -> None:
    await platform.standing(case.data.to[0])


def parcels(*lines: To | Stay) -> Plan:
    """A parcel: written, posted by these lines, answered when somebody says so."""
    states = [
        State(S.written, "写好", *lines, waits_for="writer"),
        State(S.posted, "已寄", To(S.answered, when=never), waits_for="reader"),
        State(S.answered, "已回", final=True),
    ]
    return Plan(Flow("parcels", version=1, data=Letter, facts=[standing, rate], prefix="PC", states=states))


PAID = To(S.posted, when=is_paid, do=post)


@dataclass
class Offices:
    """Letters, which need the office alone, beside parcels, which need the platform too; at one place."""

    bench: Bench
    office: PaperOffice = field(default_factory=PaperOffice)
    platform: PaperPlatform = field(default_factory=lambda: PaperPlatform("paid"))

    def lack(self, *settings: str) -> None:
        """Begin anew with these settings missing."""
        remotes = [
            Remote("office", Office, self.office, settles=5 * MINUTE),
            Remote("payment_platform", Platform, self.platform),
        ]
        missing = {"office": OFFICE, "payment_platform": PLATFORM}
        self.bench.dependencies.remotes = Remotes(
            replace(one, implementation=None, lacks=(missing[one.name],)) if missing[one.name] in settings else one
            for one in remotes
        )

    async def sweep(self) -> None:
        for flow in ("letters", "parcels"):
            await self.bench.engine.sweep(flow, "written")

    async def live(self, span: timedelta, every: timedelta = 10 * MINUTE) -> None:
        for _ in range(span // every):
            await self.sweep()
            self.bench.clock.advance(every)
        await self.sweep()

    async def parcel(self) -> CaseRow:
        return await self.bench.store.case("PC-0001")

    async def letter(self) -> CaseRow:
        return await self.bench.store.case("LT-0001")

    async def claim(self, *, crashed: bool = False) -> list[Claim]:
        """What a worker does that dies over the parcel."""
        clock = self.bench.clock
        now, real = await clock.business(), await clock.real()
        return await self.bench.store.claim(
            flow="parcels", state="written", cutoff=now, real=real, lease=MINUTE, limit=1, owner="dead", queue="http",
            crashed=crashed,
        )  # fmt: skip

    async def why(self, row: CaseRow) -> Explanation:
        plan, real = self.bench.dependencies.plans[row.claim.flow], await self.bench.clock.real()
        return explain(plan, row.claim, due_at=row.due_at, deferred=row.deferred, incidents=[], real=real)

    async def told(self) -> list[str]:
        return [one.kind for one in await self.bench.store.incidents()]


@asynccontextmanager
async def offices(folder: Path, *lines: To | Stay, **parcel: object) -> AsyncIterator[Offices]:
    plans = {"letters": letters(To(S.posted, do=post)), "parcels": parcels(*(lines or (PAID,)))}
    async with bench(plans["letters"], folder) as at_work:
        at_work.dependencies.plans = plans
        here = Offices(at_work)
        here.lack()
        await at_work.open(Letter())
        data = Letter(**parcel).model_dump(mode="json")
        new = NewCase("parcels", 1, "PC", "written", data)
        await at_work.store.create([new], actor="person:test", reason=None, now=await at_work.clock.business())
        yield here

"""A flow on the accounts of two remotes: a case has one at each, and works on the seat of its state."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import MISSING, dataclass, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.two_pools.exports import FLOW, Bank, Export, S, Website, declare, goods_released, released, remotes
from workflow import Case, DefinitionError, Flow, State, To, fact
from workflow.engine.allowance import Allowance
from workflow.engine.audit import audit
from workflow.engine.dependencies import Dependencies
from workflow.engine.pools import Pools
from workflow.errors import NotAllowed
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Remotes
from workflow.record.values import Claim, Commit, Seat
from workflow.scheduler.target_runs import TargetRunner
from workflow.schedules.outages import UNTAKEN_FOR
from workflow.schedules.run import Run
from workflow.schedules.targets import Targets
from workflow.testing import Bench, bench


@dataclass
class Office:
    """Exports at work in one process, with accounts at customs and at the bank."""

    bench: Bench
    site: Website
    work: TargetRunner
    pools: Pools
    anchors: Path

    async def look(self, state: str, queue: str = "http") -> dict[str, int]:
        """What a run of the state's sweep does in this queue."""
        now = await self.bench.clock.business()
        counted: dict[str, Any] = {"count": 1, "version": 1, "tries": 1, "counts": {}}
        times = dict.fromkeys(("due_at", "until", "made_at", "begun_at"), now)
        named = {"id": "r", "schedule": "s", "name": "s", "target": f"sweep exports.{state}", "queue": queue}
        blank = dict.fromkeys(field.name for field in fields(Run) if field.default is MISSING)
        run = Run(**{**blank, **named, **times, **counted, "status": "running", "actor": "x"})
        return dict((await self.work(run, Allowance())).counts)

    async def both(self, state: str) -> None:
        await self.look(state)
        await self.look(state, "browser")

    async def claim(self, number: str = "EX-0001") -> Claim:
        return (await self.bench.store.case(number)).claim

    async def add(self, remote: str, login: str) -> str:
        return await self.bench.store.add_account(remote, login, "pass", usable=True)

    async def seat(self, remote: str, state: str) -> Seat | None:
        clock = self.bench.clock
        return await self.bench.store.lease_seat(
            remote,
            owner="one",
            real=await clock.real(),
            lease=timedelta(seconds=60),
            cutoff=await clock.business(),
            wanted={"exports": [state]},
        )


@pytest.fixture
async def office(engine: AsyncEngine, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    url = request.getfixturevalue("postgres_url") if engine.dialect.name == "postgresql" else None
    site = Website()
    async with bench(FLOW, tmp_path, remotes=remotes(site), url=url) as at_work:
        dependencies: dict[str, Dependencies] = {
            "http": at_work.dependencies,
            "browser": replace(at_work.dependencies, queue="browser", active={}),
        }

        async def no_job(job: object) -> dict[str, int]:
            raise AssertionError("no job is scheduled")

        targets = Targets(at_work.plans, {})
        work = TargetRunner(at_work.store, at_work.clock, targets, dependencies, no_job, seats_at_once=1)
        known = at_work.dependencies.remotes
        pools = Pools(at_work.store, at_work.clock, at_work.plans, known, "person:clerk", marks=tmp_path)
        yield Office(at_work, site, work, pools, tmp_path / "anchors")


async def sound(office: Office) -> None:
    """The record holds against itself: chains, seals, and rows against their events."""
    assert (await audit(office.bench.store, office.bench.clock, office.anchors)).findings == ()


async def test_a_case_works_on_an_account_of_each_remote_and_comes_back_to_its_own(office: Office) -> None:
    broker, teller = await office.add("customs", "broker"), await office.add("bank", "teller")
    await office.bench.open(Export())
    await office.both(S.declared)
    claim = await office.claim()
    assert (claim.state, claim.account, claim.accounts) == (S.to_pay, None, {"customs": broker})
    await office.both(S.to_pay)
    claim = await office.claim()
    assert (claim.state, claim.account, claim.accounts) == (S.to_release, broker, {"bank": teller})
    # another one is as good for who has none; this case keeps its own
    await office.add("customs", "agent")
    await office.both(S.to_release)
    assert (await office.claim()).state == S.released
    assert office.site.done == [("broker", "declare"), ("teller", "pay"), ("broker", "is_released")]
    await sound(office)


async def test_a_case_that_waits_for_one_remote_is_worked_on_by_no_account_of_another(office: Office) -> None:
    await office.add("customs", "broker")
    await office.bench.open(Export())
    await office.both(S.declared)
    assert await office.look(S.to_pay) == {"deferred": 1}
    assert (await office.claim()).queue == "browser"
    assert await office.look(S.to_pay, "browser") == {"unserved": 1}
    assert await office.seat("customs", S.declared) is None
    await office.add("bank", "teller")
    await office.look(S.to_pay, "browser")
    assert (await office.claim()).state == S.to_release


async def test_what_no_account_of_a_remote_works_on_is_told_though_another_remotes_accounts_are_at_work(
    office: Office,
) -> None:
    await office.add("customs", "broker")
    await office.bench.open(Export())
    await office.both(S.declared)
    await office.bench.open(Export())
    both = f"{S.declared},{S.to_pay}"
    await office.look(both)
    assert await office.look(both, "browser") == {"moved": 1, "unserved": 1}
    teller = await office.add("bank", "teller")
    await office.look(both)
    clock, lease = office.bench.clock, timedelta(seconds=60)
    taken = {"owner": "other", "real": await clock.real(), "lease": lease, "cutoff": await clock.business()}
    assert await office.bench.store.lease_seat("bank", account=teller, **taken)  # type: ignore[arg-type]
    assert await office.look(both, "browser") == {}, "somebody else is at work there"


async def test_cases_are_shared_among_the_accounts_of_each_remote_alone(office: Office) -> None:
    for login in ("broker", "agent"):
        await office.add("customs", login)
    tellers = [await office.add("bank", login) for login in ("teller", "cashier")]
    for _ in range(4):
        await office.bench.open(Export())
    await office.both(S.declared)
    await office.both(S.to_pay)
    logins = [login for login, what in office.site.done if what == "pay"]
    assert sorted(logins) == ["cashier", "cashier", "teller", "teller"]
    held = [(await office.claim(f"EX-000{n}")).accounts["bank"] for n in range(1, 5)]
    assert {held.count(teller) for teller in tellers} == {2}


async def test_an_account_is_assigned_at_its_own_remote_whatever_the_case_works_with_now(office: Office) -> None:
    broker, agent = await office.add("customs", "broker"), await office.add("customs", "agent")
    await office.add("bank", "teller")
    cashier = await office.add("bank", "cashier")
    case = (await office.bench.store.case(await office.bench.open(Export(), account=broker))).claim.case
    await office.pools.assign(case, cashier, "she knows the client")
    claim = await office.claim()
    assert (claim.account, claim.accounts) == (broker, {"bank": cashier})
    event = (await office.bench.store.events(case))[-1]
    assert event.body["account"] == {"from": None, "to": "cashier", "remote": "bank"}  # type: ignore[index]
    await office.pools.assign(case, agent, "broker is on leave")
    claim = await office.claim()
    assert (claim.account, claim.accounts) == (agent, {"bank": cashier})
    await office.both(S.declared)
    # what was begun at customs stays there, and is no reason against another account of the bank
    with pytest.raises(NotAllowed, match="under account agent was begun: declare"):
        await office.pools.assign(case, broker, "he is back")
    await office.both(S.to_pay)
    assert [login for login, what in office.site.done if what == "pay"] == ["cashier"]
    with pytest.raises(NotAllowed, match="works with account cashier already"):
        await office.pools.assign(case, cashier, "again")
    await sound(office)


async def test_a_case_that_is_forced_to_a_state_of_another_remote_works_with_its_account_there(office: Office) -> None:
    broker, teller = await office.add("customs", "broker"), await office.add("bank", "teller")
    case = (await office.bench.store.case(await office.bench.open(Export(), account=broker))).claim.case
    people = office.bench.people
    await people.force(case, S.to_pay, "customs telephoned")
    claim = await office.claim()
    assert (claim.account, claim.accounts) == (None, {"customs": broker})
    await office.both(S.to_pay)
    claim = await office.claim()
    assert (claim.account, claim.accounts) == (broker, {"bank": teller})
    await people.force(case, S.to_pay, "it was paid for another one")
    claim = await office.claim()
    assert (claim.account, claim.accounts) == (teller, {"customs": broker})
    await office.both(S.to_pay)
    assert [login for login, what in office.site.done if what == "pay"] == ["teller", "teller"]
    await sound(office)


async def test_a_retired_account_names_the_cases_that_have_it_for_later(office: Office) -> None:
    broker, teller = await office.add("customs", "broker"), await office.add("bank", "teller")
    number = await office.bench.open(Export())
    await office.both(S.declared)
    await office.both(S.to_pay)
    assert await office.pools.leaning(teller) == [number]
    assert await office.pools.leaning(broker) == [number]


async def test_a_login_wakes_the_cases_that_work_with_the_account_now(office: Office) -> None:
    broker, teller = await office.add("customs", "broker"), await office.add("bank", "teller")
    opened = [await office.bench.open(Export(), account=broker, accounts={"bank": teller}) for _ in range(2)]
    cases = [(await office.claim(number)).case for number in opened]
    store, clock = office.bench.store, office.bench.clock
    now, real = await clock.business(), await clock.real()
    at_customs, at_bank = (
        Commit(guard="version", deferred="seat"),
        Commit(guard="version", seat="bank", deferred="seat"),
    )
    await store.command(cases[0], None, lambda _: at_customs, now=now, real=real)
    await store.command(cases[1], None, lambda _: at_bank, now=now, real=real)
    teller_case = await office.bench.open(Export(), account=teller)
    await store.command(teller_case, None, lambda _: Commit(guard="version", wakes="seat"), now=now, real=real)
    assert [(await store.case(case)).deferred for case in cases] == ["seat", None]


async def test_cases_that_no_account_of_their_remote_can_take_are_told_though_another_remote_has_some(
    office: Office,
) -> None:
    await office.add("customs", "broker")
    await office.bench.open(Export())
    await office.both(S.declared)
    await office.both(S.to_pay)
    office.bench.clock.advance(UNTAKEN_FOR)
    store, clock, known = office.bench.store, office.bench.clock, office.bench.dependencies.remotes
    entered = known.seats(office.bench.plans.values())
    assert entered == {
        ("exports", "declared"): "customs",
        ("exports", "to_pay"): "bank",
        ("exports", "to_release"): "customs",
    }

    async def told() -> list[tuple[str, str, int]]:
        real, now, seated = await clock.real(), await clock.business(), known.seated(office.bench.plans.values())
        found = await store.outages(real=real, now=now, seated=seated, entered=entered)
        return [(one.kind, one.about, one.count) for one in found if one.kind == "account_missing"]

    assert await told() == [("account_missing", "bank", 1)]
    await office.add("bank", "teller")
    assert await told() == []


@fact
async def paid(case: Case[Export], bank: Bank) -> bool:
    return bool(await bank.pay("D", "1"))


def is_paid(paid: bool) -> bool:
    return paid


def test_a_state_on_the_accounts_of_two_remotes_is_refused() -> None:
    known = Remotes(remotes(Website()))

    def flow(*lines: To, **more: Any) -> Plan:
        states = [State(S.declared, "已申报", *lines, waits_for="customs"), State(S.released, "已放行", final=True)]
        return Plan(Flow("exports", version=1, data=Export, prefix="EX", states=states, **more))

    with pytest.raises(DefinitionError, match="exports: declared: works on accounts of bank and customs"):
        known.check(flow(To(S.released, when=is_paid, do=declare), facts=[paid]))
    with pytest.raises(DefinitionError, match="make it a state for each"):
        known.check(flow(To(S.released, when=is_paid), To(S.released, when=goods_released), facts=[paid, released]))
    known.check(flow(To(S.released, do=declare), facts=[]))

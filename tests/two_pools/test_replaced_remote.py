"""A flow that works on the accounts of another remote than before: its cases have accounts of the old one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.two_pools.exports import Export, S, declare, remotes
from tests.two_pools.test_at_work import Office, office, sound
from workflow import Flow, State, To
from workflow.engine.pools import Pools
from workflow.engine.startup_checks import take_back
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Remotes
from workflow.record.values import Commit
from workflow.schedules.targets import Targets

__all__ = ["office"]

ALONE = Flow(
    "exports",
    version=1,
    data=Export,
    facts=[],
    prefix="EX",
    states=[
        State(S.declared, "已申报", To(S.released, do=declare), waits_for="customs"),
        State(S.released, "已放行", final=True),
    ],
)


def at_another(office: Office, flow: Flow = ALONE) -> Office:
    """The same office, where this flow declares at another office of customs, called douane."""
    known = [one for one in remotes(office.site) if one.name.startswith("customs")]
    moved = [replace(one, name=one.name.replace("customs", "douane"), part_of=None) for one in known[:1]]
    plans = {"exports": Plan(flow)}
    here = replace(office.bench.dependencies, plans=plans, remotes=Remotes([*moved, *remotes(office.site)[2:]]))
    bench = replace(office.bench, plans=plans, dependencies=here)
    dependencies = {"http": here, "browser": replace(here, queue="browser", active={})}
    work = replace(office.work, targets=Targets(plans, {}), dependencies=dependencies)
    pools = Pools(bench.store, bench.clock, plans, here.remotes, "person:clerk", marks=here.marks)
    return replace(office, bench=bench, work=work, pools=pools)


async def test_a_case_is_assigned_an_account_of_the_new_one_and_works_with_it(office: Office) -> None:
    broker = await office.add("customs", "broker")
    case = (await office.bench.store.case(await office.bench.open(Export(), account=broker))).claim.case
    office = at_another(office)
    agent = await office.add("douane", "agent")
    await office.pools.assign(case, agent, "customs has moved")
    claim = await office.claim()
    assert (claim.account, claim.accounts) == (agent, {"customs": broker})
    await office.both(S.declared)
    assert ((await office.claim()).state, office.site.done) == (S.released, [("agent", "declare")])
    await sound(office)


async def test_a_case_whose_account_is_the_old_ones_takes_one_of_the_new_one(office: Office) -> None:
    broker = await office.add("customs", "broker")
    await office.bench.open(Export(), account=broker)
    own = await office.bench.open(Export(), account=broker, account_case=True)
    office = at_another(office)
    await office.add("douane", "agent")
    await office.both(S.declared)
    assert ((await office.claim()).state, office.site.done) == (S.released, [("agent", "declare")])
    claim = await office.claim(own)
    assert (claim.state, claim.account) == (S.declared, broker), "the case of an account stays with it"
    await sound(office)


async def test_cases_that_wait_on_seats_for_an_account_of_the_old_one_are_put_back_as_a_worker_starts(
    office: Office,
) -> None:
    broker = await office.add("customs", "broker")
    given: dict[str, Any] = {"account": broker, "queue": "browser"}
    numbers = [await office.bench.open(Export(), **given) for _ in range(2)]
    own = await office.bench.open(Export(), account_case=True, **given)
    asleep = (await office.claim(numbers[1])).case
    store, clock = office.bench.store, office.bench.clock
    now, real = await clock.business(), await clock.real()
    await store.command(asleep, None, lambda _: Commit(guard="version", deferred="seat"), now=now, real=real)

    async def started(at: Office) -> list[str]:
        await take_back(store, at.bench.dependencies.remotes, at.bench.plans, ("http", "browser"), lambda _: ())
        return [(await office.claim(number)).queue for number in (*numbers, own)]

    assert await started(office) == ["browser"] * 3, "each waits for its own account"
    office = at_another(office)
    await office.add("douane", "agent")
    await office.look(S.declared, "browser")
    assert office.site.done == []
    assert await started(office) == ["http", "http", "browser"]
    await office.both(S.declared)
    assert office.site.done == [("agent", "declare")] * 2
    await sound(office)

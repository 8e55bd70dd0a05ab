"""A flow that works on the accounts of another remote than before: its cases have accounts of the old one."""

from __future__ import annotations

from dataclasses import replace

from tests.two_pools.exports import Export as Goods
from tests.two_pools.exports import declare, remotes
from tests.two_pools.test_at_work import Office, S, office, sound
from workflow import Flow, State, To
from workflow.engine.pools import Pools
from workflow.flow.compiled import Plan
from workflow.flow.remotes import Remotes
from workflow.schedules.targets import Targets

__all__ = ["office"]

ALONE = Flow(
    "exports",
    version=1,
    data=Goods,
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
    case = (await office.bench.store.case(await office.bench.open(Goods(), account=broker))).claim.case
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
    await office.bench.open(Goods(), account=broker)
    own = await office.bench.open(Goods(), account=broker, account_case=True)
    office = at_another(office)
    await office.add("douane", "agent")
    await office.both(S.declared)
    assert ((await office.claim()).state, office.site.done) == (S.released, [("agent", "declare")])
    claim = await office.claim(own)
    assert (claim.state, claim.account) == (S.declared, broker), "the case of an account stays with it"
    await sound(office)

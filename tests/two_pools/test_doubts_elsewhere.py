"""A doubt that only another seat could settle: it is asked by nobody else, and past its deadline a person is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.two_pools.exports import SOON, Customs, Export, S, pay
from tests.two_pools.test_at_work import Office, office, sound
from tests.two_pools.test_replaced_remote import at_another
from workflow import Case, Flow, NotDone, State, To, action
from workflow.engine.startup_checks import take_back
from workflow.flow.compiled import Plan
from workflow.record.values import Commit, Effect, EffectStatus, Stage

__all__ = ["office"]


async def is_declared(case: Case[Export], customs: Customs) -> NotDone:
    """Whether the goods stand in the book of customs."""
    await customs.is_released("")
    return NotDone()


@action(proof=is_declared, once="round", takes=SOON)
async def declare_once(case: Case[Export], customs: Customs) -> dict[str, str]:
    """Declare the goods, which customs takes twice where it is told twice."""
    return {"declaration": await customs.declare(case.data.goods, "")}


FLOW = Flow(
    "exports",
    version=1,
    data=Export,
    facts=[],
    prefix="EX",
    states=[
        State(S.declared, "已申报", To(S.to_pay, do=declare_once), waits_for="customs"),
        State(S.to_pay, "待缴税", To(S.released, do=pay), waits_for="bank"),
        State(S.released, "已放行", final=True),
    ],
)
ALONE = replace(
    FLOW, states=[State(S.declared, "已申报", To(S.released, do=declare_once), waits_for="customs"), FLOW.states[2]]
)


def at_work(office: Office, flow: Flow) -> Office:
    """The office, with this flow."""
    plans = {"exports": Plan(flow)}
    here = {queue: replace(one, plans=plans) for queue, one in office.work.dependencies.items()}
    targets = replace(office.work.targets, plans=plans)
    bench = replace(office.bench, plans=plans, dependencies=here["http"])
    return replace(office, bench=bench, work=replace(office.work, targets=targets, dependencies=here))


async def in_doubt(office: Office, number: str) -> None:
    """Nobody knows whether the goods were declared; two hours are left to find out."""
    claim, now = await office.claim(number), await office.bench.clock.business()
    effect = Effect(
        "key-1", "declare_once", "", None, 0, 1, 1, EffectStatus.unknown, claim.epoch, "host/1/1", now,
        stage=Stage.settle, deadline=now + timedelta(hours=2),
    )  # fmt: skip
    real = await office.bench.clock.real()
    lost = Commit(guard="version", effects=(effect,))
    await office.bench.store.command(claim.case, None, lambda _: lost, now=now, real=real)


async def told(office: Office) -> list[tuple[str, str]]:
    return [(one.kind, one.seen["why"]) for one in await office.bench.store.incidents()]


async def test_a_doubt_at_another_remote_than_the_state_works_on_is_told_past_its_deadline(office: Office) -> None:
    """It was handed from look to look, all of them at the same instant."""
    office = at_work(office, FLOW)
    broker, teller = await office.add("customs", "broker"), await office.add("bank", "teller")
    number = await office.bench.open(Export(), account=teller, accounts={"customs": broker}, queue="browser")
    at_bank = Commit(guard="version", state=S.to_pay)
    now, real = await office.bench.clock.business(), await office.bench.clock.real()
    await office.bench.store.command(number, None, lambda _: at_bank, now=now, real=real)
    await in_doubt(office, number)
    assert await office.look(S.to_pay, "browser") == {"deferred": 1}
    assert (await told(office), office.site.done) == ([], [])
    office.bench.clock.advance(timedelta(hours=2))
    await office.both(S.to_pay)
    said = "the case works with an account of bank by now, and nobody enters customs for it to ask"
    assert (await told(office), office.site.done) == ([("cannot_tell", said)], [])
    await office.bench.people.settle(number, "declare_once", happened=True, reason="customs has it")
    await office.both(S.to_pay)
    assert office.site.done == [("teller", "pay")]


async def told_within_days(office: Office, number: str) -> None:
    """A person is told after the deadline and not before; he can settle it."""
    await in_doubt(office, number)
    await office.both(S.to_pay)
    assert (await told(office), office.site.done) == ([], [])
    for _ in range(3):
        office.bench.clock.advance(timedelta(hours=20))
        await office.both(S.to_pay)
    said = "in this state nobody enters customs for the case to ask"
    assert (await told(office), office.site.done) == ([("cannot_tell", said)], [])
    await office.bench.people.settle(number, "declare_once", happened=True, reason="customs has it")
    await office.add("bank", "teller")
    await office.both(S.to_pay)
    assert office.site.done == [("teller", "pay")]


@pytest.mark.parametrize(("has", "queue"), [(True, "http"), (False, "http"), (False, "browser")])
async def test_a_doubt_of_a_case_that_waits_for_an_account_of_another_remote_is_told(
    office: Office, has: bool, queue: str
) -> None:
    """It lost the account by which it was begun, waited where nobody had one of the bank, and nobody was told."""
    office = at_work(office, FLOW)
    broker = await office.add("customs", "broker")
    number = await office.bench.open(Export(), account=broker if has else None, queue=queue)
    at_bank = Commit(guard="version", state=S.to_pay)
    now, real = await office.bench.clock.business(), await office.bench.clock.real()
    await office.bench.store.command(number, None, lambda _: at_bank, now=now, real=real)
    await told_within_days(office, number)


async def test_a_doubt_of_a_case_without_an_account_is_told_where_its_remote_has_none(office: Office) -> None:
    office = at_work(office, ALONE)
    number = await office.bench.open(Export(), queue="browser")
    await in_doubt(office, number)
    for _ in range(3):
        office.bench.clock.advance(timedelta(hours=20))
        await office.both(S.declared)
    assert await told(office) == [("cannot_tell", "in this state nobody enters customs for the case to ask")]


async def test_a_doubt_of_a_case_without_an_account_is_asked_where_its_remote_has_one(office: Office) -> None:
    """However long nobody looked, a person is told only after the remote was asked."""
    office = at_work(office, ALONE)
    await office.add("customs", "broker")
    number = await office.bench.open(Export(), queue="browser")
    await in_doubt(office, number)
    office.bench.clock.advance(timedelta(hours=20))
    await office.both(S.declared)
    assert (await told(office), office.site.done) == ([], [("broker", "is_released")])


async def test_a_doubt_at_a_remote_that_another_took_the_place_of_is_asked_by_none_of_its_accounts(
    office: Office,
) -> None:
    """The new remote does not know what was begun at the old one: its no would have been believed."""
    office = at_work(office, ALONE)
    broker = await office.add("customs", "broker")
    number = await office.bench.open(Export(), account=broker, queue="browser")
    await in_doubt(office, number)
    office = at_another(office, ALONE)
    await office.add("douane", "agent")
    at = office.bench
    await take_back(at.store, at.dependencies.remotes, at.plans, ("http", "browser"), lambda _: ())
    for _ in range(3):
        await office.both(S.declared)
        office.bench.clock.advance(timedelta(hours=1))
    said = "the case works with an account of customs by now, and nobody enters douane for it to ask"
    assert (await told(office), office.site.done) == ([("cannot_tell", said)], [])
    assert (await office.claim(number)).account == broker
    await office.bench.people.settle(number, "declare_once", happened=False, reason="customs has moved")
    await office.both(S.declared)
    assert office.site.done == [("agent", "declare")]
    await sound(office)

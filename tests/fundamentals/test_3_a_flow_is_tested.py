"""Third: what a test of a flow has. A bench that stops where it is told, and twins that fail as remotes do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from enum import StrEnum, auto
from pathlib import Path
from typing import Protocol

import pytest
import structlog
from pydantic import BaseModel, ConfigDict

from workflow import (
    Case,
    Closed,
    DefinitionError,
    Done,
    Flow,
    Message,
    No,
    NotDone,
    NotSent,
    ProofAnswer,
    Refused,
    State,
    Stay,
    To,
    Unknown,
    Verdict,
    action,
    fact,
)
from workflow.testing import MORNING, Bench, Call, StillWaiting, Twin, bench


class S(StrEnum):
    wished = auto()
    paid = auto()
    checked = auto()
    sent = auto()


class Gift(BaseModel):
    model_config = ConfigDict(frozen=True)
    thing: str
    address: str | None = None


class Shop(Protocol):
    async def pay(self, thing: str, key: str) -> None: ...
    async def is_paid(self, thing: str) -> bool: ...


@fact
async def is_paid(case: Case[Gift], shop: Shop) -> bool:
    return await shop.is_paid(case.data.thing)


async def was_paid(case: Case[Gift], shop: Shop) -> ProofAnswer:
    return Done() if await shop.is_paid(case.data.thing) else NotDone()


@action(proof=was_paid, once="case")
async def pay(case: Case[Gift], shop: Shop, key: str) -> None:
    await shop.pay(case.data.thing, key)


def money_arrived(is_paid: bool) -> Verdict:
    return is_paid or No(waits_for="shop")


def address_known(case: Case[Gift]) -> Verdict:
    return case.data.address is not None or No(thing=case.data.thing, waits_for="friend")


def question(case: Case[Gift]) -> list[Message]:
    return [Message("address", "friend", "+8613800000000", "Where do you live?")]


gifts = Flow(
    "gifts",
    version=1,
    data=Gift,
    facts=[is_paid],
    prefix="GF",
    states=[
        State(S.wished, "想送", To(S.paid, do=pay), waits_for="shop"),
        State(S.paid, "已付款", To(S.checked, when=money_arrived), waits_for="shop"),
        State(S.checked, "已核对", To(S.sent, when=address_known), Stay(tell=question, name="ask"), waits_for="friend"),
        State(S.sent, "已寄出", final=True),
    ],
)


class Card(BaseModel):
    model_config = ConfigDict(frozen=True)
    text: str


cards = Flow(
    "cards",
    version=1,
    data=Card,
    prefix="CA",
    states=[State(S.wished, "想写", To(S.sent), waits_for="nobody"), State(S.sent, "已寄出", final=True)],
)


@pytest.fixture
def shop() -> Twin:
    twin = Twin(Shop)
    twin.answers("is_paid", lambda thing: bool(twin.applied("pay")))
    return twin


@pytest.fixture
async def here(shop: Twin, tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench([gifts, cards], tmp_path, adapters={Shop: shop}) as at_work:
        await at_work.open(Gift(thing="lamp"))
        yield at_work


async def test_a_run_stops_in_the_state_though_the_case_could_go_on_at_once(here: Bench) -> None:
    row = await here.run(S.paid)
    assert row.claim.state == S.paid
    assert await here.clock.business() == MORNING


async def test_a_sweep_takes_the_case_as_far_as_it_goes(here: Bench) -> None:
    await here.sweep()
    assert (await here.case()).claim.state == S.checked


async def test_a_state_that_was_passed_is_named_with_what_the_case_waits_for_now(here: Bench) -> None:
    await here.sweep()
    with pytest.raises(StillWaiting) as found:
        await here.run(S.paid, within=timedelta(hours=1))

    assert str(found.value).splitlines() == [
        "GF-0001 did not come to paid: the next look is after 23 Nov 02:00 UTC, where the time given ends; "
        "more is within=",
        "it was in paid before, from 23 Nov 01:00 UTC to 23 Nov 01:00 UTC; to wait for that, run to it first",
        "it is in checked since 23 Nov 01:00 UTC: waiting, guard_false; who can change it: friend",
        "  sent[address_known]: address_known says no, it saw thing='lamp'",
        "  next look: 23 Nov 02:10 UTC",
    ]
    assert found.value.why.who == "friend"


async def test_a_run_that_moves_nothing_ends_before_its_time(here: Bench) -> None:
    with pytest.raises(StillWaiting, match="30 looks in a row moved nothing"):
        await here.run(S.sent, looks=30)
    with pytest.raises(LookupError, match="gifts has no state posted; it has wished, paid, checked, sent"):
        await here.run("posted")


async def test_a_case_that_ended_elsewhere_is_not_waited_for(here: Bench) -> None:
    await here.force(S.sent)
    with pytest.raises(StillWaiting, match="did not come to paid: it has ended"):
        await here.run(S.paid)


async def test_what_a_person_gives_is_looked_at(here: Bench) -> None:
    await here.run(S.checked)
    await here.give(address="Rose Lane 3")
    row = await here.run(S.sent)
    assert row.claim.data["address"] == "Rose Lane 3"


async def test_several_cases_of_several_flows_are_named(here: Bench) -> None:
    card = await here.open(Card(text="Hello"))
    with pytest.raises(LookupError, match="not one case here but"):
        await here.case()

    await here.run(S.sent, case=card)
    await here.give("GF-0001", address="Rose Lane 3")
    await here.run(S.sent, case="GF-0001")

    assert await here.kinds(card) == ["created", "moved"]

    class Letter(BaseModel):
        text: str

    with pytest.raises(LookupError, match="flows whose data is Letter: none; say flow="):
        await here.open(Letter(text="Hello"))


async def test_a_named_line_is_swept_as_its_schedule_would(here: Bench) -> None:
    await here.run(S.checked)
    await here.sweep(line="ask")
    assert [notice.text for notice in await here.notices()] == ["Where do you live?"]


@pytest.mark.parametrize("quiet", [True, False])
async def test_the_log_is_quiet_unless_it_is_asked_for(
    quiet: bool, shop: Twin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    structlog.reset_defaults()  # whoever has set up structlog by himself keeps what he has set up
    async with bench(gifts, tmp_path, adapters={Shop: shop}, quiet=quiet) as at_work:
        await at_work.open(Gift(thing="lamp"))
        await at_work.sweep()
    assert ("case.moved" in capsys.readouterr().out) is not quiet


async def test_a_bench_needs_no_folder(shop: Twin) -> None:
    async with bench(gifts, adapters={Shop: shop}) as at_work:
        await at_work.open(Gift(thing="lamp"))
        await at_work.run(S.checked)


async def test_a_lost_reply_is_of_a_call_that_was_applied(here: Bench, shop: Twin) -> None:
    shop.loses_reply("pay")
    await here.sweep()
    assert (await here.why()).standing == "checking"

    await here.run(S.checked)
    assert [call.applied for call in shop.calls if call.method == "pay"] == [True]


async def test_a_lost_request_is_made_again_with_its_key(here: Bench, shop: Twin) -> None:
    shop.loses_request("pay")
    await here.run(S.checked)

    first, second = (call for call in shop.calls if call.method == "pay")
    assert (first.applied, second.applied) == (False, True)
    assert first.given == second.given


async def test_a_twin_that_is_closed_is_looked_at_when_it_opens(here: Bench, shop: Twin) -> None:
    shop.closes(until=MORNING + timedelta(hours=9))
    await here.sweep()
    assert (await here.case()).due_at == MORNING + timedelta(hours=9)

    shop.opens()
    await here.run(S.checked)


async def test_a_twin_fails_as_often_as_it_is_told_and_says_what_it_was_asked() -> None:
    shop = Twin(Shop, name="corner shop")
    shop.answers("is_paid", True)
    shop.refuses("pay", "no money", times=2)
    shop.fails("is_paid", NotSent("shop", "is_paid", "no connection"))
    for _ in range(2):
        with pytest.raises(Refused, match="corner shop: pay: no money"):
            await shop.pay("lamp", key="k")
    await shop.pay("lamp", key="k")
    with pytest.raises(NotSent):
        await shop.is_paid("lamp")

    assert await shop.is_paid("lamp") is True
    assert shop.calls[2] == Call("pay", {"thing": "lamp", "key": "k"}, applied=True)
    assert shop.applied("pay") == [{"thing": "lamp", "key": "k"}]


async def test_a_twin_hands_on_to_a_remote_of_the_test_s_own() -> None:
    class Counter:
        paid = 0

        async def pay(self, thing: str, key: str) -> None:
            self.paid += 1

    shop = Twin(Shop, behind=(counter := Counter()))
    shop.loses_reply("pay")
    with pytest.raises(Unknown):
        await shop.pay("lamp", "k")
    assert counter.paid == 1


async def test_a_mistake_about_a_twin_is_said_with_its_cure() -> None:
    shop = Twin(Shop)
    with pytest.raises(DefinitionError, match="Shop: has no method paid; name one of is_paid, pay"):
        shop.answers("paid", True)
    with pytest.raises(
        LookupError, match=r"<Twin of Shop> has no answer to is_paid, which .* thing; say answers\('is_"
    ):
        await shop.is_paid("lamp")
    with pytest.raises(TypeError, match="missing a required argument: 'key'"):
        await shop.pay("lamp")
    shop.closes()
    with pytest.raises(Closed):
        await shop.pay("lamp", "k")

    class Odd(Protocol):
        async def opens(self) -> None: ...

    with pytest.raises(DefinitionError, match="has opens, which is a name of the twin's own"):
        Twin(Odd)

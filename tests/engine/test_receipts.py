"""What the gateway took is not there yet: its receipt is asked for, and what did not arrive is a person's."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.letters import Letter, PaperOffice, S, desk, letters
from workflow.backoff import RECEIPT_AFTER, RECEIPT_LONGEST, RECEIPT_UNTIL
from workflow.engine.outbox import deliver
from workflow.engine.receipts import UNASKED, UNDELIVERED, receipts
from workflow.errors import NotSent, Refused
from workflow.flow.case import Case
from workflow.flow.definition import To
from workflow.jumps import Watch
from workflow.record.values import Message
from workflow.store import DueMessage
from workflow.testing import Bench

DAY = timedelta(days=1)


def notice(case: Case[Letter]) -> tuple[Message, ...]:
    return (Message("posted_notice", "ada", "138", "text"),)


@dataclass
class Gateway:
    """Takes every text, and says of its arrival what it is told to say."""

    says: bool | Exception | None = None
    asked: list[str] = field(default_factory=list)

    async def send(self, message: DueMessage) -> str:
        return "M7"

    async def arrived(self, number: str) -> bool | None:
        self.asked.append(number)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with desk(letters(To(S.posted, tell=notice)), tmp_path, PaperOffice()) as found:
        await found.sweep()
        yield found


async def round_(bench: Bench, gateway: Gateway) -> Counter[str]:
    """One run of the job, as it is done each ten seconds."""
    lease = bench.dependencies.limits.lease
    await deliver(bench.store, bench.clock, {"sms": gateway.send}, owner="one", lease=lease)
    return await receipts(bench.store, bench.clock, {"sms": gateway.arrived}, owner="one")


async def receipt(bench: Bench) -> tuple[str, str | None]:
    (message,) = await bench.store.sent_messages()
    return message.status, message.receipt


async def incidents(bench: Bench) -> list[tuple[str, bool]]:
    return [(one.kind, one.bars) for one in await bench.store.incidents()]


async def test_a_notice_that_arrived_is_asked_about_until_it_is_said_and_never_again(bench: Bench) -> None:
    gateway = Gateway()
    assert await round_(bench, gateway) == Counter()
    assert gateway.asked == [], "it is too early"
    bench.clock.advance(RECEIPT_AFTER)
    await round_(bench, gateway)
    await round_(bench, gateway)
    assert (gateway.asked, await receipt(bench)) == (["M7"], ("sent", None)), "not at each run"
    gateway.says = True
    bench.clock.advance(RECEIPT_AFTER)
    assert await round_(bench, gateway) == Counter(delivered=1)
    assert await receipt(bench) == ("sent", "delivered")
    bench.clock.advance(DAY)
    await round_(bench, gateway)
    assert (gateway.asked, await incidents(bench)) == (["M7", "M7"], [])


async def test_one_that_did_not_arrive_is_told_once_and_stands_in_the_history(bench: Bench) -> None:
    gateway = Gateway(False)
    await round_(bench, gateway)
    bench.clock.advance(RECEIPT_AFTER)
    assert await round_(bench, gateway) == Counter(undelivered=1)
    bench.clock.advance(DAY)
    assert await round_(bench, gateway) == Counter()
    assert (await receipt(bench), await incidents(bench)) == (("sent", "undelivered"), [(UNDELIVERED, False)])
    (case,) = {message.case for message in await bench.store.sent_messages()}
    noted = [event.body or {} for event in await bench.store.events(case) if event.kind == "noted"]
    assert [one["text"] for one in noted] == ["notice posted_notice to ada did not arrive, says the gateway: M7"]


async def test_a_channel_that_is_switched_off_is_told_and_asked_again_once_it_is_on(bench: Bench) -> None:
    """Nobody was asked, which counted as an answer, and after three days the receipt was given up untold."""
    await round_(bench, Gateway())
    bench.clock.advance(DAY)
    assert await receipts(bench.store, bench.clock, {}, owner="one") == Counter()
    (incident,) = await bench.store.incidents()
    assert (incident.kind, incident.bars) == (UNASKED, False)
    assert "no system that is on here brings this channel" in str(incident.seen["why"])
    bench.clock.advance(DAY)
    assert await round_(bench, Gateway(True)) == Counter(delivered=1)
    assert await incidents(bench) == []


async def test_a_process_that_cannot_ask_leaves_a_receipt_to_one_that_can(bench: Bench) -> None:
    """It was first each time, and put off the question and told a person that nobody answers."""
    await round_(bench, Gateway())
    gateway = Gateway()
    for _ in range(36):
        bench.clock.advance(RECEIPT_AFTER)
        await receipts(bench.store, bench.clock, {}, owner="one")
        gateway.says = True if len(gateway.asked) == 4 else None
        await round_(bench, gateway)
    assert (await receipt(bench), await incidents(bench)) == (("sent", "delivered"), [])


SILENT = NotSent("sms", "sms_status", "no connection")
REFUSES = Refused("sms", "sms_status", "token revoked")


@pytest.mark.parametrize("says", [None, SILENT, REFUSES, KeyError("ours")], ids=lambda says: type(says).__name__)
async def test_a_gateway_that_never_says_is_asked_for_three_days_at_growing_distance(
    bench: Bench, says: Exception | None
) -> None:
    gateway = Gateway(says)
    for _ in range(int(2 * RECEIPT_UNTIL / RECEIPT_AFTER)):
        await round_(bench, gateway)
        bench.clock.advance(RECEIPT_AFTER)
    assert await receipt(bench) == ("sent", "none")
    assert 10 <= len(gateway.asked) <= 25
    told = [] if says is None else [(UNASKED, False)]
    assert await incidents(bench) == told, "too early is an answer; none at all for hours is a person's"


async def test_a_gateway_that_answers_no_more_is_told_after_hours_and_over_when_it_answers(bench: Bench) -> None:
    gateway = Gateway(REFUSES)
    await round_(bench, gateway)
    bench.clock.advance(RECEIPT_LONGEST - RECEIPT_AFTER)
    await round_(bench, gateway)
    assert await incidents(bench) == []
    bench.clock.advance(RECEIPT_LONGEST)
    await round_(bench, gateway)
    assert await incidents(bench) == [(UNASKED, False)]
    gateway.says = None
    bench.clock.advance(2 * RECEIPT_LONGEST)
    await round_(bench, gateway)
    assert await incidents(bench) == []


YEARS_10 = timedelta(days=3650)


async def set_clock(bench: Bench, watch: Watch, by: timedelta) -> None:
    bench.clock.set(business=await bench.clock.business() + by, real=await bench.clock.real() + by)
    await watch.jump()


async def test_a_notice_that_was_sent_by_a_wrong_clock_is_asked_about_when_it_is_right(bench: Bench) -> None:
    """Its receipt was due in ten years, and that it did not arrive was never heard."""
    gateway, watch = Gateway(False), Watch(bench.store, bench.clock, "one")
    await watch.jump()
    await set_clock(bench, watch, YEARS_10)
    await round_(bench, gateway)
    await set_clock(bench, watch, -YEARS_10)
    await round_(bench, gateway)
    assert await incidents(bench) == [(UNDELIVERED, False)]


async def test_one_whose_gateway_never_says_is_given_up_three_days_after_the_clock_is_right(bench: Bench) -> None:
    gateway, watch = Gateway(), Watch(bench.store, bench.clock, "one")
    await watch.jump()
    await set_clock(bench, watch, YEARS_10)
    await round_(bench, gateway)
    await set_clock(bench, watch, -YEARS_10)
    for _ in range(int(2 * RECEIPT_UNTIL / RECEIPT_AFTER)):
        await round_(bench, gateway)
        bench.clock.advance(RECEIPT_AFTER)
    assert await receipt(bench) == ("sent", "none")
    assert len(gateway.asked) < 30


async def test_a_receipt_that_is_due_later_than_any_is_asked_for_now(bench: Bench) -> None:
    """Whoever wrote so: none is planned further off than six hours."""
    gateway = Gateway(True)
    await round_(bench, gateway)
    (message,) = await bench.store.sent_messages()
    await bench.store.receipt(message.id, None, again_at=await bench.clock.business() + YEARS_10)
    assert await round_(bench, gateway) == Counter(delivered=1)

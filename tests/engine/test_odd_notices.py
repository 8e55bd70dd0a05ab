"""A case or a notice whose row cannot be read takes no other's notice or receipt along, and is told by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from tests.engine.letters import Letter, PaperOffice, S, desk, letters
from workflow.backoff import RECEIPT_AFTER, RECEIPT_LONGEST
from workflow.engine.outbox import deliver
from workflow.engine.receipts import receipts
from workflow.errors import NotSent
from workflow.flow.case import Case
from workflow.flow.definition import To
from workflow.flow.sending import note_left
from workflow.record.values import Message
from workflow.store import DueMessage
from workflow.testing import Bench

FIRST = "(SELECT id FROM cases WHERE number = 'LT-0001')"
SPOILT = ("data = 'x'", "decision = '{}'", "decision = '5'", "entered_at = 'soon'", "check_body = '[1'")


def notice(case: Case[Letter]) -> tuple[Message, ...]:
    return (Message("posted_notice", "ada", "138", "text"),)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """Two cases, each with a notice to send."""
    async with desk(letters(To(S.posted, tell=notice)), tmp_path, PaperOffice()) as found:
        await found.open(Letter(to=("eve",)))
        await found.sweep()
        yield found


async def spoil(bench: Bench, table: str, what: str) -> None:
    where = "number = 'LT-0001'" if table == "cases" else f'"case" = {FIRST}'
    async with bench.store.engine.begin() as connection:
        await connection.execute(text(f"UPDATE {table} SET {what} WHERE {where}"))


async def told(bench: Bench) -> list[tuple[str, str]]:
    return sorted((one.number, one.kind) for one in await bench.store.incidents())


@pytest.mark.parametrize("what", SPOILT)
async def test_notices_whose_sender_died_are_told_each_apart(bench: Bench, what: str) -> None:
    class Dies(BaseException):
        pass

    async def die(message: DueMessage) -> None:
        note_left()
        raise Dies

    lease = bench.dependencies.limits.lease
    for _ in range(2):
        with pytest.raises(Dies):
            await deliver(bench.store, bench.clock, {"sms": die}, owner="one", lease=lease)
    await spoil(bench, "cases", what)
    bench.clock.advance(timedelta(hours=1))
    with structlog.testing.capture_logs() as logs:
        assert await deliver(bench.store, bench.clock, {}, owner="two", lease=lease) == {"unknown": 2}
    assert await told(bench) == [("LT-0001", "notice_unsure"), ("LT-0002", "notice_unsure")]
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["case.mistake"]
    assert await deliver(bench.store, bench.clock, {}, owner="two", lease=lease) == {}


@pytest.mark.parametrize("what", SPOILT)
async def test_notices_that_cannot_go_out_are_told_each_apart(bench: Bench, what: str) -> None:
    await spoil(bench, "cases", what)

    async def send(message: DueMessage) -> None:
        if shut:
            raise NotSent("sms", "sms_send", "token expired")

    shut, lease = True, bench.dependencies.limits.lease
    for _ in range(12):
        await deliver(bench.store, bench.clock, {"sms": send}, owner="one", lease=lease)
        bench.clock.advance(timedelta(minutes=30))
    assert await told(bench) == [("LT-0001", "notice_unsent"), ("LT-0002", "notice_unsent")]
    shut = False
    bench.clock.advance(timedelta(hours=4))
    assert await deliver(bench.store, bench.clock, {"sms": send}, owner="one", lease=lease) == {"sent": 2}
    assert await told(bench) == []


@pytest.mark.parametrize("what", SPOILT)
async def test_receipts_that_say_no_are_told_each_apart(bench: Bench, what: str) -> None:
    async def send(message: DueMessage) -> str:
        return "M7"

    async def arrived(number: str) -> bool:
        return False

    lease = bench.dependencies.limits.lease
    await deliver(bench.store, bench.clock, {"sms": send}, owner="one", lease=lease)
    await spoil(bench, "cases", what)
    bench.clock.advance(RECEIPT_AFTER)
    assert await receipts(bench.store, bench.clock, {"sms": arrived}, owner="one") == {"undelivered": 2}
    assert await told(bench) == [("LT-0001", "notice_undelivered"), ("LT-0002", "notice_undelivered")]


@pytest.mark.parametrize("what", ["written_at = 'soon'", "written_at = x'ff'", "attempts = 'many'", "channel = x'ff'"])
async def test_a_notice_that_cannot_be_read_is_settled_alone(bench: Bench, what: str) -> None:
    await spoil(bench, "messages", what)

    async def send(message: DueMessage) -> None:
        raise NotSent("sms", "sms_send", "token expired")

    lease, came = bench.dependencies.limits.lease, 0
    for _ in range(100):  # one of a channel that nobody knows is told after three days, and given up later
        came += (await deliver(bench.store, bench.clock, {"sms": send}, owner="one", lease=lease)).total()
        bench.clock.advance(timedelta(hours=4))
    assert came < 2 * 24
    assert await bench.store.unsent() == 0
    assert ("LT-0002", "notice_unsent") in await told(bench)


@pytest.mark.parametrize("value", ["'soon'", "x'ff'"])
async def test_a_receipt_whose_notice_cannot_be_read_is_left_alone(bench: Bench, value: str) -> None:
    async def send(message: DueMessage) -> str:
        return "M7"

    async def arrived(number: str) -> bool | None:
        asked.append(number)
        return None

    asked: list[str] = []
    lease = bench.dependencies.limits.lease
    await deliver(bench.store, bench.clock, {"sms": send}, owner="one", lease=lease)
    await spoil(bench, "messages", f"settled_at = {value}")
    for _ in range(5):
        bench.clock.advance(RECEIPT_LONGEST)
        await receipts(bench.store, bench.clock, {"sms": arrived}, owner="one")
    assert len(asked) == 1 + 5

"""Each message goes out at most once, whatever becomes of who sends it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.store.desk import LEASE, Desk
from workflow.errors import Conflict
from workflow.jumps import Jump
from workflow.record.values import Commit, Entry, Message
from workflow.sentence import Quote
from workflow.store import DueMessage


async def tell(desk: Desk, count: int = 1) -> None:
    claim = await desk.one()
    told = tuple(Message(f"occasion-{n}", "owner-1", "138", "text") for n in range(count))
    await desk.commit(claim, Commit(guard="epoch", messages=told))


async def due(desk: Desk, limit: int = 50, owner: str = "one") -> list[DueMessage]:
    return await desk.store.due_messages(limit, owner=owner, now=desk.now, real=desk.real, lease=LEASE)


async def test_a_message_is_taken_by_one_sender(desk: Desk) -> None:
    await tell(desk, 30)
    taken = await asyncio.gather(*(due(desk, 10, owner=f"worker-{n}") for n in range(6)))
    ids = [message.id for mine in taken for message in mine]
    assert len(ids) == len(set(ids)) == 30


async def test_what_was_sent_is_not_due_again(desk: Desk) -> None:
    await tell(desk)
    (message,) = await due(desk)
    assert (message.occasion, message.recipient, message.attempt, message.text) == ("occasion-0", "owner-1", 1, "text")
    await desk.store.message_sent(message.id, now=desk.now)
    desk.pass_time(LEASE)
    assert await due(desk) == []
    assert await desk.store.unsent() == 0
    (sent,) = await desk.store.sent_messages()
    assert (sent.id, sent.status) == (message.id, "sent")


async def test_what_certainly_did_not_leave_is_due_again(desk: Desk) -> None:
    await tell(desk)
    (message,) = await due(desk)
    again = desk.now + timedelta(minutes=5)
    await desk.store.message_failed(message.id, Quote("no connection"), now=desk.now, again_at=again)
    assert await due(desk) == []
    desk.pass_time(timedelta(minutes=5))
    (message,) = await due(desk)
    assert message.attempt == 2
    await desk.store.message_failed(message.id, Quote("no such number"), now=desk.now)
    assert await desk.store.unsent() == 0


async def test_a_message_whose_sender_died_is_unknown_and_not_sent_again(desk: Desk) -> None:
    await tell(desk)
    (message,) = await due(desk)
    desk.pass_time(LEASE)
    assert await due(desk, owner="two") == []
    (forsaken,) = await desk.store.forsaken_messages(real=desk.real)
    await desk.store.message_unknown(forsaken.id, Quote("nobody came back"), now=desk.now)
    assert await desk.store.forsaken_messages(real=desk.real) == []
    (lost,) = await desk.store.sent_messages()
    assert (lost.id, lost.status) == (message.id, "unknown")
    await desk.store.message_sent(message.id, now=desk.now)
    (sent,) = await desk.store.sent_messages()
    assert sent.status == "sent", "its late word counts"


async def test_what_a_recipient_was_told_is_counted(desk: Desk) -> None:
    await tell(desk, 3)
    assert await desk.store.told_since("138", desk.now) == 3
    assert await desk.store.told_since("138", desk.now + timedelta(seconds=1)) == 0
    assert await desk.store.told_since("13900000000", desk.now) == 0


async def test_a_case_knows_whom_it_told_this_round(desk: Desk) -> None:
    await tell(desk)
    row = (await desk.store.cases())[0]
    assert row.claim.told == {("occasion-0", "owner-1")}
    await desk.command(row.claim.case, Commit(guard="version", round=1))
    assert (await desk.store.case(row.claim.case)).claim.told == frozenset()


async def test_a_notice_that_is_sent_seals_no_case_that_another_hand_changed(desk: Desk) -> None:
    """The change of a case's row was found by the audit until the next notice of the case: then it had a seal again."""
    await tell(desk)
    assert await desk.store.verify() is None
    async with desk.store.engine.begin() as connection:
        await connection.execute(text("UPDATE cases SET subject = 'another'"))
    (taken,) = await due(desk)
    await desk.store.message_sent(taken.id, now=desk.now)
    found = await desk.store.verify()
    assert found is not None
    assert found.place == "case"


async def hold(desk: Desk, hours: float) -> str:
    """A notice that is held back so long for people; its case."""
    claim = await desk.one()
    message = Message("refused_notice", "owner-1", "138", "text", after=timedelta(hours=hours))
    await desk.commit(claim, Commit(guard="epoch", messages=(message,)))
    return claim.case


async def decide(desk: Desk, case: str, *, release: bool) -> None:
    (held,) = await desk.store.messages_of(case)
    said = Entry("noted", {"text": "decided"}, "person:clerk", "he knows")
    await desk.command(case, Commit(guard="version", entries=(said,), freed=((held.id, release),)))


@pytest.mark.parametrize("release", [True, False])
async def test_a_notice_that_left_meanwhile_is_not_decided_about(desk: Desk, release: bool) -> None:
    """The record said that a person had stopped a text which its owner read."""
    case = await hold(desk, 24)
    desk.pass_time(timedelta(hours=24))
    assert len(await due(desk)) == 1
    with pytest.raises(Conflict, match="on its way"):
        await decide(desk, case, release=release)
    assert [event.kind for event in await desk.store.events(case)] == ["created"]


async def test_of_two_who_decide_about_a_notice_the_first_counts(desk: Desk) -> None:
    case = await hold(desk, 24)
    await decide(desk, case, release=False)
    with pytest.raises(Conflict, match="another person"):
        await decide(desk, case, release=True)
    assert await due(desk) == []
    assert [one.status for one in await desk.store.messages_of(case)] == ["dropped"]


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(days=365)])
async def test_a_text_that_a_wrong_clock_held_back_is_held_as_long_from_now(desk: Desk, ahead: timedelta) -> None:
    """By a clock that was a year ahead it would have gone out in a year."""
    desk.pass_time(ahead)
    case = await hold(desk, 24)
    jump = Jump(desk.real, desk.real - ahead)
    desk.pass_time(-ahead)
    await desk.store.clock_jumped(jump, after=0, process="one", now=desk.now)
    assert (await desk.store.messages_of(case))[0].due_at == desk.now + timedelta(hours=24)


async def test_a_text_that_is_held_back_stays_so_when_the_clock_is_set_back(desk: Desk) -> None:
    """It was written by a right clock, and went out at once."""
    case = await hold(desk, 24)
    (held,) = await desk.store.messages_of(case)
    desk.pass_time(timedelta(hours=4))
    jump = Jump(desk.real, desk.real - timedelta(hours=3))
    desk.pass_time(-timedelta(hours=3))
    await desk.store.clock_jumped(jump, after=0, process="one", now=desk.now)
    assert await due(desk) == []
    assert (await desk.store.messages_of(case))[0].due_at == held.due_at

"""Sending what the outbox holds: one message that cannot be sent takes no other along."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from tests.engine.letters import Letter, PaperOffice, S, desk, letters
from workflow.backoff import FAILURES, NOTICE_FOR
from workflow.engine.outbox import deliver
from workflow.errors import Closed, Drifted, LoginNeeded, NotSent, Refused, RemoteError, Unknown
from workflow.flow.case import Case
from workflow.flow.definition import To
from workflow.flow.sending import note_left
from workflow.record.values import Message
from workflow.store import DueMessage
from workflow.testing import Bench


def notices(case: Case[Letter]) -> tuple[Message, ...]:
    return tuple(Message(f"occasion-{n}", "ada", "138", "text") for n in range(3))


async def take(message: DueMessage) -> None:
    """It goes out."""


async def sent(bench: Bench, trouble: Exception, left: bool = False) -> dict[str, int]:
    async def send(message: DueMessage) -> None:
        if message.occasion == "occasion-1":
            if left:
                note_left()
            raise trouble

    clock = bench.clock
    return dict(await deliver(bench.store, clock, {"sms": send}, owner="one", lease=bench.dependencies.limits.lease))


@pytest.mark.parametrize(
    ("trouble", "left", "came"),
    [
        (KeyError("ours"), False, "failed"),
        (KeyError("ours"), True, "unknown"),
        (Refused("sms", "send", "on the black list"), True, "refused"),
    ],
)
async def test_a_message_that_fails_takes_no_other_along(
    tmp_path: Path, trouble: Exception, left: bool, came: str
) -> None:
    with structlog.testing.capture_logs() as logs:
        async with desk(letters(To(S.posted, tell=notices)), tmp_path, PaperOffice()) as bench:
            await bench.sweep()
            assert await sent(bench, trouble, left) == {"sent": 2, came: 1}
            told = [(one.kind, one.bars, one.seen.get("why")) for one in await bench.store.incidents()]
            kind = {"refused": "notice_unsent", "unknown": "notice_unsure"}.get(came)
            assert [(one[0], one[1]) for one in told] == ([(kind, False)] if kind else [])
            assert all(str(trouble) in str(one[2]) for one in told)
    assert [line["error"] for line in logs if line["event"] == "case.mistake"] == (
        ["KeyError: 'ours'"] if isinstance(trouble, KeyError) else []
    )


async def test_a_notice_whose_channel_is_switched_off_is_kept_told_and_sent_once_it_is_on(tmp_path: Path) -> None:
    """It is told once nobody has sent by its channel for three days, and is not given up then."""
    async with desk(letters(To(S.posted, tell=notices)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        lease = bench.dependencies.limits.lease
        assert await deliver(bench.store, bench.clock, {}, owner="one", lease=lease) == {}
        assert await bench.store.waiting_by_channel() == {"sms": 3}
        bench.clock.advance(NOTICE_FOR)
        assert await deliver(bench.store, bench.clock, {}, owner="one", lease=lease) == {"failed": 3}
        assert await deliver(bench.store, bench.clock, {}, owner="one", lease=lease) == {}
        (incident,) = await bench.store.incidents()
        assert incident.kind == "notice_unsent"
        assert "no system that is on here brings this channel" in str(incident.seen["why"])
        assert await deliver(bench.store, bench.clock, {"sms": take}, owner="one", lease=lease) == {"sent": 3}
        assert await bench.store.incidents() == []
        assert await bench.store.waiting_by_channel() == {}


async def test_a_process_that_cannot_send_takes_no_notice_from_one_that_can(tmp_path: Path) -> None:
    """It was first each minute, spent the tries of all notices, and they were given up with a sender beside it."""
    async with desk(letters(To(S.posted, tell=notices)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        lease, came = bench.dependencies.limits.lease, Counter[str]()
        for _ in range(60):
            came += await deliver(bench.store, bench.clock, {}, owner="one", lease=lease)
            came += await deliver(bench.store, bench.clock, {"sms": take}, owner="two", lease=lease)
            bench.clock.advance(timedelta(minutes=1))
        assert (came, await bench.store.incidents()) == ({"sent": 3}, [])


async def test_a_notice_that_no_channel_is_ever_there_for_is_given_up(tmp_path: Path) -> None:
    async with desk(letters(To(S.posted, tell=notices)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        for _ in range(FAILURES):
            bench.clock.advance(NOTICE_FOR)
            await deliver(bench.store, bench.clock, {}, owner="one", lease=bench.dependencies.limits.lease)
        assert await bench.store.waiting_by_channel() == {}
        assert [one.kind for one in await bench.store.incidents()] == ["notice_unsent"]


@pytest.mark.parametrize("error", [NotSent, Closed, LoginNeeded, Drifted])
async def test_a_notice_that_never_went_out_is_told_and_stands_in_the_history(
    tmp_path: Path, error: type[RemoteError]
) -> None:
    """The history said that the owner was told; and what was refused for good was "unknown", and told nobody."""
    async with desk(letters(To(S.posted, tell=notices)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        trouble = error("sms", "send", "status 500")
        while not await bench.store.incidents():
            await sent(bench, trouble)
            bench.clock.advance(timedelta(hours=1))
        (incident,) = await bench.store.incidents()
        assert (incident.kind, incident.seen["recipient"]) == ("notice_unsent", "ada")
        noted = [event.body["text"] for event in await bench.events() if event.kind == "noted" and event.body]
        assert noted == ["notice occasion-1 to ada is not sent yet: sms: send: status 500"]


@pytest.mark.parametrize(
    "trouble", [Unknown("sms", "sms_send", "status 500"), Unknown("sms", "sms_send", "the answer contradicts itself")]
)
async def test_notices_of_which_nobody_knows_are_told_as_one_cause(tmp_path: Path, trouble: Exception) -> None:
    """A gateway answered 500 for weeks: each notice ended as unknown, the history said told, and nobody knew."""
    async with desk(letters(To(S.posted, tell=notices)), tmp_path, PaperOffice()) as bench:
        await bench.open(Letter(to=("eve",)))
        await bench.sweep()
        assert await sent(bench, trouble) == {"sent": 4, "unknown": 2}
        incidents = await bench.store.incidents()
        assert [(one.kind, one.bars) for one in incidents] == [("notice_unsure", False)] * 2
        assert len({one.cause for one in incidents}) == 1
        for one in incidents:
            events = await bench.store.events(one.case)
            noted = [event.body["text"] for event in events if event.kind == "noted" and event.body]
            assert noted == [f"notice occasion-1 to ada may not have been sent: {trouble}"]


async def test_a_notice_whose_sender_died_is_told_and_its_neighbours_are_sent(tmp_path: Path) -> None:
    class Dies(BaseException):
        pass

    async def die(message: DueMessage) -> None:
        note_left()
        raise Dies

    async with desk(letters(To(S.posted, tell=notices)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        with pytest.raises(Dies):
            await deliver(bench.store, bench.clock, {"sms": die}, owner="one", lease=bench.dependencies.limits.lease)
        bench.clock.advance(timedelta(hours=1))

        lease = bench.dependencies.limits.lease
        assert await deliver(bench.store, bench.clock, {"sms": take}, owner="two", lease=lease) == {
            "unknown": 1, "sent": 2,
        }  # fmt: skip
        (incident,) = await bench.store.incidents()
        assert (incident.kind, incident.seen["why"]) == ("notice_unsure", "its sender did not come back")


async def test_a_notice_that_turns_out_to_be_sent_after_all_is_told_no_more(tmp_path: Path) -> None:
    """Its sender was frozen for an hour, was taken for dead, and thawed: the gateway had taken the notice."""
    async with desk(letters(To(S.posted, tell=notices)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        lease, told = bench.dependencies.limits.lease, []

        async def freeze(message: DueMessage) -> None:
            bench.clock.advance(timedelta(hours=1))
            assert await deliver(bench.store, bench.clock, {"sms": take}, owner="two", lease=lease, limit=1) == {
                "unknown": 1, "sent": 1,
            }  # fmt: skip
            told.extend(await bench.store.incidents())

        assert await deliver(bench.store, bench.clock, {"sms": freeze}, owner="one", lease=lease, limit=1) == {
            "sent": 1
        }
        assert [one.kind for one in told] == ["notice_unsure"]
        assert await bench.store.incidents() == []


async def test_one_of_which_nobody_knows_stays_told_while_another_goes_out(tmp_path: Path) -> None:
    async with desk(letters(To(S.posted, tell=notices)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        lease, lost = bench.dependencies.limits.lease, [Unknown("sms", "sms_send", "status 500")]

        async def send(message: DueMessage) -> None:
            if lost:
                raise lost.pop()

        came = await deliver(bench.store, bench.clock, {"sms": send}, owner="one", lease=lease)
        assert came == {"unknown": 1, "sent": 2}
        assert [one.kind for one in await bench.store.incidents()] == ["notice_unsure"]


async def test_a_sender_that_is_stopped_before_the_first_byte_gives_the_notice_back(tmp_path: Path) -> None:
    async def stop(message: DueMessage) -> None:
        current = asyncio.current_task()
        assert current is not None
        current.cancel()
        await asyncio.sleep(0)

    async with desk(letters(To(S.posted, tell=notices)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        lease = bench.dependencies.limits.lease
        with pytest.raises(asyncio.CancelledError):
            await asyncio.create_task(
                _whole(deliver(bench.store, bench.clock, {"sms": stop}, owner="one", lease=lease))
            )
        assert await deliver(bench.store, bench.clock, {"sms": take}, owner="two", lease=lease) == {"sent": 3}
        assert await bench.store.incidents(open_only=False) == []


async def _whole(work: Awaitable[object]) -> None:
    await work


@pytest.mark.parametrize("ends", [SystemExit(3), asyncio.CancelledError()], ids=["exits", "cancels itself"])
async def test_a_sender_that_ends_by_itself_is_a_mistake_that_is_told(tmp_path: Path, ends: BaseException) -> None:
    """It was given back at once each time: no other notice went out, and nobody heard of it."""

    async def send(message: DueMessage) -> None:
        if message.occasion == "occasion-1":
            raise ends

    async with desk(letters(To(S.posted, tell=notices)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        lease = bench.dependencies.limits.lease
        came = await deliver(bench.store, bench.clock, {"sms": send}, owner="one", lease=lease)
        assert came["sent"] == 2
        for _ in range(FAILURES):
            bench.clock.advance(timedelta(hours=1))
            await deliver(bench.store, bench.clock, {"sms": send}, owner="one", lease=lease)
        (incident,) = await bench.store.incidents()
        assert incident.kind == "notice_unsent"
        assert type(ends).__name__ in incident.cause

"""Notices that a gateway does not take for a while: how long they are kept, and how often they are tried."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.engine.letters import Letter, PaperOffice, S, desk, letters
from tests.engine.test_outbox import notices
from workflow.engine.outbox import deliver
from workflow.errors import NotSent, Refused
from workflow.flow.definition import To
from workflow.record.values import Message
from workflow.store import DueMessage

SHUT_OUT = NotSent("sms", "sms_send", "it does not let us in: token expired")


async def test_notices_go_out_once_the_gateway_lets_us_in_again(tmp_path: Path) -> None:
    """A token ran out for an hour: each notice was given up at its first try, and stayed so when it was right again."""
    shut = True

    async def send(message: DueMessage) -> None:
        if shut:
            raise SHUT_OUT

    async with desk(letters(To(S.posted, tell=notices)), tmp_path, PaperOffice()) as bench:
        await bench.open(Letter(to=("eve",)))
        await bench.sweep()
        lease, looks = bench.dependencies.limits.lease, 0
        for _ in range(26 * 60):
            came = await deliver(bench.store, bench.clock, {"sms": send}, owner="one", lease=lease)
            looks += came.total()
            bench.clock.advance(timedelta(minutes=1))
        incidents = await bench.store.incidents()
        assert [(one.kind, one.bars) for one in incidents] == [("notice_unsent", False)] * 2, "one a case"
        assert len({one.cause for one in incidents}) == 1, "and one cause"
        assert looks < 6 * 35, "tried more and more seldom"
        for case in {one.case for one in incidents}:
            told = [
                event.body["text"] for event in await bench.store.events(case) if event.kind == "noted" and event.body
            ]
            assert sorted(told) == [f"notice occasion-{n} to ada is not sent yet: {SHUT_OUT}" for n in range(3)]
        shut = False
        bench.clock.advance(timedelta(hours=4))
        came = await deliver(bench.store, bench.clock, {"sms": send}, owner="one", lease=lease)
        assert came == {"sent": 6}
        assert await bench.store.incidents() == []


async def test_a_notice_is_tried_for_three_days_and_told_again_where_a_person_closed_it(tmp_path: Path) -> None:
    tries: list[timedelta] = []

    async with desk(
        letters(To(S.posted, tell=lambda: [Message("one", "ada", "138", "t")])), tmp_path, PaperOffice()
    ) as b:
        await b.sweep()
        began, lease = await b.clock.business(), b.dependencies.limits.lease

        async def send(message: DueMessage) -> None:
            tries.append(await b.clock.business() - began)
            raise SHUT_OUT

        for hour in range(24 * 10):
            if hour == 30:
                (incident,) = await b.store.incidents()
                now, real = await b.clock.business(), await b.clock.real()
                await b.store.close_incident(incident.id, actor="person:test", reason="renewed", now=now, real=real)
            for _ in range(4):
                await deliver(b.store, b.clock, {"sms": send}, owner="one", lease=lease)
                b.clock.advance(timedelta(minutes=15))
        assert timedelta(hours=72) <= tries[-1] <= timedelta(hours=77)
        assert len(tries) < 50
        assert [one.kind for one in await b.store.incidents()] == ["notice_unsent"]
        (message,) = await b.store.messages_of((await b.case()).claim.case)
        assert message.status == "failed"


async def test_one_that_was_refused_stays_told_while_others_go_out(tmp_path: Path) -> None:
    new_incidents: dict[str, list[Exception]] = {
        "occasion-0": [Refused("sms", "sms_send", "on the black list")],
        "occasion-1": [SHUT_OUT] * 6,
    }

    async def send(message: DueMessage) -> None:
        if new_incidents.get(message.occasion):
            raise new_incidents[message.occasion].pop(0)

    async with desk(letters(To(S.posted, tell=notices)), tmp_path, PaperOffice()) as bench:
        await bench.sweep()
        for _ in range(12):
            await deliver(bench.store, bench.clock, {"sms": send}, owner="one", lease=bench.dependencies.limits.lease)
            bench.clock.advance(timedelta(minutes=30))
        assert new_incidents == {"occasion-0": [], "occasion-1": []}
        assert [one.kind for one in await bench.store.incidents()] == ["notice_unsent"]

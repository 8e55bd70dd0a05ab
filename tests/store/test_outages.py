"""What is wrong with no case: queues, beats, deaths in a row, silent remotes, held seats, no account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.schedules.office import Office
from workflow.record.values import Check, Commit
from workflow.schedules.outages import (
    DEATHS,
    DEATHS_WITHIN,
    HELD_FOR,
    SILENCES,
    SILENT_FOR,
    UNSET_FOR,
    UNSET_LOOKS,
    UNTAKEN_FOR,
    WAITED,
)
from workflow.sentence import Quote
from workflow.store import NewCase, Store

SEATED = {"copyright": ["browser"]}
ENTERED = {("copyright", "generating"): "portal"}
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


async def told(office: Office) -> list[tuple[str, str, int]]:
    real, now = await office.clock.real(), await office.clock.business()
    found = await office.store.outages(real=real, now=now, seated=SEATED, entered=ENTERED)
    return [(one.kind, one.about, one.count) for one in found]


async def alive(office: Office, process: str, kind: str = "worker", *queues: str) -> None:
    await office.store.heartbeat(process, kind, queues=queues, doing={}, real=await office.clock.real())


async def test_a_queue_that_due_work_needs_and_nobody_serves_is_told_until_somebody_does(office: Office) -> None:
    await office.add(timing="every 1 h")
    await office.pass_time(timedelta(hours=1))
    assert len(await office.pending("http")) == 1
    await office.pass_time(WAITED - SECOND)
    assert await told(office) == []
    await office.pass_time(SECOND)
    await alive(office, "other", "worker", "browser")
    assert await told(office) == [("queue_unserved", "http", 1)]
    await alive(office, "worker", "worker", "http")
    assert await told(office) == []
    office.clock.advance(MINUTE)
    await office.first_beat.once()
    assert await told(office) == [("queue_unserved", "http", 1)], "it died"


async def test_time_that_jumps_is_no_outage(office: Office) -> None:
    await office.add(timing="every 1 h")
    await office.jump(timedelta(days=2))
    assert await told(office) == []


async def test_schedules_that_no_beat_looks_at_are_told(office: Office) -> None:
    await office.add(timing="every 1 h")
    await office.first_beat.once()
    office.clock.advance(timedelta(hours=1) + WAITED)
    assert await told(office) == [("beat_missing", "beat", 1)]
    await office.first_beat.once()
    assert [kind for kind, *_ in await told(office)] == []


@pytest.mark.parametrize("kind", ["worker", "beat", "embedded"])
async def test_processes_that_die_one_after_another_are_told_for_a_while(office: Office, kind: str) -> None:
    for n in range(DEATHS):
        assert not [one for one in await told(office) if one[0] == "processes_dying"]
        await alive(office, f"host/{n}/1", kind)
        office.clock.advance(5 * MINUTE)
    assert ("processes_dying", kind, DEATHS) in await told(office)
    office.clock.advance(DEATHS_WITHIN)
    assert not [one for one in await told(office) if one[0] == "processes_dying"]


async def test_a_machine_that_stops_with_all_its_processes_is_one_death(office: Office) -> None:
    for n in range(2 * DEATHS):
        await alive(office, f"host/{n}/1")
    office.clock.advance(5 * MINUTE)
    assert await told(office) == []


async def test_who_ends_by_himself_did_not_die(office: Office) -> None:
    for n in range(2 * DEATHS):
        await alive(office, f"host/{n}/1")
        await office.store.forget_heartbeats(await office.clock.real(), process=f"host/{n}/1")
        office.clock.advance(5 * MINUTE)
    assert await told(office) == []


async def test_a_remote_that_does_not_answer_again_and_again_is_told_until_it_does(office: Office) -> None:
    async def noted(status: str) -> None:
        now = await office.clock.business()
        await office.store.note_health("sms", status, Quote("ConnectError"), latency_ms=None, now=now)

    for n in range(61):
        assert bool(await told(office)) == (n > 60), n
        await noted("down")
        office.clock.advance(30 * SECOND)
    assert await told(office) == [("remote_down", "sms", 61)]
    assert SILENCES <= 61
    assert SILENT_FOR == 60 * 30 * SECOND
    await noted("up")
    assert await told(office) == []


async def test_a_setting_that_cases_wait_for_is_told_until_no_worker_lacks_it(office: Office) -> None:
    """One line a setting, however many cases; those that wait for something else count for nothing."""
    begun, lacks = await office.clock.business(), {"runs": 0, "lacks": ["CASEWARD_SMS_URL", "CASEWARD_X_URL"]}

    async def started(process: str, doing: dict[str, Any]) -> None:
        await office.store.heartbeat(process, "worker", queues=["http"], doing=doing, real=await office.clock.real())

    async def looked(number: str, state: str, *settings: str) -> None:
        body = {"why": "unset", "state": state, "settings": list(settings)}
        now, real = await office.clock.business(), await office.clock.real()
        check = Check("the same" + str(settings), now, now, 1, body)
        commit = Commit(guard="epoch", check=check, due_at=now)
        await office.store.command(number, None, lambda _: commit, now=now, real=real)

    new = NewCase("copyright", 1, "RZ", "generating", {})
    await office.store.create([new] * 4, actor="person:clerk", reason=None, now=begun)
    while await office.clock.business() - begun < UNSET_FOR:
        assert await told(office) == []
        await started("host/1/1", lacks)
        for number in ("RZ-0001", "RZ-0002"):
            await looked(number, "generating", "CASEWARD_GENERATOR_URL", "CASEWARD_SMS_URL")
        await looked("RZ-0003", "generating", "CASEWARD_GENERATOR_URL")
        await looked("RZ-0004", "elsewhere", "CASEWARD_X_URL")
        office.clock.advance(UNSET_FOR / 6)
    await started("host/1/1", lacks)
    assert await told(office) == [("setting_missing", "CASEWARD_SMS_URL", 2)]
    await started("host/2/1", {"runs": 0})
    assert await told(office) == [("setting_missing", "CASEWARD_SMS_URL", 2)], "one of two has it"
    await office.store.forget_heartbeats(begun, process="host/1/1")
    assert await told(office) == []


async def test_a_setting_is_told_after_some_looks_however_quick_they_are(office: Office) -> None:
    now, real = await office.clock.business(), await office.clock.real()
    lacks = {"lacks": ["CASEWARD_SMS_URL"]}
    await office.store.heartbeat("host/1/1", "worker", queues=["http"], doing=lacks, real=real)
    new = NewCase("copyright", 1, "RZ", "generating", {})
    await office.store.create([new], actor="person:clerk", reason=None, now=now)
    body = {"why": "unset", "state": "generating", "settings": ["CASEWARD_SMS_URL"]}
    commit = Commit(guard="epoch", check=Check("the same", now, now, 1, body), due_at=now)
    for _ in range(UNSET_LOOKS):
        assert await told(office) == []
        await office.store.command("RZ-0001", None, lambda _: commit, now=now, real=real)
    assert await told(office) == [("setting_missing", "CASEWARD_SMS_URL", 1)]


async def test_an_account_that_its_holder_keeps_is_told_until_it_comes_back(office: Office) -> None:
    account = await office.store.add_account("portal", "lanxi", "pass")
    real, cutoff = await office.clock.real(), await office.clock.business()
    lease = timedelta(seconds=60)
    seat = await office.store.lease_seat(
        "portal", owner="host/1/1", real=real, lease=lease, cutoff=cutoff, account=account
    )
    assert seat is not None
    while await office.clock.real() - real < HELD_FOR:
        assert await told(office) == []
        office.clock.advance(30 * SECOND)
        assert await office.store.renew_seat(
            seat, real=await office.clock.real(), until=await office.clock.real() + lease
        )
    assert await told(office) == [("seat_held", "lanxi", 1)]
    await office.store.release_seat(seat, clean=False)
    assert await told(office) == []


async def test_cases_that_no_account_can_take_are_told_until_one_can(office: Office) -> None:
    """Without any account they stood for twenty days, and all that was said of it was a word in the log of runs."""
    due = await office.clock.business()
    untaken = NewCase("copyright", 1, "RZ", "generating", {}, queue="browser")
    plain = NewCase("copyright", 1, "RZ", "generating", {})
    await office.store.create([untaken, untaken, plain], actor="person:clerk", reason=None, now=due)
    account = await office.store.add_account("portal", "office-01", "pass", usable=False)
    await office.store.add_account("bank", "teller", "pass", usable=True)
    office.clock.advance(UNTAKEN_FOR - SECOND)
    assert await told(office) == []
    office.clock.advance(SECOND)
    assert await told(office) == [("account_missing", "portal", 2)]
    await office.store.mark_account(account, True)
    assert await told(office) == []

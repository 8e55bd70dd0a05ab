"""A claim gives a case to one worker at a time, and to nobody what is not to be worked on."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from tests.store.desk import LEASE, Desk, moved
from workflow.errors import Fenced
from workflow.record.values import Commit, Entry, NewIncident


async def test_a_due_case_is_claimed_once(desk: Desk) -> None:
    await desk.open()
    (claim,) = await desk.claim()
    assert (claim.number, claim.state, claim.seq, claim.owner) == ("RZ-0001", "unprocessed", 1, "one")
    assert claim.lease_until == desk.real + LEASE
    assert await desk.claim(owner="two") == []


async def test_eight_claimers_get_each_case_once(desk: Desk) -> None:
    opened = await desk.open(120)

    async def take(owner: str) -> list[str]:
        mine: list[str] = []
        while claims := await desk.claim(limit=7, owner=owner):
            mine += [claim.case for claim in claims]
        return mine

    taken = await asyncio.gather(*(take(f"worker-{number}") for number in range(8)))
    counts = Counter(case for mine in taken for case in mine)
    assert counts == Counter(created.case for created in opened)


async def test_claims_come_by_due_time(desk: Desk) -> None:
    (late,) = await desk.open(due_at=desk.now - timedelta(minutes=1))
    (early,) = await desk.open(due_at=desk.now - timedelta(hours=1))
    await desk.open(due_at=desk.now + timedelta(seconds=1))
    assert [claim.case for claim in await desk.claim()] == [early.case, late.case]


async def test_each_claim_has_a_higher_epoch(desk: Desk) -> None:
    claim = await desk.one()
    await desk.commit(claim, Commit(guard="epoch", release=True))
    (again,) = await desk.claim(owner="two")
    assert again.epoch > claim.epoch


@pytest.mark.parametrize(
    "commit",
    [
        Commit(guard="version", auto=False),
        Commit(guard="version", held="a question is open", entries=(Entry("held", {"reason": "q"}, "person:clerk"),)),
        Commit(guard="version", final=True),
        Commit(guard="version", deferred="seat"),
        Commit(guard="version", queue="browser"),
        Commit(guard="version", new_incidents=(NewIncident("drifted", "the page changed", {}),)),
    ],
    ids=["not automatic", "held", "final", "deferred", "of another queue", "barred"],
)
async def test_what_is_not_to_be_worked_on_is_not_claimed(desk: Desk, commit: Commit) -> None:
    (created,) = await desk.open()
    await desk.command(created.case, commit)
    assert await desk.claim() == []
    assert (await desk.store.case(created.case)).claim.epoch.number == 0


async def test_an_incident_that_does_not_bar_lets_the_case_be_claimed(desk: Desk) -> None:
    (created,) = await desk.open()
    await desk.command(
        created.case, Commit(guard="version", new_incidents=(NewIncident("lapsed", "why", {}, bars=False),))
    )
    assert len(await desk.claim()) == 1


async def test_a_case_of_a_newer_flow_is_left_alone(desk: Desk) -> None:
    await desk.open(flow_version=2)
    assert await desk.claim(version=1) == []
    assert len(await desk.claim(version=2)) == 1


async def test_a_renewed_lease_lasts_longer(desk: Desk) -> None:
    claim = await desk.one()
    later = desk.real + timedelta(minutes=5)
    assert await desk.store.renew([claim], real=desk.real, until=later) == {claim.case}
    assert await desk.store.gate(claim, real=desk.real) == later


async def test_a_lease_that_ran_out_is_not_renewed(desk: Desk) -> None:
    claim = await desk.one()
    desk.pass_time(LEASE)
    assert await desk.store.renew([claim], real=desk.real, until=desk.real + LEASE) == set()
    with pytest.raises(Fenced):
        await desk.store.gate(claim, real=desk.real)


async def test_a_case_whose_worker_died_is_claimed_later_and_alone(desk: Desk) -> None:
    await desk.open(3)
    dead = await desk.claim()
    desk.pass_time(LEASE)
    assert await desk.claim(owner="two") == []
    assert {(await desk.store.case(claim.case)).claim.crash_count for claim in dead} == {1}
    assert await desk.claim(owner="two", crashed=True) == [], "due again only after a while"
    desk.pass_time(timedelta(minutes=2))
    assert await desk.claim(owner="two") == [], "a batch never takes a suspect"
    assert len(await desk.claim(limit=100, owner="two", crashed=True)) == 1


async def test_three_deaths_are_counted_and_each_pushes_the_case_further_back(desk: Desk) -> None:
    (created,) = await desk.open()
    waits = []
    for _ in range(3):
        row = await desk.store.case(created.case)
        desk.pass_time(row.due_at - desk.now if row.due_at and row.due_at > desk.now else timedelta())
        assert await desk.claim(crashed=row.claim.crash_count > 0)
        desk.pass_time(LEASE)
        assert await desk.claim() == []
        due = (await desk.store.case(created.case)).due_at
        assert due is not None
        waits.append(due - desk.now)
    assert (await desk.store.case(created.case)).claim.crash_count == 3
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]


async def test_progress_clears_the_count_of_crashes(desk: Desk) -> None:
    await desk.one()
    desk.pass_time(LEASE)
    await desk.claim()
    desk.pass_time(timedelta(minutes=2))
    (suspect,) = await desk.claim(crashed=True)
    await desk.commit(suspect, moved("generating", suspect, crash_count=0, due_at=desk.now))
    assert len(await desk.claim(state="generating")) == 1


async def test_a_named_sweep_walks_by_id_and_leaves_due_times_alone(desk: Desk) -> None:
    opened = await desk.open(5, due_at=desk.now + timedelta(days=3))
    seen: list[str] = []
    while claims := await desk.claim(limit=2, only="fetch_ids", after=seen[-1] if seen else None):
        assert {claim.only for claim in claims} == {"fetch_ids"}
        seen += [claim.case for claim in claims]
        commits = [(claim, Commit(guard="epoch", release=True)) for claim in claims]
        await desk.store.commit_many(commits, now=desk.now, real=desk.real)
    assert seen == sorted(created.case for created in opened)
    assert {(await desk.store.case(case)).due_at for case in seen} == {desk.now + timedelta(days=3)}


async def test_a_named_sweep_takes_the_states_that_hold_its_line(desk: Desk) -> None:
    await desk.open(state="unprocessed")
    await desk.open(state="generating")
    await desk.open(state="submitted")
    claims = await desk.claim(state=["unprocessed", "generating"], only="fetch_ids")
    assert {claim.state for claim in claims} == {"unprocessed", "generating"}


async def test_the_next_due_time_is_of_cases_that_could_be_claimed(desk: Desk) -> None:
    assert await desk.store.next_due(real=desk.real) is None
    soon, later = desk.now + timedelta(hours=1), desk.now + timedelta(hours=9)
    (first,) = await desk.open(due_at=soon)
    await desk.open(due_at=later)
    assert await desk.store.next_due(real=desk.real) == soon
    await desk.command(first.case, Commit(guard="version", deferred="seat"))
    assert await desk.store.next_due(real=desk.real) == later


async def test_work_under_way_is_known(desk: Desk) -> None:
    claim = await desk.one()
    assert await desk.store.anything_leased(desk.real)
    await desk.commit(claim, Commit(guard="epoch", release=True))
    assert not await desk.store.anything_leased(desk.real)

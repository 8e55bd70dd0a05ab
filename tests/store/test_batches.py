"""Many cases in one transaction: what held is said row by row, and a bad row harms no other."""

from __future__ import annotations

from datetime import timedelta

from tests.store.desk import Desk, changed, effect, moved
from workflow.record.values import Check, Claim, Commit, Entry, Message, NewIncident


async def test_many_moves_hold_at_once(desk: Desk) -> None:
    await desk.open(50)
    claims = await desk.claim()
    told = Message("welcome", "owner-1", "1", "text")
    held = await desk.store.commit_many(
        [(claim, moved("generating", claim, messages=(told,), due_at=desk.now)) for claim in claims],
        now=desk.now,
        real=desk.real,
    )
    assert held == {claim.case for claim in claims}
    assert await desk.store.counts() == {("copyright", "generating"): 50}
    assert await desk.store.unsent() == 50
    assert await desk.store.verify() is None
    assert len(await desk.claim(state="generating")) == 50


async def test_what_was_changed_meanwhile_does_not_come_back(desk: Desk) -> None:
    await desk.open(3)
    claims = await desk.claim()
    await desk.command(claims[1].case, changed({"title": "B"}, claims[1]))
    pairs = [(claim, moved("generating", claim)) for claim in claims]
    assert await desk.store.commit_many(pairs, now=desk.now, real=desk.real) == {claims[0].case, claims[2].case}
    assert [len(await desk.store.events(claim.case)) for claim in claims] == [2, 2, 2]


async def test_what_was_claimed_by_another_does_not_come_back(desk: Desk) -> None:
    await desk.open(2)
    claims = await desk.claim()
    await desk.commit(claims[0], Commit(guard="epoch", release=True))
    await desk.claim(owner="two")
    waits = [(claim, Commit(guard="epoch", due_at=desk.now, release=True)) for claim in claims]
    assert await desk.store.commit_many(waits, now=desk.now, real=desk.real) == {claims[1].case}


async def test_waits_are_counted_and_change_no_version(desk: Desk) -> None:
    await desk.open(3)
    for digest in ("a", "a", "b"):
        claims = await desk.claim()
        check = Check(digest, desk.now, desk.now, 1, {"why": digest})
        again = desk.now + timedelta(minutes=10)
        waits = [(claim, Commit(guard="epoch", check=check, due_at=again, release=True)) for claim in claims]
        assert len(await desk.store.commit_many(waits, now=desk.now, real=desk.real)) == 3
        desk.pass_time(timedelta(minutes=10))
    for row in await desk.store.cases():
        runs = await desk.store.checks(row.claim.case)
        assert [(run.digest, run.count) for run in runs] == [("a", 2), ("b", 1)]
        assert row.claim.seq == 1


async def test_one_bad_row_is_a_persons_and_its_batch_goes_on(desk: Desk) -> None:
    await desk.open(4)
    claims = await desk.claim()

    def commit(claim: Claim) -> Commit:
        if claim is claims[0]:
            return moved("generating", claim, data={"amount": float("inf")})
        if claim is claims[1]:
            return moved("generating", claim, messages=(Message("granted", None, "1", "text"),))  # type: ignore[arg-type]
        return moved("generating", claim)

    pairs = [(claim, commit(claim)) for claim in claims]
    held = await desk.store.commit_many(pairs, now=desk.now, real=desk.real)
    assert held == {claims[2].case, claims[3].case}
    found = await desk.store.incidents()
    assert {(incident.case, incident.kind) for incident in found} == {
        (claims[0].case, "unrecordable"),
        (claims[1].case, "unrecordable"),
    }
    assert await desk.claim() == []
    assert await desk.store.verify() is None


async def test_commits_with_more_than_a_row_go_in_the_same_transaction(desk: Desk) -> None:
    await desk.open(3)
    claims = await desk.claim()
    row = effect(claims[1])
    pairs = [
        (claims[0], moved("generating", claims[0])),
        (claims[1], Commit(guard="epoch", effects=(row,), release=True)),
        (claims[2], Commit(guard="epoch", new_incidents=(NewIncident("drifted", "why", {}),), release=True)),
    ]
    assert len(await desk.store.commit_many(pairs, now=desk.now, real=desk.real)) == 3
    assert (await desk.store.case(claims[1].case)).claim.effects == (row,)
    assert [incident.case for incident in await desk.store.incidents()] == [claims[2].case]


async def test_a_row_that_cannot_be_read_is_a_persons_and_the_others_are_claimed(desk: Desk) -> None:
    opened = await desk.open(3)
    async with desk.store.engine.begin() as connection:
        broken = "UPDATE cases SET data = '{\"half' WHERE number = 'RZ-0002'"
        await connection.exec_driver_sql(broken)
    assert {claim.case for claim in await desk.claim()} == {opened[0].case, opened[2].case}
    (incident,) = await desk.store.incidents()
    assert (incident.case, incident.kind) == (opened[1].case, "unreadable")
    assert await desk.claim(owner="two") == []


async def test_an_entry_under_the_epoch_alone_is_chained_to_what_a_person_wrote(desk: Desk) -> None:
    await desk.open()
    (claim,) = await desk.claim()
    await desk.command(claim.case, changed({"title": "B"}, claim))
    note = Commit(guard="epoch", entries=(Entry("noted", {"text": "seen"}, "worker:one"),), release=True)
    assert await desk.store.commit_many([(claim, note)], now=desk.now, real=desk.real) == {claim.case}
    assert [event.seq for event in await desk.store.events(claim.case)] == [1, 2, 3]
    assert await desk.store.verify() is None

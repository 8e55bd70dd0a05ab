"""One transaction on one case: it holds whole under its guard, or nothing of it is written."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.store.desk import ACTOR, LEASE, Desk, changed, decided, effect, moved
from workflow.errors import Conflict, Fenced, NotAllowed, NotFound
from workflow.record.events import fold, verify
from workflow.record.values import Check, Commit, EffectStatus, Entry, Message
from workflow.sentence import Sentence


async def test_a_move_writes_state_and_event_and_gives_the_lease_back(desk: Desk) -> None:
    claim = await desk.one()
    desk.pass_time(timedelta(seconds=3))
    after = await desk.commit(claim, moved("generating", claim, data={"title": "A", "order": 7}, due_at=desk.now))
    row = await desk.store.case(claim.case)
    assert (row.claim.state, row.claim.seq, row.claim.owner) == ("generating", 2, "")
    assert row.claim.data == {"title": "A", "order": 7}
    assert row.claim.entered_at == desk.now
    assert after == row.claim
    created, event = await desk.store.events(claim.case)
    assert (created.kind, event.kind, event.seq, event.at) == ("created", "moved", 2, desk.now)
    assert event.hash == row.claim.head


async def test_a_commit_of_a_lease_given_back_is_fenced(desk: Desk) -> None:
    claim = await desk.one()
    await desk.commit(claim, Commit(guard="epoch", release=True))
    with pytest.raises(Fenced):
        await desk.commit(claim, moved("generating", claim))
    assert len(await desk.store.events(claim.case)) == 1


async def test_a_worker_that_was_replaced_is_fenced(desk: Desk) -> None:
    late = await desk.one(owner="late")
    desk.pass_time(LEASE)
    await desk.claim()
    desk.pass_time(timedelta(minutes=5))
    (claim,) = await desk.claim(owner="next", crashed=True)
    for guard in ("version", "decision", "epoch"):
        with pytest.raises(Fenced):
            await desk.commit(late, Commit(guard=guard, state="granted"))
    await desk.commit(claim, moved("generating", claim))


async def test_a_lease_that_ran_out_but_was_not_taken_still_records_what_is_known(desk: Desk) -> None:
    claim = await desk.one()
    desk.pass_time(LEASE * 2)
    assert (await desk.commit(claim, moved("generating", claim))).state == "generating"


async def test_a_move_rests_on_the_version_that_was_seen(desk: Desk) -> None:
    claim = await desk.one()
    await desk.command(claim.case, changed({"title": "B"}, claim))
    with pytest.raises(Fenced):
        await desk.commit(claim, moved("generating", claim))


async def test_an_outcome_rests_on_its_decision_and_keeps_what_a_person_wrote_meanwhile(desk: Desk) -> None:
    claim = await desk.one()
    claim = await desk.commit(claim, decided(claim))
    assert claim.decision is not None
    assert (claim.decision.number, claim.decision.line, claim.decisions) == (1, "ordering", 1)
    await desk.command(claim.case, changed({"phone": "1"}, claim))
    outcome = replace(
        moved("generating", claim, data={"title": "A", "order": 7}, decision="clear"),
        guard="decision",
        effects=(effect(claim, EffectStatus.done, result={"order": 7}),),
        entries=(Entry("moved", {"from": claim.state, "to": "generating", "patch": {"order": 7}}, ACTOR),),
    )
    after = await desk.commit(claim, outcome)
    assert after.data == {"title": "A", "phone": "1", "order": 7}
    assert after.decision is None
    assert after.effects[0].result == {"order": 7}
    assert fold(await desk.store.events(claim.case)).data == after.data


async def test_an_outcome_of_a_decision_that_was_given_up_is_fenced(desk: Desk) -> None:
    claim = await desk.one()
    claim = await desk.commit(claim, decided(claim))
    given_up = Commit(guard="version", entries=(Entry("abandoned", {"number": 1}, "person:clerk"),), decision="clear")
    await desk.command(claim.case, given_up)
    with pytest.raises(Fenced):
        await desk.commit(claim, replace(moved("generating", claim), guard="decision"))
    late = effect(claim, EffectStatus.done)
    after = await desk.commit(claim, Commit(guard="epoch", effects=(late,)))
    assert after.effects == (late,), "the effect itself is recorded under the epoch alone"


async def test_what_is_committed_is_folded_from_the_events(desk: Desk) -> None:
    claim = await desk.one()
    claim = await desk.commit(claim, decided(claim))
    held = Commit(
        guard="version", entries=(Entry("held", {"reason": "a question"}, "person:clerk"),), held="a question"
    )
    row = await desk.command(claim.case, held)
    folded = fold(await desk.store.events(claim.case))
    assert (folded.state, folded.data, folded.round) == (row.state, row.data, row.round)
    assert (folded.decision, folded.hold, folded.seq) == (1, row.held, row.seq)
    assert folded.flow_version == row.flow_version


async def test_waits_of_the_same_digest_are_one_run(desk: Desk) -> None:
    claim = await desk.one()
    first = desk.now

    def wait(digest: str) -> Commit:
        return Commit(guard="epoch", check=Check(digest, desk.now, desk.now, 1, {"why": digest}))

    for digest in ("unpaid", "unpaid", "unpaid", "closed"):
        claim = await desk.commit(claim, wait(digest))
        desk.pass_time(timedelta(minutes=10))
    unpaid, closed = await desk.store.checks(claim.case)
    assert (unpaid.digest, unpaid.count, unpaid.first) == ("unpaid", 3, first)
    assert unpaid.last == first + timedelta(minutes=20)
    assert (closed.digest, closed.count, closed.body) == ("closed", 1, {"why": "closed"})
    assert claim.seq == 1, "a wait changes no version"


async def test_a_hold_is_cleared_and_left(desk: Desk) -> None:
    (created,) = await desk.open()
    held = await desk.command(created.case, Commit(guard="version", held="q", deferred="seat"))
    assert held.held == "q"
    same = await desk.command(created.case, Commit(guard="version", auto=False))
    assert (same.held, same.auto) == ("q", False)
    cleared = await desk.command(created.case, Commit(guard="version", held="", deferred=""))
    assert cleared.held is None
    assert (await desk.store.case(created.case)).deferred is None


async def test_a_final_case_is_no_longer_due(desk: Desk) -> None:
    claim = await desk.one()
    await desk.commit(claim, moved("granted", claim, final=True, due_at=desk.now))
    row = await desk.store.case(claim.case)
    assert row.final
    assert row.due_at is None


async def test_a_command_on_another_version_is_a_conflict(desk: Desk) -> None:
    claim = await desk.one()
    await desk.command(claim.number, changed({"title": "B"}, claim), version=1)
    with pytest.raises(Conflict, match="version 2, you saw 1"):
        await desk.command(claim.number, changed({"title": "C"}, claim), version=1)
    with pytest.raises(NotFound):
        await desk.command("RZ-9999", Commit(guard="version"))


async def test_a_command_sees_who_is_at_work_and_may_refuse(desk: Desk) -> None:
    claim = await desk.one(owner="one")
    seen = []

    def force(case: object) -> Commit:
        seen.append(case)
        raise NotAllowed(claim.number, Sentence("force", "force"), Sentence("busy", "it is worked on"))

    with pytest.raises(NotAllowed):
        await desk.store.command(claim.case, 1, force, now=desk.now, real=desk.real)
    with pytest.raises(NotAllowed):
        await desk.store.command(claim.case, 1, force, now=desk.now, real=desk.real + LEASE)
    assert [(case.owner, case.lease_until) for case in seen] == [  # type: ignore[attr-defined]
        ("one", claim.lease_until),
        ("", claim.lease_until),
    ]


async def test_many_commands_at_once_leave_a_chain_without_a_gap(desk: Desk) -> None:
    claim = await desk.one()
    await asyncio.gather(*(desk.command(claim.case, changed({f"field_{n}": n}, claim)) for n in range(12)))
    written = await desk.store.events(claim.case)
    assert [event.seq for event in written] == list(range(1, 14))
    stands = (await desk.store.case(claim.case)).claim
    assert verify(written, {stands.case: (stands.seq, stands.head)}, desk.store.vault.chain) is None


async def test_a_commit_that_cannot_be_written_leaves_nothing(desk: Desk) -> None:
    claim = await desk.one()
    with pytest.raises(ValueError, match="JSON compliant"):
        await desk.commit(claim, moved("generating", claim, data={"amount": float("nan")}))
    assert (await desk.store.case(claim.case)).claim.seq == 1
    assert len(await desk.store.events(claim.case)) == 1


async def test_a_seat_wakes_the_cases_that_waited_for_it(desk: Desk) -> None:
    account = await desk.store.add_account("portal", "13800000000", "secret")
    (login,) = await desk.open(flow="accounts", prefix="ZH", account=account, account_case=True, state="lapsed")
    waiting = await desk.open(2, account=account, queue="browser")
    await desk.command(login.case, Commit(guard="version", due_at=desk.now + timedelta(days=1)))
    for created in waiting:
        await desk.command(created.case, Commit(guard="version", deferred="seat", nudge=True))
    assert (await desk.store.case(login.case)).due_at == desk.now, "the login is due as soon as somebody waits for it"
    desk.pass_time(timedelta(hours=1))
    await desk.command(login.case, Commit(guard="version", wakes="seat"))
    rows = [await desk.store.case(created.case) for created in waiting]
    assert [(row.deferred, row.due_at) for row in rows] == [(None, desk.now), (None, desk.now)]


async def test_a_message_is_told_once_a_round(desk: Desk) -> None:
    claim = await desk.one()
    told = Message("granted", "owner-1", "13800000000", "好消息")
    claim = await desk.commit(claim, Commit(guard="epoch", messages=(told,)))
    claim = await desk.commit(claim, Commit(guard="epoch", messages=(told,)))
    assert await desk.store.unsent() == 1
    await desk.commit(claim, Commit(guard="epoch", messages=(told,), round=1))
    assert await desk.store.unsent() == 2


async def test_the_claim_goes_by_its_index(desk: Desk) -> None:
    if desk.store.sqlite:
        plan = "EXPLAIN QUERY PLAN "
        flags = "auto = 1 AND barred = 0 AND final = 0"
    else:
        plan = "EXPLAIN "
        flags = "auto = true AND NOT barred AND NOT final"
    query = (
        f"{plan} SELECT id FROM cases WHERE flow = 'f' AND state = 's' AND queue = 'http' AND {flags}"
        " AND held IS NULL AND deferred IS NULL"
        " AND due_at <= '2026-01-01T00:00:00.000000Z' ORDER BY due_at, id LIMIT 100"
    )
    async with desk.store.engine.begin() as connection:
        if not desk.store.sqlite:
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        said = " ".join(str(row) for row in await connection.execute(text(query)))
    assert "cases_due" in said
    assert "TEMP B-TREE" not in said
    assert "Sort" not in said

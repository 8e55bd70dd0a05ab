"""A COMMIT whose reply is lost may have held: it is read back, and nothing is written twice or given up."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.schedules.office import Office
from tests.store.away import away
from tests.store.desk import LEASE, Desk, changed, moved
from workflow.errors import DatabaseUnusable
from workflow.record.values import Commit, Message


@contextmanager
def commits_cut(desk: Desk, times: int, *, applied: bool) -> Iterator[list[int]]:
    """The connection dies at the next COMMITs, after or before the database took them."""
    dialect = desk.store.engine.sync_engine.dialect
    real: Callable[[Any], None] = dialect.do_commit
    cut: list[int] = []
    error = (
        sqlite3.OperationalError("disk I/O error")
        if desk.store.sqlite
        else psycopg.OperationalError("server closed the connection unexpectedly")
    )

    def do_commit(connection: Any) -> None:
        if len(cut) < times:
            cut.append(1)
            (real if applied else dialect.do_rollback)(connection)
            raise error
        real(connection)

    dialect.do_commit = do_commit  # type: ignore[assignment,method-assign]
    try:
        yield cut
    finally:
        dialect.do_commit = real  # type: ignore[assignment,method-assign]


@pytest.mark.parametrize("applied", [True, False])
async def test_a_commit_without_reply_comes_to_one_event(desk: Desk, applied: bool) -> None:
    claim = await desk.one()
    with commits_cut(desk, 1, applied=applied) as cut:
        after = await desk.commit(claim, moved("generating", claim))
    assert cut
    assert after.state == "generating"
    assert [event.kind for event in await desk.store.events(claim.case)] == ["created", "moved"]
    assert await desk.store.verify() is None


@pytest.mark.parametrize("applied", [True, False])
async def test_a_commit_without_event_or_reply_holds_once(desk: Desk, applied: bool) -> None:
    claim = await desk.one()
    with commits_cut(desk, 1, applied=applied):
        after = await desk.commit(claim, Commit(guard="epoch", failures=3, release=True))
    assert after.failures == 3
    assert len(await desk.claim(owner="two")) == 1


@pytest.mark.parametrize("applied", [True, False])
async def test_a_batch_without_reply_is_read_back(desk: Desk, applied: bool) -> None:
    await desk.open(3)
    claims = await desk.claim()
    with commits_cut(desk, 1, applied=applied):
        pairs = [(claim, moved("generating", claim)) for claim in claims]
        held = await desk.store.commit_many(pairs, now=desk.now, real=desk.real)
    assert held == {claim.case for claim in claims}
    assert await desk.store.counts() == {("copyright", "generating"): 3}
    assert {len(await desk.store.events(claim.case)) for claim in claims} == {2}


@pytest.mark.parametrize("applied", [True, False])
async def test_waits_without_reply_are_read_back(desk: Desk, applied: bool) -> None:
    await desk.open(3)
    claims = await desk.claim()
    with commits_cut(desk, 1, applied=applied):
        pairs = [(claim, Commit(guard="epoch", due_at=desk.now, release=True)) for claim in claims]
        held = await desk.store.commit_many(pairs, now=desk.now, real=desk.real)
    assert held == {claim.case for claim in claims}


@pytest.mark.parametrize("applied", [True, False])
async def test_a_command_without_reply_is_accepted_once(desk: Desk, applied: bool) -> None:
    claim = await desk.one()
    with commits_cut(desk, 1, applied=applied):
        after = await desk.command(claim.case, changed({"title": "B"}, claim), version=1)
    assert (after.seq, after.data) == (2, {"title": "B"})


@pytest.mark.parametrize("applied", [True, False])
async def test_an_import_without_reply_opens_each_case_once(desk: Desk, applied: bool) -> None:
    with commits_cut(desk, 1, applied=applied):
        opened = await desk.open(3)
    assert [created.number for created in opened] == ["RZ-0001", "RZ-0002", "RZ-0003"]
    assert await desk.store.counts() == {("copyright", "unprocessed"): 3}


@pytest.mark.parametrize("applied", [True, False])
async def test_a_code_without_reply_is_news_once(desk: Desk, applied: bool) -> None:
    claim = await desk.one()
    with commits_cut(desk, 1, applied=applied):
        assert await desk.store.put_code(claim.case, "owner-1", 0, "739164", now=desk.now)
    assert not await desk.store.put_code(claim.case, "owner-1", 0, "739164", now=desk.now)


@pytest.mark.parametrize("applied", [True, False])
async def test_an_answer_taken_without_reply_is_not_lost(desk: Desk, applied: bool) -> None:
    claim = await desk.one()
    await desk.store.put_code(claim.case, "operator", 0, "xk7", now=desk.now, kind="captcha")
    with commits_cut(desk, 1, applied=applied):
        assert await desk.store.take_answer(claim.case, "operator", now=desk.now) == "xk7"
    assert await desk.store.take_answer(claim.case, "operator", now=desk.now) is None


async def test_a_database_that_answers_no_commit_is_named(desk: Desk) -> None:
    claim = await desk.one()
    with commits_cut(desk, 1000, applied=False), pytest.raises(DatabaseUnusable):
        await desk.commit(claim, moved("generating", claim))


@pytest.mark.parametrize("applied", [True, False])
async def test_cases_claimed_without_reply_are_their_claimers(desk: Desk, applied: bool) -> None:
    await desk.open(3)
    with commits_cut(desk, 1, applied=applied):
        claims = await desk.claim()
    assert len(claims) == 3
    for claim in claims:
        assert (await desk.commit(claim, moved("generating", claim))).state == "generating"


@pytest.mark.parametrize("applied", [True, False])
async def test_a_seat_leased_without_reply_is_its_holders(desk: Desk, applied: bool) -> None:
    account = await desk.store.add_account("portal", "lanxi-rz-01", "a password")
    with commits_cut(desk, 1, applied=applied):
        seat = await desk.seat(account)
    assert seat is not None
    assert await desk.store.renew_seat(seat, real=desk.real, until=desk.real + LEASE)


@pytest.mark.parametrize("applied", [True, False])
async def test_a_notice_taken_without_reply_is_sent_by_its_taker(desk: Desk, applied: bool) -> None:
    claim = await desk.one()
    await desk.commit(claim, Commit(guard="epoch", messages=(Message("filed", "owner-1", "138", "text"),)))
    with commits_cut(desk, 1, applied=applied):
        taken = await desk.store.due_messages(5, owner="one", now=desk.now, real=desk.real, lease=LEASE)
    assert [message.occasion for message in taken] == ["filed"]


@pytest.mark.parametrize("applied", [True, False])
async def test_a_run_begun_without_reply_is_its_beginners(desk: Desk, applied: bool) -> None:
    office = Office(desk.store)
    await office.add()
    await office.timetable.run_now("notices")
    (waiting,) = await office.pending("http")
    with commits_cut(desk, 1, applied=applied):
        begun = await office.begin(waiting)
    assert begun is not None
    assert await office.finish(begun)


async def test_whether_it_held_is_asked_until_somebody_answers(desk: Desk) -> None:
    """A COMMIT that held is never taken for one that did not, though the database is away for a while after it."""
    claim = await desk.one()
    with commits_cut(desk, 1, applied=True), away(desk.store.engine, 7, after_commit=True):
        after = await desk.commit(claim, moved("generating", claim))
    assert after.state == "generating"
    assert len(await desk.store.events(claim.case)) == 2

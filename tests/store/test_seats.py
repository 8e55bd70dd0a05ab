"""An account is one seat: one holder, one session, and nobody inherits what another left half done."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.store.desk import LEASE, Desk
from workflow.errors import Conflict, Fenced, NotFound
from workflow.record.values import Commit, Seat


async def account(desk: Desk, login: str, *, usable: bool = True) -> str:
    return await desk.store.add_account("portal", login, f"password of {login}", usable=usable)


async def due(desk: Desk, account_: str | None = None) -> str:
    (created,) = await desk.open(queue="browser", account=account_)
    return created.case


async def taken(desk: Desk, account_: str | None = None, owner: str = "one") -> Seat:
    seat = await desk.seat(account_, owner)
    assert seat is not None
    return seat


async def test_a_password_is_read_with_its_version(desk: Desk) -> None:
    id_ = await account(desk, "a")
    assert await desk.store.password(id_) == ("password of a", 1)
    assert await desk.store.set_password(id_, "new") == 2
    assert await desk.store.password(id_) == ("new", 2)
    with pytest.raises(NotFound):
        await desk.store.password("nobody")


async def test_a_login_is_known_once(desk: Desk) -> None:
    await account(desk, "a")
    with pytest.raises(Conflict):
        await account(desk, "a")
    assert [known.login for known in await desk.store.accounts("portal")] == ["a"]


async def test_a_seat_has_one_holder(desk: Desk) -> None:
    id_ = await account(desk, "a")
    await due(desk, id_)
    seats = await asyncio.gather(*(desk.seat(owner=f"worker-{n}") for n in range(6)))
    assert sum(seat is not None for seat in seats) == 1


async def test_a_seat_is_leased_only_for_work(desk: Desk) -> None:
    id_ = await account(desk, "a")
    assert await desk.seat() is None
    await desk.open(queue="browser", account=id_, due_at=desk.now + timedelta(hours=1))
    assert await desk.seat() is None
    desk.pass_time(timedelta(hours=1))
    assert (await taken(desk)).account == id_


async def test_a_seat_is_leased_for_no_other_flows_work(desk: Desk) -> None:
    id_ = await account(desk, "a")
    await desk.open(flow="permits", prefix="PE", queue="browser")
    await desk.open(flow="permits", prefix="PE", queue="browser", account=id_)
    assert await desk.seat() is None
    await due(desk)
    assert (await taken(desk)).account == id_


async def test_an_account_that_is_not_usable_still_serves_its_own_login_case(desk: Desk) -> None:
    id_ = await account(desk, "a", usable=False)
    await due(desk)
    assert await desk.seat() is None, "it takes no case that has no account yet"
    await desk.open(flow="accounts", prefix="ZH", queue="browser", account=id_, account_case=True)
    assert (await taken(desk)).account == id_
    assert (await desk.store.account(id_)).case is not None


async def test_the_account_that_waited_longest_comes_first(desk: Desk) -> None:
    first, second = await account(desk, "a"), await account(desk, "b")
    await due(desk, first)
    await due(desk, second)
    order = []
    for _ in range(4):
        desk.pass_time(timedelta(seconds=1))
        seat = await taken(desk)
        order.append(seat.account)
        await desk.store.release_seat(seat, clean=True)
    assert order[:2] == order[2:]
    assert set(order) == {first, second}


async def test_a_case_takes_the_account_with_the_fewest_live_cases_and_keeps_it(desk: Desk) -> None:
    busy, idle = await account(desk, "a"), await account(desk, "b")
    for _ in range(2):
        await desk.open(account=busy, due_at=desk.now + timedelta(days=1), queue="browser")
    case = await due(desk)
    seat = await taken(desk)
    assert seat.account == idle
    claims = await desk.claim(1, queue="browser", seat=seat, assign=True)
    assert [(claim.case, claim.account, claim.seat) for claim in claims] == [(case, idle, seat)]
    await desk.commit(claims[0], Commit(guard="epoch", release=True))
    assert (await desk.store.case(case)).claim.account == idle


async def test_a_busier_seat_leaves_new_cases_to_one_that_is_free(desk: Desk) -> None:
    busy, idle = await account(desk, "a"), await account(desk, "b")
    await due(desk, busy)
    await due(desk)
    seat = await taken(desk, busy)
    own = await desk.claim(1, queue="browser", seat=seat, assign=True)
    assert [claim.account for claim in own] == [busy]
    assert await desk.claim(1, queue="browser", seat=seat, assign=True) == []
    other = await taken(desk, idle, owner="two")
    assert len(await desk.claim(1, queue="browser", seat=other, assign=True, owner="two")) == 1


async def test_a_seat_claims_no_other_accounts_cases(desk: Desk) -> None:
    mine, theirs = await account(desk, "a"), await account(desk, "b")
    case = await due(desk, mine)
    await due(desk, theirs)
    await due(desk)
    seat = await taken(desk, mine)
    assert [claim.case for claim in await desk.claim(10, queue="browser", seat=seat)] == [case]


async def test_a_session_comes_with_the_lease_and_only_its_holder_keeps_one(desk: Desk) -> None:
    id_ = await account(desk, "a")
    seat = await taken(desk, id_)
    assert (seat.session, seat.session_version) == (None, 0)
    kept = await desk.store.store_session(seat, {"token": "t", "key": "k"}, now=desk.now)
    assert (kept.session, kept.session_version) == ({"token": "t", "key": "k"}, 1)
    desk.pass_time(LEASE)
    next_ = await taken(desk, id_, owner="two")
    assert next_.session == {"token": "t", "key": "k"}
    assert next_.epoch > seat.epoch
    with pytest.raises(Fenced):
        await desk.store.store_session(seat, {"token": "late"}, now=desk.now)
    assert await desk.store.session(id_) == {"token": "t", "key": "k"}


async def test_a_lease_that_ran_out_makes_the_next_holder_log_in_afresh(desk: Desk) -> None:
    id_ = await account(desk, "a")
    first = await taken(desk, id_)
    assert not first.fresh_login
    desk.pass_time(LEASE)
    second = await taken(desk, id_, owner="two")
    assert (second.fresh_login, second.last_owner) == (True, "one")
    await desk.store.release_seat(second, clean=True)
    assert (await taken(desk, id_, owner="three")).fresh_login, "a clean release alone proves nothing about the first"


async def test_proof_that_the_earlier_holder_is_dead_makes_a_clean_end_clean_again(desk: Desk) -> None:
    id_ = await account(desk, "a")
    await desk.store.release_seat(await taken(desk, id_), clean=False)
    await desk.store.release_seat(await taken(desk, id_), clean=False, fenced=True)
    seat = await taken(desk, id_)
    assert seat.fresh_login, "what it left itself is not proved dead"
    await desk.store.release_seat(seat, clean=True, fenced=True)
    assert not (await taken(desk, id_)).fresh_login


async def test_a_fresh_login_makes_the_seat_clean(desk: Desk) -> None:
    id_ = await account(desk, "a")
    await desk.store.release_seat(await taken(desk, id_), clean=False)
    seat = await taken(desk, id_, owner="two")
    assert seat.fresh_login
    seat = await desk.store.store_session(seat, {"token": "new"}, now=desk.now)
    assert not seat.fresh_login
    await desk.store.release_seat(seat, clean=True)
    assert not (await taken(desk, id_, owner="three")).fresh_login


async def test_a_seat_is_renewed_while_it_is_held(desk: Desk) -> None:
    id_ = await account(desk, "a")
    seat = await taken(desk, id_)
    later = desk.real + timedelta(minutes=5)
    assert await desk.store.renew_seat(seat, real=desk.real, until=later)
    await desk.store.release_seat(seat, clean=True)
    assert not await desk.store.renew_seat(seat, real=desk.real, until=later)


async def test_the_gate_looks_at_the_seat_too(desk: Desk) -> None:
    id_ = await account(desk, "a")
    await due(desk, id_)
    seat = await taken(desk, id_)
    desk.real += timedelta(seconds=30)
    (claim,) = await desk.claim(1, queue="browser", seat=seat)
    assert await desk.store.gate(claim, real=desk.real) == seat.lease_until
    await desk.store.release_seat(seat, clean=True)
    with pytest.raises(Fenced, match="account a"):
        await desk.store.gate(claim, real=desk.real)
    assert not await desk.store.anything_leased(desk.real + LEASE)

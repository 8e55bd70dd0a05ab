"""A restored database begins a new timeline, and takes on the calls that it forgot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.store.desk import Desk, effect, moved
from workflow.errors import Fenced, NotFound
from workflow.record.values import Commit, EffectStatus, NewIncident

FORGOTTEN = NewIncident("forgotten", "forgotten by a restore", {}, effect="key-1")


async def test_a_new_timeline_frees_all_leases_and_fences_their_holders(desk: Desk) -> None:
    late = await desk.one()
    account = await desk.store.add_account("portal", "a", "p")
    seat = await desk.seat(account)
    assert seat is not None
    assert await desk.store.begin_timeline() == 2
    assert not await desk.store.anything_leased(desk.real)
    (claim,) = await desk.claim(owner="one")
    assert claim.epoch.timeline == 2
    assert claim.epoch > late.epoch
    with pytest.raises(Fenced):
        await desk.commit(late, moved("generating", late))
    again = await desk.seat(account, owner="one")
    assert again is not None
    assert again.epoch > seat.epoch
    assert again.fresh_login


async def test_a_forgotten_call_is_adopted_as_unknown_with_an_incident(desk: Desk) -> None:
    claim = await desk.one()
    await desk.store.begin_timeline()
    assert await desk.store.tries(claim.case, "key-1") is None
    adopted = await desk.store.adopt(claim.case, effect(claim), FORGOTTEN, now=desk.now, real=desk.real)
    assert adopted is not None
    assert adopted.effects[0].status is EffectStatus.unknown
    assert await desk.store.tries(claim.case, "key-1") == 1
    (incident,) = await desk.store.incidents()
    assert (incident.kind, incident.effect) == ("forgotten", "key-1")
    again = await desk.store.adopt(claim.case, effect(claim), FORGOTTEN, now=desk.now, real=desk.real)
    assert again is None, "it is known now"


async def test_a_later_try_than_the_known_one_is_adopted_with_the_known_counts(desk: Desk) -> None:
    claim = await desk.one()
    known = effect(claim, EffectStatus.not_sent, failures=2)
    claim = await desk.commit(claim, Commit(guard="epoch", effects=(known,)))
    later = effect(claim, attempt=2)
    adopted = await desk.store.adopt(claim.case, later, FORGOTTEN, now=desk.now, real=desk.real)
    assert adopted is not None
    (row,) = adopted.effects
    assert (row.attempt, row.failures, row.status) == (2, 2, EffectStatus.unknown)


async def test_a_call_of_a_case_that_the_backup_lacks_is_said(desk: Desk) -> None:
    claim = await desk.one()
    with pytest.raises(NotFound):
        await desk.store.adopt("gone", effect(claim), FORGOTTEN, now=desk.now, real=desk.real + timedelta(1))

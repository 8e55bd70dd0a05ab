"""The accounts of a remote are a pool: one can be retired and restored, a case moved to another, each on the record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.engine.letters import Letter, Office, S, letters, post
from tests.store.desk import Desk, decided, effect
from workflow.clock import SetClock
from workflow.engine.audit import audit
from workflow.engine.pools import Pools
from workflow.errors import Conflict, Fenced, NotAllowed, NotFound
from workflow.flow.definition import To
from workflow.flow.remotes import Remote, Remotes
from workflow.record.values import Commit, EffectStatus, Seat

LETTER: dict[str, Any] = {
    "flow": "letters",
    "prefix": "LT",
    "state": "written",
    "data": Letter().model_dump(mode="json"),
}
WANTED = {"letters": ["written"]}


@dataclass
class Post:
    """A post office that is entered by accounts, each with a case of its own; and who orders things there."""

    desk: Desk
    pools: Pools
    ada: str
    bob: str
    anchors: Path

    async def letter(self, account: str | None = None, **more: Any) -> str:
        (created,) = await self.desk.open(**(LETTER | {"account": account, "queue": "browser"} | more))
        return created.case

    async def seat(self, account: str | None = None) -> Seat | None:
        desk = self.desk
        return await desk.store.lease_seat(
            "office",
            owner="one",
            real=desk.real,
            lease=timedelta(seconds=60),
            cutoff=desk.now,
            account=account,
            wanted=WANTED,
            queue="browser",
        )

    async def own(self, account: str) -> str:
        case = (await self.desk.store.account(account)).case
        assert case is not None
        return case


@pytest.fixture
async def here(desk: Desk, tmp_path: Path) -> Post:
    desk.real = desk.now
    plan = letters(To(S.posted, do=post))
    remotes = Remotes([Remote("office", Office, seats=True, queue="browser"), Remote("other", SetClock)])
    pools = Pools(desk.store, SetClock(desk.now), {"letters": plan}, remotes, "person:clerk", marks=tmp_path)
    ids = []
    for login in ("ada", "bob"):
        ids.append(await desk.store.add_account("office", login, "pass", usable=True))
        await desk.open(**LETTER, account=ids[-1], account_case=True)
    return Post(desk, pools, ids[0], ids[1], tmp_path / "anchors")


async def sound(here: Post) -> None:
    """The record holds against itself: chains, seals, and rows against their events."""
    audited = await audit(here.desk.store, SetClock(here.desk.now), here.anchors)
    assert audited.findings == ()


async def test_no_seat_is_leased_on_a_retired_account_and_its_own_case_is_held(here: Post) -> None:
    await here.letter(here.ada)
    await here.pools.retire(here.ada, "the bureau closed it")
    assert await here.seat(here.ada) is None
    assert await here.seat() is None, "neither for the letter nor for its own case"
    own = await here.desk.store.case(await here.own(here.ada))
    assert own.claim.held == "the bureau closed it"
    assert (await here.desk.store.account(here.ada)).retired == "the bureau closed it"
    kinds = [(one.kind, one.actor, one.reason) for one in await here.desk.store.events(own.claim.case)]
    assert kinds[1:] == [(kind, "person:clerk", "the bureau closed it") for kind in ("changed", "held")]
    await sound(here)


async def test_no_case_is_given_to_a_retired_account(here: Post) -> None:
    await here.letter(here.bob)
    bob = await here.seat(here.bob)
    assert bob is not None
    await here.desk.store.release_seat(bob, clean=True)
    await here.pools.retire(here.ada, "closed")
    case = await here.letter()
    seat = await here.seat()
    assert seat is not None
    assert seat.account == here.bob, "though the retired one has fewer cases"
    claims = await here.desk.claim(flow="letters", state="written", queue="browser", seat=seat, assign=True)
    assert case in {claim.case for claim in claims}
    with pytest.raises(Conflict, match="retired"):
        await here.letter(here.ada)


async def test_an_account_is_not_retired_while_somebody_sits_on_it(here: Post) -> None:
    await here.letter(here.ada)
    seat = await here.seat(here.ada)
    assert seat is not None
    with pytest.raises(Conflict, match="one is at work on it until"):
        await here.pools.retire(here.ada, "closed")
    own = await here.desk.store.case(await here.own(here.ada))
    assert (own.claim.held, (await here.desk.store.account(here.ada)).retired) == (None, None), "nothing is half done"
    await here.desk.store.release_seat(seat, clean=True)
    await here.pools.retire(here.ada, "closed")


async def test_who_held_the_seat_until_its_lease_ran_out_keeps_no_session(here: Post) -> None:
    await here.letter(here.ada)
    seat = await here.seat(here.ada)
    assert seat is not None
    here.pools._clock.advance(timedelta(minutes=2))  # type: ignore[attr-defined]
    await here.pools.retire(here.ada, "closed")
    with pytest.raises(Fenced):
        await here.desk.store.store_session(seat, {"cookie": "x"}, now=here.desk.now)
    await here.pools.restore(here.ada)
    again = await here.seat(here.ada)
    assert again is not None
    assert again.fresh_login, "what the earlier holder began is ended first"


async def test_a_restored_account_goes_on_and_wakes_who_waited_for_its_login(here: Post) -> None:
    case = await here.letter(here.ada)
    await here.desk.command(case, Commit(guard="version", deferred="seat"))
    await here.pools.retire(here.ada, "closed")
    with pytest.raises(Conflict, match="ada is retired"):
        await here.pools.resume(await here.own(here.ada), "go on")
    await here.pools.restore(here.ada, "it was opened again")
    own, row = await here.desk.store.case(await here.own(here.ada)), await here.desk.store.case(case)
    assert (own.claim.held, row.deferred, (await here.desk.store.account(here.ada)).retired) == (None, None, None)
    assert await here.seat(here.ada) is not None
    with pytest.raises(NotAllowed, match="not retired"):
        await here.pools.restore(here.ada)
    await sound(here)


async def test_who_restores_or_retires_as_the_second_changes_nothing(here: Post) -> None:
    """Both saw the same account; the second restore took the seat away that was leased after the first."""
    own = await here.own(here.ada)
    await here.pools.retire(here.ada, "closed")
    with pytest.raises(Conflict, match="retired already"):
        await here.desk.command(own, Commit(guard="version", retired="for another reason"))
    await here.pools.restore(here.ada)
    assert await here.seat(here.ada) is not None
    with pytest.raises(Conflict, match="not retired"):
        await here.desk.command(own, Commit(guard="version", retired=""))
    account = await here.desk.store.account(here.ada)
    assert (account.leased_by, account.retired) == ("one", None)


async def test_a_hold_for_another_reason_outlasts_retirement(here: Post) -> None:
    own = await here.own(here.ada)
    await here.pools.hold(own, "captcha every day")
    await here.pools.retire(here.ada, "closed")
    with pytest.raises(NotAllowed, match="retired already"):
        await here.pools.retire(here.ada, "closed")
    await here.pools.restore(here.ada)
    assert (await here.desk.store.case(own)).claim.held == "captcha every day"
    await sound(here)


async def test_the_cases_that_lean_on_an_account_are_named_without_its_own(here: Post) -> None:
    first, second = await here.letter(here.ada), await here.letter(here.ada)
    await here.letter(here.bob)
    numbers = [(await here.desk.store.case(case)).claim.number for case in (first, second)]
    assert await here.pools.leaning(here.ada) == numbers


async def test_a_moved_case_is_due_at_once_under_the_other_account_and_says_so(here: Post) -> None:
    later = here.desk.now + timedelta(days=1)
    case = await here.letter(here.ada, due_at=later)
    await here.desk.command(case, Commit(guard="version", deferred="seat"))
    await here.pools.retire(here.ada, "closed")
    await here.pools.assign(case, here.bob, "ada is closed")
    row = await here.desk.store.case(case)
    assert (row.claim.account, row.due_at, row.deferred, row.claim.queue) == (here.bob, here.desk.now, None, "http")
    event = (await here.desk.store.events(case))[-1]
    assert (event.kind, event.body["account"], event.reason) == (  # type: ignore[index]
        "changed",
        {"from": "ada", "to": "bob"},
        "ada is closed",
    )
    await sound(here)


async def test_a_case_without_an_account_can_be_given_one(here: Post) -> None:
    case = await here.letter()
    await here.pools.assign(case, here.bob, "bob knows the client")
    assert (await here.desk.store.case(case)).claim.account == here.bob


async def test_a_case_is_moved_to_no_retired_unknown_or_same_account_and_to_none_of_another_remote(here: Post) -> None:
    case = await here.letter(here.ada)
    stranger = await here.desk.store.add_account("other", "eve", "pass")
    for account, why in (
        (stranger, "eve is one of other, not of office"),
        (here.ada, "works with account ada already"),
    ):
        with pytest.raises(NotAllowed, match=why):
            await here.pools.assign(case, account, "x")
    with pytest.raises(NotAllowed, match="own case of account ada"):
        await here.pools.assign(await here.own(here.ada), here.bob, "x")
    with pytest.raises(NotFound):
        await here.pools.assign(case, "nobody", "x")
    await here.pools.retire(here.bob, "closed")
    with pytest.raises(NotAllowed, match="bob is retired"):
        await here.pools.assign(case, here.bob, "x")
    with pytest.raises(Conflict, match="retired"):  # whoever retires it at the same moment
        await here.desk.command(case, Commit(guard="version", account=here.bob))
    assert (await here.desk.store.case(case)).claim.account == here.ada


async def test_a_case_is_not_moved_while_somebody_is_at_work_or_from_an_older_version(here: Post) -> None:
    case = await here.letter(here.ada, queue="http")
    with pytest.raises(Conflict, match="you saw 7"):
        await here.pools.assign(case, here.bob, "x", version=7)
    assert await here.desk.claim(flow="letters", state="written")
    with pytest.raises(Conflict, match="one is at work on it"):
        await here.pools.assign(case, here.bob, "x")


@pytest.mark.parametrize("status", [EffectStatus.intended, EffectStatus.unknown])
async def test_a_case_is_not_moved_while_an_outcome_is_open(here: Post, status: EffectStatus) -> None:
    case = await here.letter(here.ada)
    claim = (await here.desk.store.case(case)).claim
    await here.desk.command(case, Commit(guard="version", effects=(effect(claim, status, action="post"),)))
    with pytest.raises(Conflict, match="whether post"):
        await here.pools.assign(case, here.bob, "x", even_so=True)


@pytest.mark.parametrize(
    ("status", "more"),
    [
        (EffectStatus.done, {}),
        (EffectStatus.failed, {}),
        (EffectStatus.refused, {}),
        (EffectStatus.not_sent, {"key_stays": True}),
    ],
)
async def test_what_may_lie_under_the_old_account_keeps_a_case_there_unless_it_is_said_even_so(
    here: Post, status: EffectStatus, more: dict[str, Any]
) -> None:
    case = await here.letter(here.ada)
    claim = (await here.desk.store.case(case)).claim
    begun = effect(claim, status, action="post", **more)
    await here.desk.command(case, Commit(guard="version", effects=(begun,)))
    with pytest.raises(NotAllowed, match="under account ada was begun: post; what came of it stays there; --even-so"):
        await here.pools.assign(case, here.bob, "x")
    await here.pools.assign(case, here.bob, "x", even_so=True)
    assert (await here.desk.store.case(case)).claim.account == here.bob
    await sound(here)


async def test_the_account_under_which_something_was_begun_is_named_though_the_case_was_moved_since(
    here: Post,
) -> None:
    carl = await here.desk.store.add_account("office", "carl", "pass", usable=True)
    case = await here.letter(here.bob)
    await here.pools.assign(case, here.ada, "the right one")
    claim = await here.desk.command(case, decided((await here.desk.store.case(case)).claim))
    over = Commit(guard="version", effects=(replace(claim.effects[0], status=EffectStatus.done),), decision="clear")
    await here.desk.command(case, over)
    await here.pools.assign(case, here.bob, "x", even_so=True)
    with pytest.raises(NotAllowed, match="under account ada was begun: pay; what came of it stays there"):
        await here.pools.assign(case, carl, "x")


async def test_what_was_never_sent_keeps_no_case(here: Post) -> None:
    case = await here.letter(here.ada)
    claim = (await here.desk.store.case(case)).claim
    unsent = effect(claim, EffectStatus.not_sent, action="post")
    await here.desk.command(case, Commit(guard="version", effects=(unsent,)))
    await here.pools.assign(case, here.bob, "x")
    assert (await here.desk.store.case(case)).claim.account == here.bob

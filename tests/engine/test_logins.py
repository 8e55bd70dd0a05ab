"""Logins that do not last: few tries, a person is told by account, and it ends."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.engine.letters import S
from tests.engine.site import HOUR, Site, house
from workflow.backoff import LOGINS_FOR
from workflow.flow.explain import explain
from workflow.jumps import Watch
from workflow.record.values import Commit


async def test_a_login_that_does_not_last_is_few_tries_one_cause_and_over_when_it_lasts(tmp_path: Path) -> None:
    """Logged in, asked for a login, logged in ...: each sweep a login, for ever, and nobody was told."""
    async with house(tmp_path, Site(), count=3) as here:
        begun = await here.bench.clock.business()
        while len(await here.told()) < 3:
            await here.live(timedelta(minutes=10))
            assert await here.bench.clock.business() - begun < LOGINS_FOR + 2 * HOUR
        assert set(await here.told()) == {("login_loop", "office:account:ada")}
        assert not any(one.bars for one in await here.bench.store.incidents())

        await here.live(timedelta(days=2), HOUR)
        tries = len(here.site.office.calls)
        await here.live(timedelta(days=2), HOUR)
        assert len(here.site.office.calls) - tries <= 3 * 13, "each four hours"
        assert len(await here.told()) == 3

        here.site.asks_again = False
        await here.live(6 * HOUR, HOUR)
        assert [(await here.letter(f"LT-000{n}")).claim.state for n in (1, 2, 3)] == [S.posted] * 3
        assert await here.told() == []


async def test_one_lost_login_is_no_loop(tmp_path: Path) -> None:
    async with house(tmp_path, Site()) as here:
        await here.look()
        assert (await here.letter()).deferred == "seat"
        here.site.asks_again = False
        await here.live(timedelta(minutes=30))
        assert (await here.letter()).claim.state == S.posted
        assert await here.told() == []
        assert here.site.logins == 1


async def test_who_was_asked_for_a_login_goes_on_when_the_account_is_found_alive(tmp_path: Path) -> None:
    """One page of a living session led to the login: the case stood until the next morning, and its code expired."""
    async with house(tmp_path, Site(stays_alive=True)) as here:
        await here.look()
        assert (await here.letter()).deferred == "seat"
        here.site.asks_again = False
        await here.live(timedelta(minutes=30))
        assert (await here.letter()).claim.state == S.posted
        assert (here.site.logins, await here.told()) == (0, [])


async def test_an_account_that_is_alive_for_all_but_the_work_is_few_tries_and_told(tmp_path: Path) -> None:
    async with house(tmp_path, Site(stays_alive=True)) as here:
        await here.live(timedelta(days=2), timedelta(minutes=10))
        assert await here.told() == [("login_loop", "office:account:ada")]
        assert len(here.site.office.calls) < 50


async def test_why_says_that_it_waits_for_the_login_though_it_is_looked_at_again(tmp_path: Path) -> None:
    async with house(tmp_path, Site()) as here:
        await here.live(HOUR)
        row = await here.letter()
        assert row.deferred is None
        assert row.due_at is not None
        plan = here.bench.plan
        said = explain(plan, row.claim, due_at=row.due_at, deferred=row.deferred, incidents=[], real=row.due_at)
        assert (said.reason, said.next_look) == ("login_needed", row.due_at)


async def test_a_case_that_has_another_account_by_now_is_judged_by_that_one(tmp_path: Path) -> None:
    """The logins that the old one lost counted against the new one, and why asked for a login of it."""
    async with house(tmp_path, Site()) as here:
        await here.live(LOGINS_FOR + 2 * HOUR)
        assert await here.told() == [("login_loop", "office:account:ada")]
        store, now = here.bench.store, await here.bench.clock.business()
        bob = await store.add_account("office", "bob", "pass")
        assigned = Commit(guard="version", account=bob, due_at=now, deferred="", queue="http")
        await store.command("LT-0001", None, lambda _: assigned, now=now, real=await here.bench.clock.real())
        row = await here.letter()
        said = explain(here.bench.plan, row.claim, due_at=row.due_at, deferred=row.deferred, incidents=[], real=now)
        assert said.reason != "login_needed"
        await here.look()
        row = await here.letter()
        assert (row.deferred, row.claim.check.body["account"]) == ("seat", bob)  # type: ignore[union-attr]
        assert row.claim.check.body["tries_before"] == 0  # type: ignore[union-attr]
        here.site.asks_again = False
        await store.command("LT-0001", None, lambda _: assigned, now=now, real=await here.bench.clock.real())
        await here.look()
        assert ((await here.letter()).claim.state, await here.told()) == (S.posted, [])


async def test_a_captcha_that_nobody_answers_is_told_within_hours_and_over_with_the_login(tmp_path: Path) -> None:
    """An account that needed a person for twenty days, and each of its cases, stood without a word."""
    async with house(tmp_path, Site(alive=False, captcha=True)) as here:
        await here.live(2 * HOUR)
        assert await here.told() == [], "the person may be on the way"
        await here.live(HOUR)
        assert await here.told() == [("needs_person", "accounts:needs_person")]
        await here.live(timedelta(days=20), 6 * HOUR)
        assert len(await here.told()) == 1
        here.site.asks_again = here.site.captcha = False
        here.site.alive = True
        await here.live(HOUR)
        assert await here.told() == []
        assert (await here.letter()).claim.state == S.posted


async def test_a_captcha_is_told_though_the_account_came_there_by_a_clock_that_was_wrong(tmp_path: Path) -> None:
    years = timedelta(days=3650)
    async with house(tmp_path, Site(alive=False, captcha=True)) as here:
        clock, watch = here.bench.clock, Watch(here.bench.store, here.bench.clock, "one")
        clock.advance(years)
        await watch.jump()
        await here.live(timedelta(minutes=30))
        clock.set(business=await clock.business() - years, real=await clock.real() - years)
        await watch.jump()
        await here.live(3 * HOUR)
        assert ("needs_person", "accounts:needs_person") in await here.told()


async def test_a_login_that_the_site_forgets_at_once_is_few_tries_and_told(tmp_path: Path) -> None:
    """Logged in well, and the next question finds nobody there: a login every ten minutes, and no word."""
    async with house(tmp_path, Site(alive=False, forgets=True)) as here:
        await here.live(3 * HOUR)
        assert here.site.logins <= 6
        assert ("lapsed", "accounts:lapsed") in await here.told()
        await here.live(timedelta(days=10), HOUR)
        assert here.site.logins < 80
        here.site.forgets = here.site.asks_again = False
        await here.live(5 * HOUR)
        assert await here.told() == []
        assert (await here.letter()).claim.state == S.posted

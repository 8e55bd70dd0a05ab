"""A remote whose address nobody has set: what needs it waits and says so; doubts, decisions and deaths do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.engine.letters import Letter, Office, PaperOffice, S, done, letters, post
from tests.engine.parcels import HOUR, LOST, MINUTE, OFFICE, PAID, PLATFORM, charge, is_paid, offices
from tests.engine.payments import Platform
from tests.engine.test_queues import house
from workflow import Case, Stay, To
from workflow.engine.seats import SeatWork
from workflow.engine.sweep import Engine
from workflow.flow.case import CannotTell
from workflow.flow.remotes import Remote, Remotes
from workflow.record.values import Commit, EffectStatus, Stage


def is_unstamped(case: Case[Letter]) -> bool:
    return case.data.stamp is None


def is_heavy(case: Case[Letter]) -> bool:
    return "heavy" in case.data.notes


async def test_only_the_cases_wait_that_need_the_missing_remote_and_they_say_for_what(tmp_path: Path) -> None:
    async with offices(tmp_path) as here:
        here.lack(PLATFORM)
        await here.sweep()
        letter, parcel = await here.letter(), await here.parcel()
        assert (letter.claim.state, parcel.claim.state) == (S.posted, S.written)
        told = await here.why(parcel)
        assert (told.reason, told.standing, told.who) == ("unset", "waiting", "operator")
        assert told.detail == {"settings": [PLATFORM]}
        assert parcel.due_at == await here.bench.clock.business() + here.bench.dependencies.limits.look_again

        here.lack()
        here.bench.clock.advance(10 * MINUTE)
        await here.sweep()
        assert (await here.parcel()).claim.state == S.posted


async def test_lines_go_on_that_need_nothing_of_the_missing_remote(tmp_path: Path) -> None:
    """One above is taken; one below is read where the line that needs it could not have been chosen anyway."""
    above = Stay(when=is_unstamped, learn={"stamp": "rate"})
    async with offices(tmp_path, above, PAID) as here:
        here.lack(PLATFORM)
        await here.sweep()
        assert (await here.parcel()).claim.data["stamp"] == "red"
        assert (await here.why(await here.parcel())).reason == "unset"


async def test_a_line_that_is_refused_before_its_missing_remote_is_asked_holds_up_no_other(tmp_path: Path) -> None:
    async with offices(tmp_path, To(S.answered, when=[is_heavy, is_paid]), To(S.posted, do=post)) as here:
        here.lack(PLATFORM)
        await here.sweep()
        assert (await here.parcel()).claim.state == S.posted


async def test_a_doubt_is_asked_and_settled_whatever_other_setting_is_missing(tmp_path: Path) -> None:
    async with offices(tmp_path) as here:
        here.office.loses, here.office.answers = [None, LOST], [done("asked")]
        await here.sweep()
        (effect,) = (await here.parcel()).claim.effects
        assert effect.status is EffectStatus.unknown
        here.lack(PLATFORM)
        await here.live(5 * MINUTE, 5 * MINUTE)
        parcel = await here.parcel()
        assert (here.office.asked, parcel.claim.state, parcel.claim.data["receipt"]) == (1, S.posted, "asked")


async def test_the_deadline_of_a_doubt_is_kept_while_its_own_remote_is_missing(tmp_path: Path) -> None:
    async with offices(tmp_path) as here:
        here.office.loses, here.office.answers = [None, LOST], [done("asked")]
        await here.sweep()
        here.lack(OFFICE)
        await here.live(2 * HOUR - 10 * MINUTE)
        told = await here.why(await here.parcel())
        assert (told.reason, [(one.reason, one.detail) for one in told.further]) == (
            "outcome_unknown",
            [("unset", {"settings": [OFFICE]})],
        )
        assert await here.told() == []
        await here.live(10 * MINUTE)
        (incident,) = await here.bench.store.incidents()
        assert (incident.kind, incident.bars) == ("cannot_tell", True)
        assert incident.seen["why"] == f"{OFFICE} is not set"
        assert here.office.asked == 0


async def test_a_doubt_is_asked_once_its_remote_is_there_and_nothing_of_the_old_words_stays(tmp_path: Path) -> None:
    async with offices(tmp_path) as here:
        here.office.loses, here.office.answers = [None, LOST], [CannotTell("the book is away")]
        await here.sweep()
        here.lack(OFFICE)
        await here.live(HOUR)
        here.lack()
        await here.live(10 * MINUTE)
        assert here.office.asked
        told = await here.why(await here.parcel())
        assert (told.reason, told.further) == ("outcome_unknown", ())


async def test_an_open_decision_goes_on_as_far_as_its_remotes_are_there(tmp_path: Path) -> None:
    async with offices(tmp_path, To(S.posted, do=[post, charge])) as here:
        here.office.loses, here.office.answers = [None, LOST], [done("asked")]
        await here.sweep()
        here.lack(PLATFORM)
        await here.live(5 * MINUTE, 5 * MINUTE)
        parcel = await here.parcel()
        assert [(one.action, one.status) for one in parcel.claim.effects] == [("post", EffectStatus.done)]
        assert (parcel.claim.decision is not None, (await here.why(parcel)).reason) == (True, "unset")
        here.lack()
        await here.live(10 * MINUTE)
        assert (await here.parcel()).claim.state == S.posted


async def test_nothing_is_begun_whose_later_steps_lack_a_setting(tmp_path: Path) -> None:
    async with offices(tmp_path, To(S.posted, do=[post, charge])) as here:
        here.lack(PLATFORM)
        await here.sweep()
        parcel = await here.parcel()
        assert (parcel.claim.decision, parcel.claim.effects) == (None, ())
        assert (await here.why(parcel)).detail == {"settings": [PLATFORM]}


async def test_deaths_are_judged_before_a_setting_is_missed(tmp_path: Path) -> None:
    async with offices(tmp_path) as here:
        here.lack(PLATFORM)
        for deaths in range(4):
            assert await here.claim(crashed=deaths > 0)
            here.bench.clock.advance(2 * HOUR)
            assert await here.claim() == [], "who died on it has left it to be put aside"
            here.bench.clock.advance(2 * HOUR)
        await here.sweep()
        assert await here.told() == ["deaths"]


async def test_a_case_that_changes_hands_says_no_more_what_was_missing(tmp_path: Path) -> None:
    async with offices(tmp_path) as here:
        here.lack(PLATFORM)
        await here.sweep()
        remotes = [Remote("payment_platform", Platform, queue="browser"), Remote("office", Office, here.office)]
        here.bench.dependencies.remotes = Remotes(remotes)
        here.bench.clock.advance(10 * MINUTE)
        await here.sweep()
        parcel = await here.parcel()
        told = await here.why(parcel)
        assert (parcel.claim.queue, told.reason, told.further) == ("browser", "not_looked_at", ())


async def test_at_a_seat_whose_remote_is_missing_the_deadline_of_a_doubt_is_kept(tmp_path: Path) -> None:
    """Its worker died far away, and nothing is known of its session: nobody can end that either."""
    async with house(letters(To(S.posted, do=post)), tmp_path, PaperOffice(loses=[LOST])) as here:
        await here.bench.engine.sweep("letters", "written")
        await here.browse()
        (effect,) = (await here.bench.case()).claim.effects
        assert effect.status is EffectStatus.unknown
        remote = Remote("office", Office, queue="browser", seats=True, lacks=(OFFICE,))
        elsewhere = replace(effect, process="elsewhere/1/1/x", stage=Stage.fence)
        await here.bench.store.command(
            "LT-0001", None, lambda _: Commit(guard="version", effects=(elsewhere,)),
            now=await here.bench.clock.business(), real=await here.bench.clock.real(),
        )  # fmt: skip
        browsing = replace(here.bench.dependencies, queue="browser", remotes=Remotes([remote]), active={})
        seats = SeatWork(Engine(browsing), browsing, remote, at_once=1)
        for _ in range(12):
            await seats.sweep([("letters", "written")])
            assert await here.bench.store.incidents() == []
            here.bench.clock.advance(10 * MINUTE)
        told = await here.bench.why()
        assert (told.reason, [one.reason for one in told.further]) == ("outcome_unknown", ["unset"])
        await seats.sweep([("letters", "written")])
        assert [one.kind for one in await here.bench.store.incidents()] == ["no_fence"]
        account = await here.bench.store.account(here.account)
        assert not account.leased_by

"""Seats that do not come back: few tries, a person is told by account, and it ends."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.engine.letters import Letter, Office, PaperOffice, S, desk, letters, patient
from tests.engine.site import HOUR, LETTERS, House, Site, house
from workflow.backoff import HANGS, STUCK_FOR, STUCK_TRIES
from workflow.engine.seats import SeatWork, Sitting
from workflow.engine.sweep import SweepResult
from workflow.errors import Drifted
from workflow.flow.definition import To
from workflow.flow.functions import fact
from workflow.record.values import Seat


async def unclean(here: House) -> None:
    """A holder that died over the seat."""
    clock = here.bench.clock
    real, cutoff = await clock.real(), await clock.business()
    seat = await here.bench.store.lease_seat(
        "office", owner="dead", real=real, lease=timedelta(seconds=60), cutoff=cutoff, account=here.account
    )
    assert seat is not None
    clock.advance(timedelta(minutes=2))


async def test_a_seat_that_nothing_makes_clean_is_few_tries_and_told(tmp_path: Path) -> None:
    site = Site(asks_again=False, fences=[Drifted("office", "log in", "no field password")] * 3000)
    async with house(tmp_path, site) as here:
        await here.bench.engine.sweep("letters", "written")
        await unclean(here)
        begun = await here.bench.clock.business()
        while not await here.told():
            await here.live(timedelta(minutes=10))
            assert await here.bench.clock.business() - begun < STUCK_FOR + 3 * HOUR
        assert site.fenced >= STUCK_TRIES
        assert await here.told() == [("seat_unclean", "office:account:ada")]
        await here.live(timedelta(days=10), 4 * HOUR)
        assert site.fenced < 80
        assert (await here.letter()).claim.state == S.written, "nobody works on what another may have under way"

        site.fences.clear()
        await here.live(6 * HOUR, HOUR)
        assert (await here.letter()).claim.state == S.posted
        assert await here.told() == []


async def test_a_seat_that_was_made_clean_by_a_persons_login_is_over_as_well(tmp_path: Path) -> None:
    site = Site(asks_again=False, fences=[Drifted("office", "log in", "no field password")] * 3000)
    async with house(tmp_path, site) as here:
        await here.bench.engine.sweep("letters", "written")
        await unclean(here)
        await here.live(5 * HOUR)
        assert len(await here.told()) == 1
        async with here.seats.sitting(here.account) as seat:
            assert seat is not None
            now = await here.bench.clock.business()
            await here.bench.store.store_session(seat, {"token": "t"}, now=now)
        await here.live(timedelta(minutes=20))
        assert (await here.letter()).claim.state == S.posted
        assert await here.told() == []


async def test_a_fence_that_hangs_gives_the_seat_back(tmp_path: Path) -> None:
    site = Site(asks_again=False, fences=["asleep"])
    async with house(tmp_path, site, fence=timedelta(milliseconds=50)) as here:
        await here.bench.engine.sweep("letters", "written")
        await unclean(here)
        await here.look()
        assert (await here.bench.store.account(here.account)).leased_by is None
        await here.live(timedelta(minutes=20))
        assert (await here.letter()).claim.state == S.posted


@pytest.mark.parametrize("how", ["asleep", "deaf"])
async def test_a_look_that_hangs_gives_case_and_seat_back_and_is_a_persons_after_some(
    tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It held both for ever, and its worker did nothing else any more."""
    monkeypatch.setattr("workflow.engine.sweep.UNHEARD", timedelta(milliseconds=20))
    monkeypatch.setattr("workflow.engine.reconcile.UNHEARD", timedelta(milliseconds=20))
    site = Site(leaving=[how] * 50)
    async with house(tmp_path, site, look=timedelta(milliseconds=100)) as here:
        await here.bench.engine.sweep("letters", "written")
        await here.seats.sweep(LETTERS)
        assert (await here.bench.store.account(here.account)).leased_by is None
        row = await here.letter()
        assert (row.claim.owner, row.claim.failures) == ("", 1)
        looks = 1
        while not await here.told():
            here.bench.clock.advance(HOUR)
            await here.seats.sweep(LETTERS)
            looks += 1
            assert looks <= 2 * HANGS
        (incident,) = await here.bench.store.incidents()
        assert incident.bars
        assert incident.kind in ("failing", "no_fence")
        for task in [task for tasks in here.browsing._dependencies.active.values() for task in tasks]:
            assert how == "deaf"
            task.get_coro().close()  # nobody ends it otherwise


async def test_what_a_look_came_to_counts_though_its_time_was_up(tmp_path: Path) -> None:
    """It was ended when the answer was there, and counted as a look that hangs."""

    @fact
    async def late(office: Office) -> int:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return 7
        return 0

    def came(late: int) -> bool:
        return late == 7

    async with desk(letters(To(S.posted, when=came), facts=[late]), tmp_path, PaperOffice()) as bench:
        patient(bench, look=timedelta(milliseconds=50))
        assert (await bench.engine.sweep("letters", "written")).counts == {"moved": 1}
        assert (await bench.case()).claim.failures == 0


async def test_who_sits_on_a_seat_and_does_not_go_on_keeps_it_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sitting, "hangs", property(lambda _: True))
    async with house(tmp_path, Site(), lease=timedelta(milliseconds=60)) as here:
        async with here.seats.sitting(here.account) as seat:
            assert seat is not None
            with capture_logs() as said:
                async with asyncio.timeout(5):
                    while not said:  # noqa: ASYNC110 - until the seat would be renewed
                        await asyncio.sleep(0)
            assert [line["event"] for line in said] == ["seat.hangs"]
            until = (await here.bench.store.account(here.account)).lease_until
            assert until == seat.lease_until, "it was not renewed"
            here.bench.clock.advance(timedelta(seconds=1))
            await here.bench.engine.sweep("letters", "written")
            await here.seats.sweep(LETTERS)
            assert here.site.fenced == 1, "the next one ends what it may have under way"


async def test_a_sweep_that_fails_over_one_seat_ends_after_the_others(tmp_path: Path) -> None:
    """It was written down as failed, and begun again, beside what went on."""
    begun, broken, ended = asyncio.Event(), asyncio.Event(), list[str]()

    class Fails(SeatWork):
        async def _work(self, seat: Seat, *rest: object) -> SweepResult:
            if seat.login == "ada":
                await begun.wait()
                broken.set()
                raise LookupError("no such session")
            begun.set()
            await broken.wait()
            for _ in range(9):
                await asyncio.sleep(0)
            ended.append(seat.login)
            return SweepResult()

    async with house(tmp_path, Site()) as here:
        await here.bench.open(Letter(), account=await here.bench.store.add_account("office", "bob", "pass"))
        await here.bench.engine.sweep("letters", "written")
        dependencies, remote = here.browsing._dependencies, here.seats._remote
        with pytest.raises(LookupError):
            await Fails(here.browsing, dependencies, remote, at_once=2).sweep(LETTERS)
        assert ended == ["bob"]

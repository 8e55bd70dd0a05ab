"""One schedule goes first: runs of the other begin when all of its runs up to the same instant have ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.schedules.office import Office
from workflow.schedules.run import Run
from workflow.schedules.schedule import BadSchedule

TEN = timedelta(minutes=10)
SECOND = timedelta(seconds=1)


@pytest.fixture
async def two(office: Office) -> Office:
    """Points are granted, then they expire; the beat looks at `expire` first."""
    await office.add(name="grant", group="z")
    await office.add(name="expire", group="a", after="grant")
    await office.first_beat.once()
    return office


async def names(office: Office) -> list[str]:
    """Whose runs a worker would begin now."""
    return [run.name for run in await office.pending("http")]


async def began(office: Office, name: str) -> Run:
    [run] = [one for one in await office.pending("http") if one.name == name]
    begun = await office.begin(run)
    assert begun is not None
    return begun


async def waiting(office: Office) -> Run:
    """The run that waits, wherever else it may not be seen."""
    [run] = [one for one in await office.store.runs(status="pending") if one.name == "expire"]
    assert await office.begin(run) is None
    return run


async def fates(office: Office, name: str) -> list[str]:
    schedule = await office.store.schedule(name)
    return [run.why or run.status for run in await office.store.runs(schedule.id)]


async def test_a_run_begins_when_that_of_the_same_instant_has_ended(two: Office) -> None:
    told = (await two.pass_time(TEN)).send
    assert [run.name for run in told] == ["grant"], "no worker is told of what may not begin"
    assert await names(two) == ["grant"]
    assert (await waiting(two)).waits_for == "grant"
    first = await began(two, "grant")
    assert (await names(two), (await waiting(two)).waits_for) == ([], "grant")
    assert await two.finish(first)
    assert await names(two) == ["expire"]
    assert [run.name for run in (await two.pass_time(SECOND)).send] == ["expire"]
    assert (await began(two, "expire")).waits_for is None


async def test_an_earlier_instant_is_waited_for_and_a_later_one_is_not(two: Office) -> None:
    await two.timetable.edit("expire", {"timing": "0 5/10 * * * ?", "overlap": "allow"}, "five minutes later")
    await two.pass_time(TEN)
    assert await two.finish(await began(two, "expire")), "that of 20:05 does not wait for that of 20:10"
    first = await began(two, "grant")
    await two.pass_time(TEN / 2)
    assert (await waiting(two)).waits_for == "grant"
    assert await two.finish(first)
    await two.pass_time(TEN / 2)
    assert await names(two) == ["expire", "grant"], "that of 20:15 does not wait for that of 20:20"


async def test_however_a_run_ends_it_is_over(two: Office) -> None:
    await two.pass_time(TEN)
    assert await two.finish(await began(two, "grant"), error="OSError: the disk is full")
    assert await two.finish(await began(two, "expire"))
    await two.pass_time(TEN)
    assert await began(two, "grant")
    assert await names(two) == []
    two.clock.advance(timedelta(days=2))
    assert await two.store.lose_dead(await two.clock.real()) == 1
    assert await names(two) == ["expire"]


async def test_a_run_that_will_be_tried_again_is_not_over(two: Office) -> None:
    await two.pass_time(TEN)
    broken, again_at = await began(two, "grant"), await two.clock.business() + timedelta(minutes=1)
    assert await two.store.try_again(broken, "http", {}, at=again_at, real=await two.clock.real())
    assert await names(two) == []
    await two.pass_time(timedelta(minutes=1))
    assert await two.finish(await began(two, "grant"))
    assert await names(two) == ["expire"]


@pytest.mark.parametrize(
    "stopped",
    [{"enabled": False}, {"calendar": "bureau", "timing": "0 0 3 * * ?"}, {"timing": "0 0 12 1 1 ?"}],
    ids=["disabled", "closed", "seldom"],
)
async def test_what_does_not_run_is_not_waited_for(two: Office, stopped: dict[str, Any]) -> None:
    await two.timetable.edit("grant", stopped, "for a while")
    await two.pass_time(TEN)
    assert await names(two) == ["expire"]


async def test_a_schedule_that_is_deleted_or_paused_is_not_waited_for(two: Office) -> None:
    await two.timetable.pause("grant", await two.clock.business() + timedelta(hours=1), "repairs")
    await two.pass_time(TEN)
    assert await two.finish(await began(two, "expire"))
    await two.timetable.delete("grant", "no longer wanted")
    await two.pass_time(TEN)
    assert await names(two) == ["expire"]


async def test_an_instant_that_no_beat_has_written_down_yet_is_waited_for(two: Office) -> None:
    """As between two rows of one look: the one that waits is there, and the one that goes first is not yet."""
    await two.timetable.edit("grant", {"enabled": False}, "for a while")
    await two.pass_time(TEN)
    run = next(iter(await two.pending("http")))
    async with two.store.engine.begin() as connection:
        await connection.execute(
            text("UPDATE schedules SET next_run_at = (SELECT due_at FROM runs WHERE id = :id) WHERE name = 'grant'"),
            [{"id": run.id}],
        )
    assert (await waiting(two)).waits_for == "grant"


async def test_one_that_waited_as_long_as_its_catch_up_window_is_skipped_and_says_so(two: Office) -> None:
    await two.timetable.edit("expire", {"catch_up": TEN / 2}, "soon or not at all")
    await two.pass_time(TEN)
    await began(two, "grant")
    await two.pass_time(TEN / 2)
    assert await fates(two, "expire") == ["pending"]
    await two.pass_time(2 * SECOND)
    assert await fates(two, "expire") == ["waited"]
    [skipped] = await two.store.runs(status="skipped")
    assert skipped.ended_at == await two.clock.real()


async def test_what_has_begun_goes_on_though_the_other_one_begins_anew(two: Office) -> None:
    await two.pass_time(TEN)
    assert await two.finish(await began(two, "grant"))
    second = await began(two, "expire")
    await two.timetable.run_now("grant", "once more")
    assert await two.store.go_on(second, "browser", {}, real=await two.clock.real())
    assert [run.name for run in await two.pending("browser")] == ["expire"]
    await two.pass_time(timedelta(hours=2))
    assert "waited" not in await fates(two, "expire")


async def test_a_run_by_hand_waits_as_well(two: Office) -> None:
    await two.timetable.run_now("grant", "a customer asks")
    first = await began(two, "grant")
    two.clock.advance(SECOND)
    await two.timetable.run_now("expire", "a customer asks")
    assert (await waiting(two)).waits_for == "grant"
    assert await two.finish(first)
    assert await names(two) == ["expire"]


async def test_a_run_that_waits_is_no_queue_that_nobody_serves(two: Office) -> None:
    await two.pass_time(TEN)
    await began(two, "grant")
    two.clock.advance(timedelta(minutes=30))
    real, now = await two.clock.real(), await two.clock.business()
    assert "queue_unserved" not in {
        one.kind for one in await two.store.outages(real=real, now=now, seated={}, entered={})
    }


@pytest.mark.parametrize(
    ("after", "said"),
    [("grand", "no schedule grand"), ("expire", "wait for itself"), ("last", "expire, last would wait for each other")],
)
async def test_what_could_wait_for_ever_is_refused_with_the_field(two: Office, after: str, said: str) -> None:
    await two.add(name="last", after="expire")
    with pytest.raises(BadSchedule, match=said) as refused:
        await two.timetable.edit("expire", {"after": after}, "to see what happens")
    assert refused.value.field == "after"
    assert refused.value.suggestion == ("grant" if after == "grand" else None)
    assert refused.value.told("zh-CN") != refused.value.told("en")
    with pytest.raises(BadSchedule):
        await two.add(name="another", after="nobody")


async def test_a_schedule_that_comes_back_may_close_no_circle(two: Office) -> None:
    await two.timetable.delete("expire", "no longer wanted")
    await two.timetable.edit("grant", {"after": "expire"}, "nothing waits for it any more")
    with pytest.raises(BadSchedule, match="expire, grant would wait for each other"):
        await two.timetable.restore("expire", "wanted after all")
    await two.add(name="other", after="grant")
    await two.timetable.delete("other", "by mistake")
    with pytest.raises(BadSchedule, match="other waits"):
        await two.timetable.edit("grant", {"name": "give"}, "a better name")


async def test_who_is_waited_for_keeps_its_name(two: Office) -> None:
    with pytest.raises(BadSchedule, match="expire waits"):
        await two.timetable.edit("grant", {"name": "give"}, "a better name")
    await two.timetable.edit("expire", {"after": None}, "it need not wait")
    await two.timetable.edit("grant", {"name": "give"}, "a better name")


async def test_two_that_would_wait_for_each_other_by_another_hand_are_skipped_and_the_others_run(two: Office) -> None:
    await two.add()
    async with two.store.engine.begin() as connection:
        await connection.execute(text("""UPDATE schedules SET "after" = 'expire' WHERE name = 'grant'"""))
    await two.pass_time(TEN)
    assert await names(two) == ["notices"]
    await two.pass_time(timedelta(hours=1) + SECOND)
    assert "waited" in await fates(two, "grant")
    assert "waited" in await fates(two, "expire")

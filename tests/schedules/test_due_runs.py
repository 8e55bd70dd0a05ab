"""What a person makes due is looked at by a run of its own, written in the command's own transaction."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.schedules.office import RULES, Office
from workflow.engine.commands import Commands
from workflow.errors import Conflict
from workflow.flow.remotes import Remotes
from workflow.schedules.run import Run
from workflow.store import NewCase

SWEEP = {"name": "awaiting_captcha", "target": "sweep copyright.awaiting_captcha"}
OTHER = {"name": "submitted", "target": "sweep copyright.submitted"}
LONG = timedelta(days=3)


class Front:
    """A person at a desk, and one case that sleeps for days in the state that the schedule looks at."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.case = office, ""
        self.people = Commands(
            office.store, office.clock, RULES.targets.plans, Remotes(()), "person:clerk", marks=folder, rules=RULES
        )

    async def open(self, state: str = "awaiting_captcha", *, wait: timedelta = LONG) -> str:
        now = await self.office.clock.business()
        new = NewCase("copyright", 1, "RZ", state, {"title": "A"}, due_at=now + wait)
        (made,) = await self.office.store.create([new], actor="person:clerk", reason=None, now=now)
        self.case = made.case
        return made.number

    async def open_now(self, count: int) -> None:
        """As an import opens them."""
        now, real = await self.office.clock.business(), await self.office.clock.real()
        sweeping = RULES.sweeping(await self.office.store.schedules(), now)
        new = [NewCase("copyright", 1, "RZ", "awaiting_captcha", {"title": "A"}) for _ in range(count)]
        await self.office.store.create(new, actor="person:clerk", reason=None, now=now, sweeping=sweeping, real=real)

    async def waiting(self) -> list[Run]:
        return await self.office.pending("http", "browser")


@pytest.fixture
async def front(office: Office, tmp_path: Path) -> Front:
    await office.add(**SWEEP)
    await office.add(**OTHER)
    found = Front(office, tmp_path)
    await found.open()
    return found


async def test_what_a_command_makes_due_waits_for_no_instant(front: Front) -> None:
    assert await front.waiting() == []
    await front.people.retry(front.case, "mended")
    (run,) = await front.waiting()
    assert (run.name, run.status, run.queue, run.actor) == ("awaiting_captcha", "pending", "http", "person:clerk")
    assert run.reason == "RZ-0001 noted"
    assert run.due_at <= await front.office.clock.business() + timedelta(milliseconds=1)


async def test_a_code_that_is_handed_in_is_taken_up_by_the_next_look_of_the_beat(front: Front) -> None:
    """Ten minutes went by, at worst."""
    await front.people.enter_code(front.case, "o1", "1234")
    (run,) = (await front.office.pass_time(timedelta(seconds=1))).send
    assert run.name == "awaiting_captcha"


async def test_many_commands_are_one_run_and_two_workers_begin_it_once(front: Front) -> None:
    for number in range(5):
        await front.people.enter_code(front.case, "o1", f"123{number}")
    (run,) = await front.waiting()
    begun = await asyncio.gather(*(front.office.begin(run, f"worker-{number}") for number in range(4)))
    assert len([one for one in begun if one is not None]) == 1


async def test_a_run_under_way_may_be_past_the_case_so_another_waits_behind_it(front: Front) -> None:
    await front.people.retry(front.case, "mended")
    (run,) = await front.waiting()
    begun = await front.office.begin(run)
    assert begun is not None
    await front.people.retry(front.case, "mended once more")
    assert await front.waiting() == [], "it may not overlap"
    assert await front.office.finish(begun)
    (after,) = await front.waiting()
    assert after.id != run.id


@pytest.mark.parametrize("how", ["paused", "disabled", "shut", "deleted"])
async def test_a_schedule_that_may_not_run_now_is_not_run_by_a_command(front: Front, how: str) -> None:
    office = front.office
    if how == "paused":
        await office.timetable.pause(SWEEP["name"], await office.clock.business() + LONG, "the site is mended")
    elif how == "disabled":
        await office.timetable.edit(SWEEP["name"], {"enabled": False}, "not now")
    elif how == "shut":
        await office.timetable.edit(SWEEP["name"], {"calendar": "bureau"}, "as the bureau")
        office.clock.advance(timedelta(hours=6))  # after two at night there
    else:
        await office.timetable.delete(SWEEP["name"], "no need")
    before = [run.id for run in await front.waiting()]
    await front.people.retry(front.case, "mended")
    assert [run.id for run in await front.waiting()] == before
    assert (await office.store.case(front.case)).due_at == await office.clock.business()


async def test_what_makes_nothing_due_writes_no_run(front: Front) -> None:
    await front.people.note(front.case, "called the owner")
    await front.people.hold(front.case, "waits for the patent")
    await front.people.retry(front.case, "mended")
    assert await front.waiting() == [], "it is on hold"
    await front.people.resume(front.case)
    assert len(await front.waiting()) == 1


async def test_a_command_that_is_refused_leaves_no_run(front: Front) -> None:
    with pytest.raises(Conflict):
        await front.people.retry(front.case, "mended", version=17)
    assert await front.waiting() == []


async def test_a_case_that_is_woken_is_looked_at_at_once(front: Front) -> None:
    """A new password, say: it leaves no event of its own."""
    await front.people.look_now(front.case)
    (run,) = await front.waiting()
    assert (run.actor, run.reason) == ("person:clerk", "RZ-0001 due")


async def test_a_forced_case_is_looked_at_in_its_new_state(front: Front) -> None:
    await front.people.force(front.case, "submitted", "it is there already")
    assert [run.name for run in await front.waiting()] == ["submitted"]


async def test_an_import_is_begun_at_once_with_one_run(front: Front) -> None:
    await front.open_now(3)
    (run,) = await front.waiting()
    assert (run.name, run.reason) == ("awaiting_captcha", "3 opened")

"""A remote that closes ends the tick: no later line is tried, and the case is due at the opening."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.engine.letters import (
    Counter,
    Letter,
    Office,
    PaperOffice,
    S,
    counter,
    desk,
    is_posted,
    letters,
    stamp,
    whisper,
)
from workflow.calendars import Calendar, Holiday
from workflow.errors import DefinitionError
from workflow.flow.case import Case
from workflow.flow.definition import Stay, To
from workflow.flow.functions import action
from workflow.flow.remotes import Remote, Remotes
from workflow.testing import Bench

HOURS = Calendar("office", time(8), time(23), "Asia/Shanghai")
CLOSING = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
OPENING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
WEEK = [Holiday(date(2026, 11, 24), date(2026, 11, 30), "Founders' Week (invented)")]
HOLIDAYS = Calendar("office", time(8), time(23), "Asia/Shanghai", holidays=WEEK)


@action(proof=is_posted, once="round", takes=timedelta(seconds=90))
async def post_in_time(case: Case[Letter], office: Office, key: str) -> None:
    await office.post(case.data.to[0], key)


def letters_waiting(counter: Counter) -> bool:
    return counter.letters > 5


def closing(office: PaperOffice, calendar: Calendar = HOURS) -> Sequence[Remote]:
    return [Remote("office", Office, office, calendar=calendar)]


async def at(letters: Bench, instant: datetime) -> None:
    letters.clock.advance(instant - await letters.clock.business())


async def test_a_question_to_a_closed_remote_is_not_asked_and_due_at_the_opening(tmp_path: Path) -> None:
    plan = letters(To(S.posted, when=letters_waiting), facts=[counter])
    async with desk(plan, tmp_path, office := PaperOffice(), remotes=closing(office)) as bench:
        await at(bench, CLOSING)
        swept = await bench.sweep()

        assert (swept.counts, office.asked) == ({"deferred": 1}, 0)
        assert (await bench.case()).due_at == OPENING
        why = await bench.why()
        assert (why.reason, why.detail["hours"]) == ("closed", "08:00-23:00 Asia/Shanghai")


async def test_a_line_below_one_that_needs_a_closed_remote_is_not_tried(tmp_path: Path) -> None:
    plan = letters(Stay(when=letters_waiting, do=stamp), To(S.posted), facts=[counter])
    async with desk(plan, tmp_path, office := PaperOffice(), remotes=closing(office)) as bench:
        await at(bench, CLOSING + timedelta(minutes=1))
        await bench.sweep()
        assert (await bench.case()).claim.state == S.written
        await bench.run(S.posted)
        assert await bench.clock.business() >= OPENING


async def test_a_line_above_it_runs_at_night(tmp_path: Path) -> None:
    plan = letters(To(S.posted), facts=[counter])
    async with desk(plan, tmp_path, office := PaperOffice(), remotes=closing(office)) as bench:
        await at(bench, CLOSING)
        await bench.sweep()
        assert (await bench.case()).claim.state == S.posted


@pytest.mark.parametrize(("seconds", "begins"), [(91, True), (90, True), (89, False), (0, False)])
async def test_what_does_not_fit_before_closing_is_not_begun(tmp_path: Path, seconds: int, begins: bool) -> None:
    plan = letters(To(S.posted, do=post_in_time))
    async with desk(plan, tmp_path, office := PaperOffice(), remotes=closing(office)) as bench:
        await at(bench, CLOSING - timedelta(seconds=seconds))
        await bench.sweep()

        row = await bench.case()
        assert bool(office.calls) is begins
        if not begins:
            assert (row.due_at, row.claim.decision) == (OPENING, None)
            assert await bench.kinds() == ["created"]


async def test_a_decision_that_the_night_interrupts_goes_on_in_the_morning(tmp_path: Path) -> None:
    plan = letters(To(S.posted, do=[whisper_late, post_in_time]))
    async with desk(plan, tmp_path, office := PaperOffice(), remotes=closing(office)) as bench:
        await at(bench, CLOSING - timedelta(seconds=95))

        async def dawdle() -> None:
            bench.clock.advance(timedelta(seconds=60), real=timedelta(seconds=10))

        office.meanwhile = [dawdle]
        await bench.sweep()
        await bench.run(S.posted)
        assert len(office.calls) == 2
        assert (await bench.kinds()).count("decided") == 1


@action(blind="sent", once="round", takes=timedelta(seconds=5))
async def whisper_late(case: Case[Letter], office: Office, key: str) -> None:
    await office.post(case.data.to[0], key)


def test_an_action_at_a_closing_remote_must_say_how_long_it_takes() -> None:
    plan = letters(To(S.posted, do=whisper))
    with pytest.raises(DefinitionError, match="say takes="):
        Remotes(closing(PaperOffice())).check(plan)


def test_what_could_run_at_night_and_waits_below_a_closed_line_is_warned_of() -> None:
    plan = letters(Stay(when=letters_waiting, do=post_in_time), To(S.posted), facts=[counter])
    (warning,) = Remotes(closing(PaperOffice())).check(plan)
    assert "needs nothing that closes, but waits below" in warning


async def test_a_week_of_holidays_that_the_calendar_knows_alarms_nobody(tmp_path: Path) -> None:
    plan = letters(To(S.posted, when=letters_waiting), facts=[counter])
    remotes = closing(office := PaperOffice(), HOLIDAYS)
    async with desk(plan, tmp_path, office, remotes=remotes) as bench:
        await at(bench, CLOSING)
        await bench.sweep()
        row = await bench.case()
        assert row.due_at == OPENING + timedelta(days=7)
        why = await bench.why()
        assert why.detail["hours"] == (
            "08:00-23:00 Asia/Shanghai; closed 2026-11-24..2026-11-30 Founders' Week (invented)"
        )
        assert "休 2026-11-24..2026-11-30" in why.detail["hours_zh"]
        for _ in range(6):  # whoever asks for a look meanwhile
            bench.clock.advance(timedelta(days=1))
            await bench.people.look_now(row.claim.number)
            await bench.sweep()
        assert await bench.store.incidents() == []


async def test_what_never_fits_within_the_hours_is_told(tmp_path: Path) -> None:
    plan = letters(To(S.posted, do=post_in_time))
    short = Calendar("office", time(8), time(8, 1), "Asia/Shanghai")
    async with desk(plan, tmp_path, office := PaperOffice(), remotes=closing(office, short)) as bench:
        for _ in range(4):
            await bench.sweep()
            bench.clock.advance(timedelta(days=1))
        assert [one.kind for one in await bench.store.incidents()] == ["stuck"]

"""When a case that waits is looked at again: what its guards say of it is kept, shorter or longer."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.engine.letters import MINUTE, Letter, PaperOffice, S, desk, letters
from tests.engine.unpaid_orders import swept
from workflow.flow.case import Case, No, Verdict
from workflow.flow.compiled import Plan
from workflow.flow.definition import Flow, Line, State, Stay, To
from workflow.testing import MORNING, Bench

DAY = timedelta(days=1)


def in_thirty_days(case: Case[Letter], now: datetime) -> Verdict:
    end = case.opened_at + 30 * DAY
    return now >= end or No(until=end, waits_for="nobody")


def in_two_days(case: Case[Letter], now: datetime) -> Verdict:
    end = case.opened_at + 2 * DAY
    return now >= end or No(until=end)


def in_a_minute(case: Case[Letter], now: datetime) -> Verdict:
    return No(until=now + MINUTE)


def yesterday(case: Case[Letter], now: datetime) -> Verdict:
    return No(until=now - DAY)


def some_day(case: Case[Letter]) -> Verdict:
    return No(waits_for="nobody")


def always(case: Case[Letter]) -> bool:
    return True


def waiting(*lines: Line, recheck: timedelta | None = None) -> Plan:
    states = [
        State(S.written, "写好", *lines, waits_for="nobody", recheck=recheck),
        State(S.posted, "已寄", final=True),
    ]
    return Plan(Flow("letters", version=1, data=Letter, prefix="LT", states=states))


async def slept(bench: Bench) -> timedelta:
    await bench.sweep()
    due = (await bench.case()).due_at
    assert due is not None
    return due - await bench.clock.business()


LOOK_AGAIN = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("guards", "recheck", "sleeps"),
    [
        ([in_thirty_days], None, 30 * DAY),
        ([in_thirty_days, in_two_days], None, 2 * DAY),
        ([in_thirty_days, some_day], None, LOOK_AGAIN),
        ([in_a_minute, some_day], None, MINUTE),
        ([some_day], None, LOOK_AGAIN),
        ([yesterday], None, LOOK_AGAIN),
        ([in_thirty_days, yesterday], None, LOOK_AGAIN),
        ([in_thirty_days], DAY, 30 * DAY),
        ([in_thirty_days, some_day], DAY, DAY),
        ([in_two_days, some_day], 3 * DAY, 2 * DAY),
    ],
)
async def test_a_case_sleeps_as_long_as_all_its_guards_say(
    tmp_path: Path, guards: list[Any], recheck: timedelta | None, sleeps: timedelta
) -> None:
    async with desk(waiting(*(To(S.posted, when=guard) for guard in guards), recheck=recheck), tmp_path, None) as bench:
        assert await slept(bench) == sleeps


async def test_only_the_guard_that_refuses_counts(tmp_path: Path) -> None:
    """A line whose first guard holds waits for the second one, and for what that one says."""
    async with desk(waiting(To(S.posted, when=[always, in_two_days])), tmp_path, None) as bench:
        assert await slept(bench) == 2 * DAY


async def test_thirty_days_are_one_look(tmp_path: Path) -> None:
    async with desk(waiting(To(S.posted, when=in_thirty_days)), tmp_path, None) as bench:
        await bench.run(S.posted)
        case = (await bench.case()).claim.case
        assert sum(check.count for check in await bench.store.checks(case)) == 1


@pytest.mark.parametrize("recheck", [None, DAY])
@pytest.mark.parametrize("how", ["change", "give", "enter_code"])
async def test_who_hands_something_in_wakes_the_case(tmp_path: Path, how: str, recheck: timedelta | None) -> None:
    """However long its guards said, and whatever its state's recheck: what came may be just what they wait for."""
    async with desk(waiting(To(S.posted, when=in_thirty_days), recheck=recheck), tmp_path, None) as bench:
        assert await slept(bench) == 30 * DAY
        case = (await bench.case()).claim.case
        match how:
            case "enter_code":
                assert await bench.people.enter_code(case, "o1", "582104")
            case _:
                await getattr(bench.people, how)(case, {"stamp": "red"}, "it came")
        assert (await bench.case()).due_at == await bench.clock.business()


async def test_a_sweep_of_a_named_line_moves_no_due_time(tmp_path: Path) -> None:
    plan = letters(Stay(when=some_day, learn={}, tell=lambda case: (), name="remind"), To(S.posted, when=in_two_days))
    async with desk(plan, tmp_path, None) as bench:
        assert await slept(bench) == 2 * DAY
        due = (await bench.case()).due_at
        await bench.engine.sweep("letters", "written", only="remind")
        assert (await bench.case()).due_at == due


@pytest.mark.parametrize("until", [MORNING.replace(tzinfo=None), "tomorrow", 7])
async def test_an_until_that_is_no_instant_is_a_mistake(tmp_path: Path, until: Any) -> None:
    def wrong(case: Case[Letter]) -> Verdict:
        return No(until=until)

    async with desk(waiting(To(S.posted, when=wrong)), tmp_path, PaperOffice()) as bench:
        assert (await bench.sweep()).counts == {"failed": 1}
        assert "no instant with a zone" in (await bench.why()).detail["error"]


async def test_under_a_schedule_of_every_minute_no_order_is_looked_at_before_its_time() -> None:
    """Of 100,000 the figures stand in docs/measured.md: python -m tests.engine.unpaid_orders."""
    found = await swept(1500)
    assert found.looks == [1500, *[0] * 14, 1500]

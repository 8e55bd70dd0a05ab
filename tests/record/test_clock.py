"""Business time jumps forward over idle hours and never back; real time goes as it does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workflow.clock import DatabaseClock, SetClock
from workflow.record.columns import instant_text
from workflow.record.database import open_database
from workflow.record.migrations import migrate

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
async def clock(tmp_path: Path) -> AsyncIterator[DatabaseClock]:
    engine = open_database(f"sqlite:///{tmp_path / 'caseward.db'}")
    await migrate(engine)
    yield DatabaseClock(engine)
    await engine.dispose()


async def test_business_time_is_real_time_until_it_jumps(clock: DatabaseClock) -> None:
    before, business, after = await clock.real(), await clock.business(), await clock.real()
    assert before <= business <= after
    assert before.tzinfo is UTC


async def test_a_jump_moves_business_time_and_leaves_real_time(clock: DatabaseClock) -> None:
    target = await clock.business() + timedelta(days=3)
    assert await clock.jump(target) == target
    assert target <= await clock.business() < target + timedelta(hours=1)
    assert await clock.real() < target


async def test_time_never_jumps_back(clock: DatabaseClock) -> None:
    there = await clock.jump(await clock.business() + timedelta(days=3))
    assert await clock.jump(there - timedelta(days=1)) >= there
    assert await clock.business() >= there


async def test_a_set_clock_stands_until_it_is_moved() -> None:
    clock = SetClock(NOW)
    clock.advance(timedelta(hours=1))
    assert (await clock.business(), await clock.real()) == (NOW + timedelta(hours=1),) * 2
    clock.advance(timedelta(hours=1), real=timedelta(seconds=1))
    clock.set(real=NOW)
    assert (await clock.business(), await clock.real()) == (NOW + timedelta(hours=2), NOW)


def test_instants_sort_as_text() -> None:
    instants = [NOW + timedelta(microseconds=1), NOW, datetime(999, 1, 1, tzinfo=UTC)]
    assert sorted(instants) == sorted(instants, key=instant_text)
    assert instant_text(NOW) == "2026-03-02T09:00:00.000000Z"
    with pytest.raises(ValueError, match="has no zone"):
        instant_text(datetime(2026, 3, 2))  # noqa: DTZ001 (the point)

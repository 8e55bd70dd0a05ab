"""What lasts: a job that fails for twenty days, a stop of three days, a new record that many open again and again."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.engine.test_escalation import told_once
from tests.record.test_identity import all_open
from tests.schedules.office import Office
from tests.store.filled import opened
from tests.worker.errand import house
from tests.worker.test_failing_runs import A_DAY, ERRORS, Broken, fails_on
from workflow.record.migrations import migrate
from workflow.record.vault import make_keys, open_vault

DAYS, STOPPED, TIMES = 20, timedelta(days=3), 20


async def attack() -> dict[str, Any]:
    """Each error of a job, the stop, and the openings."""
    shortcomings = list[str]()
    with tempfile.TemporaryDirectory(prefix="caseward-lasting-") as made:
        folder = Path(made)
        for number, error in enumerate(ERRORS):
            shortcomings += await _held(type(error).__name__, _failing(folder / f"job-{number}", error))
        shortcomings += await _held("the stop", told_once(folder, STOPPED))
        shortcomings += await _held("the openings", _opening(folder / "records"))
    return {
        "errors": len(ERRORS),
        "runs": len(ERRORS) * DAYS * A_DAY,
        "days_stopped": STOPPED.days,
        "openings": TIMES,
        "shortcomings": shortcomings,
    }


async def _held(name: str, tried: Awaitable[None]) -> list[str]:
    try:
        await tried
    except AssertionError as wrong:
        return [f"{name}: {wrong or 'it did not hold'}"]
    return []


async def _failing(folder: Path, error: Exception) -> None:
    folder.mkdir()
    make_keys(folder / "keys.json")
    async with opened(folder / "caseward.db", open_vault(folder / "keys.json")) as store:
        await migrate(store.engine)
        broken = Broken()
        async with house(Office(store), folder, broken) as home:
            await home.add()
            await fails_on(home, broken, error, DAYS * A_DAY)


async def _opening(folder: Path) -> None:
    folder.mkdir()
    all_open(folder, TIMES)

"""A row that somebody edited by hand into what cannot be read is named and set apart; all others run.

On SQLite, which keeps whatever is put into a column; PostgreSQL refuses it.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from caseward.console.terminal.timings import strangeness
from caseward.console.wording.texts import Texts
from tests.schedules.office import RULES, Office
from workflow.engine.commands import Commands
from workflow.flow.remotes import Remotes
from workflow.record.vault import Vault
from workflow.scheduler.beat import Beat
from workflow.schedules.schedule import Rules
from workflow.schedules.targets import Targets
from workflow.store import NewCase, Store

MINUTES_10 = timedelta(minutes=10)
ODD: dict[str, tuple[Any, ...]] = {
    "recheck_s": ("soon", "", b"\xff", 1.5, "12h", 10**14),
    "catch_up_s": ("soon", "", b"\x00", 10**10, -(10**14)),
    "timeout_s": ("half an hour", "", 0.5, b"1", 10**14),
    "batch": ("many", "", b"\x01", 2.5),
    "retries": ("twice", "", b"\x01"),
    "enabled": ("yes", "", "maybe", 2, b"1"),
    "paused_until": ("tomorrow", "", "2026-13-45", b"\xff", 7),
    "timing": (b"\xff\x00",),
    "zone": (b"\xff",),
    "target": (b"\xff",),
    "overlap": (b"\xff",),
    "misfire": (b"\xff",),
    "calendar": (b"\xff",),
    "after": (b"\xff",),
}
"""What SQLite keeps in each column of a schedule, whatever the column says of itself."""
EACH = [(column, value) for column, values in ODD.items() for value in values]
OF_A_RUN = (
    "due_at",
    "until",
    "count",
    "made_at",
    "sent_at",
    "begun_at",
    "tries",
    "lease_until",
    "again_at",
    "failures",
    "counts",
    "parts",
)


@pytest.fixture
async def here(sqlite: AsyncEngine, vault: Vault) -> Office:
    """Two schedules, and a beat that has looked at them."""
    office = Office(Store(sqlite, vault, "test"))
    await office.add(name="odd")
    await office.add()
    await office.first_beat.once()
    return office


async def put(office: Office, table: str, column: str, value: Any, where: str) -> None:
    async with office.store.engine.begin() as connection:
        await connection.execute(text(f'UPDATE {table} SET "{column}" = :value WHERE {where}'), {"value": value})


@pytest.mark.parametrize(("column", "value"), EACH)
async def test_a_schedule_that_cannot_be_read_is_named_and_the_others_run(
    here: Office, column: str, value: Any
) -> None:
    await put(here, "schedules", column, value, "name = 'odd'")
    for _ in range(3):
        await here.pass_time(MINUTES_10)
        assert await here.run_all() == 1
    assert {run.name for run in await here.store.runs()} == {"notices"}
    (odd,) = [one for one in await here.store.schedules() if one.definition.name == "odd"]
    now = await here.clock.business()
    found = strangeness(odd, RULES, now)
    assert found is not None
    assert (found.what, found.parts["name"]) == ("unreadable", "odd")
    assert column.removesuffix("_s") in found.parts["why"]
    told = Texts("zh-CN")("schedule.strange.unreadable", **found.parts)
    assert "nothing that can stand there" not in told
    assert "不能" in told or "无法" in told, told


@pytest.mark.parametrize(("column", "value"), EACH)
async def test_people_command_and_import_beside_a_schedule_that_cannot_be_read(
    here: Office, tmp_path: Path, column: str, value: Any
) -> None:
    """Which schedule looks at a case is asked by each command: the odd one looks at none, the other at its own."""
    await here.timetable.edit("odd", {"target": "sweep copyright.submitted"}, reason="as it was meant")
    await here.add(name="codes", target="sweep copyright.awaiting_captcha")
    await put(here, "schedules", column, value, "name = 'odd'")
    now, real = await here.clock.business(), await here.clock.real()
    new = [NewCase("copyright", 1, "RZ", state, {"title": "A"}) for state in ("submitted", "awaiting_captcha")]
    sweeping = RULES.sweeping(await here.store.schedules(), now)
    await here.store.create(new, actor="person:clerk", reason=None, now=now, sweeping=sweeping, real=real)
    people = Commands(
        here.store, here.clock, RULES.targets.plans, Remotes(()), "person:clerk", marks=tmp_path, rules=RULES
    )
    await people.look_now("RZ-0001")
    assert [run.name for run in await here.pending("http")] == ["codes"]


@pytest.mark.parametrize("column", ["timeout_s", "enabled", "paused_until", "batch"])
async def test_it_runs_again_once_it_is_edited(here: Office, column: str) -> None:
    """The cure that is told: what the edit says counts, and what stood there is gone."""
    await put(here, "schedules", column, "soon", "name = 'odd'")
    await here.pass_time(MINUTES_10)
    mended: dict[str, dict[str, Any]] = {
        "timeout_s": {"timeout": timedelta(minutes=5)},
        "enabled": {"enabled": True},
        "batch": {"batch": 5},
    }
    await here.timetable.edit("odd", mended.get(column, {"paused_until": None}), reason="mended")
    await here.pass_time(MINUTES_10)
    assert {run.name for run in await here.pending("http")} >= {"odd"}


@pytest.mark.parametrize("value", ["soon", "", "0", b"\xff", 7])
async def test_a_next_instant_that_is_none_is_planned_anew(here: Office, value: Any) -> None:
    """It follows from the timing: nobody has to mend it."""
    await put(here, "schedules", "next_run_at", value, "name = 'odd'")
    for _ in range(2):
        await here.pass_time(MINUTES_10)
    assert {run.name for run in await here.pending("http")} == {"odd", "notices"}


@pytest.mark.parametrize("value", ["soon", "", b"\xff", 1.5])
@pytest.mark.parametrize("column", OF_A_RUN)
async def test_a_run_that_cannot_be_read_harms_no_other(here: Office, column: str, value: Any) -> None:
    await here.pass_time(MINUTES_10)
    of_it = "schedule = (SELECT id FROM schedules WHERE name = 'odd')"
    await put(here, "runs", column, value, of_it)
    assert "notices" in {run.name for run in await here.pending("http")}
    for _ in range(2):
        for run in await here.pending("http"):
            if run.name == "notices":
                begun = await here.begin(run)
                assert begun is not None
                assert await here.finish(begun)
        await here.pass_time(MINUTES_10)
    assert len([run for run in await here.store.runs() if run.name == "notices"]) == 3


async def test_what_a_beat_of_other_systems_cannot_read_is_told_once(here: Office) -> None:
    """The beat that knows it advances the row at each instant, which is no news to the other one."""
    await here.add(name="filed", target="sweep copyright.submitted", timing="0 0/1 * * * ?")
    rules = Rules(Targets({}, RULES.targets.jobs), RULES.calendars)
    other = Beat(here.store, here.clock, rules, "two")
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            await other.once()
            await here.pass_time(timedelta(minutes=1))
    said = [one for one in logs if one["event"] == "schedule.unreadable"]
    assert [one["schedule"] for one in said] == ["filed"]
    assert "switch its system on" in said[0]["cure"]

"""A day of an office, kept as it stood at the moments that the how-to pages show."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from caseward.app.installation import Record
from caseward.console.commands.case.imports import import_cases
from caseward.console.intake.accounts import add_accounts
from caseward.console.intake.files import read_accounts
from caseward.console.intake.samples import read_acts
from caseward.demonstration.outside import free_port, running
from tests.docs.days import FIRST_LEAD, at_work, opened
from tests.docs.office import SAMPLES
from tests.docs.seats import open_workers
from tests.systems import INTAKE, POOL, read

TITLES = (
    "云岫冷链运输温控监测平台",
    "江川水文站泥沙图像测量系统",
    "百工坊机加工排产管理系统",
    "砚边书法临帖评测软件",
    "听雪楼宇热泵节能控制嵌入式软件",
)
"""Of the samples those that wait longest."""
LATECOMER = "知微实验室试剂台账管理软件"
"""Comes in when the bureau is closed."""


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Of that week, whose first day is the Monday, as clocks in Shanghai show it."""
    # far ahead, because business time can be set forward only
    return datetime(2090, 3, 5 + day, tzinfo=UTC) + timedelta(hours=hour - 8, minutes=minute, seconds=second)


MINUTE = timedelta(minutes=1)
BEGIN = at(1, 9)
SCENES: Mapping[str, datetime] = {
    "forenoon": at(1, 10, 36, 20),
    "evening": at(1, 23, 36, 20),
}
"""When people look; nothing happens in the last seconds before."""
BEFORE = 26 * MINUTE
"""So long before a scene time is not jumped over any more."""


async def play(folder: Path, keep: Callable[[str], None]) -> None:
    """The whole story in this folder; keep is told each scene when the record stands as the scene shows it."""
    world = json.loads((SAMPLES / "world.json").read_text("utf-8"))
    port = free_port(8781)
    async with opened(folder, f"http://127.0.0.1:{port}", BEGIN - MINUTE) as (record, clock):
        logins = read_accounts(SAMPLES / "accounts.json").rows
        await add_accounts(record, [login.data for login in logins], actor="cast:clerk", pool=POOL)
        await _take_in(record, TITLES)
        async with running(
            folder.parent / "outside", {**world, "start": (BEGIN + FIRST_LEAD).isoformat()}, port
        ) as outside:
            async with open_workers(record) as workers:
                office = at_work(record, clock, workers, outside, read_acts(world))
                for scene, moment in SCENES.items():
                    await office.jump(moment - BEFORE)
                    await office.until(moment - 2 * MINUTE, 5 * MINUTE)
                    if scene == "evening":
                        await _take_in(record, [LATECOMER])
                    await office.until(moment, timedelta(seconds=10))
                    keep(scene)


async def _take_in(record: Record, titles: Sequence[str]) -> None:
    rows = read(SAMPLES / "registrations.json", date(2090, 3, 6)).rows
    await import_cases(record, INTAKE, [row for row in rows if row.data.full_name in titles], actor="cast:clerk")

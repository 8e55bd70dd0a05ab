"""An office with one registration under way, for the README: real adapters, a real Chromium, the simulated bureau."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.browser.chromium_search import Found, find
from caseward.app.adapters import open_workers
from caseward.app.installation import Record
from caseward.console.commands.case.imports import import_cases
from caseward.console.intake.accounts import add_accounts
from caseward.console.intake.files import read_accounts
from caseward.console.intake.samples import read_acts
from caseward.console.terminal.logs import warnings_to_stderr
from caseward.console.wording.words import LANGUAGES
from caseward.demonstration.outside import free_port, running
from tests.docs.days import FIRST_LEAD, at_work, opened
from tests.systems import INTAKE, POOL, read
from workflow.clock import DatabaseClock

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "states" / "copyright" / "samples"
TITLE = "砚边书法临帖评测软件"
# far ahead, because business time can be set forward only
MORNING = datetime(2090, 3, 6, 1, 0, tzinfo=UTC)
"""Monday, nine in the morning in Shanghai."""
ASKED = MORNING + timedelta(hours=1, minutes=10)
"""By then the bureau was asked for the code."""
UNTIL, TEN_MINUTES = MORNING + timedelta(hours=1, minutes=50), timedelta(minutes=10)
NOW = UNTIL + timedelta(minutes=6, seconds=20)
"""When somebody asks why."""


async def until_a_code_is_awaited(data: Path, chromium: Found) -> None:
    """Takes one registration in and works on it until it waits for its owner's code, looked at a few times."""
    world = json.loads((SAMPLES / "world.json").read_text("utf-8"))
    port = free_port(8761)
    async with opened(data, f"http://127.0.0.1:{port}", MORNING - timedelta(minutes=1)) as (record, clock):
        await _take_in(record)
        async with running(data / "sandbox", {**world, "start": (MORNING + FIRST_LEAD).isoformat()}, port) as outside:
            async with open_workers(record, chromium) as workers:
                acts = [act for act in read_acts(world) if act.does == "answer_captcha"]
                office = at_work(record, clock, workers, outside, acts)
                await office.jump(ASKED)
                await office.until(UNTIL, TEN_MINUTES)
        await DatabaseClock(record.database).jump(NOW)


def caseward(data: Path, *args: str, language: str = "en") -> str:
    """What a terminal of eighty columns shows."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("CASEWARD_")}
    said = {"CASEWARD_DATA_DIR": str(data), "CASEWARD_LANG": language, "COLUMNS": "80"}
    command = [sys.executable, "-c", "from caseward.cli import main; main()", *args]
    return subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, env={**others, **said}, cwd=ROOT
    ).stdout


def why(data: Path, language: str) -> str:
    """Why the registration waits."""
    return caseward(data, "case", "why", "RZ-0001", language=language)


async def _take_in(record: Record) -> None:
    intake, logins = read(SAMPLES / "registrations.json", date(2090, 3, 6)), read_accounts(SAMPLES / "accounts.json")
    (row,) = (row for row in intake.rows if row.data.full_name == TITLE)
    accounts = [login.data for login in logins.rows if login.data.login == row.data.account]
    await add_accounts(record, accounts, actor="cast:clerk", pool=POOL)
    await import_cases(record, INTAKE, [row], actor="cast:clerk")


async def _main() -> None:
    with TemporaryDirectory() as folder:
        found = await find(browsers=ROOT / "caseward-data" / "browsers")
        if not isinstance(found, Found):
            raise SystemExit(str(found))
        await until_a_code_is_awaited(Path(folder), found)
        for language in LANGUAGES:
            sys.stdout.write(f"\n{language}\n$ caseward case why RZ-0001\n{why(Path(folder), language)}")


if __name__ == "__main__":
    warnings_to_stderr()
    asyncio.run(_main())

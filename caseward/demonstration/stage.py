"""The stage: the simulated outside, a record with the samples in it, and worker and beat as threads of this process."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from adapters.browser.chromium_search import Found, NotFound
from caseward.app.default_schedules import put_defaults
from caseward.app.embedded import embedded
from caseward.app.event_loop import Held, bridge
from caseward.app.installation import Record, open_record
from caseward.app.process import Process
from caseward.console.commands.case.imports import import_cases
from caseward.console.intake.accounts import add_accounts
from caseward.console.intake.files import read, read_accounts, title_of
from caseward.console.terminal.view import say_migrated
from caseward.console.wording.texts import Texts
from caseward.console.wording.words import Language
from caseward.demonstration.finding import Finding
from caseward.demonstration.outside import Outside, addresses, port_of, running, taken_port
from workflow.errors import WorkflowError
from workflow.record.database import file_url
from workflow.sentence import Sentence
from workflow.settings import read_settings
from workflow.sources import FILE

SAMPLES = Path(__file__).resolve().parents[2] / "docs" / "samples"
OUTSIDE = "sandbox"
"""The folder in which the simulated outside keeps its ledger, below the data folder."""
PORT = 8701
BEIJING = ZoneInfo("Asia/Shanghai")
ACTOR = "cast:demonstration"

Say = Callable[..., None]
"""Is told of each step by name, with its figures."""


class NotOurs(WorkflowError):
    """The data folder holds cases that the demonstration did not bring: time must not jump over them."""


@dataclass(frozen=True)
class Stage:
    """Everything is up. browser: the Chromium that was found, or what was tried."""

    outside: Outside
    working: Process
    browser: Found | NotFound
    world: Mapping[str, Any]

    @property
    def has_browser(self) -> bool:
        return isinstance(self.browser, Found)


def silent(step: str, **figures: object) -> None:
    """Nobody watches."""


@contextmanager
def staged(folder: Path, language: Language, finding: Finding, say: Say = silent) -> Iterator[Stage]:
    """The stage on a data folder of its own, new or as it was left; not for the thread of an event loop.

    The settings go into this process's environment, as a worker in another terminal would be given them. Raises
    NotOurs, and WorkflowError where a part does not come up.
    """
    world: dict[str, Any] = json.loads((SAMPLES / "world.json").read_text("utf-8"))
    taken = taken_port(PORT)
    port = port_of(taken)
    if port != PORT:
        say("port", wanted=PORT, port=port)
    _settle_environment(folder, f"http://127.0.0.1:{port}", language)
    settings = read_settings()
    with ExitStack() as stack:
        stack.callback(taken.close)
        record = _held(stack, open_record(settings))
        new = not (folder / OUTSIDE).exists()
        counts = bridge().run(record.store.counts())
        if new and counts:
            raise NotOurs(
                Sentence(
                    "holds_cases_own", "{folder} holds {n} cases of its own", folder=folder, n=sum(counts.values())
                )
            )
        say_migrated(record, Texts(language))
        say("database", kind=record.database.dialect.name)
        now = bridge().run(_begin(record) if new else record.clock.business())
        began = {**world, "start": now.isoformat()} if new else {}
        outside = _held(stack, running(folder / OUTSIDE, began, taken))
        bridge().run(outside.set_clock(now))
        say("outside", url=outside.url)
        browser = finding.result()
        if isinstance(browser, Found) and browser.executable:
            os.environ["CASEWARD_CHROMIUM"] = browser.executable
        schedules = bridge().run(_schedules(record))
        working = stack.enter_context(embedded(read_settings()))
        say("working", n=schedules)
        counts = bridge().run(record.store.counts())
        say("samples" if new else "kept", n=sum(n for (flow, _), n in counts.items() if flow == "copyright"))
        say("browser" if isinstance(browser, Found) else "no_browser", found=browser)
        yield Stage(outside, working, browser, world)


def _held(stack: ExitStack, opened: Any) -> Any:
    held = Held(opened, _nothing)
    stack.callback(held.close)
    return held.value


async def _nothing(_: object) -> None:
    """Its own end is all."""


async def _begin(record: Record) -> datetime:
    """One in the afternoon of tomorrow: clocks only move forward, and the story needs an open bureau."""
    tomorrow = (await record.clock.real()).astimezone(BEIJING) + timedelta(days=1)
    now = await record.clock.jump(tomorrow.replace(hour=13, minute=0, second=0, microsecond=0))
    await _take_in(record, now)
    return now


async def _take_in(record: Record, now: datetime) -> None:
    """The samples as any office would hand them in."""
    accounts = read_accounts(SAMPLES / "accounts.json")
    intake = next(rows for one in record.systems.installed if (rows := one.system.intake) is not None)
    model = record.plans[intake.flow].flow.data
    taken = read(SAMPLES / "registrations.json", now.astimezone(BEIJING).date(), model, intake)
    if problems := [*accounts.problems, *taken.problems]:
        raise WorkflowError("; ".join(problem.text("en") for problem in problems))
    await add_accounts(record, [row.data for row in accounts.rows], actor=ACTOR)
    await import_cases(record, intake, taken.rows, actor=ACTOR, label=lambda row: title_of(row.data))


async def _schedules(record: Record) -> int:
    await put_defaults(record)
    return len(await record.store.schedules())


def has_own_database(environ: Mapping[str, str]) -> bool:
    """Whether somebody meant Caseward when he named a database; what is named for other programs is left alone."""
    return any(environ.get(f"CASEWARD_DATABASE_URL{end}") for end in ("", FILE))


def _settle_environment(folder: Path, origin: str, language: Language) -> None:
    said = {
        **addresses(origin),
        "CASEWARD_DATA_DIR": str(folder),
        "CASEWARD_BROKER_URL": "memory://localhost/",
        "CASEWARD_LANG": language,
    }
    if not has_own_database(os.environ):
        said["CASEWARD_DATABASE_URL"] = file_url((folder / "caseward.db").resolve())
    for name, value in said.items():
        os.environ.pop(f"{name}{FILE}", None)
        os.environ[name] = value

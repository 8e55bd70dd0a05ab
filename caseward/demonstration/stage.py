"""The stage: the simulated outsides, a record with the samples in it, and worker and beat in this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from caseward.app.default_schedules import put_defaults
from caseward.app.embedded import embedded
from caseward.app.event_loop import Held, bridge
from caseward.app.installation import Record, open_record
from caseward.app.played import is_played, opener
from caseward.app.process import Process
from caseward.app.systems import read_systems
from caseward.console.commands.case.imports import import_cases
from caseward.console.intake.accounts import add_accounts
from caseward.console.intake.files import title_of
from caseward.console.intake.samples import SamplesRead, read_samples, told
from caseward.console.terminal.view import say_migrated
from caseward.console.wording.texts import Texts
from caseward.console.wording.words import Language
from caseward.demonstration.parts import Outsides, Part, addresses, played
from workflow.demonstration import Outside
from workflow.errors import WorkflowError
from workflow.record.database import file_url
from workflow.sentence import Sentence
from workflow.settings import read_settings
from workflow.sources import FILE
from workflow.system import System

if TYPE_CHECKING:
    from adapters.browser.chromium_search import Found, NotFound
    from caseward.demonstration.finding import Finding

OUTSIDE = "sandbox"
"""Below the data folder, with a folder for each system in which its simulated outside keeps its ledger."""
ACTOR = "cast:demonstration"

Say = Callable[..., None]
"""Is told of each step by name, with its figures."""


class NotOurs(WorkflowError):
    """The data folder holds cases that the demonstration did not bring: time must not jump over them."""


@dataclass(frozen=True)
class Stage:
    """Everything is up. browser: the Chromium that was found, or what was tried; None where no system needs one."""

    working: Process
    parts: Sequence[Part]
    outside: Outside
    browser: Found | NotFound | None

    @property
    def has_browser(self) -> bool:
        """Whether nothing waits for a Chromium that is not there."""
        return self.browser is None or hasattr(self.browser, "version")


def silent(step: str, **figures: object) -> None:
    """Nobody watches."""


@contextmanager
def staged(folder: Path, language: Language, finding: Finding | None, say: Say = silent) -> Iterator[Stage]:
    """The stage on a data folder of its own, new or as it was left; not for the thread of an event loop.

    The settings go into this process's environment, as a worker in another terminal would be given them. Raises
    NotOurs, and WorkflowError where a part does not come up.
    """
    _settle_environment(folder, language)
    settings = read_settings()
    systems = read_systems(settings)
    for one in systems.systems:
        if one.samples is not None and not is_played(one):
            say("unplayed", system=called(one, language))
    with ExitStack() as stack:
        record = _held(stack, open_record(settings))
        first = not (folder / OUTSIDE).exists()
        if first and (counts := bridge().run(record.store.counts())):
            raise NotOurs(
                Sentence(
                    "holds_cases_own", "{folder} holds {n} cases of its own", folder=folder, n=sum(counts.values())
                )
            )
        say_migrated(record, Texts(language))
        say("database", kind=record.database.dialect.name)
        brought = played(systems)
        now = bridge().run(_begin(record, brought[0]) if first else record.clock.business())
        parts, new = list[Part](), set[str]()
        for system in brought:
            if not (folder / OUTSIDE / system.name).exists():
                new.add(system.name)
            parts.append(_open(stack, record, system, folder, now, language, say, new=system.name in new))
        outside = Outsides([part.outside for part in parts])
        bridge().run(outside.set_clock(now))
        browser = finding.result() if finding is not None else None
        if (executable := getattr(browser, "executable", None)) is not None:
            os.environ["CASEWARD_CHROMIUM"] = executable
        schedules = bridge().run(_schedules(record))
        working = stack.enter_context(embedded(read_settings()))
        say("working", n=schedules)
        counts = bridge().run(record.store.counts())
        for part in parts:
            n = sum(count for (flow, _), count in counts.items() if flow == part.flow)
            step = "samples" if part.system.name in new else "kept"
            if len(parts) == 1:
                say(step, n=n)
            else:
                say(f"{step}.of", n=n, system=called(part.system, language))
        say("time")
        if browser is not None:
            say("browser" if hasattr(browser, "version") else "no_browser", found=browser)
        yield Stage(working, parts, outside, browser)


def called(system: System, language: Language) -> str:
    """What people call a system."""
    return system.chinese if language == "zh-CN" else system.english


def _open(
    stack: ExitStack, record: Record, system: System, folder: Path, now: datetime, language: Language, say: Say, *,
    new: bool,
) -> Part:  # fmt: skip
    """One system on the stage: its samples are in the record, and its outside serves."""
    samples = bridge().run(_samples(record, system, now, language, new=new))
    place = folder / OUTSIDE / system.name
    place.mkdir(parents=True, exist_ok=True)
    if system.sandbox is None:
        return Part(system, Outside(""), samples.acts, samples.left)
    began = {**(samples.world or {}), "start": now.isoformat()} if new else {}
    outside = _held(stack, opener(system)(place, began, system.sandbox.port))
    if (port := urlsplit(outside.url).port) != system.sandbox.port and system.sandbox.port:
        say("port", wanted=system.sandbox.port, port=port)
    say("outside", url=outside.url)
    _set(addresses(system, outside.url))
    return Part(system, outside, samples.acts, samples.left)


def _held(stack: ExitStack, opened: Any) -> Any:
    held = Held(opened, _nothing)
    stack.callback(held.close)
    return held.value


async def _nothing(_: object) -> None:
    """Its own end is all."""


async def _begin(record: Record, system: System) -> datetime:
    """One in the afternoon of tomorrow: clocks only move forward, and a story needs offices that are open."""
    tomorrow = (await record.clock.real()).astimezone(_zone(record, system)) + timedelta(days=1)
    return await record.clock.jump(tomorrow.replace(hour=13, minute=0, second=0, microsecond=0))


def _zone(record: Record, system: System) -> ZoneInfo:
    return record.systems.zone_of(system.flows[0].name, ZoneInfo(record.settings.timezone))


async def _samples(record: Record, system: System, now: datetime, language: Language, *, new: bool) -> SamplesRead:
    """The samples of a system; new: they are taken in, as any office would hand them in."""
    samples, intake = read_samples(record.systems, system, now.astimezone(_zone(record, system)).date()), system.rows
    if not new:
        return samples
    if samples.wrong:
        raise WorkflowError(
            Sentence(
                "samples_refused",
                "the samples of {system} are not taken: {why}",
                system=called(system, language),
                why="; ".join(told(one, Texts(language)) for one in samples.wrong),
            )
        )
    for remote, accounts in samples.accounts.items():
        await add_accounts(record, accounts, actor=ACTOR, pool=record.systems.pools[remote])
    assert intake is not None
    await import_cases(record, intake, samples.rows, actor=ACTOR, label=lambda row: title_of(row.data))
    return samples


async def _schedules(record: Record) -> int:
    await put_defaults(record)
    return len(await record.store.schedules())


def has_own_database(environ: Mapping[str, str]) -> bool:
    """Whether somebody meant Caseward when he named a database; what is named for other programs is left alone."""
    return any(environ.get(f"CASEWARD_DATABASE_URL{end}") for end in ("", FILE))


def _settle_environment(folder: Path, language: Language) -> None:
    said = {
        "CASEWARD_DATA_DIR": str(folder),
        "CASEWARD_BROKER_URL": "memory://localhost/",
        "CASEWARD_LANG": language,
    }
    if not has_own_database(os.environ):
        said["CASEWARD_DATABASE_URL"] = file_url((folder / "caseward.db").resolve())
    _set(said)


def _set(said: Mapping[str, str]) -> None:
    for name, value in said.items():
        os.environ.pop(f"{name}{FILE}", None)
        os.environ[name] = value

"""`caseward doctor`: what this installation rests on, looked at one by one, each with its cure where it is not well."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from rich.cells import cell_len

from caseward.app.extras import lacking
from caseward.app.systems import read_systems
from caseward.console.commands.system.broker import broker
from caseward.console.commands.system.findings import Finding, Mark
from caseward.console.commands.system.health import (
    clocks,
    data_folder,
    database,
    disk,
    interpreter,
    keys,
    language,
    remotes,
    variables,
)
from caseward.console.commands.system.liveness import running
from caseward.console.terminal.answers import Json
from caseward.console.terminal.logs import warnings_to_stderr
from caseward.console.text.output import complain, say, screen
from caseward.console.wording.shapes import both
from caseward.console.wording.texts import Texts
from caseward.console.wording.words import Words
from workflow.settings import Settings, read_settings
from workflow.system import System

MARKS = {Mark.well: ("✓", "green"), Mark.mind: ("!", "yellow"), Mark.ill: ("✗", "red")}


def run(texts: Texts, *, json: Json | None) -> int:
    """0 while nothing is ✗. Nothing is made, migrated or downloaded."""
    warnings_to_stderr()
    if not json:
        complain(texts("doctor.looking"))
    settings = read_settings()
    texts.systems = read_systems(settings).systems
    found = asyncio.run(examined(settings))
    ill = sum(one.mark is Mark.ill for one in found)
    if json:
        say(json.many([shape(one, texts.systems) for one in found], ok=not ill))
        return 1 if ill else 0
    wide, words = screen(), Words(texts.language, systems=texts.systems)
    labels = [_label(one.check, texts, words) for one in found]
    width = max(map(cell_len, labels))
    for one, label in zip(found, labels, strict=True):
        sign, colour = MARKS[one.mark]
        head = f"{wide.paint(sign, colour)} {label}{' ' * (width - cell_len(label) + 2)}"
        first, *rest = wide.wrapped(one.said(texts), 2 + width + 2)
        say(head + first.strip(), *rest)
        if cure := one.cured(texts):
            say(*wide.wrapped(texts("doctor.cure", cure=cure), 2 + width + 2, ""))
    minded = sum(one.mark is Mark.mind for one in found)
    name = "doctor.ill" if ill else "doctor.minded" if minded else "doctor.well"
    say("", texts(name, n=ill or minded))
    return 1 if ill else 0


async def examined(settings: Settings) -> list[Finding]:
    """Every check, in the order in which they build on one another."""
    groups: Sequence[Any] = await asyncio.gather(
        interpreter(), language(settings), variables(settings), data_folder(settings), disk(settings), keys(settings),
        database(settings), running(settings), clocks(settings), broker(settings), *_of_browser(settings),
        remotes(settings),
    )  # fmt: skip
    return [one for group in groups for one in group]


def _of_browser(settings: Settings) -> list[Coroutine[Any, Any, list[Finding]]]:
    """Where no system that is on works in a browser, nobody needs one."""
    if not read_systems(settings).remotes.browser_queues:
        return []
    if library := lacking("browser"):
        return [_no_library(library)]
    from caseward.console.commands.system.browser_health import browser, fonts

    return [browser(settings), fonts()]


async def _no_library(library: str) -> list[Finding]:
    """Everything else is looked at all the same."""
    parts = {"library": library, "extra": "caseward[browser]"}
    return [Finding("browser", Mark.mind, "no_library", parts, "no_library.cure")]


def shape(one: Finding, systems: Sequence[System] = ()) -> dict[str, Any]:
    return {
        "check": one.check,
        "mark": str(one.mark),
        "said": both(lambda language: one.said(Texts(language, systems))),
        "cure": both(lambda language: one.cured(Texts(language, systems)) or "") if one.cure else None,
    }


def _label(check: str, texts: Texts, words: Words) -> str:
    """What people call what was looked at; a remote by the word of its system."""
    return texts(f"doctor.{check}") if f"doctor.{check}" in texts else words("remote", check)

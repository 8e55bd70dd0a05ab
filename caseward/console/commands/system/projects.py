"""`caseward new` and `system list|check`: a project of one's own, and which systems an installation has."""

from __future__ import annotations

import asyncio
import keyword
import re
import sys
from collections.abc import Mapping
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Any

from caseward.app.changed import as_set
from caseward.app.extras import ExtraMissing, extra_of
from caseward.app.found_systems import known_systems, misnamed
from caseward.app.system_checks import called_otherwise, oddities, strange_variables, wrong_schedules
from caseward.app.systems import Installed, Systems, read_systems
from caseward.app.upkeep import UPKEEP
from caseward.console.commands.system.origins import tell_uncounted
from caseward.console.intake.samples import read_samples, told
from caseward.console.terminal.answers import Json
from caseward.console.terminal.complaints import ERROR, REFUSED, USAGE, Complaint, Stopped
from caseward.console.terminal.logs import warnings_to_stderr
from caseward.console.text.output import Column, say, screen
from caseward.console.text.problem import Problem
from caseward.console.wording.shapes import Both, both
from caseward.console.wording.texts import Texts
from workflow.clock import machine_time
from workflow.sentence import Sentence
from workflow.settings import read_settings
from workflow.system import System

TEMPLATE = Path(__file__).parents[2] / "template"
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MARK = ".tmpl"
TESTS = "tests"
"""The folder of a project's tests, which are not to lie in its package."""


def new(texts: Texts, name: str, folder: Path | None, *, json: Json | None) -> int:
    """A project of one package in a folder that is not there yet, green at once."""
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise Stopped(Complaint("usage", texts("error.new_name", name=name), texts("cure.new_name"), USAGE))
    if (
        name in (*sys.stdlib_module_names, TESTS)
        or find_spec(name) is not None
        or name in (*known_systems(), UPKEEP.name)
    ):
        raise Stopped(Complaint("usage", texts("error.new_taken", name=name), texts("cure.new_taken"), USAGE))
    place = folder if folder is not None else Path(name)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        cause = texts("error.new_folder", folder=place)
        raise Stopped(Complaint("not_empty", cause, texts("cure.new_folder"), REFUSED))
    written = write(name, place)
    if json:
        say(json.one({"name": name, "folder": str(place), "files": written}))
        return 0
    say(texts("new.written", folder=place, n=len(written)), "", texts("new.next", folder=place, name=name))
    return 0


def write(name: str, place: Path) -> list[str]:
    """The files of the project, by their names below the folder."""
    said = {
        "name": name,
        "NAME": name.upper(),
        "Title": name.replace("_", " ").capitalize(),
        "prefix": name.replace("_", "")[:2].upper(),
    }
    written = []
    for source in sorted(TEMPLATE.rglob(f"*{MARK}")):
        parts = [name if part == "package" else part for part in source.relative_to(TEMPLATE).parts]
        target = place.joinpath(*parts).with_name(parts[-1].removesuffix(MARK))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(source.read_text("utf-8")).substitute(said), "utf-8")
        written.append(str(target.relative_to(place)))
    return written


def list_systems(texts: Texts, *, json: Json | None) -> int:
    """Those that are on, and those that could be."""
    settings = read_settings(lang=texts.language)
    on = {one.system.name: one for one in read_systems(settings).installed}
    points = misnamed(settings)
    rows = [_shape(one) for one in on.values()]
    off = [name for name in known_systems() if name not in on and name not in points.values()]
    rows += [{**dict.fromkeys(rows[0]), "name": name, "on": False} for name in off]
    if json:
        say(json.many(rows))
        return 0
    columns = [Column(texts("column.name")), Column(texts("column.state")), Column(texts("column.flows"), 16)]
    cells = [
        [row["name"], texts("value.on" if row["on"] else "value.off"), ", ".join(row["flows"] or ())] for row in rows
    ]
    say(*screen().table(columns, cells))
    for name, point in points.items():
        say(*screen().wrapped(f"{name}: {texts.told(called_otherwise(name, point))}", 4, "  !"))
    return 0


def check_systems(texts: Texts, *, json: Json | None) -> int:
    """Each flow of each system compiles and finds its remotes; what is not set now, or would go wrong, is named."""
    warnings_to_stderr()
    now = asyncio.run(as_set(read_settings(lang=texts.language)))
    tell_uncounted(now, texts)
    systems, at = now.systems, now.now or machine_time()
    strange, points = strange_variables(systems, now.settings), misnamed(now.settings)
    rows: list[dict[str, Any]] = []
    for one in systems.installed:
        lacks = one.lacks(field for own, remote in systems.opened if own is one for field in remote.needs)
        odd, name = oddities(systems, one, strange), one.system.name
        misnaming = [called_otherwise(name, points[name])] if name in points else []
        wrong = wrong_schedules(systems, one, now.settings.timezone, at)
        rows.append(
            {
                **_shape(one),
                "lacks": lacks,
                "warnings": [*misnaming, *odd.warnings],
                "wrong": odd.wrong,
                "wrong_schedules": _told(wrong),
                "wrong_samples": _wrong_samples(systems, one.system),
            }
        )
    ill = any(row["wrong"] or row["wrong_schedules"] or row["wrong_samples"] for row in rows)
    if json:
        say(json.many(rows, ok=not ill))
        return ERROR if ill else 0
    for row in rows:
        say(texts("system.checked", name=row["name"], flows=len(row["flows"]), remotes=len(row["remotes"])))
        for variable in row["lacks"]:
            say(*screen().wrapped(texts("system.lacks", variable=variable), 4, "  !"))
        for said in row["warnings"]:
            say(*screen().wrapped(texts.told(said), 4, "  !"))
        for said in row["wrong"]:
            say(*screen().wrapped(texts.told(said), 4, "  ✗"))
        for name, why in row["wrong_schedules"].items():
            say(*screen().wrapped(texts("system.wrong_schedule", name=name, why=why[texts.language]), 4, "  ✗"))
        for why in row["wrong_samples"]:
            say(*screen().wrapped(texts("system.wrong_sample", why=why[texts.language]), 4, "  ✗"))
    say("", *screen().wrapped(texts("system.check.record")))
    return ERROR if ill else 0


def _wrong_samples(systems: Systems, system: System) -> list[Both]:
    """What keeps the samples of a system from being opened on any day, in both languages."""
    if system.samples is None or not system.samples.folder.is_dir():
        return []  # that there is no folder is told by itself

    def said(wrong: Sentence | Problem) -> Both:
        return both(lambda language: told(wrong, Texts(language)))

    try:
        return [said(one) for one in read_samples(systems, system, date.max).wrong]
    except (ModuleNotFoundError, ExtraMissing) as error:
        needed = extra_of(error)
        if needed is None or needed[1] not in system.extras:
            raise
        return []  # that the library of this extra is not installed is told by itself


def _told(wrong: Mapping[str, Exception]) -> dict[str, Both]:
    """What is wrong with each schedule, in both languages."""

    def said(error: Exception) -> Both:
        in_language = getattr(error, "told", None)
        return both(lambda language: in_language(language) if in_language is not None else str(error))

    return {name: said(error) for name, error in wrong.items()}


def _shape(one: Installed) -> dict[str, Any]:
    system = one.system
    return {
        "name": system.name,
        "on": True,
        "label": {"zh-CN": system.chinese, "en": system.english},
        "flows": [flow.name for flow in system.flows],
        "remotes": [remote.name for remote in system.remotes],
        "schedules": [schedule.name for schedule in system.default_schedules],
        "settings": list(system.variables.values()),
    }

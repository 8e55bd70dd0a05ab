"""The commands that pages tell people to type: found in blocks and prose, and held against those that exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from typer.main import get_command

from caseward.cli import build
from caseward.console.wording.texts import Texts
from states.copyright.system import system as registration
from tests.docs.pages import Page
from tests.systems import FLOWS, LABELS
from workflow.settings import PREFIX, Settings

INLINE = re.compile(r"`caseward ([^`]+)`")
EVERYWHERE = {"--lang", "--no-input", "--debug", "--help"}
PLACES = {"NAME", "N"}
SETTING = re.compile(r"\bCASEWARD_([A-Z0-9_]+)\b")
SCHEDULES = set(LABELS)


def command_lines(page: Page) -> Iterator[list[str]]:
    """The words after each `caseward`, remarks left out. Console blocks are run elsewhere, mistakes included."""
    for block in page.blocks:
        if block.language == "sh":
            for line in block.text.replace("\\\n", " ").splitlines():
                if found := re.match(r"(?:[A-Z_]+=\S* )*caseward\b(.*)", line.strip()):
                    yield shlex.split(found.group(1), comments=True)
    for said in INLINE.findall(page.prose):
        yield shlex.split(said)


def wrong(words: list[str]) -> str | None:
    """What does not exist of a command line; None where all does."""
    command, path = _commands(), list[str]()
    while words and hasattr(command, "commands"):
        name, *rest = words
        if name.startswith("-"):
            break
        if name not in command.commands:
            return f"there is no command {' '.join([*path, name])}"
        command, path, words = command.commands[name], [*path, name], rest
    options = {option for param in command.params for option in [*param.opts, *param.secondary_opts]} | EVERYWHERE
    unknown = [word for word in words if word.startswith("-") and word.partition("=")[0] not in options]
    if unknown:
        return f"{' '.join(path)} has no option {unknown[0]}"
    return _wrong_value(path, words)


def unset(page: Page) -> list[str]:
    """Settings that the page names and nobody reads."""
    fields = {field.upper() for field in Settings.model_fields}
    fields |= {variable.removeprefix(PREFIX) for variable in registration.variables.values()}
    return [
        name for name in SETTING.findall(page.text) if name.removesuffix("_FILE") not in fields and name != "X_FILE"
    ]


def _wrong_value(path: list[str], words: list[str]) -> str | None:
    """A schedule or a state that is named and does not exist."""
    if path[:1] == ["schedule"] and path != ["schedule", "add"] and words and not words[0].startswith("-"):
        number = words[0].isdigit() and 1 <= int(words[0]) <= len(SCHEDULES)
        if words[0] not in SCHEDULES | PLACES and not number:
            return f"there is no schedule {words[0]}"
    states = {state for names in _states().values() for state in names}
    named = [after for word, after in pairwise(words) if word in ("--state", "--until")]
    if path == ["case", "force"]:
        named += words[1:2]
    lost = [name for name in named if name.islower() and name not in states]
    return f"there is no state {lost[0]}" if lost and path[:1] == ["case"] else None


@cache
def _commands() -> Any:
    return get_command(build(Texts("en")))


@cache
def _states() -> dict[str, list[str]]:
    return {flow.name: [str(state.name) for state in flow.states] for flow in FLOWS}

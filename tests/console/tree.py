"""Every command as it is typed, found by walking the tree that the command line builds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from typer.main import get_command

from caseward.cli import build
from caseward.console.wording.texts import Texts
from caseward.console.wording.words import Language

Path = tuple[str, ...]


@cache
def commands(language: Language = "en") -> dict[Path, Any]:
    """The leaves, by their words."""
    return dict(_leaves(get_command(build(Texts(language))), ()))


@cache
def groups() -> tuple[Path, ...]:
    return ((), *sorted({path[:-1] for path in commands() if len(path) > 1}))


def options(path: Path, language: Language = "en") -> list[Any]:
    """What it takes, `--help` aside."""
    return [param for param in commands(language)[path].params if param.name != "help"]


def takes(path: Path, option: str) -> bool:
    return any(option in param.opts for param in options(path))


def _leaves(command: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    for name, each in command.commands.items():
        if hasattr(each, "commands"):
            yield from _leaves(each, (*path, name))
        else:
            yield (*path, name), each

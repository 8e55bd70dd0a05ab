"""Which systems can be played, those with samples whose remotes are all simulated, and what opens their outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from caseward.app.found_systems import GROUP
from workflow.demonstration import Outside
from workflow.errors import SettingsError
from workflow.sentence import Sentence
from workflow.system import System

Opener = Callable[[Path, Mapping[str, Any], int], AbstractAsyncContextManager[Outside]]


def is_played(system: System) -> bool:
    """Whether the samples of a system can be played: its sandbox sets whatever its remotes need."""
    given = system.sandbox.addresses if system.sandbox is not None else {}
    return system.samples is not None and all(name in given for one in system.remotes for name in one.needs)


def opener(system: System) -> Opener:
    """What opens the simulated outside of a system that has one. Raises SettingsError where there is no such thing."""
    assert system.sandbox is not None
    place = system.sandbox.opens
    try:
        found: Opener = EntryPoint("", place, GROUP).load()
    except (AttributeError, ModuleNotFoundError) as error:
        module = getattr(error, "name", None)
        if isinstance(error, ModuleNotFoundError) and not f"{place.partition(':')[0]}.".startswith(f"{module}."):
            raise  # it is there, and lacks a library
        raise SettingsError(
            system.name,
            Sentence("sandbox_not_there", "its sandbox is opened by {place}, and there is no such thing", place=place),
            Sentence("correct_sandbox", "correct the name in its Sandbox"),
        ) from error
    return found

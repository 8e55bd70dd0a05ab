"""The systems of this house for tests: at their defaults, at a simulated outside, or opened in another way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from caseward.app.default_schedules import labels_of
from caseward.app.systems import Set, Systems, read_systems
from caseward.console.intake import files
from caseward.console.intake.files import TakenIn
from caseward.demonstration.parts import Part, addresses
from states.copyright.registration import Registration
from states.copyright.variables import CopyrightVariables
from workflow.demonstration import Act, Outside
from workflow.flow.remotes import Opened, Remote, Remotes
from workflow.settings import Settings, read_settings
from workflow.system import Opening

SYSTEMS = read_systems(Settings())
LABELS = labels_of(SYSTEMS)
FLOWS = tuple(plan.flow for plan in SYSTEMS.plans.values())
INTAKE = next(rows for one in SYSTEMS.installed if (rows := one.system.intake) is not None)
REGISTRATION = next(one for one in SYSTEMS.systems if one.name == "copyright")
POOL = REGISTRATION.accounts[0]
"""The logins of its portal."""
Opens = Callable[[Opening[Any]], AbstractAsyncContextManager[Opened]]


def at_sandbox(origin: str) -> Set:
    """What is set of each system where its outside is the simulated one at this address."""
    host = origin.removeprefix("http://")
    return {
        one.name: {name: value.format(origin=origin, host=host) for name, value in one.sandbox.addresses.items()}
        for one in SYSTEMS.systems
        if one.sandbox is not None
    }


def addresses_at(origin: str) -> dict[str, str]:
    """The same as variables."""
    return {name: value for one in SYSTEMS.systems for name, value in addresses(one, origin).items()}


def part(outside: Outside, acts: Sequence[Act] = ()) -> Part:
    """The registration as it is played."""
    return Part(REGISTRATION, outside, acts)


def opened_by(systems: Systems, opens: Mapping[type, Opens]) -> Systems:
    """The same systems, with those remotes opened in another way."""

    def other(remote: Remote) -> Remote:
        return replace(remote, opens=opens[remote.protocol]) if remote.protocol in opens else remote

    installed = (
        replace(one, system=replace(one.system, remotes=tuple(map(other, one.system.remotes))))
        for one in systems.installed
    )
    return Systems(tuple(installed))


def opening(opened: Opened) -> Opens:
    """A remote behind which this stands."""

    @asynccontextmanager
    async def opens(given: Opening[Any]) -> AsyncIterator[Opened]:
        yield opened

    return opens


def behind(protocol: type, implementation: object) -> Remotes:
    """One remote alone."""
    return Remotes([Remote(protocol.__name__.lower(), protocol, implementation)])


def variables(data_dir: Path | None = None) -> CopyrightVariables:
    """What is set of the registration in this environment and this folder."""
    settings = read_settings(data_dir=data_dir) if data_dir is not None else read_settings()
    installed = read_systems(settings).of("copyright")
    assert installed is not None
    return cast(CopyrightVariables, installed.settings)


def read(source: Path | bytes, today: date) -> TakenIn[Registration]:
    """A file of registrations."""
    return files.read(source, today, Registration, INTAKE)

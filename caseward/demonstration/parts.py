"""The systems that are played together: each with its samples, its simulated outside and its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from caseward.app.played import is_played
from caseward.app.systems import Systems
from caseward.console.intake.samples import Left
from workflow.demonstration import Act, Outside
from workflow.errors import SettingsError
from workflow.sentence import Sentence
from workflow.system import System


@dataclass(frozen=True)
class Part:
    """One system as it is played. left: what is left for whoever watches."""

    system: System
    outside: Outside
    acts: Sequence[Act] = ()
    left: Sequence[Left] = ()

    @property
    def flow(self) -> str:
        """The flow whose cases the samples are."""
        rows = self.system.rows
        assert rows is not None
        return rows.flow


class Outsides(Outside):
    """All that are simulated, in one time."""

    def __init__(self, all_: Sequence[Outside]) -> None:
        super().__init__(" ".join(dict.fromkeys(one.url for one in all_ if one.url)))
        self._all = all_

    async def set_clock(self, to: datetime, *, keep_sessions: bool = False) -> None:
        for one in self._all:
            await one.set_clock(to, keep_sessions=keep_sessions)

    async def next_event(self) -> datetime | None:
        coming = [at for one in self._all if (at := await one.next_event()) is not None]
        return min(coming, default=None)


def played(systems: Systems, only: str | None = None) -> list[System]:
    """Those that are on and can be played, or the one that is named. Raises SettingsError where there is none such."""
    found = [system for system in systems.systems if is_played(system) and only in (None, system.name)]
    if not found:
        names = ", ".join(system.name for system in systems.systems if is_played(system)) or "-"
        raise SettingsError(
            only or "demo",
            Sentence(
                "nothing_played", "no system of this name is on and can be played; those are {names}", names=names
            ),
            Sentence(
                "bring_samples", "a system is played that brings samples, and a sandbox for what its remotes need"
            ),
        )
    return found


def addresses(system: System, origin: str) -> dict[str, str]:
    """The variables of workers that are to work against the simulated outside of a system at this origin."""
    if system.sandbox is None:
        return {}
    host = origin.split("://", 1)[-1]
    return {
        system.variables[field]: value.format(origin=origin, host=host)
        for field, value in system.sandbox.addresses.items()
    }

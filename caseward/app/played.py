"""Which systems can be played: those that bring samples, and whose remotes are all simulated."""

from __future__ import annotations

from workflow.system import System


def is_played(system: System) -> bool:
    """Whether the samples of a system can be played: its sandbox sets whatever its remotes need."""
    given = system.sandbox.addresses if system.sandbox is not None else {}
    return system.samples is not None and all(name in given for one in system.remotes for name in one.needs)

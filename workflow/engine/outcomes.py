"""How a look at a case can end: a closed set, each with the transaction that is still to be written."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.record.values import Claim, Commit


@dataclass(frozen=True)
class Outcome:
    """The claim as it stands after the tick, and the commit that is left to write; None where all is written."""

    claim: Claim
    commit: Commit | None

    @property
    def word(self) -> str:
        return type(self).__name__.lower()


@dataclass(frozen=True)
class Moved(Outcome):
    """A transition was taken."""

    source: str
    dest: str
    line: str


@dataclass(frozen=True)
class Stayed(Outcome):
    """Internal transitions were taken, then the case waits."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Waiting(Outcome):
    """No line holds; the check says which guard said no."""


@dataclass(frozen=True)
class Deferred(Outcome):
    """Not now: the remote is shut, the account needs a login, or another queue must do it."""

    why: str


@dataclass(frozen=True)
class Failed(Outcome):
    """A function raised; the case is tried again with backoff."""

    error: str


@dataclass(frozen=True)
class Doubted(Outcome):
    """Nobody knows yet whether an action happened; only reconcile moves the case."""

    effect: str


@dataclass(frozen=True)
class Parked(Outcome):
    """A person is needed; an incident says for what."""

    kind: str


@dataclass(frozen=True)
class Hung(Outcome):
    """The tick did not end in its time, and may still be at work."""


@dataclass(frozen=True)
class Lost(Outcome):
    """The right to the case was lost meanwhile; nothing more is written."""

    why: str

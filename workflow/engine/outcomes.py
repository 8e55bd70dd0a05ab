"""How a look at a case can end: a closed set, each with the transaction that is still to be written."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.record.values import Claim, Commit


@dataclass(frozen=True)
class Outcome:
    """The claim as it stands after the tick, and what is left to write; None where all is written."""

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
    """No line holds; which guard said no is in the check."""


@dataclass(frozen=True)
class Deferred(Outcome):
    """Not now: the remote is shut, the account needs a login, or another queue must do it."""

    why: str


@dataclass(frozen=True)
class Failed(Outcome):
    """Something raised; tried again by backoff."""

    error: str


@dataclass(frozen=True)
class Doubted(Outcome):
    """An action's outcome is not known yet; only reconcile moves the case."""

    effect: str


@dataclass(frozen=True)
class Parked(Outcome):
    """A person is needed; an incident says for what."""

    kind: str


@dataclass(frozen=True)
class Hung(Outcome):
    """It came to no end in its time, and may still be under way."""


@dataclass(frozen=True)
class Lost(Outcome):
    """The right to the case was lost meanwhile; nothing more is written."""

    why: str

"""A case as a flow's functions see it, and the small values that flows and the engine exchange."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

D = TypeVar("D", bound=BaseModel, covariant=True)

Gate = Callable[[], Awaitable[None]]
"""Awaited directly before an irreversible step; raises Fenced when the right to take it is gone."""


@dataclass(frozen=True)
class Case(Generic[D]):
    """One instance of a flow. Times are business time, UTC."""

    id: str
    number: str
    flow: str
    state: str
    data: D
    round: int
    opened_at: datetime
    entered_at: datetime
    account: str | None = None
    done: frozenset[tuple[str, str]] = frozenset()
    """The (action, item) pairs done in this round, or ever where the action says once="case".

    The item is "" without `each`.
    """

    def here_since(self, now: datetime) -> datetime | None:
        """When the case came to its state.

        Where that is still to come, since a clock was wrong: when it was opened, or None.
        """
        return next((at for at in (self.entered_at, self.opened_at) if at <= now), None)


class Yes:
    """A guard's yes with what it saw."""

    def __init__(self, **seen: object) -> None:
        self.seen = seen

    def __repr__(self) -> str:
        return f"Yes({', '.join(f'{name}={value!r}' for name, value in self.seen.items())})"


class No:
    """A guard's no: what it saw, who can change it, and, where that is known, from when on the guard may hold."""

    def __init__(self, *, waits_for: str | None = None, until: datetime | None = None, **seen: object) -> None:
        self.waits_for, self.until, self.seen = waits_for, until, seen

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"No({', '.join(f'{name}={value!r}' for name, value in self.seen.items())})"


Verdict = bool | Yes | No


@dataclass(frozen=True)
class Done:
    """A proof's answer: it happened. The patch is what the action would have returned."""

    patch: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class NotDone:
    """A proof's answer: it did not happen."""


@dataclass(frozen=True)
class Partly:
    """A proof's answer: only these items happened."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class CannotTell:
    """A proof's answer: the remote's state does not say."""

    why: str


ProofAnswer = Done | NotDone | Partly | CannotTell


class Item(Protocol):
    """What an action with `each` is done for; a frozen pydantic model with an id of its own."""

    @property
    def id(self) -> str: ...


class Codes(Protocol):
    """What an action that names `codes` gets: the unused codes of this case and round, read when it asks.

    kind: of secrets of another kind, its name.
    """

    async def values(self, kind: str = "code") -> Mapping[str, str]: ...

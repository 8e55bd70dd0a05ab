"""What a system brings for a first look: its samples, its simulated outside, and what people do with both."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from workflow.errors import DefinitionError
from workflow.store import CaseRow
from workflow.store.values import SentMessage

PLACE = re.compile(r"\w+(\.\w+)*:\w+")
Deed = tuple[str, ...]
"""What was done outside, told by the nouns of the outside and never by our keys."""


@dataclass(frozen=True)
class Samples:
    """Files of one folder. cases: rows as the system's intake takes them. accounts: logins, where it keeps any; by
    remote, where it keeps those of several.

    world: what is out there when the samples are opened; its part `cast` says what people do, and is read by us alone.
    """

    folder: Path
    cases: str = "cases.json"
    accounts: str | Mapping[str, str] | None = None
    world: str | None = None


class Outside:
    """A simulated outside while it serves. One that has a clock of its own overrides the methods below."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def set_clock(self, to: datetime, *, keep_sessions: bool = False) -> None:
        """Bring its clock forward to the time of our business."""

    async def next_event(self) -> datetime | None:
        """When it will next change by itself; None where it will not, or does not know."""
        return None

    async def judgement(self) -> Mapping[str, Any]:
        """What its ledger says was done to it: `applied` and `doubled` are counts, `altered` is a list."""
        return {}


@dataclass(frozen=True)
class Sandbox:
    """The simulated outside of a system.

    addresses: by setting, what is set of it while the outside serves, with {origin} and {host} for where. opens:
    MODULE:NAME of an asynchronous context manager that is given a folder of its own, the world of the samples and a
    port, and yields an Outside; it is named and not imported, so that no worker reads it. port: the one that it should
    take, or the next free one; 0 is any.
    """

    addresses: Mapping[str, str]
    opens: str
    port: int = 0

    def __post_init__(self) -> None:
        if not PLACE.fullmatch(self.opens):
            raise DefinitionError("sandbox", "opens_unfit", opens=repr(self.opens))


@dataclass(frozen=True)
class Act:
    """What one person does so many hours after something came to pass. about: which case, and what else it takes."""

    after: str
    hours: float
    who: str
    does: str
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Due:
    """An act that somebody has in mind. occasion names what it answers, so that nobody does it twice."""

    at: datetime
    act: Act
    occasion: str
    case: str
    state: str


@dataclass(frozen=True)
class Ask:
    """An act that is left for whoever watches. before: a command that shows what the other one needs."""

    number: str
    who: str
    command: tuple[str, ...]
    before: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The command as it is typed, its program's name left out."""
        return shlex.join(self.command)


class Desk(Protocol):
    """The public commands that people of a demonstration use."""

    async def case(self, case: str) -> CaseRow:
        """A case by its id or number."""

    async def document(self, reference: str) -> bytes:
        """A document that was kept."""

    async def hand_in(self, case: str, name: str, **given: object) -> None:
        """Hand in what the system takes under this name."""

    async def set_password(self, case: str, password: str) -> None:
        """Give the account of this case a new password."""

    async def log_in(self, case: str, read: Callable[[bytes], Awaitable[str]]) -> None:
        """Log an account in; read is the person who looks at a picture and types what it says."""

    async def today(self, case: str) -> date:
        """The day by the calendar that counts for the case."""


@dataclass
class Scene:
    """What people act with. seen: what was asked of the outside at this look; empty at the next."""

    desk: Desk
    outside: Any
    seen: dict[str, Any] = field(default_factory=dict)


Look = Callable[[Scene, CaseRow, Act, datetime], Awaitable[Sequence[tuple[str, datetime]]]]
"""Each time that the occasion of an act came to pass in a case: what tells it from the others, and when it was."""


@dataclass(frozen=True)
class Sight:
    """How people notice that something came to pass in a case of this flow."""

    flow: str
    look: Look


def _always(row: CaseRow, act: Act) -> bool:
    return True


@dataclass(frozen=True)
class Doing:
    """How people do an act. ask: how whoever watches does it, with a folder for papers; None: the case is shown.

    is_missing: whether what the act gives is still missing, where the case's state does not say so.
    """

    does: Callable[[Scene, Due], Awaitable[None]]
    ask: Callable[[Scene, Due, Path, datetime], Awaitable[Ask]] | None = None
    is_missing: Callable[[CaseRow, Act], bool] = _always


@dataclass(frozen=True)
class Ledgers:
    """Two accounts of what was done outside. claimed: the record's, of one case. applied: the outside's judgement."""

    claimed: Callable[[CaseRow, Sequence[SentMessage]], Counter[Deed]]
    applied: Callable[[Mapping[str, Any]], Counter[Deed]]


def _nothing(row: CaseRow) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True)
class Demonstration:
    """How the samples are played, and what must come of them.

    sights: by what an act comes `after`. doings: by what it `does`. about: what an act may say of a case to be about
    it alone. ends: how many samples end in which state; empty: all end somehow. incidents: the kinds that must open on
    the way. ledgers: None where the outside keeps none.
    """

    sights: Mapping[str, Sight] = field(default_factory=dict)
    doings: Mapping[str, Doing] = field(default_factory=dict)
    about: Callable[[CaseRow], Mapping[str, object]] = _nothing
    ends: Mapping[str, int] = field(default_factory=dict)
    incidents: frozenset[str] = frozenset()
    ledgers: Ledgers | None = None

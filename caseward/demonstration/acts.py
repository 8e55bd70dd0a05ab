"""What people of the demonstration do, and what is left for whoever watches: values, read from the world's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow.store import CaseRow


@dataclass(frozen=True)
class Act:
    """What one person does so many hours after something came to pass; see docs/samples/README.md."""

    after: str
    hours: float
    who: str
    does: str
    title: str | None = None
    owner: str | None = None
    account: str | None = None
    password: str | None = None


@dataclass(frozen=True)
class Left:
    """An occasion that nobody of the cast answers: it is left for whoever watches. None: whichever."""

    after: str
    title: str | None = None
    owner: str | None = None
    account: str | None = None
    password_version: int | None = None

    def holds(self, act: Act, data: Mapping[str, Any]) -> bool:
        tried = data.get("last_try") or {}
        return (
            self.after == act.after
            and self.title in (None, data.get("full_name"))
            and self.owner in (None, act.owner)
            and self.account in (None, data.get("login"))
            and self.password_version in (None, tried.get("password_version"))
        )


@dataclass(frozen=True)
class Due:
    """An act that somebody has in mind. occasion names what it answers, so that nobody does it twice."""

    at: datetime
    act: Act
    occasion: str
    case: str
    state: str


def read_left(world: Mapping[str, Any]) -> list[Left]:
    return [Left(**left) for left in world.get("cast", {}).get("left", ())]


def read_acts(world: Mapping[str, Any]) -> list[Act]:
    return [Act(**act) for act in world.get("cast", {}).get("acts", ())]


def owner_of(row: CaseRow, act: Act) -> dict[str, Any]:
    return next(owner for owner in row.claim.data["owners"] if owner["id"] == act.owner)


STILL_ASKED: Mapping[str, Callable[[CaseRow, Act], bool]] = {
    "give_specimen": lambda row, act: act.owner not in row.claim.data["specimens"],
    "return_seal_page": lambda row, act: not row.claim.data["seal_page"],
    "upload_agreement": lambda row, act: not row.claim.data["agreement"],
}
"""Whether what an act gives is still missing, where the case's state does not say so."""


def still_asked(row: CaseRow, act: Act) -> bool:
    """Whether what the act gives is still missing."""
    missing = STILL_ASKED.get(act.does)
    return missing is None or missing(row, act)

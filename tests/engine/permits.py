"""A flow on a site of its own, entered by accounts of its own, beside the letters of another office."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from workflow import Case, Flow, State, To, fact
from workflow.flow.remotes import Evidence, Remote
from workflow.record.values import Seat


class S(StrEnum):
    asked = auto()
    granted = auto()


class Permit(BaseModel):
    model_config = ConfigDict(frozen=True)
    name: str = "ada"


class PermitOffice(Protocol):
    """The site where permits are granted."""

    async def is_granted(self, name: str) -> bool: ...


@fact
async def granted(case: Case[Permit], office: PermitOffice) -> bool:
    """Whether the permit is granted."""
    return await office.is_granted(case.data.name)


def permit_granted(granted: bool) -> bool:
    """The permit is granted."""
    return granted


flow = Flow(
    "permits",
    version=1,
    data=Permit,
    prefix="PE",
    states=[
        State(S.asked, "已申请", To(S.granted, when=permit_granted), waits_for="permit_office"),
        State(S.granted, "已批准", final=True),
    ],
    facts=[granted],
)


@dataclass
class Hall:
    """Grants whatever is asked for to who enters with a seat."""

    entered: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def connect(self, seat: Seat, evidence: Evidence) -> AsyncIterator[Hall]:
        self.entered.append(seat.login)
        yield self

    async def is_granted(self, name: str) -> bool:
        return True

    @property
    def remote(self) -> Remote:
        return Remote("permit_office", PermitOffice, connect=self.connect, queue="browser")

"""The generation system: it makes the three documents that the bureau wants, against an order that is paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from pydantic import BaseModel, ConfigDict


class Order(BaseModel):
    """An order for the materials of one title, version and round."""

    model_config = ConfigDict(frozen=True)
    number: str
    title: str
    version: str
    round: int
    paid: bool
    ready: bool
    """The documents are finished and can be fetched."""
    amount: Decimal
    """In yuan."""
    twins: int = 1
    """How many orders of this title, version and round there are; more than one is for a person to settle."""


@dataclass(frozen=True)
class Materials:
    """The three documents of one round, as PDF."""

    application: bytes = field(repr=False)
    """申请表"""
    source: bytes = field(repr=False)
    """源程序"""
    manual: bytes = field(repr=False)
    """说明书"""


class Generator(Protocol):
    """It can be asked by title and version and by little else; an order placed twice is two orders."""

    async def find(self, title: str, version: str, round: int) -> Order | None:
        """The oldest order of this round, a paid one before an unpaid one, or None."""

    async def place(self, title: str, version: str, round: int, particulars: Mapping[str, object]) -> Order:
        """A new order, whether or not there is one already."""

    async def pay(self, number: str, *, key: str) -> None:
        """Pay it; the same key pays once, however often it is sent."""

    async def materials(self, number: str) -> Materials:
        """The finished documents; Refused while they are not finished."""

"""What papers hold, and what is said of them: models, rows and Protocols for tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Generic, Literal, NamedTuple, Protocol, TypedDict, TypeVar

import typing_extensions
from pydantic import BaseModel, ConfigDict, Field, computed_field, field_validator

T = TypeVar("T")


class S(StrEnum):
    new = auto()
    filed = auto()
    done = auto()


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Stamp(Value):
    id: str
    colour: str = "red"


class Paper(Value):
    title: str | None = None
    pages: int = 0
    stamps: tuple[Stamp, ...] = ()
    seen_on: datetime | None = None
    stamp: Stamp | None = None


class Loose(BaseModel):
    title: str | None = None


class Lamp(Value):
    room: str = ""


class Coerced(Value):
    title: str = ""

    @field_validator("title", mode="before")
    @classmethod
    def shown(cls, given: object) -> object:
        return str(given)


class Wrapped(Value):
    stamp: Stamp
    note: str = ""
    copies: int = Field(default=0, exclude=True)


class Ticket(Value):
    number: int = 0
    name: str | None = None
    stamps: tuple[Stamp, ...] = ()
    at: datetime | None = None
    wrapped: Wrapped | None = None
    stamp: Stamp | None = None
    kind: Literal["a", "b"] = "a"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def shown(self) -> str:
        return f"#{self.number}"

    @property
    def doubled(self) -> int:
        return self.number * 2


class Open(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


@dataclass(frozen=True)
class Slip:
    number: int
    text: str


class Row(NamedTuple):
    text: str


class PaperField(StrEnum):
    pages = auto()


class Page(Value, Generic[T]):
    rows: tuple[T, ...] = ()


class Written(typing_extensions.TypedDict):
    text: str


class Named(TypedDict):
    title: str


class Misnamed(TypedDict):
    titel: str


class Mistyped(TypedDict):
    title: int


class Plain:
    """Nothing that pydantic knows how to write down."""


class Office(Protocol):
    async def ask(self) -> str: ...


class OfficeWithPost(Office, Protocol):
    async def post(self, name: str) -> None: ...


class Asks:
    async def ask(self) -> str:
        return "yes"


@dataclass(frozen=True)
class Settings:
    limit: int = 1

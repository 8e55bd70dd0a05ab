"""The code record system: where owners fill in the codes that the bureau sent to their phones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from adapters.http import Http, unreadable


@dataclass(frozen=True)
class FilledCode:
    """A code as somebody filled it in; the system knows the phone and no name, and not whether the code is right."""

    number: str
    phone: str = field(repr=False)
    code: str = field(repr=False)
    filled_at: datetime


class CodeRecords(Protocol):
    async def codes(self, title: str, version: str) -> tuple[FilledCode, ...]:
        """All codes filled in for a title and version, oldest first; of one phone the later one counts."""


class _Filled(BaseModel):
    """A code as the record system writes it; errors about it do not quote it."""

    model_config = ConfigDict(hide_input_in_errors=True)
    id: str
    phone: str
    code: str = Field(pattern=r"^[0-9]{4,8}$")
    entered_at: AwareDatetime


class _Codes(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)
    codes: tuple[_Filled, ...]


class HttpCodeRecords:
    """The code record system over its JSON interface."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def codes(self, title: str, version: str) -> tuple[FilledCode, ...]:
        said = await self._http.ask("find_codes", "api/codes", title=title, version=version)
        try:
            found = _Codes.model_validate(said)
        except ValidationError as error:
            unreadable(self._http, "find_codes", error, write=False)
        return tuple(FilledCode(one.id, one.phone, one.code, one.entered_at) for one in found.codes)

"""How a remote is asked whether it is well: by a knock at its door, or by the very question that work puts to it."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.code_records import HttpCodeRecords
from adapters.http import Http, lets_in

NOBODYS = ("接口健康检查", "V0")
"""A title and version that nobody files: the list of its codes is empty, and the answer must say so."""


@dataclass(frozen=True)
class HttpProbe:
    """Whether a remote answers at all, whatever it says, unless it says that it does not know us."""

    name: str
    http: Http

    async def ask(self) -> None:
        reply = await self.http.fetch("health", "")
        lets_in(self.name, "health", reply)


@dataclass(frozen=True)
class Listing:
    """Whether the code records list codes: one that answers and lists nothing any more is not well."""

    name: str
    http: Http

    async def ask(self) -> None:
        await HttpCodeRecords(self.http).codes(*NOBODYS)

"""The visa centre over its JSON interface."""

from datetime import time
from typing import NoReturn

from pydantic import ValidationError
from visas import File

from adapters.http import Http
from workflow import Calendar, Drifted

HOURS = Calendar("centre", time(9), time(17), "Asia/Shanghai")


class HttpCentre:
    def __init__(self, http: Http) -> None:
        self._http = http

    async def pay(self, passport: str, key: str) -> None:
        await self._http.write("pay", f"files/{passport}/fee", {"key": key})

    async def book(self, passport: str, number: int) -> None:
        await self._http.write("book", f"files/{passport}/appointments", {"number": number})

    async def hand_in(self, passport: str, papers: tuple[str, ...]) -> None:
        await self._http.write("hand_in", f"files/{passport}/papers", {"papers": list(papers)})

    async def file(self, passport: str) -> File:
        said = await self._http.ask("file", f"files/{passport}")
        try:
            return File.model_validate(said)
        except ValidationError as error:
            unlike(error)


def unlike(error: ValidationError) -> NoReturn:
    raise Drifted("centre", "file", f"the answer has another shape, in {error.error_count()} places") from error

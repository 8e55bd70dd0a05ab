"""The SMS gateway: it takes a text for a phone; whether it arrived is another question."""

from __future__ import annotations

from typing import Literal, Protocol
from urllib.parse import quote

from pydantic import BaseModel, Field, ValidationError

from adapters.http import Http, unreadable


class Sms(Protocol):
    async def send(self, to: str, text: str, reference: str) -> str:
        """The gateway's number for the message. An equal call sends it again; reference names the occasion."""

    async def delivered(self, number: str) -> bool | None:
        """True: the phone has it. False: the carrier gives no receipt and will not. None: too early to say."""


class _Message(BaseModel):
    id: str = Field(min_length=1)
    status: Literal["accepted", "delivered", "unknown"]


class _Taken(BaseModel):
    message: _Message


class HttpSms:
    """The gateway over its JSON interface."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def send(self, to: str, text: str, reference: str) -> str:
        said = await self._http.write("sms_send", "messages", {"to": to, "text": text, "reference": reference})
        return self._read("sms_send", said, write=True).id

    async def delivered(self, number: str) -> bool | None:
        said = await self._http.ask("sms_status", f"messages/{quote(number, safe='')}")
        return {"accepted": None, "delivered": True, "unknown": False}[
            self._read("sms_status", said, write=False).status
        ]

    def _read(self, step: str, said: object, *, write: bool) -> _Message:
        try:
            return _Taken.model_validate(said).message
        except ValidationError as error:
            unreadable(self._http, step, error, write=write)

"""The SMS gateway: it takes a text for a phone; whether it arrived is another question."""

from __future__ import annotations

from typing import Protocol


class Sms(Protocol):
    async def send(self, to: str, text: str, reference: str) -> str:
        """The gateway's number for the message. An equal call sends it again; reference names the occasion."""

    async def delivered(self, number: str) -> bool | None:
        """True: the phone has it. False: the carrier gives no receipt and will not. None: too early to say."""

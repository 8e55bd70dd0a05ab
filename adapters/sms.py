"""The SMS gateway: it takes a text for a phone; whether it arrived is another question."""

from __future__ import annotations

import re
from typing import Annotated, Protocol
from urllib.parse import quote

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from adapters.begun import under_way, with_begun
from adapters.http import Http, stands_by, unreadable
from adapters.numbers import number_text
from adapters.replies import as_told, says_no, words_of
from workflow.errors import Drifted, Refused, Unknown
from workflow.sentence import Sentence


class Sms(Protocol):
    async def send(self, to: str, text: str, reference: str) -> str:
        """The gateway's number for the message. An equal call sends it again; reference names the occasion."""

    async def delivered(self, number: str) -> bool | None:
        """True: the phone has it. False: the carrier gives no receipt and will not. None: too early to say."""


WORDS = {
    "accepted": None, "acceptd": None, "enroute": None, "queued": None, "sent": None,
    "delivered": True, "delivrd": True,
    "unknown": False, "undelivered": False, "undeliv": False, "expired": False, "deleted": False,
    "rejected": False, "rejectd": False, "failed": False,
}  # fmt: skip
"""What a status says of a text: the phone has it, it has not and will not be said to, or it is too early. Beside the
gateway's own words stand those of delivery receipts (SMPP 3.4, appendix B), which many gateways hand on."""
SHORTEST = 7
"""Fewer digits are no phone's without its country or area."""
NOT_TAKEN = ("rejected", "rejectd", "failed", "undelivered", "undeliv")


def _same_number(told: str, sent: str) -> bool:
    """With or without the country in front, however it is spaced, and masked as gateways do: 138****0001."""
    shown, digits = re.sub(r"[^\d*]", "", told), re.sub(r"\D", "", sent)
    if min(len(shown), len(digits)) < SHORTEST:
        return shown == digits
    length = min(len(shown), len(digits))
    return all(one in (other, "*") for one, other in zip(shown[-length:], digits[-length:], strict=True))


class _Message(BaseModel):
    id: Annotated[str, BeforeValidator(number_text), Field(min_length=1, max_length=120)]
    status: Annotated[str, Field(min_length=1)]
    to: Annotated[str | None, BeforeValidator(number_text)] = None
    reference: str | None = None

    @property
    def word(self) -> str:
        return self.status.strip().lower()


class _Taken(BaseModel):
    message: _Message


class HttpSms:
    """The gateway over its JSON interface."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def send(self, to: str, text: str, reference: str) -> str:
        step = "sms_send"
        sent = {"to": to, "text": text, "reference": reference}
        said = await self._http.write(step, "messages", sent, fixed=True)
        try:
            taken = _Taken.model_validate(said).message
        except ValidationError as error:
            if says_no(said):
                words = words_of(said) or Sentence("gateway_failed", "the gateway says that it failed")
                if begun := under_way(said, sent):
                    raise Unknown(self._http.adapter, step, with_begun(words, begun)) from error
                raise Refused(self._http.adapter, step, words) from error
            unreadable(self._http, step, error, write=True)
        stands_by(self._http, step, said, "message", write=True)
        if not _same_number(taken.to or to, to) or taken.reference not in (None, reference):
            raise Unknown(
                self._http.adapter,
                step,
                Sentence(
                    "about_another_message",
                    "it answered about another message than the one sent: {message}",
                    message=taken.id,
                ),
            )
        if taken.word in NOT_TAKEN:
            why = Sentence("gateway_answered", "the gateway answered {word}", word=as_told(taken.status))
            raise Refused(self._http.adapter, step, why)
        if taken.word not in WORDS:
            raise Unknown(self._http.adapter, step, _status(taken.id, taken.status))
        return taken.id

    async def delivered(self, number: str) -> bool | None:
        step = "sms_status"
        said = await self._http.ask(step, f"messages/{quote(number, safe='')}")
        try:
            found = _Taken.model_validate(said).message
        except ValidationError as error:
            unreadable(self._http, step, error, write=False)
        stands_by(self._http, step, said, "message", write=False)
        if found.id != number:
            why = Sentence(
                "about_message_not",
                "it answered about message {message} instead of {due}",
                message=found.id,
                due=number,
            )
            raise Drifted(self._http.adapter, step, why)
        if found.word not in WORDS:
            raise Drifted(self._http.adapter, step, _status(number, found.status))
        return WORDS[found.word]


def _status(message: str, word: str) -> Sentence:
    told = repr(as_told(word))
    return Sentence("status_of_message", "the status of message {message} is {word}", message=message, word=told)

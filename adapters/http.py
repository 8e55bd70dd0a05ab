"""Where httpx clients are made, one a remote for the life of the process, and where their failures get their names.

What is certain: no connection, nothing was sent (NotSent). Once a byte of a write may have left, only the remote's own
definite answer settles it; anything else is Unknown. A question that fails can be asked again: NotSent, or Drifted when
the answer is whole but not what it should be.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NoReturn
from urllib.parse import urljoin, urlsplit

import httpx
import structlog
from pydantic import ValidationError

from adapters.begun import told_of_begun, with_begun
from adapters.breaker import Breaker
from adapters.elsewhere import Elsewhere, PerhapsElsewhere, leads_to, told_of
from adapters.papers.pdf_head import from_head
from adapters.replies import MalformedJson, NotJson, Reply, as_told, fails, words_of
from workflow.addresses import origin
from workflow.errors import Drifted, NotSent, Refused, RemoteError, SettingsError, Unknown
from workflow.flow.sending import note_left
from workflow.sentence import Sentence
from workflow.unfit import misfits

log = structlog.get_logger()

CAP = 5 * 1024 * 1024
TIMEOUTS = httpx.Timeout(20.0, connect=5.0, pool=5.0)
# less than servers keep an idle connection, so that a write does not go out on one that is just being closed
LIMITS = httpx.Limits(max_connections=10, max_keepalive_connections=10, keepalive_expiry=3.0)
TOKEN = re.compile(r"[!-~]{1,4096}")
UNDECIDED = (408, 425, 499)
"""Statuses of 4xx with which a gateway gives up waiting: what lies behind it may have done the thing."""
OUR_ACCESS = (401, 403, 407)
"""Statuses that are about who asks, and not about what is asked: a token that ran out, an address that is shut out."""
SETTLED = frozenset(
    (400, 401, 402, 403, 404, 405, 406, 407, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 426, 428, 431, 451)
)
"""Statuses that refuse a write for certain. Conflict (409) and Locked (423) do not: the same may be under way; and what
a status means that no standard names, nobody knows."""
NOT_THERE = (404, 405, 410, 421)
"""At a path that is the system's own and names no thing, they are about the address: somebody else answers there."""
MOVED = (301, 307, 308)
"""So are these there: they hand what is asked on to another address, and do nothing of it.

Of a write the first may be an older system's word for "done, look there": see `_is_elsewhere`.
"""
AT_THE_DOOR = (401, 407, 413, 414, 415)
"""Statuses that refuse before anybody reads what is asked: no word below them tells of the same thing begun before."""
FRESH = {"Cache-Control": "no-cache", "Accept-Encoding": "identity"}
"""A copy that somebody on the way kept tells of what was, and not whether there is anything now."""
PACKED = ("gzip", "deflate")
"""How one may be packed all the same, once: a few bytes that were packed twice fill any memory."""
WHOLE = 60.0
"""Seconds in which a whole answer is there; a byte now and then is no answer."""
NOTHING_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class Http:
    """The one client of a remote. Addresses below it are relative to its own; it follows no redirect."""

    def __init__(
        self,
        adapter: str,
        address: str,
        *,
        token: str | None = None,
        setting: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
        breaker: Breaker | None = None,
        timeouts: httpx.Timeout = TIMEOUTS,
        cap: int = CAP,
        whole: float = WHOLE,
    ) -> None:
        self.adapter, self.address, self.breaker = adapter, address.rstrip("/") + "/", breaker or Breaker()
        self.setting = setting or f"the address of {adapter}"
        self._origin, self._cap, self._whole = origin(self.address), cap, whole
        if token and not TOKEN.fullmatch(token):
            raise SettingsError(
                f"the token of {adapter}",
                Sentence("no_header_carries", "is one that no header carries"),
                Sentence("copy_anew", "copy it anew"),
            )
        self._client = httpx.AsyncClient(
            headers=FRESH | ({"Authorization": f"Bearer {token}"} if token else {}),
            transport=transport,
            timeout=timeouts,
            limits=LIMITS,
            follow_redirects=False,
            trust_env=False,
            event_hooks={"request": [self._only_its_host]},
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def ask(self, step: str, path: str, *, fixed: bool = False, **params: str) -> Any:
        """A question: GET, answered with strict JSON. fixed: the path names no thing, so the system surely has it."""
        reply = await self.fetch(step, path, params=params)
        return self._definite(step, path, reply, fixed=fixed)

    async def write(self, step: str, path: str, body: Mapping[str, object], *, fixed: bool = False) -> Any:
        """POST JSON and return the answer's; never tried again, whatever happens. fixed: as in ask."""
        reply = await self._send(step, "POST", path, write=True, json=dict(body))
        return self._definite(step, path, reply, sent=body, fixed=fixed)

    async def fetch(
        self, step: str, path: str, *, params: Mapping[str, str] | None = None, cookies: Mapping[str, str] | None = None
    ) -> Reply:
        """GET whatever lies there."""
        jar = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
        return await self._send(step, "GET", path, write=False, params=dict(params or {}), headers=jar)

    async def file(self, step: str, path: str) -> Reply:
        """GET a PDF."""
        reply = await self.fetch(step, path)
        if reply.status != 200 or reply.is_json:
            self._definite(step, path, reply)
        content = from_head(reply.content)
        if content is None:
            raise NotSent(self.adapter, step, Sentence("answer_no_pdf", "the answer is no PDF"))
        return replace(reply, content=content)

    async def _only_its_host(self, request: httpx.Request) -> None:
        if not self._origin or origin(str(request.url)) != self._origin:
            raise httpx.UnsupportedProtocol(f"{request.url.host} is not the host of {self.adapter}", request=request)

    async def _send(self, step: str, method: str, path: str, *, write: bool, **options: Any) -> Reply:
        if not self.breaker.lets_through():
            raise NotSent(
                self.adapter,
                step,
                Sentence(
                    "site_resting",
                    "it rests, for it failed {limit} times in a row and more; first: {first}",
                    limit=self.breaker.limit,
                    first=self.breaker.first,
                ),
            )
        if {".", ".."} & set(path.split("/")):
            why = Sentence("path_steps_up", "{path} leads elsewhere: a number in it is a step up", path=repr(path))
            raise NotSent(self.adapter, step, why)
        if write:
            note_left()
        try:
            async with (
                asyncio.timeout(self._whole),
                self._client.stream(method, urljoin(self.address, path), **options) as response,
            ):
                content = bytearray()
                if (packed := _packed(response.headers)) and (len(packed) > 1 or packed[0] not in PACKED):
                    why = Sentence("answer_packed", "the answer is packed by {packed}", packed=", ".join(packed)[:60])
                    raise self._unsettled(step, write, why, Drifted)
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > self._cap:
                        why = Sentence("answer_too_long", "the answer is longer than {most} bytes", most=self._cap)
                        raise self._unsettled(step, write, why, Drifted)
                reply = Reply(response.status_code, response.headers, bytes(content))
        except TimeoutError as error:
            why = Sentence(
                "answer_without_end", "the answer came to no end within {seconds} s", seconds=f"{self._whole:g}"
            )
            self._failed(step, why)
            raise self._unsettled(step, write, why, NotSent) from error
        except NOTHING_LEFT as error:
            why = Sentence("no_connection", "no connection: {why}", why=_said(error))
            self._failed(step, why)
            raise NotSent(self.adapter, step, why) from error
        except httpx.HTTPError as error:
            why = Sentence("connection_broke", "the connection broke: {why}", why=_said(error))
            self._failed(step, why)
            raise self._unsettled(step, write, why, NotSent) from error
        if reply.status >= 500:
            self._failed(step, _status(reply))
            raise self._unsettled(step, write, _status(reply), NotSent)
        self.breaker.succeeded()
        return reply

    def _definite(
        self, step: str, path: str, reply: Reply, *, sent: Mapping[str, object] | None = None, fixed: bool = False
    ) -> Any:
        """The JSON of a good answer; Refused with the remote's own words where it says no.

        A status of 4xx is a definite no whoever wrote the page below it: a gateway that refuses hands nothing on. It is
        none where status or words say that the same was begun before: that may have been our own try. Where the status
        says that the address is wrong, it is none either: it is not about what was asked. sent: the body of a write.
        """
        asked, write = urljoin(self.address, path), sent is not None
        if write and 400 <= reply.status < 500 and reply.status not in AT_THE_DOOR:
            begun = told_of_begun(reply, sent)
            if begun or reply.status not in (*SETTLED, 429):
                raise Unknown(self.adapter, step, with_begun(reply.words, begun))
        lets_in(self.adapter, step, reply)
        if fixed and reply.status == 404 and reply.error_code not in ("", "not_found"):
            raise PerhapsElsewhere(self.adapter, step, reply.words, setting=self.setting)
        if fixed and self._is_elsewhere(asked, reply, write=write):
            raise Elsewhere(self.adapter, step, told_of(reply, asked), setting=self.setting)
        if reply.status == 429:
            raise NotSent(self.adapter, step, too_many(reply))
        if 400 <= reply.status < 500 and reply.status not in UNDECIDED:
            raise Refused(self.adapter, step, reply.words)
        try:
            said = reply.json()
        except NotJson as error:
            raise self._unsettled(step, write, _moved(reply, asked) or error.args[0], NotSent) from error
        except MalformedJson as error:
            why = Sentence("malformed_json", "malformed JSON: {why}", why=error.args[0])
            raise self._unsettled(step, write, why, Drifted) from error
        if reply.status not in ((200, 201, 202) if write else (200, 201)):
            raise self._unsettled(step, write, _moved(reply, asked) or _status(reply), Drifted)
        if not write and (wrong := reply.not_whole):
            raise Drifted(self.adapter, step, wrong)
        return said

    def _is_elsewhere(self, asked: str, reply: Reply, *, write: bool) -> bool:
        """Whether a status says that the system is not at this address, and that nothing was done.

        Older systems answer a POST that they took with 301 to what came of it. Only where it leads to the same path of
        another scheme or host is it about the address. From https to http of the same host it is not: a system behind
        a door that ends TLS names itself so.
        """
        if not write or reply.status != 301:
            return reply.status in (*NOT_THERE, *MOVED)
        to, own = leads_to(reply, asked), urlsplit(asked)
        if to is None or (to.path, to.query) != (own.path, own.query):
            return False
        if (own.scheme, to.scheme, own.hostname) == ("https", "http", to.hostname):
            return False
        return origin(to.geturl()) not in ("", self._origin)

    def _unsettled(self, step: str, write: bool, why: str, otherwise: type[RemoteError]) -> RemoteError:
        return Unknown(self.adapter, step, why) if write else otherwise(self.adapter, step, why)

    def _failed(self, step: str, why: Sentence) -> None:
        self.breaker.failed(why)
        log.warning("remote.failed", adapter=self.adapter, step=step, why=str(why), breaker=self.breaker.state)


def lets_in(adapter: str, step: str, reply: Reply) -> None:
    """NotSent where the answer is about our access, and not about what was asked."""
    if reply.status in OUR_ACCESS:
        raise NotSent(adapter, step, Sentence("does_not_let_us", "it does not let us in: {told}", told=reply.words))


def unreadable(http: Http, step: str, error: ValidationError, *, write: bool) -> NoReturn:
    """The answer is JSON, but not of the shape that was agreed on."""
    kind = Unknown if write else Drifted
    why = Sentence("another_shape", "the answer has another shape: {flaws}", flaws=misfits(error))
    raise kind(http.adapter, step, why) from error


def stands_by(http: Http, step: str, said: Any, *parts: str, write: bool) -> None:
    """Unknown or Drifted where an answer of the agreed shape, or one of these parts of it, says that it failed."""
    for part in (None, *parts) if isinstance(said, Mapping) else ():
        document = said if part is None else said.get(part)
        if fails(document, inner=part is not None):
            kind = Unknown if write else Drifted
            told = words_of(document) or Sentence("it_failed", "it failed")
            why = Sentence("answer_contradicts", "the answer contradicts itself: {told}", told=told)
            raise kind(http.adapter, step, why)


def too_many(reply: Reply) -> Sentence:
    return Sentence("too_many_requests", "too many requests: {told}", told=reply.words)


def _moved(reply: Reply, asked: str) -> str:
    """Where a reply leads by its status; empty where it leads nowhere."""
    return told_of(reply, asked) if 300 <= reply.status < 400 and leads_to(reply, asked) is not None else ""


def _status(reply: Reply) -> Sentence:
    return Sentence("answered_status", "status {status}", status=reply.status)


def _packed(headers: httpx.Headers) -> list[str]:
    """By what a body is packed, the innermost first."""
    told = headers.get_list("content-encoding", split_commas=True)
    return [one.strip().lower() for one in told if one.strip().lower() not in ("", "identity")]


def _said(error: Exception) -> str:
    """By the words of the library, which may quote a reply."""
    lines = str(error).splitlines()
    return as_told(f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__)

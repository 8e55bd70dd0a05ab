"""Where httpx clients are made, one a remote for the life of the process, and where their failures get their names.

What is certain: no connection, nothing was sent (NotSent). Once a byte of a write may have left, only the remote's own
definite answer settles it; anything else is Unknown. A question that fails can be asked again: NotSent, or Drifted when
the answer is whole but not what it should be.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urljoin, urlsplit

import httpx
import structlog

from adapters.breaker import Breaker
from workflow.errors import Drifted, NotSent, Refused, RemoteError, Unknown

log = structlog.get_logger()

CAP = 5 * 1024 * 1024
TIMEOUTS = httpx.Timeout(20.0, connect=5.0, pool=5.0)
# less than servers keep an idle connection, so that a write does not go out on one that is just being closed
LIMITS = httpx.Limits(max_connections=10, max_keepalive_connections=10, keepalive_expiry=3.0)
NOTHING_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True)
class Reply:
    """A whole reply that came from the remote itself."""

    status: int
    headers: httpx.Headers
    content: bytes = field(repr=False)

    @property
    def is_json(self) -> bool:
        return str(self.headers.get("content-type", "")).split(";")[0].strip() == "application/json"

    @property
    def file_name(self) -> str:
        """The name of an attachment; the header's bytes are taken as UTF-8 and else as GBK."""
        for name, value in self.headers.raw:
            if name.lower() == b"content-disposition" and b"filename=" in value:
                raw = value.split(b"filename=", 1)[1].strip().strip(b'"')
                try:
                    return raw.decode("utf-8")
                except UnicodeDecodeError:
                    return raw.decode("gbk", errors="replace")
        return ""


class Http:
    """The one client of a remote. Addresses below it are relative to its own; it follows no redirect."""

    def __init__(
        self,
        adapter: str,
        address: str,
        *,
        token: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        breaker: Breaker | None = None,
        timeouts: httpx.Timeout = TIMEOUTS,
        cap: int = CAP,
    ) -> None:
        self.adapter, self.address, self.breaker = adapter, address.rstrip("/") + "/", breaker or Breaker()
        self._host, self._cap = urlsplit(self.address).netloc, cap
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}"} if token else {},
            transport=transport,
            timeout=timeouts,
            limits=LIMITS,
            follow_redirects=False,
            trust_env=False,
            event_hooks={"request": [self._only_its_host]},
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def ask(self, step: str, path: str, **params: str) -> Any:
        """A question: GET, answered with strict JSON."""
        reply = await self.fetch(step, path, params=params)
        return self._definite(step, reply, write=False)

    async def write(self, step: str, path: str, body: Mapping[str, object]) -> Any:
        """POST JSON and return the answer's; never tried again, whatever happens."""
        reply = await self._send(step, "POST", path, write=True, json=dict(body))
        return self._definite(step, reply, write=True)

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
            self._definite(step, reply, write=False)
        if not reply.content.startswith(b"%PDF"):
            raise NotSent(self.adapter, step, "the answer is no PDF")
        return reply

    async def _only_its_host(self, request: httpx.Request) -> None:
        if request.url.netloc.decode("ascii") != self._host:
            raise httpx.UnsupportedProtocol(f"{request.url.host} is not the host of {self.adapter}", request=request)

    async def _send(self, step: str, method: str, path: str, *, write: bool, **options: Any) -> Reply:
        if not self.breaker.lets_through():
            raise NotSent(self.adapter, step, f"it failed {self.breaker.failures} times in a row and rests")
        try:
            async with self._client.stream(method, urljoin(self.address, path), **options) as response:
                content = bytearray()
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > self._cap:
                        raise self._unsettled(step, write, f"the answer is longer than {self._cap} bytes", Drifted)
                reply = Reply(response.status_code, response.headers, bytes(content))
        except NOTHING_LEFT as error:
            self._failed(step, error)
            raise NotSent(self.adapter, step, f"no connection: {_said(error)}") from error
        except httpx.HTTPError as error:
            self._failed(step, error)
            raise self._unsettled(step, write, _said(error), NotSent) from error
        if reply.status >= 500:
            self._failed(step, reply.status)
            raise self._unsettled(step, write, f"status {reply.status}", NotSent)
        self.breaker.succeeded()
        return reply

    def _definite(self, step: str, reply: Reply, *, write: bool) -> Any:
        """The JSON of a good answer; Refused with the remote's own words where it says no."""
        if not reply.is_json:
            kind = reply.headers.get("content-type", "nothing")
            raise self._unsettled(step, write, f"{kind} with status {reply.status} where JSON was due", NotSent)
        try:
            said = json.loads(reply.content, parse_constant=_no_constant, object_pairs_hook=_no_twins)
        except json.JSONDecodeError as error:
            raise self._unsettled(step, write, f"broken JSON: {error}", NotSent) from error
        except ValueError as error:  # of another encoding, or of what strict JSON has not
            raise self._unsettled(step, write, f"malformed JSON: {error}", Drifted) from error
        if reply.status == 429:
            raise NotSent(self.adapter, step, "too many requests")
        if 400 <= reply.status < 500:
            raise Refused(self.adapter, step, _words(said, reply.status))
        if reply.status not in (200, 201, 202):
            raise self._unsettled(step, write, f"status {reply.status}", Drifted)
        return said

    def _unsettled(self, step: str, write: bool, why: str, otherwise: type[RemoteError]) -> RemoteError:
        return Unknown(self.adapter, step, why) if write else otherwise(self.adapter, step, why)

    def _failed(self, step: str, why: object) -> None:
        self.breaker.failed()
        log.warning("remote.failed", adapter=self.adapter, step=step, why=str(why), breaker=self.breaker.state)


def unreadable(http: Http, step: str, error: Exception, *, write: bool) -> NoReturn:
    """The answer is JSON, but not of the shape that was agreed on."""
    kind = Unknown if write else Drifted
    raise kind(http.adapter, step, f"the answer has another shape: {_first_line(error)}") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _words(said: Any, status: int) -> str:
    error = said.get("error") if isinstance(said, dict) else None
    if isinstance(error, dict):
        return f"{error.get('code', status)}: {error.get('message', '')}"
    return f"status {status}"


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {_first_line(error)}"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["no word"])[0]
